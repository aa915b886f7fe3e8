"""增量的定律 however exports arrive, the facts are those of a build from zero over everything, to the row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from jinpai import increment
from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.layers import TOUCHED, sums
from jinpai.tables import tables
from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.oracles.conversations import Row
from tests.oracles.program import write_files

from .reckoning import KEPT, contents, same
from .shop import Drawn, shops, until

INSPECTION = tuple(name for name, table in tables().items() if table.is_inspection)
STEPS = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 0.5), st.sampled_from(["", "", "", "gap", "rule"])), min_size=2, max_size=4
)
CHANGES: dict[str, dict[str, object]] = {
    "": {}, "gap": {"conversation_gap": "10m"}, "rule": {"rule": "payment", "assist_counts": True},
}  # fmt: skip


def facts(workspace: Workspace) -> dict[str, list[str]]:
    with opened(workspace, "main") as engine:
        engine._connection.execute("set threads = 1")
        engine.make("days", sums(["daily"]))
        inspected = [name for name in INSPECTION if engine.has(name)]
        return contents(engine, [*KEPT, *inspected, "days"], without=frozenset())


def export(shop: Drawn, since: int, end: int) -> dict[str, list[Row]]:
    """What an export of these days holds: their messages, and the orders as they stood at their end."""
    rows = until(shop.rows, end)
    rows["messages"] = [row for row in rows["messages"] if since <= row["sent_at"]]
    return rows


@pytest.mark.slow
@kills("jinpai/increment.py", 'found += ["select distinct buyer_key from new_message", _SAME_NUMBER]', "pass")
@kills("jinpai/increment.py", 'sums(["adds", "-added"])', 'sums(["adds"])')
@tries(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(shop=shops(masked=True), steps=STEPS, inspection=st.booleans())
def test_however_exports_arrive_the_facts_are_those_of_one_build(
    shop: Drawn,
    steps: list[tuple[float, float, str]],
    inspection: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(increment, "TOO_MANY", 100.0)
    shutil.rmtree(tmp_path)
    workspace = Workspace.create(tmp_path / "workspace")
    workspace.write_settings(None, {"inspection": inspection, "parallel_limit": 1})
    happened = sorted(row["sent_at"] for row in shop.rows["messages"])
    ends = [happened[int(place * (len(happened) - 1))] for place, _, _ in steps]
    for number, (end, (place, back, change)) in enumerate(zip(ends, steps, strict=True)):
        since = happened[int(max(0.0, place - back) * (len(happened) - 1))]
        (tmp_path / f"{number}").mkdir()
        import_files(workspace, write_files(export(shop, since, end), tmp_path / f"{number}"))
        if change:
            workspace.write_settings(None, CHANGES[change])
        build(workspace)
    grown = facts(workspace)
    shutil.rmtree(workspace.root / "facts")
    build(workspace)
    same(grown, facts(workspace))


MESSAGES = "buyer,agent,sender,sent_at,text"
ORDERS = "order_id,buyer,created_at,paid_at,paid_amount"


def added(workspace: Workspace, name: str, *lines: str) -> int:
    """Imports lines as a file, builds, and says how many layers lie on the first."""
    path = workspace.root.parent / name
    path.write_text("\n".join(lines), encoding="utf-8")
    import_files(workspace, [path])
    build(workspace)
    found = workspace.facts()
    assert found is not None
    assert len(found.files("message", "main")) == len(found.files(TOUCHED, "main")) + 1
    return len(found.files(TOUCHED, "main"))


def same_from_zero(workspace: Workspace) -> None:
    grown = facts(workspace)
    shutil.rmtree(workspace.root / "facts")
    build(workspace)
    same(grown, facts(workspace))


@kills("jinpai/increment.py", 'found.append(f"select distinct buyer_key from {changed}")', "pass")
@kills(
    "jinpai/layers.py", "mark(engine, found.pop(one.name, []), one)", "mark(engine, found.pop(one.name, [])[:0], one)"
)
def test_an_order_that_comes_later_touches_its_buyer(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺")
    talk = [
        f"买家{n},小美,{who},2025-11-10 10:0{n}:0{s},好" for n in range(6) for s, who in enumerate(("buyer", "agent"))
    ]
    added(workspace, "聊天.csv", MESSAGES, *talk)
    assert added(workspace, "订单.csv", ORDERS, "单1,买家3,2025-11-10 11:00:00,2025-11-10 11:05:00,99.00") == 1
    with opened(workspace, "main") as engine:
        assert engine.rows("select owner_order_first as owner from attribution") == [{"owner": "小美"}]
    later = "单1,买家3,2025-11-10 11:00:00,2025-11-10 11:05:00,98.00,2025-11-11 09:00:00"
    assert added(workspace, "再导.csv", f"{ORDERS},closed_at", later) == 2
    with opened(workspace, "main") as engine:
        assert engine.rows("select paid_amount from orders") == [{"paid_amount": 9800}]
    same_from_zero(workspace)


@kills("jinpai/increment.py", "pa.concat_tables([touched, ripened])", "touched")
@kills("jinpai/renewing.py", "max(last_sent_at) as last_sent_at", "min(last_sent_at) as last_sent_at")
@kills("jinpai/increment.py", '({ended}) "', '({ended}) and false "')
@kills(
    "jinpai/increment.py", "stage = 'undecided' and main_ends_at > $low", "stage = 'undecided' and main_ends_at > $high"
)
def test_after_sales_talk_is_settled_when_others_move_the_horizon(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺")
    talk = [f"买家{n},小美,buyer,2025-11-10 12:0{n}:00,好" for n in range(6)]
    added(workspace, "聊天.csv", MESSAGES, *talk)
    added(workspace, "订单.csv", ORDERS, "单1,买家3,2025-11-09 11:00:00,2025-11-09 11:05:00,99.00",
        "单2,别人,2025-11-10 13:00:00,2025-11-10 13:05:00,9.00")  # fmt: skip

    def stage() -> str:
        with opened(workspace, "main") as engine:
            return str(
                engine.rows("select c.stage from conversation as c inner join orders using (buyer_key)")[0]["stage"]
            )

    assert stage() == "undecided"
    added(workspace, "后来.csv", MESSAGES, "新人,小美,buyer,2025-11-13 12:00:00,在吗")
    layers = added(workspace, "后来的订单.csv", ORDERS, "单3,生人,2025-11-13 13:00:00,2025-11-13 13:05:00,9.00")
    assert layers > 0
    assert stage() == "aftersales"
    same_from_zero(workspace)


TALK = [
    f"买家{n},小美,{who},2025-11-1{day} 10:0{n}:0{s},好,"
    for day in (0, 2) for n in range(6) for s, who in enumerate(("buyer", "agent"))
]  # fmt: skip


@pytest.mark.parametrize(
    "later",
    [
        pytest.param((f"{MESSAGES},order_id", "买家2,小美,buyer,2025-11-12 11:00:00,我的单号,单2"), id="a-message-names-an-order"),
        pytest.param(("refund_id,order_id,amount,applied_at,refunded_at",
            "退1,单1,9.00,2025-11-12 09:00:00,2025-11-12 09:30:00"), id="a-refund-of-an-old-order"),
        pytest.param(("order_id,product_id,title,quantity,price", "单1,货9,毛巾,2,5.00"), id="lines-of-an-old-order"),
        pytest.param(("product_id,title", "货1,茶杯"), id="a-product-has-another-title"),
        pytest.param((f"{MESSAGES},order_id", "买家4,小丽,buyer,2025-11-10 10:02:30,一起,",
            "买家5,小丽,buyer,2025-11-12 10:02:30,一起,"), id="talks-of-two-days"),
    ],
)  # fmt: skip
@kills("jinpai/renewing.py", '"select order_key from every_orders where order_id in (select order_id from new_messages)"',
    '"select order_key from new_orders"')  # fmt: skip
@kills("jinpai/renewing.py", '"select order_key from every_refunds where refund_id in (select refund_id from new_refunds)"',
    '"select order_key from new_orders"')  # fmt: skip
@kills(
    "jinpai/renewing.py",
    '"order_items": "select order_key from new_order_items"',
    '"order_items": "select order_key from new_orders"',
)
@kills("jinpai/increment.py", 'if self._differ("product")', "if False")
@kills("jinpai/increment.py", "select min(day) as day", "select max(day) as day")
def test_what_is_taken_over_is_what_would_be_made(later: tuple[str, ...], tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺")
    added(workspace, "聊天.csv", f"{MESSAGES},order_id", *TALK)
    added(workspace, "货.csv", "product_id,title", "货1,杯子", "货2,茶杯")
    added(workspace, "订单.csv", ORDERS, "单1,买家1,2025-11-10 11:00:00,2025-11-10 11:05:00,99.00",
        "单2,买**2,2025-11-10 12:00:00,2025-11-10 12:05:00,59.00")  # fmt: skip
    added(workspace, "明细.csv", "order_id,product_id,title,quantity,price", "单2,,茶杯,1,59.00")
    added(workspace, "后来.csv", *later)
    same_from_zero(workspace)


@kills("jinpai/layers.py", "max(layer) as layer", "min(layer) as layer")
@kills("jinpai/layers.py", "t.layer > {number}'", "t.layer > {number} + 1'")
def test_a_later_day_is_a_layer_and_a_list_of_people_is_not(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺 数据")
    assert (
        added(workspace, "一.csv", MESSAGES, *(f"买家{n},小美,buyer,2025-11-10 10:0{n}:00,在吗" for n in range(9))) == 0
    )
    assert (
        added(workspace, "二.csv", MESSAGES, *(f"买家{n},小美,agent,2025-11-11 10:0{n}:00,在的" for n in range(2))) == 1
    )
    assert added(workspace, "三.csv", MESSAGES, "买家1,小美,buyer,2025-11-12 10:00:00,好") == 2
    with opened(workspace, "main") as engine:
        assert engine.rows("select count(*) as n, count(distinct buyer_key) as buyers from message") == [
            {"n": 12, "buyers": 9}
        ]
    assert added(workspace, "客服.csv", "agent,name,team", "小美,小美,aftersales") == 0


@kills("jinpai/layers.py", "min(since[number:], default=99_991_231)", "99_991_231")
@kills("jinpai/layers.py", "since[number:]", "since[number : number + 1]")
def test_an_earlier_day_that_comes_later_is_counted_anew_with_all_days_after_it(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺")
    added(workspace, "聊天.csv", f"{MESSAGES},order_id", *TALK)
    assert added(workspace, "十二日.csv", MESSAGES, "买家4,小丽,buyer,2025-11-12 10:04:30,再问一下") == 1
    assert added(workspace, "十日.csv", MESSAGES, "买家5,小丽,buyer,2025-11-10 10:02:30,一起") == 2
    with opened(workspace, "main") as engine:
        rows = "select count(*) as n, count(distinct (scope, agent, buyer_key, seq)) as told from concurrency"
        found = engine.rows(rows)[0]
    assert found["n"] == found["told"] == len(TALK)
    same_from_zero(workspace)


@kills("jinpai/renewing.py", "bool_and(is_automatic)", "bool_or(is_automatic)")
def test_an_account_that_was_a_robot_until_it_wrote_as_a_person_changes_everything(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺")
    added(workspace, "聊天.csv", MESSAGES, *(f"买家{n},云,auto,2025-11-10 10:0{n}:00,您好" for n in range(6)))
    assert added(workspace, "又一天.csv", MESSAGES, "买家1,云,auto,2025-11-11 10:00:00,您好") == 1
    assert added(workspace, "本人.csv", MESSAGES, "买家2,云,agent,2025-11-12 10:00:00,在的") == 0
    with opened(workspace, "main") as engine:
        assert engine.rows("select * from robot") == []


@kills("jinpai/increment.py", 'named.discard("text")', 'named.difference_update(("text", "message_id"))')
def test_a_message_with_a_number_that_stands_twice_in_a_later_file_is_one(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺")
    added(workspace, "聊天.csv", f"{MESSAGES},order_id", *TALK)
    twice = ["买家2,小美,buyer,2025-11-13 10:00:00,在吗,m1", "买家2,小美,buyer,2025-11-13 10:00:00,在吗,m1"]
    assert added(workspace, "后来.csv", f"{MESSAGES},message_id", *twice) == 1
    with opened(workspace, "main") as engine:
        assert engine.rows("select count(*) as n from message") == [{"n": len(TALK) + 1}]
    same_from_zero(workspace)


@kills("jinpai/layers.py", "if (files := facts.files(name, shop))}", "for files in [facts.files(name, shop)]}")
def test_a_shop_that_is_not_built_yet_has_nothing_to_read_beside_one_that_is(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺")
    added(workspace, "聊天.csv", f"{MESSAGES},order_id", *TALK)
    path = tmp_path / "另一家.csv"
    path.write_text(f"shop,{MESSAGES}\n二店,买家,大伟,buyer,2025-11-12 10:00:00,在吗", encoding="utf-8")
    import_files(workspace, [path])
    with opened(workspace, "二店") as engine:
        assert not engine.has("message")
    with opened(workspace, "main") as engine:
        assert engine.has("message")
