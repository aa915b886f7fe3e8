"""一行不丢的定律 every imported row is a message, an order, a counted repeat, a summary row or a problem."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.flow import build, opened, repeats
from jinpai.importing import Imported, import_files
from jinpai.workspace import Workspace
from tests.mutants import kills

from .reckoning import wide

SECOND = st.integers(0, 3)
MESSAGE_COLUMNS = ("buyer", "agent", "sender", "sent_at", "kind", "text", "message_id")
ORDER_COLUMNS = ("order_id", "buyer", "created_at", "paid_at", "paid_amount")


def clock(second: int) -> str:
    return datetime.fromtimestamp(1_762_783_200 + second, UTC).isoformat()


GOOD = st.builds(
    lambda buyer, sender, second, text, number: (buyer, "小美", sender, clock(second), "text", text, f"m{second}" if number else ""),
    st.sampled_from(["云", "雨", "云**"]), st.sampled_from(["buyer", "agent", "auto", "system", "note"]), SECOND,
    st.sampled_from(["在吗", "好", '说"一"\n句', ""]), st.booleans(),
)  # fmt: skip
BAD_ROWS: list[tuple[str, ...]] = [
    ("云", "小美", "买家", clock(0), "text", "错的发送方", ""), ("云", "小美", "buyer", "昨天", "text", "错的时间", ""),
    ("云", "小美", "buyer", "", "text", "没有时间", ""), ("云", "小美", "", clock(1), "text", "没有发送方", ""),
    ("云", "小美", "agent", clock(1), "歌", "错的类型", ""), ("云", "小美", "agent", "2025-11-31", "歌", "两处错", ""),
    ("云", "小美", "agent", clock(1), "text", "多一格", "", "多"), ("云", "小美", "agent"),
]  # fmt: skip
BAD_ORDERS = [("A5", "云", "没有", "", ""), ("", "云", clock(0), "", ""), ("A6", "云", clock(0), clock(9), "十二元")]
MESSAGES = st.lists(st.one_of(GOOD, GOOD, GOOD, st.sampled_from(BAD_ROWS)), min_size=6, max_size=25)
ORDERS = st.lists(st.one_of(
    st.builds(lambda order, second, paid: (order, "云", clock(second), clock(second + 9) if paid else "", "12.30" if paid else ""),
        st.sampled_from(["A1", "A2", "A3", "A4"]), SECOND, st.booleans()),
    st.sampled_from([*BAD_ORDERS, ("汇总", "", "", "", "99.00"), ("合计", "", clock(0), "", "")]),
), min_size=5, max_size=12)  # fmt: skip
T1_LINES = st.lists(st.sampled_from([
    "云边({t}):  在吗", "云边({t}):  在吗", "溪谷旗舰店:小美({t}):  在的", "溪谷旗舰店:小美({t}):  亲亲，在的",
    "别的店:小美({t}):  走错了", "云边({bad}):  没有这一天", "溪谷旗舰店:小美({bad}):  没有这一天",
]), min_size=1, max_size=12)  # fmt: skip


def sheet(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return path


def chat(path: Path, lines: list[str]) -> Path:
    rule, dashes = "=" * 64, "-" * 28
    # no two lines of one time, so that none is taken for one quoted from before
    said = [
        line.format(t=f"2025-11-10 10:{number:02d}:00", bad=f"2025-02-30 10:{number:02d}:00")
        for number, line in enumerate(lines)
    ]
    text = "\n".join(
        ["溪谷旗舰店:小美", "", rule, f"{'单聊':^64}", rule, "", "", f"{dashes}云边{dashes}", *said, "", ""]
    )
    text += "\n".join(
        [rule, f"{'群聊':^64}", rule, "", f"{dashes}福利群{dashes}", "群管家(2025-11-10 12:00:00):  早", ""]
    )
    path.write_bytes(text.replace("\n", "\r\n").encode("gbk"))
    return path


@contextmanager
def imported(messages: list[tuple[str, ...]], again: list[tuple[str, ...]], orders: list[tuple[str, ...]],
    lines: list[str]) -> Iterator[tuple[Workspace, list[Imported]]]:  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="jinpai-law-") as folder:
        workspace = Workspace.create(Path(folder) / "店铺 数据")
        files = [sheet(Path(folder) / "messages.csv", MESSAGE_COLUMNS, messages), chat(Path(folder) / "聊天记录.txt", lines),
            sheet(Path(folder) / "messages 2.csv", MESSAGE_COLUMNS, again), sheet(Path(folder) / "orders.csv", ORDER_COLUMNS, orders)]  # fmt: skip
        yield workspace, import_files(workspace, files)


def places(workspace: Workspace) -> dict[str, Counter[int]]:
    """How often each row of each file stands among the raw rows and the problems; a note on a row that came in is none."""
    return {
        raw.header.file: Counter(
            row["row"] for _, batch in raw.tables() for row in batch.to_pylist() if not row.get("kept")
        )
        for raw in workspace.raw_files()
    }


LEADING = 9
"""The line of the first message in a chat text."""


@kills("jinpai/importers/canonical.py", "for place in sorted(faults):", "for place in sorted(faults)[1:]:")
@kills("jinpai/importers/canonical.py", "yield Summary(summaries)", "yield Summary(1)")
@kills("jinpai/importing.py", "if self._waiting or not self.open:", "if not self.open:")
@kills("jinpai/importing.py", "self.summary += item.count", "self.summary = 0")
@kills(
    "jinpai/importers/qianniu_t1.py",
    "self.found.append(_no_time(done) if is_known else _stranger(done))",
    "self.found.extend([] if is_known else [_stranger(done)])",
)
@wide(12)
@given(MESSAGES, ORDERS, T1_LINES)
def test_every_row_of_a_file_is_a_row_a_summary_or_a_problem(
    messages: list[tuple[str, ...]], orders: list[tuple[str, ...]], lines: list[str]
) -> None:
    with imported(messages, messages[:3], orders, lines) as (workspace, done):
        found, told = places(workspace), {one.file.name: one for one in done}
    wanted = {
        "messages.csv": set(range(2, 2 + len(messages))),
        "聊天记录.txt": set(range(LEADING, LEADING + len(lines))),
        "orders.csv": {number for number, row in enumerate(orders, 2) if row[0] not in ("汇总", "合计")},
    }
    for name, rows in wanted.items():
        assert found[name] == Counter(rows), name
        assert sum(told[name].rows.values()) + told[name].problems == len(rows), name
    assert told["orders.csv"].summary == len(orders) - len(wanted["orders.csv"])
    assert told["聊天记录.txt"].summary == 1  # the one message of the 群聊 part
    assert told["messages.csv"].problems >= sum(row in BAD_ROWS for row in messages)


def identities(rows: list[tuple[str, ...]]) -> set[object]:
    """What tells the good rows of one file apart: the platform's number, else what was said and how often before."""
    seen: Counter[object] = Counter()
    found: set[object] = set()
    for row in rows:
        if row in BAD_ROWS:
            continue
        buyer, agent, sender, sent_at, kind, text, number = row
        said = (buyer, None if sender == "buyer" else agent, sender, sent_at, kind, text)
        found.add(number or (said, seen[said]))
        seen[said] += not number
    return found


@pytest.mark.slow
@kills(
    "jinpai/tables/message.py",
    "where s.sent_at <= $as_of and coalesce(v.version, 1) = 1",
    "where s.sender <> 'note' and s.sent_at <= $as_of and coalesce(v.version, 1) = 1",
)
@kills("jinpai/tables/message.py", "case when k.has_id then 0 else", "case when false then 0 else")
@kills("jinpai/tables/orders.sql", "and v.file_key is null", "and v.file_key is null and o.paid_at is null")
@kills("jinpai/tables/source.py", 'key(shop, "id", one) if one\n', 'key(shop, "said", one) if False\n')
@wide(5)
@given(MESSAGES, MESSAGES, ORDERS, T1_LINES)
def test_facts_hold_every_row_once_and_count_the_repeats(
    messages: list[tuple[str, ...]], more: list[tuple[str, ...]], orders: list[tuple[str, ...]], lines: list[str]
) -> None:
    again = messages[: len(messages) // 2] + more
    with imported(messages, again, orders, lines) as (workspace, done):
        build(workspace)
        rows: Counter[str] = Counter()
        for one in done:
            rows.update(one.rows)
        with opened(workspace, "main") as engine:
            kept = {name: engine.rows(f"select count(*) as n from {name}")[0]["n"] for name in ("message", "orders")}
        assert rows["messages"] + rows["orders"] == kept["message"] + kept["orders"] + repeats(workspace)
    chats = sum("{bad}" not in line and not line.startswith("别的店") for line in lines)
    assert kept["message"] == len(identities(messages) | identities(again)) + chats
    assert kept["orders"] == len({row[0] for row in orders if row[0].startswith("A") and row not in BAD_ORDERS})
