"""Erasure of one buyer: out of the raw rows and the facts, and no later import brings the buyer back."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jinpai import erasure, flow
from jinpai.erasure import Request
from jinpai.errors import JinpaiError, WrongUse
from jinpai.importing import import_files
from jinpai.report import report
from jinpai.workspace import Workspace
from jinpai.workspace.tombstones import read_tombstones
from tests.mutants import kills
from tests.workspace.test_killed import run

GONE = "云边小鹿"
FILES = {
    "messages": (
        "buyer,thread,agent,sender,sent_at,text,order_id,message_id",
        f"{GONE},,小美,buyer,2026-11-18T10:00:00+08:00,这款沙发垫多大能用,,m1",
        f"{GONE},,小美,agent,2026-11-18T10:00:09+08:00,您的沙发多长呢,,m2",
        f"{GONE},,小美,agent,2026-11-18T10:25:00+08:00,订单卡片,2000001,m3",
        "晴天里,,阿杰,buyer,2026-11-18T11:00:00+08:00,能便宜吗,,m4",
        f"晴天里,,阿杰,agent,2026-11-18T11:00:40+08:00,{GONE}也问过这个,,m5",
        "晴**里,a,阿杰,buyer,2026-11-18T12:00:00+08:00,在吗,,m6",
        "晴**里,a,阿杰,buyer,2026-11-18T12:00:05+08:00,订单卡片,1000001,m7",
        "晴**里,b,阿杰,buyer,2026-11-18T13:00:00+08:00,我是另一个人,,m8",
        f"{GONE},,小美,buyer,昨天,时间写错了,,m9",
    ),
    "orders": (
        "order_id,buyer,created_at,paid_at,paid_amount,status,买家会员名",
        f"1000001,{GONE},2026-11-18T10:20:00+08:00,2026-11-18T10:21:00+08:00,99.00,交易成功,",
        "1000002,路过的,2026-11-19T09:00:00+08:00,2026-11-19T09:01:00+08:00,30.50,交易成功,",
        "1000003,看看的,2026-11-20T20:30:00+08:00,,,等待买家付款,",
        "2000001,云**,2026-11-18T10:24:00+08:00,2026-11-18T10:24:30+08:00,12.00,交易成功,",
        f"2000002,云**,2026-11-18T10:26:00+08:00,2026-11-18T10:27:00+08:00,13.00,交易成功,{GONE}",
        "2000003,云**,2026-11-18T10:26:00+08:00,2026-11-18T10:27:00+08:00,14.00,交易成功,",
        f"2000004,晴天里,2026-11-18T10:26:00+08:00,2026-11-18T10:27:00+08:00,15.00,交易成功,{GONE}",
    ),
    "order_items": (
        "order_id,sub_order_id,title,quantity",
        "1000001,11,沙发垫,1",
        "1000002,12,抱枕,1",
        "2000002,13,地毯,1",
    ),
    "refunds": (
        "refund_id,order_id,amount,refunded_at",
        "r1,1000001,5.00,2026-11-19T10:00:00+08:00",
        "r2,1000002,5.00,2026-11-19T10:00:00+08:00",
    ),
    "evaluations": ("buyer,agent,level,evaluated_at", f"{GONE},小美,5,2026-11-18T11:00:00+08:00", "晴天里,阿杰,4,2026-11-18T12:00:00+08:00"),
    "buyers": ("buyer,level", f"{GONE},金", "晴天里,银", f"{GONE}2,铜"),
    "agents": ("agent,name,介绍人", f"小美,美美,{GONE}", "阿杰,杰,"),
}  # fmt: skip
KEYS = {
    "messages": "message_id", "orders": "order_id", "order_items": "sub_order_id", "refunds": "refund_id", "evaluations": "buyer",
    "buyers": "buyer", "agents": "agent",
}  # fmt: skip
STAYS = {
    "messages": ["m4", "m5", "m8"], "orders": ["1000002", "1000003", "2000003", "2000004"], "order_items": ["12"], "refunds": ["r2"],
    "evaluations": ["晴天里"], "buyers": [f"{GONE}2", "晴天里"], "agents": ["小美", "阿杰"],
}  # fmt: skip


def write(folder: Path, files: dict[str, tuple[str, ...]] = FILES, mark: str = "") -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"{name}{mark}.csv" for name in files]
    for path, lines in zip(made, files.values(), strict=True):
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return made


def stored(workspace: Workspace) -> dict[str, list[str]]:
    """table -> keys of its rows, sorted."""
    found: dict[str, list[str]] = {}
    for raw in workspace.raw_files():
        for table, batch in raw.tables():
            if table in KEYS:
                found.setdefault(table, []).extend(batch.column(KEYS[table]).to_pylist())
    return {table: sorted(keys) for table, keys in found.items() if keys}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    import_files(made, write(tmp_path / "files"))
    return made


@kills("jinpai/erasure/sieve.py", "    known.orders |= named\n", "")
@kills("jinpai/erasure/sieve.py", 'if table in ("orders", *_OF_ORDER):', 'if table == "orders":')
@kills("jinpai/erasure/sieve.py", "pc.and_(masked, told))", "pc.and_(masked, masked))")
def test_the_buyers_rows_go_and_no_others(workspace: Workspace) -> None:
    before = {raw.digest: raw.counts for raw in workspace.raw_files()}
    expected = {"messages": 5, "orders": 3, "order_items": 2, "refunds": 1, "evaluations": 1, "buyers": 1}
    assert erasure.look(workspace, Request("main", GONE)).rows == expected
    found = erasure.erase(workspace, Request("main", GONE))
    assert (found.rows, found.mentions, found.before) == (expected, 1, False)
    assert stored(workspace) == STAYS
    for raw in workspace.raw_files():
        was, now = before[raw.digest], raw.counts
        assert sum(was.rows.values()) + was.problems == sum(now.rows.values()) + now.problems + now.erased
        assert (was.summary, raw.revision) == (now.summary, 1)


@kills("jinpai/erasure/sieve.py", "named.difference_update(", "set().difference_update(")
def test_a_card_with_the_number_of_another_buyers_order_takes_no_order_away(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店")
    files = {
        "messages": (FILES["messages"][0], f"{GONE},,小美,buyer,2026-11-18T10:00:00+08:00,朋友买的这个,1000002,m1"),
        "orders": FILES["orders"],
    }
    import_files(workspace, write(tmp_path / "files", files))
    erasure.erase(workspace, Request("main", GONE))
    assert "1000002" in stored(workspace)["orders"]


@kills("jinpai/erasure/sieve.py", "cleaned = _without_name(words, marks)", "cleaned = words")
def test_the_name_leaves_the_other_columns_of_rows_that_stay(workspace: Workspace) -> None:
    erasure.erase(workspace, Request("main", GONE))
    extras = [
        text
        for raw in workspace.raw_files()
        for table, batch in raw.tables()
        if table in ("agents", "orders")
        for text in batch.column("extra").to_pylist()
    ]
    assert not [text for text in extras if text and GONE in text]


@kills("jinpai/erasure/sieve.py", "gone = where(values, marks.names)", "gone = where(values, lambda _: False)")
def test_rows_that_could_not_be_read_and_file_names_that_name_the_buyer_go(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店")
    lines = (FILES["messages"][0], f"晴天里,,小美,{GONE},2026-11-18T10:00:00+08:00,x,,m1", "晴天里,,小美,店长,2026-11-18T10:00:00+08:00,x,,m2",
             f"晴天里,,小美,「{GONE}」说,2026-11-18T10:00:00+08:00,x,,m3")  # fmt: skip
    [file] = write(tmp_path / "files", {"messages": lines})
    import_files(workspace, [file.rename(file.with_name(f"和{GONE}的聊天.csv"))])
    assert erasure.erase(workspace, Request("main", GONE)).rows == {"problems": 2}
    [raw] = workspace.raw_files()
    assert (raw.header.file, raw.counts.problems, raw.counts.erased) == ("和云**鹿的聊天.csv", 1, 2)


def test_a_masked_buyer_wants_an_order(workspace: Workspace) -> None:
    with pytest.raises(WrongUse, match="好几个人"):
        erasure.erase(workspace, Request("main", "云**"))
    with pytest.raises(WrongUse, match="没有打码"):
        erasure.erase(workspace, Request("main", GONE, order="1000001"))
    with pytest.raises(WrongUse, match="没有打码"):
        erasure.erase(workspace, Request("main", "云**", order="1000001"))
    with pytest.raises(JinpaiError, match="没有订单 9"):
        erasure.erase(workspace, Request("main", "云**", order="9"))
    assert not read_tombstones(workspace.root)


@kills("jinpai/erasure/sieve.py", 'pc.or_(where(batch.column("order_id"), marks.order), _in_blocks(mark, batch, places, known))', 'where(batch.column("order_id"), marks.order)')  # fmt: skip
def test_one_order_of_a_masked_buyer_takes_its_block_of_talk_along(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店")
    files = {
        "messages": (
            FILES["messages"][0],
            "晴**里,a,阿杰,buyer,2026-11-18T12:00:00+08:00,在吗,,m1",
            "晴**里,a,阿杰,buyer,2026-11-18T12:00:05+08:00,卡片,3000001,m2",
            "晴**里,b,阿杰,buyer,2026-11-18T13:00:00+08:00,我是另一个人,,m3",
        ),
        "orders": (
            FILES["orders"][0],
            "3000001,晴**里,2026-11-18T12:10:00+08:00,,,等待买家付款,",
            "3000002,晴**里,2026-11-18T12:10:00+08:00,,,等待买家付款,",
        ),
    }
    import_files(workspace, write(tmp_path / "files", files))
    found = erasure.erase(workspace, Request("main", "晴**里", order="3000001"))
    assert found.rows == {"messages": 2, "orders": 1}
    assert stored(workspace) == {"messages": ["m3"], "orders": ["3000002"]}
    again = {name: (*lines, *more) for (name, lines), more in zip(files.items(), ((), ("3000003,晴**里,2026-11-18T12:10:00+08:00,,,等待买家付款,",)), strict=True)}  # fmt: skip
    again["messages"] += ("新人,,阿杰,buyer,2026-11-18T13:00:00+08:00,你好,,m4",)
    done = import_files(workspace, write(tmp_path / "again", again))
    assert [one.erased for one in done] == [2, 1]
    assert stored(workspace) == {"messages": ["m3", "m3", "m4"], "orders": ["3000002", "3000002", "3000003"]}


@kills("jinpai/importing.py", "left = obey(workspace, landing)", "left = {}")
def test_the_old_file_does_not_bring_the_buyer_back(workspace: Workspace, tmp_path: Path) -> None:
    erasure.erase(workspace, Request("main", GONE))
    same = import_files(workspace, write(tmp_path / "again"))
    assert all(one.already for one in same)
    longer = {name: (*lines, "") for name, lines in FILES.items()}  # other bytes, the same rows
    longer["messages"] = (*FILES["messages"], "新来的,,小美,buyer,2026-11-20T21:00:00+08:00,你好,,m10")
    done = {one.file.stem: one for one in import_files(workspace, write(tmp_path / "longer", longer))}
    assert {name: one.erased for name, one in done.items()} == {
        "messages": 5, "orders": 3, "order_items": 2, "refunds": 1, "evaluations": 1, "buyers": 1, "agents": 0,
    }  # fmt: skip
    assert done["messages"].rows == {"messages": 4}
    assert (done["messages"].problems, done["refunds"].rows) == (1, {"refunds": 1})
    assert stored(workspace) == {name: sorted([*keys, *keys, *(["m10"] if name == "messages" else [])]) for name, keys in STAYS.items()}  # fmt: skip
    assert erasure.look(workspace, Request("main", GONE)).before


@kills(
    "jinpai/erasure/__init__.py",
    "            write_tombstones(landing.folder, shop",
    "            (lambda *_: None)(landing.folder, shop",
)
def test_items_of_an_order_that_came_after_the_erasure_stay_out_too(workspace: Workspace, tmp_path: Path) -> None:
    erasure.erase(workspace, Request("main", GONE))
    later = {"orders": (FILES["orders"][0], f"5000001,{GONE},2026-11-21T10:20:00+08:00,,,等待买家付款,")}
    assert [one.erased for one in import_files(workspace, write(tmp_path / "later", later))] == [1]
    items = {"order_items": (FILES["order_items"][0], "5000001,51,沙发垫,1", "5000002,52,沙发垫,1")}
    assert [one.erased for one in import_files(workspace, write(tmp_path / "items", items))] == [1]


def test_another_shop_keeps_a_buyer_of_the_same_name(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_shop("二店")
    import_files(workspace, write(tmp_path / "two", FILES, "2"), shop="二店")
    erasure.erase(workspace, Request("main", GONE))
    kept = [raw for raw in workspace.raw_files() if raw.shop == "二店"]
    assert {raw.revision for raw in kept} == {0}
    assert sum(raw.counts.rows.get("orders", 0) for raw in kept) == 7


def test_neither_name_nor_order_can_be_read_from_the_tombstones(workspace: Workspace) -> None:
    erasure.erase(workspace, Request("main", GONE))
    [file] = workspace.root.glob("raw/*/erased.json")
    told = json.loads(file.read_text(encoding="utf-8"))["main"]
    assert (len(told["buyers"]), len(told["orders"])) == (1, 3)
    assert not [word for word in (GONE, "1000001", "2000001") if word in file.read_text(encoding="utf-8")]
    other = Workspace.create(workspace.root.parent / "另一家")
    import_files(other, write(workspace.root.parent / "files"))
    erasure.erase(other, Request("main", GONE))
    [theirs] = other.root.glob("raw/*/erased.json")
    assert not set(json.loads(theirs.read_text(encoding="utf-8"))["main"]["buyers"]) & set(told["buyers"])


def test_a_buyer_who_is_not_there_is_said(workspace: Workspace) -> None:
    with pytest.raises(JinpaiError, match="没有买家「没有的」"):
        erasure.erase(workspace, Request("main", "没有的"))
    with pytest.raises(WrongUse):
        erasure.erase(workspace, Request("main", "  "))
    assert [raw.revision for raw in workspace.raw_files()] == [0] * len(FILES)


@pytest.mark.slow
def test_after_an_erasure_it_is_as_if_the_buyer_had_never_been_imported(workspace: Workspace, tmp_path: Path) -> None:
    flow.build(workspace)
    old = workspace.facts()
    erasure.erase(workspace, Request("main", GONE))
    assert flow.build(workspace) == ["main"]
    assert workspace.purge()
    without = Workspace.create(tmp_path / "没有他")
    rest = {
        name: (lines[0], *(line for line in lines[1:] if not _is_his(name, line)))
        for name, lines in FILES.items()
    }  # fmt: skip
    import_files(without, write(tmp_path / "rest", rest))
    flow.build(without)
    for by in (("shop",), ("agent", "day"), ("product",)):
        here, there = (report(one, by=by)["rows"] for one in (workspace, without))
        assert here == there
    assert old is not None
    held = [file for table in old.tables for file in old.files(table)]
    now = workspace.facts()
    assert now is not None
    assert not [
        file for file in held if file.exists() and file not in {f for table in now.tables for f in now.files(table)}
    ]
    for path in (workspace.root / "facts" / "data").glob("*/*"):
        rows = pq.read_table(path).to_pylist()
        assert not [row for row in rows for value in row.values() if value == GONE], (
            f"{path.name} still names the buyer"
        )


def _is_his(name: str, line: str) -> bool:
    words = line.split(",")
    orders = {"1000001", "2000001", "2000002"}
    if name == "messages":
        return (words[0] == GONE and words[4] != "昨天") or words[:2] == ["晴**里", "a"]
    return GONE in words[:2] or (name in ("orders", "order_items", "refunds") and bool(orders & set(words[:2])))


@kills("jinpai/workspace/facts.py", "    if (folder / _PURGE).exists():", "    if False:")
def test_the_next_build_of_anybody_removes_the_old_facts_at_once(workspace: Workspace) -> None:
    flow.build(workspace)
    erasure.erase(workspace, Request("main", GONE))
    with workspace.building() as build:
        build.path("message", "main").write_text("1", encoding="utf-8")
    assert len(list((workspace.root / "facts" / "data").glob("*/*"))) == 1


ERASE = f"""
from jinpai import erasure
erasure.erase(workspace, erasure.Request("main", {GONE!r}))
"""


@pytest.mark.slow
@kills("jinpai/workspace/rewriting.py", "with incoming(workspace) as folder:\n        opened = Rewriting", "folder = workspace.root / 'raw' / 'now'\n    folder.mkdir()\n    if folder:\n        opened = Rewriting")  # fmt: skip
def test_killed_at_any_moment_it_is_erased_whole_or_not_at_all(tmp_path: Path) -> None:
    whole = {"messages": 8, "orders": 7}
    left = {"messages": 3, "orders": 4}
    files = write(tmp_path / "files", {name: FILES[name] for name in whole})

    def one(last: int) -> bool:
        workspace = Workspace.create(tmp_path / f"店铺 {last}")
        import_files(workspace, files)
        survived = run(workspace, ERASE, last) == 0
        for again in (False, True):
            counts = {name: len(keys) for name, keys in stored(workspace).items()}
            assert counts in (whole, left), f"half an erasure can be seen: {counts}"
            assert bool(read_tombstones(workspace.root)) == (counts == left)
            if not again:
                seen.add(counts == left)
                erasure.erase(workspace, Request("main", GONE))
        assert len(list(workspace.root.glob("raw/*/*/*.sealed"))) == 2, "a file that was replaced is still there"
        return survived

    seen: set[bool] = set()
    deaths = 0
    with ThreadPoolExecutor(2) as pool:
        while not any(list(pool.map(one, range(deaths + 1, deaths + 5)))):
            deaths += 4
    assert deaths >= 8
    assert seen == {True, False}
