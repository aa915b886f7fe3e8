"""The web page 聊天记录查询: its text, a row a buyer and day, and a workbook with a sheet a customer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importers.files import Outcome, ms, outcome, write_csv, write_xlsx
from tests.mutants import kills

HIDDEN = "账号信息保护显示"
COLUMNS = ["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"]


def pages(folder: Path, *rows: tuple[str, str, str]) -> Outcome:
    found = outcome(write_csv(folder / "网页.csv", [["buyer", "chat_date", "chat_text", "filter_range"],
                                                  *([*row, "2026-04"] for row in rows)], "utf-8-sig"))  # fmt: skip
    assert found.format == "qianniu_t4"
    return found


def turn(clock: str, text: str, sender: str) -> str:
    return f"{clock}\n{text}\n{sender}"


def told(found: Outcome, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in found.tables.get("messages", [])]


def test_the_sender_stands_below_the_words(tmp_path: Path) -> None:
    """§7 case 11: sender last."""
    found = pages(tmp_path, ("小溪流水", "2026-04-18", "\n".join([
        "2026-04-18", turn("23:59:58", "在吗", "小溪流水"), turn("23:59:59", "\x03您好", "溪谷旗舰店:服务助手"),
        "2026-04-19", turn("00:00:10", "在的\n\n洗一两次就好", "溪谷旗舰店：小美"), "没有更多内容了"])))  # fmt: skip
    assert told(found, "row", "buyer", "agent", "sender", "sent_at", "text") == [
        (2, "小溪流水", None, "buyer", ms("2026-04-18 23:59:58"), "在吗"),
        (2, "小溪流水", "服务助手", "auto", ms("2026-04-18 23:59:59"), "您好"),
        (2, "小溪流水", "小美", "agent", ms("2026-04-19 00:00:10"), "在的\n\n洗一两次就好")]  # fmt: skip
    assert (found.summary, found.problems) == (1, [])


@kills("jinpai/importers/qianniu_page.py", "if self._is_over() and", "if")
def test_words_that_look_like_a_time_or_a_day_stay_words(tmp_path: Path) -> None:
    """§7 case 10."""
    text = "什么时候发\n2026-04-20\n12:00:00\n可以吗"
    found = pages(tmp_path, ("小溪流水", "2026-04-18", turn("10:00:00", text, "小溪流水")))
    assert (told(found, "sent_at", "text"), found.problems) == ([(ms("2026-04-18 10:00:00"), text)], [])


def test_placeholders_and_notices_are_of_the_platform(tmp_path: Path) -> None:
    """§7 case 12."""
    found = pages(tmp_path, ("小溪流水", "2026-04-18", "\n".join([
        turn("10:00:00", "请在客户端查看原始聊天记录，网页版无法展示", "小溪流水"),
        turn("10:00:20", "由 服务助手 转交给 小美，原因：【系统识别需干预】", "小溪流水"),
        turn("10:01:00", "http://item.taobao.com/item.htm?id=700000012345", "小溪流水"), "没有更多内容了"])))  # fmt: skip
    assert told(found, "sender", "kind", "event", "product_id") == [
        ("system", "event", None, None), ("system", "event", "transferred", None), ("buyer", "product_card", None, "700000012345")]  # fmt: skip


def test_hidden_people_are_never_one(tmp_path: Path) -> None:
    """§7 case 15: even those who began to write in the same second."""
    chat = turn("11:00:00", "在吗", HIDDEN) + "\n" + turn("11:00:05", "在", "溪谷旗舰店:小美")
    found = pages(tmp_path, (HIDDEN, "2026-04-18", chat), (HIDDEN, "2026-04-18", chat), ("t**1", "2026-04-18", chat.replace(HIDDEN, "t**1")))  # fmt: skip
    threads = told(found, "buyer", "thread")
    assert threads[0] == threads[1]
    assert threads[2] == threads[3]
    assert len(set(threads)) == 3
    assert len(threads) == 6


def test_what_a_later_row_repeats_counts_once(tmp_path: Path) -> None:
    """§7 case 14."""
    twice = turn("11:00:00", "在", "小溪流水") + "\n" + turn("11:00:00", "在", "小溪流水")
    found = pages(tmp_path, ("小溪流水", "2026-04-18", twice), ("小溪流水", "2026-04-18", twice + "\n" + turn("11:00:09", "？", "小溪流水")))  # fmt: skip
    assert (told(found, "text"), found.summary) == ([("在",), ("在",), ("？",)], 2)


def test_senders_of_nobody_and_times_of_no_day_are_problems(tmp_path: Path) -> None:
    """§7 case 9: equality of the part before the colon."""
    found = pages(tmp_path, ("溪谷旗舰店的粉丝", "2026-04-18", "\n".join([
        "掉队的一行", turn("10:00:00", "在吗", "溪谷旗舰店的粉丝"), turn("10:00:05", "在", "溪谷旗舰店:小美"),
        turn("10:00:06", "走错了", "别的店:小美"), turn("10:00:07", "在的", "溪谷旗舰店:售前:小美"), turn("25:00:00", "坏时间", "溪谷旗舰店:小美")])),
        ("", "2026-04-18", turn("10:00:00", "谁", "小溪流水")), ("柠檬茶er", "", turn("10:00:00", "哪天", "柠檬茶er")),
        ("柠檬茶er", "2026-04-18", ""))  # fmt: skip
    assert told(found, "sender", "agent") == [("buyer", None), ("agent", "小美"), ("agent", "售前:小美")]
    assert [(problem.row, problem.value) for problem in found.problems] == [
        (2, "掉队的一行"),
        (2, "10:00:06 别的店:小美"),
        (2, "2026-04-18 25:00:00"),
        (3, ""),
        (4, " 10:00:00"),
    ]
    assert found.summary == 1


def test_a_sheet_of_each_customer(tmp_path: Path) -> None:
    """The buyer is the cell: names of sheets cannot hold `*`."""
    path = write_xlsx(
        tmp_path / "导出.xlsx", 导出汇总=[["客户名", "消息数"], ["小溪流水", 2], ["t***7", 2]],
        小溪流水=[COLUMNS, ["小溪流水", 1, "2026-04-18 09:03:35", "在吗", "小溪流水", "客户"],
               ["小溪流水", 2, "2026/4/18 9:04:10", "在的\n亲", "溪谷旗舰店:小美", "客服"]],
        t___7=[COLUMNS, ["t***7", 1, "2026-04-18 11:00:00", "/:026", "t***7", "客户"],
               ["t***7", 2, "2026-04-18 11:00:02", "您好", "溪谷旗舰店:服务助手", "客服"]],
        t___7_2=[COLUMNS, ["t***7", 1, "2026-04-18 11:00:00", "另一个人", "t***7", ""],
                 ["t***7", 2, "昨天", "您好", "溪谷旗舰店:小美", "客服"], ["t***7", 3, "2026-04-18 11:00:02", "谁", "路人", ""]],
    )  # fmt: skip
    found = outcome(path)
    assert found.format == "qianniu_t4"
    assert told(found, "row", "buyer", "agent", "sender", "sent_at", "text")[:2] == [
        (2, "小溪流水", None, "buyer", ms("2026-04-18 09:03:35"), "在吗"),
        (3, "小溪流水", "小美", "agent", ms("2026-04-18 09:04:10"), "在的\n亲"),
    ]
    assert told(found, "sender", "kind")[2:] == [("buyer", "emoji"), ("auto", "text"), ("buyer", "text")]
    first, robot, other = (thread for _, thread in told(found, "buyer", "thread")[2:])
    assert first == robot != other
    assert [(problem.row, problem.column, problem.value) for problem in found.problems] == [
        (3, "t___7_2·发送时间", "昨天"),
        (4, "t___7_2·账号类型", ""),
    ]
    assert found.summary == 2


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=8).map(
    str.strip
)


@given(st.lists(st.tuples(st.integers(0, 59), texts.filter(bool), st.sampled_from(["小溪流水", "溪谷旗舰店:小美"])), min_size=1, max_size=12))  # fmt: skip
def test_every_message_comes_back(tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, str, str]]) -> None:
    text = "\n".join(turn(f"10:00:{second:02d}", words, sender) for second, words, sender in said)
    found = pages(tmp_path_factory.mktemp("a"), ("小溪流水", "2026-04-18", text))
    assert [row["text"] for row in found.tables["messages"]] == [words for _, words, _ in said]
    assert found.problems == []
