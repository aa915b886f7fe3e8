"""Qianniu's export of one sub-account: buyers are whoever is not the shop, sections are days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.importers.files import Outcome, ms, outcome, write_text
from tests.mutants import kills

HEAD = "溪谷旗舰店:小美\n\n即时消息\n\n"


def read(folder: Path, *lines: str, encoding: str = "gbk") -> Outcome:
    return outcome(write_text(folder / "即时消息.txt", HEAD + "\n".join(lines) + "\n", encoding, "\r\n"))


def told(found: Outcome, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in found.tables.get("messages", [])]


def test_messages_of_a_day(tmp_path: Path) -> None:
    """§7 cases 9 and 11: the nick may hold colons, the content may be empty or hold blanks and colons."""
    found = read(tmp_path, "2023-06-05", "2023-06-05 10:02:11 云边小鹿: 你好: 在吗 亲", "2023-06-05 10:02:58 溪谷旗舰店:售前:小美: 在的",
                 "第二行", "", "第三行", "2023-06-05 10:03:00 溪谷旗舰店:小美:")  # fmt: skip
    assert found.format == "qianniu_t2"
    assert told(found, "row", "buyer", "agent", "sender", "sent_at", "text") == [
        (6, "云边小鹿", "小美", "buyer", ms("2023-06-05 10:02:11"), "你好: 在吗 亲"),
        (7, "云边小鹿", "售前:小美", "agent", ms("2023-06-05 10:02:58"), "在的\n第二行\n\n第三行"),
        (11, "云边小鹿", "小美", "agent", ms("2023-06-05 10:03:00"), None)]  # fmt: skip


def test_sections_have_their_own_buyers(tmp_path: Path) -> None:
    """The shop's words before the first buyer of a section go to him; without any buyer they have none."""
    found = read(tmp_path, "2023-06-05", "2023-06-05 10:02:11 云边小鹿: 在吗", "2023-06-06", "2023-06-06 09:00:00 溪谷旗舰店:小美: 还需要吗",
                 "2023-06-06 09:01:00 柠檬: 要", "2023-06-06 09:02:00 溪谷旗舰店:小美: 好", "2023-06-07",
                 "2023-06-07 09:00:00 溪谷旗舰店:小美: 在吗")  # fmt: skip
    assert told(found, "buyer", "row") == [("云边小鹿", 6), ("柠檬", 8), ("柠檬", 9), ("柠檬", 10), (None, 12)]


@kills("jinpai/importers/qianniu_t2.py", "(sender, time) in self._seen", "False")
def test_quoted_messages_continue_the_one_above(tmp_path: Path) -> None:
    """§7 case 10: of another day, of a stranger before it, or already read."""
    quote = [
        "2023-06-01 09:00:00 云边小鹿: 上次说的",
        "2023-06-05 10:00:00 张三: 听说",
        "2023-06-05 10:02:11 云边小鹿: 在吗",
    ]
    found = read(
        tmp_path,
        "2023-06-05",
        "2023-06-05 10:02:11 云边小鹿: 在吗",
        "2023-06-05 10:05:00 溪谷旗舰店:小美: 您说的是",
        *quote,
    )
    assert told(found, "text") == [("在吗",), ("\n".join(["您说的是", *quote]),)]


def test_notices_voice_and_transfers(tmp_path: Path) -> None:
    """§7 case 12."""
    found = read(tmp_path, "2023-06-05", "2023-06-05 10:02:11 云边小鹿: <recognition>0001.amr",
                 "2023-06-05 10:02:12 溪谷旗舰店:小美: 系统提示:对方发送了一条语音消息",
                 "2023-06-05 10:02:13 溪谷旗舰店: 系统提醒:该买家由 阿杰 转接", "2023-06-05 10:02:14 溪谷旗舰店:服务助手: 您好")  # fmt: skip
    assert told(found, "sender", "kind", "event", "agent", "to_agent") == [
        ("buyer", "voice", None, "小美", None), ("system", "event", None, "小美", None),
        ("system", "event", "transferred", "阿杰", "小美"), ("auto", "text", None, "服务助手", None)]  # fmt: skip


def test_masks_equal_seconds_and_bad_times(tmp_path: Path) -> None:
    """§7 cases 14 and 15."""
    found = read(tmp_path, "掉队", "2023-06-05", "2023-06-05 10:02:11 t**1: 在", "2023-06-05 10:02:11 t**1: 在",
                 "2023-06-06", "2023-06-06 10:02:11 t**1: 在", "2023-06-06 10:61:11 t**1: 在")  # fmt: skip
    assert told(found, "buyer", "thread", "text") == [("t**1", "1", "在"), ("t**1", "1", "在"), ("t**1", "2", "在")]
    assert [(problem.row, problem.value) for problem in found.problems] == [(5, "掉队"), (11, "2023-06-06 10:61:11")]
