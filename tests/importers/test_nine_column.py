"""The nine-column table of third-party tools, as CSV, workbook, and workbook named .csv."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.importers.files import Outcome, ms, outcome, write_csv, write_xlsx
from tests.mutants import kills

COLUMNS = ["会话ID", "日期", "时间", "对象", "发话者", "消息", "消息状态", "商品ID", "商品"]


def row(text: str, session: str = "S1", who: str = "客户", name: str = "小溪流水", time: str = "09:03:35", **other: str) -> list[str]:  # fmt: skip
    return [session, other.get("day", "2026-04-18"), time, who, name, text, other.get("state", ""), other.get("product", ""), other.get("title", "")]  # fmt: skip


def read(folder: Path, *rows: list[str]) -> Outcome:
    return outcome(write_csv(folder / "会话.csv", [COLUMNS, *rows], "utf-8-sig"))


def told(found: Outcome, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in found.tables.get("messages", [])]


@pytest.mark.parametrize("shape", ["csv", "xlsx", "xlsx named .csv"])
def test_the_table_is_read_in_every_wrapping(tmp_path: Path, shape: str) -> None:
    """§7 case 1: bytes before the suffix."""
    rows = [COLUMNS, row("在吗", product="700000012345", title="浴巾"), row("在的", who="客服", name="溪谷旗舰店:小美", time="09:04:10", state="已读")]  # fmt: skip
    if shape == "csv":
        found = outcome(write_csv(tmp_path / "会话.csv", rows, "utf-8-sig"))
    else:
        found = outcome(write_xlsx(tmp_path / ("会话.xlsx" if shape == "xlsx" else "会话.csv"), Sheet1=rows))
    assert found.format == "nine_column"
    assert told(found, "row", "buyer", "agent", "sender", "sent_at", "text", "product_id") == [
        (2, "小溪流水", None, "buyer", ms("2026-04-18 09:03:35"), "在吗", "700000012345"),
        (3, "小溪流水", "小美", "agent", ms("2026-04-18 09:04:10"), "在的", None)]  # fmt: skip
    assert [json.loads(extra) for (extra,) in told(found, "extra")] == [
        {"会话ID": "S1", "商品": "浴巾"},
        {"会话ID": "S1", "消息状态": "已读"},
    ]


@kills("jinpai/importers/nine_column.py", "buyers.setdefault(session, name)", "pass")
def test_staff_answer_the_customer_of_their_session(tmp_path: Path) -> None:
    found = read(tmp_path, row("亲，还在吗", who="客服", name="溪谷旗舰店:小美"), row("好", session="S2", name="柠檬茶er"), row("在"),
                 row("发了", session="S2", who="客服", name="阿杰"), row("没人", session="S3", who="客服", name="阿杰"))  # fmt: skip
    assert told(found, "buyer", "agent", "sender") == [
        ("小溪流水", "小美", "agent"), ("柠檬茶er", None, "buyer"), ("小溪流水", None, "buyer"), ("柠檬茶er", "阿杰", "agent"),
        (None, "阿杰", "agent")]  # fmt: skip


@kills("jinpai/importers/nine_column.py", '"thread": session if is_masked(buyer) else None', '"thread": None')
def test_a_mask_is_one_person_in_a_session_only(tmp_path: Path) -> None:
    """§7 case 15."""
    found = read(
        tmp_path,
        row("甲", name="t**1"),
        row("乙", session="S2", name="t**1"),
        row("答乙", session="S2", who="客服", name="阿杰"),
    )
    assert told(found, "buyer", "thread") == [("t**1", "S1"), ("t**1", "S2"), ("t**1", "S2")]


def test_notices_and_robots_are_no_persons(tmp_path: Path) -> None:
    """§7 cases 12 and 13."""
    found = read(tmp_path, row("在吗"), row("您好", who="客服", name="溪谷旗舰店:服务助手"), row("您好", who="机器人", name="小蜜"),
                 row("对方已退款成功", who="客服", name="溪谷旗舰店:小美"), row("会话结束", who="系统", name="系统"),
                 row("当前用户来自 商品详情页"))  # fmt: skip
    assert told(found, "sender", "kind") == [
        ("buyer", "text"), ("auto", "text"), ("auto", "text"), ("system", "event"), ("system", "event"), ("system", "event")]  # fmt: skip


def test_days_that_name_no_day_and_speakers_of_no_side_are_problems(tmp_path: Path) -> None:
    found = read(tmp_path, row("在吗", day="昨天"), row("在吗", time=""), row("谁", who="路人"), row("谁", who=""), row("", name=""), row("好", time="9:03", day="2026/4/8"))  # fmt: skip
    assert [(problem.row, problem.column, problem.value) for problem in found.problems] == [
        (2, "日期·时间", "昨天 09:03:35"),
        (3, "日期·时间", "2026-04-18 "),
        (4, "对象", "路人"),
        (5, "对象", ""),
        (6, "发话者", ""),
    ]
    assert "昨天" in found.problems[0].reason.zh
    assert told(found, "sent_at") == [(ms("2026-04-08 09:03:00"),)]
