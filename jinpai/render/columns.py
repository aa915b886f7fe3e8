"""列 columns: what a column of a report is called, what it means and how its values are written.

A report's row has by-columns (shop, agent, day, …) and metrics, whose names carry their window
(`conversion_next_day`). Values come as the report gives them: counts as integers, seconds and
rates as numbers, money as text with two places, null for unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.errors import Words

if TYPE_CHECKING:
    from jinpai.metrics.definition import Metric

WINDOW = re.compile(r"^(?P<metric>.+)_(?P<window>same_day|next_day|\d+[hd])$")
HEADLINE = (
    "consulted_buyers", "enquiries", "conversion_{w}", "immature_{w}", "attributed_amount", "aov",
    "first_response_seconds_p50{c}", "first_response_within_15s{c}", "response_seconds{c}", "reply_rate",
)  # fmt: skip
"""常用指标 the ten metrics shown when none were asked for; `{w}` is the report's window, `{c}` its clock."""

ROOMY = ("immature_{w}", "response_seconds{c}")
UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class Column:
    """列 one column: its name in the rows, its label, unit ("text" for by-columns) and meaning."""

    name: str
    label: Words
    unit: str
    meaning: Words | None = None
    metric: str = ""
    window: str | None = None

    def name_in(self, lang: str) -> str:
        """名称 the label without its unit, for places that write the unit beside the value."""
        return self.label.to(lang).replace("(秒)", "").replace(" seconds", "")

    @property
    def is_text(self) -> bool:
        """Whether the column holds words rather than numbers."""
        return self.unit == "text"


def column(name: str) -> Column:
    """列 the column of that name; one that nothing knows keeps its name as its label."""
    from jinpai.metrics import catalogue

    known = catalogue()
    if name in terms.BY_COLUMNS:
        term = terms.TERMS[name]
        return Column(name, Words(term.zh, term.en.capitalize()), "text", term.meaning)
    if name in known:
        return _of_metric(name, known[name], None)
    cut = WINDOW.match(name)
    if cut and cut["metric"] in known:
        return _of_metric(name, known[cut["metric"]], cut["window"])
    return Column(name, Words(name, name), "unknown")


def _of_metric(name: str, metric: Metric, window: str | None) -> Column:
    from jinpai.period import Window

    bound = Window.parse(window) if window else None
    zh, en = metric.label(bound, "zh"), metric.label(bound, "en")
    if metric.name == "conversion" and window == "next_day":
        zh += "（到次日）"  # "最终" alone does not say until when
    zh = zh.replace("(最终)", "（到次日）")
    return Column(name, Words(zh, en[:1].upper() + en[1:]), metric.unit, metric.meaning, metric.name, window)


def by_of(result: Mapping[str, Any]) -> list[str]:
    """分组列 the by-columns of a report, in the order of its rows."""
    rows = result["rows"]
    return [name for name in rows[0] if name in terms.BY_COLUMNS] if rows else []


def titled(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """带商品名的行 the rows of a report with each product as its title and number, where a title is known."""
    titles = result["meta"].get("products", {})
    return [
        row | {"product": f"{titles[row['product']]}（{row['product']}）"}
        if row.get("product") in titles
        else dict(row)
        for row in result["rows"]
    ]


def metrics_of(result: Mapping[str, Any]) -> list[str]:
    """指标列 every metric column of a report, in the order of its rows."""
    rows = result["rows"]
    extra = {*terms.BY_COLUMNS, "of", "holiday", "promotion"}
    return [name for name in rows[0] if name not in extra] if rows else []


def headline(result: Mapping[str, Any], *, few: bool = False) -> list[str]:
    """常用指标 those of the ten headline metrics that the report has; `few` leaves out what a narrow
    table has no room for."""
    there = set(metrics_of(result))
    clock = clock_of(result)
    names = [name.format(w=result["meta"]["window"], c=clock) for name in HEADLINE if not (few and name in ROOMY)]
    return [name for name in names if name in there] or metrics_of(result)[:10]


_BY_HOURS = ("first_response_seconds_p50_business", "first_response_seconds_business")


def clock_of(result: Mapping[str, Any]) -> str:
    """响应口径 the suffix of the clock on screen: "_business" where opening hours are set, else ""."""
    return "_business" if any(row.get(one) is not None for row in result["rows"] for one in _BY_HOURS) else ""


def is_immature(row: Mapping[str, Any], name: str) -> bool:
    """延迟统计 whether a null rate of the row is null because its window has not ended yet."""
    cut = WINDOW.match(name)
    return bool(cut and row.get(name) is None and row.get(f"immature_{cut['window']}"))


def cell(row: Mapping[str, Any], shown: Column, lang: str) -> str:
    """单元格 the value of a row's column as words: no unit sign, "—" for unknown."""
    value = row.get(shown.name)
    if is_immature(row, shown.name):
        return "延迟统计" if lang == "zh" else "not yet"
    if shown.name == "weekday" and isinstance(value, int):
        return weekday(value).to(lang)
    return written(value, shown.unit)


def written(value: Any, unit: str) -> str:
    """写法 a value by its unit: thousands separated, rates in per cent with one place."""
    if value is None or value == "":
        return UNKNOWN
    if unit == "rate":
        return f"{float(value):.1%}"
    if unit == "yuan":
        return grouped(str(value))
    if unit == "seconds":
        return f"{float(value):,.0f}" if float(value).is_integer() else f"{float(value):,.1f}"
    if unit in ("points", "per_1000"):
        return f"{float(value):,.1f}"
    if unit in ("ratio", "items") and isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def grouped(money: str) -> str:
    """千分位 an amount such as "12345.60" as "12,345.60", without going through a binary float."""
    sign, digits = ("-", money[1:]) if money.startswith("-") else ("", money)
    whole, _, cents = digits.partition(".")
    if not whole.isdigit():
        return money
    return f"{sign}{int(whole):,}" + (f".{cents}" if cents else "")


def weekday(number: int) -> Words:
    """星期 1 (Monday) to 7 (Sunday) in words."""
    return terms.WEEKDAYS[number - 1] if 1 <= number <= 7 else Words(str(number), str(number))


def counts(row: Mapping[str, Any], name: str) -> tuple[int, int, float | None, float | None] | None:
    """分子分母 numerator, denominator, low and high of a rate that counts things; None for a ratio of
    other things (money, seconds) and where the denominator is 0."""
    found = (row.get("of") or {}).get(name)
    if not found or not isinstance(found[0], int) or not isinstance(found[1], int) or not found[1]:
        return None
    low, high = (*found[2:4], None, None)[:2]
    return found[0], found[1], low, high


def parts(row: Mapping[str, Any], name: str) -> str:
    """分子÷分母 "517 ÷ 1,921" of any ratio of the row, or ""."""
    found = (row.get("of") or {}).get(name)
    if not found or found[1] in (0, "0.00"):
        return ""
    return " ÷ ".join(f"{one:,}" if isinstance(one, int) else grouped(str(one)) for one in found[:2])


def between(row: Mapping[str, Any], name: str, lang: str) -> str:
    """大致范围 "大致在 23%–32% 之间", or "" where the row gives no interval."""
    found = counts(row, name)
    if found is None or found[2] is None or found[3] is None:
        return ""
    shape = ",.1f" if column(name).unit == "per_1000" else ".0%"
    low, high = format(found[2], shape), format(found[3], shape)
    return f"大致在 {low}–{high} 之间" if lang == "zh" else f"roughly {low}–{high}"
