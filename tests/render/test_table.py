"""The terminal's table: readable at 80 columns, in both languages, nothing lost."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from jinpai.render import columns, table
from tests.mutants import kills
from tests.render import sample


def shown(result: dict[str, Any], lang: str = "zh", metrics: list[str] | None = None, width: int = 80) -> str:
    """What the table prints."""
    screen = StringIO()
    table.show(result, Console(file=screen, width=width, markup=False, emoji=False), lang, metrics)
    return screen.getvalue()


@kills("jinpai/render/table.py", "if need > left + GAP and blocks[-1]:", "if need > left + 9 * GAP and blocks[-1]:")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("by", [("shop",), ("agent",), ("day",)])
def test_eighty_columns_are_enough_for_everything(by: tuple[str, ...], lang: str) -> None:
    result = sample.report(*by)
    said = shown(result, lang, columns.metrics_of(result))
    assert max(cell_len(line) for line in said.splitlines()) <= 80
    assert "…" not in said


def test_ten_headline_metrics_unless_others_are_asked() -> None:
    said = shown(sample.report("shop"))
    assert "询单→最终付款率（到次日）" in said
    assert "大致在" in said
    assert "答问比" not in said
    assert "答问比" in shown(sample.report("shop"), metrics=["answer_ratio"])


def test_what_is_not_mature_says_so_and_is_never_zero() -> None:
    last = [line for line in shown(sample.report("day")).splitlines() if line.startswith("2026-11-20")]
    assert "延迟统计" in last[0]
    assert "0.0%" not in last[0]
    assert "not yet" in shown(sample.report("day"), "en")


def test_reconciliation_and_what_is_missing_stand_below() -> None:
    said = shown(sample.report("agent"))
    assert "已核平，差额 0.00 元" in said
    assert "没有导入：满意度评价、访客" in said


def test_too_few_matched_buyers_are_said_with_the_remedy() -> None:
    said = shown(sample.report("agent", ranked=False))
    assert "买家匹配率 71.0%" in said
    assert "open_uid" in said


def test_a_name_in_brackets_is_a_name() -> None:
    result = sample.report("agent")
    result["rows"][0]["agent"] = "[red]小美[/red]"
    assert "[red]小美[/red]" in shown(result)


def test_a_period_without_anything() -> None:
    assert "没有数据" in shown({"meta": sample.meta(), "rows": []})


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "rate", "—"),
        (0.27, "rate", "27.0%"),
        ("1234567.80", "yuan", "1,234,567.80"),
        ("-12.00", "yuan", "-12.00"),
        (19, "seconds", "19"),
        (19.26, "seconds", "19.3"),
        (1200, "buyers", "1,200"),
        (1.5, "ratio", "1.50"),
    ],
)
def test_values_as_they_are_written(value: object, unit: str, text: str) -> None:
    assert columns.written(value, unit) == text


def test_a_ratio_of_money_has_no_interval_but_its_parts() -> None:
    row = {"aov": "177.02", "of": {"aov": ["383958.87", 2169, None, None]}}
    assert columns.counts(row, "aov") is None
    assert columns.parts(row, "aov") == "383,958.87 ÷ 2,169"
    assert columns.between(row, "aov", "zh") == ""
