"""口径与明细 passport: what `jinpai explain` found out about one number, as text for the terminal.

It shows what is there and passes over what is not, so that a passport may say more or less. Its
rows come with their buyers masked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.errors import Words
from jinpai.render import columns, tables
from jinpai.render.story import Say, moment, named, setting

if TYPE_CHECKING:
    from rich.console import Console

LABELS = {
    "shop": Words("店铺", "Shop"), "agent": Words("客服", "Agent"), "day": Words("日期", "Day"), "from": Words("开始", "From"),
    "to": Words("结束", "To"), "meaning": Words("定义", "Meaning"), "rule": Words("业绩归属", "Whose sale"),
    "window": Words("统计期", "Window"), "time_zone": Words("时区", "Time zone"), "as_of": Words("截至", "As of"),
    "horizon": Words("数据截止", "Data up to"), "maturity": Words("成熟度", "Maturity"), "excluded": Words("排除了什么", "Left out"),
    "identity": Words("买家匹配", "Identity"), "reconciliation": Words("核平", "Reconciliation"), "settings": Words("设置", "Settings"),
    "notes": Words("说明", "Notes"), "sql": Words("计算（SQL）", "Computed as (SQL)"), "behind": Words("背后的会话和订单", "Rows behind it"),
    "origin": Words("出处", "Source"), "missing": Words("没有导入", "Not imported"), "match_rate": Words("匹配率", "match rate"),
    "orders": Words("订单", "orders"), "orders_unmatched": Words("认不出买家的订单", "orders without a known buyer"),
    "orders_linked_by_number": Words("靠订单号认出的订单", "orders linked by their number"),
    "conversations": Words("会话", "conversations"), "conversations_unmatched": Words("认不出买家的会话", "conversations without a known buyer"),
    "ranked": Words("可以排名", "may rank"), "remedy": Words("怎么提高", "remedy"),
    "attributed": Words("客服", "agents"), "silent": Words("静默", "silent"), "difference": Words("差额", "difference"),
    "mature": Words("已满统计期", "mature"), "immature": Words("延迟统计", "not yet"), "next_at": Words("下一批出数", "next ready"),
    "buyer": Words("买家", "buyer"), "t0": Words("来问", "asked"), "stage": Words("阶段", "stage"), "ordered_at": Words("下单", "ordered"),
    "paid_at": Words("付款", "paid"), "started_at": Words("开口", "asked"), "answered_at": Words("回复", "answered"),
    "order_id": Words("订单号", "order"), "file": Words("文件", "file"), "row": Words("行", "row"),
    "conversation": Words("会话", "conversation"), "weight": Words("权重", "weight"), "findings": Words("计分项", "criteria"),
    "scorecard": Words("质检标准", "scorecard"), "version": Words("版本", "version"), "criterion": Words("质检项", "criterion"),
    "result": Words("结果（千分）", "result (of 1,000)"), "quote": Words("原话", "quote"),
    "what": Words("算作", "counts as"),
    "adds": Words("计入分子", "adds"), "of": Words("计入分母", "of"), "ms": Words("毫秒", "ms"),
}  # fmt: skip
COUNTED = {
    "consulted": Words("咨询", "consulted"), "received": Words("接待", "received"), "unreplied": Words("未回复", "unreplied"),
    "assigned": Words("分配", "assigned"), "slow": Words("慢接待", "slow"),
}  # fmt: skip
"""What a buyer of a day counts for."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
HEAD = ("metric", "zh", "en", "value", "of", "family", "unit", "better", "kind", "behind", "sql")
"""Parts that stand in the first line or at the end, or that only a program needs."""
OF_SHOP, OF_AGENT = ("excluded", "identity", "reconciliation"), ("maturity", "behind")
"""Parts that are the whole shop's even where the figure is one agent's, and those that are the agent's."""


@dataclass(frozen=True, slots=True)
class Section:
    """节 lines of (label, value) under a heading; "" where they need none."""

    title: str
    lines: list[tuple[str, str]]


def show(found: Mapping[str, Any], console: Console, lang: str) -> None:
    """打印口径 the number, how it came about, what was left out, and the rows behind it."""
    console.print(headline(found, lang), style="bold", highlight=False)
    for section in sections(found, lang):
        if section.title:
            console.print("", section.title, sep="\n", highlight=False)
        for label, value in section.lines:
            console.print(f"{'  ' * bool(section.title)}{label}：{value}", highlight=False)
    if found.get("behind"):
        _behind(found["behind"], console, lang, _whose("behind", found, lang))
    if found.get("sql"):
        _sql(found["sql"], console, lang)


def sections(found: Mapping[str, Any], lang: str) -> list[Section]:
    """各节 all of the passport but its first line, the rows behind it and the SQL, in order."""
    made: list[Section] = []
    for key, value in found.items():
        if key in HEAD or value in (None, "", [], {}):
            continue
        one = _section(key, value, lang, _whose(key, found, lang))
        if made and not one.title and not made[-1].title:
            made[-1].lines.extend(one.lines)
        else:
            made.append(one)
    return made


def headline(found: Mapping[str, Any], lang: str) -> str:
    """题头 the number's name and value, with numerator, denominator and range."""
    shown = columns.column(str(found["metric"]))
    name = str(found.get("zh") or shown.label.zh) if lang == "zh" else shown.label.en
    row = {shown.name: found.get("value"), "of": {shown.name: found["of"]} if found.get("of") else {}}
    of = "  ".join(part for part in (columns.parts(row, shown.name), columns.between(row, shown.name, lang)) if part)
    key = f"（{found['metric']}）" if lang == "zh" else f" ({found['metric']})"
    return f"{name}{key}  {columns.written(found.get('value'), shown.unit)}" + (f"  = {of}" if of else "")


def _whose(key: str, found: Mapping[str, Any], lang: str) -> str:
    """Beside one agent's figure: which parts are the agent's own, and which the whole shop's."""
    agent = found.get("agent")
    if agent is None or key not in (*OF_SHOP, *OF_AGENT):
        return ""
    whose = (
        Words("全店，不只这位客服", "whole shop, not this agent alone")
        if key in OF_SHOP
        else Words(str(agent), str(agent))
    )
    return f"（{whose.zh}）" if lang == "zh" else f" ({whose.en})"


def _label(key: str, lang: str) -> str:
    known = LABELS.get(key) or terms.SETTINGS.get(key) or terms.EXCLUDED.get(key) or Words(key, key)
    return known.to(lang)


def _section(key: str, value: Any, lang: str, whose: str) -> Section:
    say, head = Say(lang), f"{_label(key, lang)}{whose}"
    sheets = {"excluded": tables.left_out, "identity": tables.identity, "reconciliation": tables.sums}
    if key in sheets:
        return Section(head, sheets[key]({key: value}, say))
    if key == "settings":
        return Section(head, [(named(name, say), setting(name, one, say)) for name, one in value.items()])
    if isinstance(value, Mapping) and not {"zh", "en"} <= set(value):
        return Section(head, [(_label(str(name), lang), _said(one, lang)) for name, one in value.items()])
    said = setting(key, value, say) if key in ("window", "rule") else _said(value, lang)
    return Section("", [(_label(key, lang), said)])


def _said(value: Any, lang: str) -> str:
    """A value in words: sentences in the language, lists one after another."""
    if isinstance(value, Words):
        return value.to(lang)
    if isinstance(value, Mapping):
        if {"zh", "en"} <= set(value):
            return str(value[lang])
        return "；".join(f"{_label(str(name), lang)} {_said(one, lang)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(_said(one, lang) for one in value)
    if isinstance(value, bool):
        return Words("是" if value else "否", "yes" if value else "no").to(lang)
    if isinstance(value, str):
        return moment(value)
    return f"{value:,}" if isinstance(value, int) else "—" if value is None else str(value)


def _sql(parts: Mapping[str, str], console: Console, lang: str) -> None:
    """The expressions of the figure and the SQL of its table, as they are run."""
    console.print("", _label("sql", lang), sep="\n", highlight=False)
    for name, text in parts.items():
        console.print(f"-- {name}", text.strip(), sep="\n", style="dim", highlight=False)


def _behind(behind: Mapping[str, Any], console: Console, lang: str, whose: str) -> None:
    """The first rows behind the number as a table, and how many there are."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console.print("", f"{_label('behind', lang)}{whose}（{behind['total']:,}）", sep="\n", highlight=False)
    frame = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="")
    heads, rows = rows_behind(behind, lang)
    for head in heads:
        frame.add_column(head, overflow="fold")
    for row in rows:
        frame.add_row(*map(Text, row))
    console.print(frame, highlight=False)
    if behind["total"] > len(rows):
        said = (
            f"这里是前 {len(rows):,} 行，共 {behind['total']:,} 行"
            if lang == "zh"
            else f"the first {len(rows):,} of {behind['total']:,}"
        )
        console.print(said, style="dim", highlight=False)


def names_behind(behind: Mapping[str, Any]) -> list[str]:
    """背后的列 the columns of the rows behind that say something; the full number of the talk is for links alone."""
    rows = behind["rows"]
    names = dict.fromkeys(name for row in rows for name in row if name != "talk")
    return [name for name in names if any(row.get(name) is not None for row in rows)]


def rows_behind(behind: Mapping[str, Any], lang: str) -> tuple[list[str], list[list[str]]]:
    """背后的行 headings and rows in words, without columns that say nothing."""
    rows, names = behind["rows"], names_behind(behind)
    told = [["" if row.get(name) is None else _brief(name, row[name], lang) for name in names] for row in rows]
    return [_label(name, lang) for name in names], told


def _brief(name: str, value: Any, lang: str) -> str:
    """A value of a row: instants without the zone, which stands above; a stage in words."""
    text = str(value)
    if name == "what" and text in COUNTED:
        return COUNTED[text].to(lang)
    if name == "stage" and text in terms.CHOICES:
        return terms.CHOICES[text].to(lang)
    return text[5:19].replace("T", " ") if INSTANT.match(text) else text
