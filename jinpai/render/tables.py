"""页面表格 tables: the page's tables of agents and of days, and its 口径与明细."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinpai import terms
from jinpai.errors import Words
from jinpai.render import columns
from jinpai.render.columns import Column
from jinpai.render.story import Say, moment, named, ready_on, setting, windows_of

Row = Mapping[str, Any]
NOTE = re.compile(r"\s*[（(].*?[)）]")
"""What a holiday's name says in brackets (moved from which day) is too long for a mark."""
SHOWN = (
    "consulted_buyers", "received_buyers", "enquiries", "conversion_{w}", "attributed_amount", "aov",
    "first_response_seconds_p50{c}", "first_response_within_15s{c}", "reply_rate", "answer_ratio",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """格 one cell: text, smaller text under it, and "wait" where the figure is not ready."""

    text: str
    small: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """表 a table of the page: headings (label, meaning), and rows of cells, the first the row's name."""

    heads: list[tuple[str, str]]
    rows: list[list[Cell]]
    names: list[str]


def grid(result: Row, by: str, say: Say, rows: Sequence[Row], names: Sequence[str] = SHOWN) -> Grid:
    """表格 the rows by their one by-column, in the order given; of the metrics `names`, those that the report has."""
    meta = result["meta"]
    there = set(columns.metrics_of(result))
    clock = columns.clock_of(result)
    shown = [columns.column(name.format(w=meta["window"], c=clock)) for name in names]
    shown = [column for column in shown if column.name in there]
    heads = [(say.words(columns.column(by).label), "")]
    heads += [
        (
            say.words(column.label).replace("·营业时间", "").replace(" business", ""),
            say.words(column.meaning) if column.meaning else "",
        )
        for column in shown
    ]
    return Grid(
        heads, [[_name(row, by, meta, say), *(_cell(row, column, meta, say) for column in shown)] for row in rows],
        [column.name for column in shown],
    )  # fmt: skip


def _name(row: Row, by: str, meta: Row, say: Say) -> Cell:
    name = str(row[by]) if row[by] else say("未知", "unknown")
    return Cell(name, marks(meta, row) if by == "day" else "")


def marks(meta: Row, row: Row) -> str:
    """日子标记 the promotion and the holiday of a row's day, or "": from the row, else the calendar of `meta`."""
    known = (meta.get("calendar") or {}).get(str(row.get("day")), {})
    found = [row.get(name) or known.get(name) for name in ("promotion", "holiday")]
    return " · ".join(NOTE.sub("", str(one)) for one in found if one)


def _cell(row: Row, column: Column, meta: Row, say: Say) -> Cell:
    text = columns.cell(row, column, say.lang)
    if columns.is_immature(row, column.name):
        when = ready_on(str(row["day"]), windows_of(meta))[5:] if row.get("day") else ""
        return Cell(text, say(f"{when} 出数", f"ready {when}") if when else "", "wait")
    found = columns.counts(row, column.name)
    if column.metric == "conversion" and found:
        spread = f" · {found[2]:.0%}–{found[3]:.0%}" if row.get("agent") and found[2] is not None else ""
        return Cell(text, f"{found[0]:,} ÷ {found[1]:,}{spread}")
    return Cell(text)


@dataclass(frozen=True, slots=True)
class Passport:
    """口径与明细 of the whole page: groups of (label, value), and definitions (name, label, meaning, key)."""

    groups: list[tuple[str, list[tuple[str, str]]]]
    definitions: list[tuple[str, str, str]]


def passport(meta: Row, names: Sequence[str], say: Say) -> Passport:
    """口径与明细 rule, window, zone, settings, what was left out, maturity, identity, reconciliation,
    and the definition of every metric named."""
    sheet = [
        (say("口径", "Rule"), basis(meta, say)),
        (say("核平", "Reconciliation"), sums(meta, say)),
        (say("买家匹配", "Identity"), identity(meta, say)),
        (say("排除了什么", "Left out"), left_out(meta, say)),
        (say("设置", "Settings"), [(named(key, say), setting(key, value, say)) for key, value in meta["settings"].items()]),
    ]  # fmt: skip
    known = [columns.column(name) for name in names]
    seen: dict[str, tuple[str, str, str]] = {}
    for column in known:
        seen.setdefault(
            column.name, (say.words(column.label), say.words(column.meaning) if column.meaning else "", column.name)
        )
    return Passport([(title, lines) for title, lines in sheet if lines], list(seen.values()))


def basis(meta: Row, say: Say) -> list[tuple[str, str]]:
    """口径 the lines that say what was asked: shop, days, zone, window, rule, how far the data go."""
    rule = str(meta["rule"])
    lines = [
        (say("店铺", "Shop"), str(meta["shop"])),
        (say("日期", "Days"), f"{meta['from']} – {meta['to']}"),
        (say("时区", "Time zone"), str(meta["time_zone"])),
        (say("统计期", "Window"), say.words(terms.window_label(str(meta["window"])))),
        (say("业绩归属", "Whose sale"), say.words(terms.RULES.get(rule, Words(rule, rule)))),
    ]
    if meta.get("as_of"):
        lines.append((say("截至", "As of"), moment(str(meta["as_of"]))))
    if meta.get("horizon"):
        lines.append((say("数据截止", "Data up to"), moment(str(meta["horizon"]))))
    return lines


def sums(meta: Row, say: Say) -> list[tuple[str, str]]:
    """核平 the four amounts, to the cent."""
    found = meta.get("reconciliation") or {}
    labels = {
        "attributed": say("客服销售额", "Sales by agents"), "silent": say("静默（没问客服）", "Silent (asked nobody)"),
        "shop": say("店铺付款金额", "Shop's paid amount"), "difference": say("差额", "Difference"),
    }  # fmt: skip
    return [
        (label, say(f"{columns.grouped(str(found[key]))} 元", f"¥{columns.grouped(str(found[key]))}"))
        for key, label in labels.items()
        if key in found
    ]


def identity(meta: Row, say: Say) -> list[tuple[str, str]]:
    """买家匹配 how many orders and conversations have a known buyer."""
    found = meta.get("identity") or {}
    lines: list[tuple[str, str]] = []
    if found.get("match_rate") is not None:
        lines.append(
            (
                say("买家匹配率", "Match rate"),
                f"{float(found['match_rate']):.1%}"
                + say(
                    f"（低于 {float(found['min_match_rate']):.0%} 不排名）",
                    f" (no ranking under {float(found['min_match_rate']):.0%})",
                ),
            )
        )
    for key, label in (("orders", say("订单", "Orders")), ("conversations", say("会话", "Conversations"))):
        if found.get(key) is not None:
            missed = found.get(f"{key}_unmatched") or 0
            lines.append(
                (
                    label,
                    say(
                        f"{found[key]:,}，其中 {missed:,} 认不出买家",
                        f"{found[key]:,}, of which {missed:,} without a known buyer",
                    ),
                )
            )
    return lines


def left_out(meta: Row, say: Say) -> list[tuple[str, str]]:
    """排除项 what was left out and how much, what is nobody's, and which tables were never imported."""
    lines = [
        (say.words(terms.EXCLUDED.get(name, Words(name, name))), f"{many:,}" if isinstance(many, int) else str(many))
        for name, many in meta.get("excluded", {}).items()
    ]
    if meta.get("unassigned") is not None:
        lines.append(
            (
                say("无人负责的询单（计入店铺，不计入任何人）", "Enquiries of nobody (in the shop's, in no agent's)"),
                f"{meta['unassigned']:,}",
            )
        )
    if meta.get("missing"):
        names = [say.words(terms.TABLES.get(name, Words(name, name))) for name in meta["missing"]]
        lines.append((say("没有导入", "Not imported"), say("、", ", ").join(names)))
    return lines


def sentences(meta: Row, say: Say) -> list[str]:
    """说明 what stands above everything: identity health with its remedy, then the report's own notes."""
    said = []
    found = meta.get("identity") or {}
    if found.get("ranked") is False:
        rate, least = float(found.get("match_rate") or 0), float(found["min_match_rate"])
        remedy = found.get("remedy")
        health = say(f"买家匹配率 {rate:.1%}，不到 {least:.0%}：不给人排名，不算绩效。",
                     f"Buyers matched: {rate:.1%}, under {least:.0%}: nobody is ranked or paid by this.")  # fmt: skip
        said.append(health + (f" {remedy.get(say.lang) or remedy['zh']}" if remedy else ""))
    return said + [str(note.get(say.lang) or note["zh"]) for note in meta.get("notes", [])]
