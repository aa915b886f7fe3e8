"""XLSX render a report as a workbook: the figures as numbers, then 口径与明细 on a second sheet.

Nothing in it can run: text is written as text, and what begins like a formula is marked as quoted,
so that it stays text when somebody edits the cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.render import columns, tables
from jinpai.render.columns import Column
from jinpai.render.csv import NUMBER, STARTS_A_FORMULA
from jinpai.render.story import Say

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FORMATS = {
    "rate": "0.0%", "yuan": "#,##0.00", "seconds": "#,##0.0", "count": "#,##0", "buyers": "#,##0", "items": "#,##0", "points": "#,##0.0", "per_1000": "#,##0.0",
    "ratio": "0.00", "unknown": "General",
}  # fmt: skip
WIDEST, NARROWEST = 46, 9


def write(result: Mapping[str, Any], path: Path, lang: str, mark: str = "") -> None:
    """写工作簿 the report into a new file at `path`, with who exported it, where that is to be said."""
    import xlsxwriter

    say = Say(lang)
    result = dict(result) | {"rows": columns.titled(result)}
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": say("客服数据", "Customer service"), "author": "Jinpai"})
        _figures(book, result, say)
        _passport(book, result, say)
        marked(book, mark)


def _figures(book: Workbook, result: Mapping[str, Any], say: Say) -> None:
    sheet = book.add_worksheet(say("客服数据", "Figures"))
    style = _styles(book)
    shown = [columns.column(name) for name in (*columns.by_of(result), *columns.metrics_of(result))]
    rates = {name for row in result["rows"] for name in row.get("of", {}) if columns.counts(row, name)}
    at = 0
    for column in shown:
        at = _column(sheet, at, column, result, rates, style, say)
    sheet.freeze_panes(1, max(len(columns.by_of(result)), 1))
    sheet.set_row(0, 48)
    if result["rows"]:
        sheet.autofilter(0, 0, len(result["rows"]), at - 1)


def _column(
    sheet: Worksheet,
    at: int,
    column: Column,
    result: Mapping[str, Any],
    rates: set[str],
    style: dict[str, Format],
    say: Say,
) -> int:
    """One column, and for a rate four more: what it was divided by and the range; the next free column."""
    label = say.words(column.label)
    heads = [label]
    if column.name in rates:
        heads += [
            f"{label} {part}"
            for part in (say("分子", "numerator"), say("分母", "denominator"), say("下限", "low"), say("上限", "high"))
        ]
    for step, head in enumerate(heads):
        put(sheet, 0, at + step, head, style["head"], style["quoted"])
        sheet.set_column(
            at + step,
            at + step,
            10 if step else _wide(column, result, say),
            None,
            {"level": 1, "hidden": True} if step else {},
        )
    for line, row in enumerate(result["rows"], start=1):
        _value(sheet, line, at, row, column, style, say)
        for step, part in enumerate(
            (row.get("of") or {}).get(column.name, ()) if column.name in rates else (), start=1
        ):
            if part is not None:
                sheet.write_number(line, at + step, float(part), style["count" if step < 3 else "rate"])
    return at + len(heads)


def _wide(column: Column, result: Mapping[str, Any], say: Say) -> int:
    from rich.cells import cell_len

    longest = max((cell_len(columns.cell(row, column, say.lang)) for row in result["rows"]), default=0)
    return min(max(longest + 3, NARROWEST, cell_len(say.words(column.label)) // 2 + 3), WIDEST)


def _value(
    sheet: Worksheet, line: int, at: int, row: Mapping[str, Any], column: Column, style: dict[str, Format], say: Say
) -> None:
    value = row.get(column.name)
    if value is None:
        if columns.is_immature(row, column.name):
            sheet.write_string(line, at, say("延迟统计", "not yet"), style["wait"])
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool) and column.name != "weekday":
        sheet.write_number(line, at, value, style.get(column.unit, style["unknown"]))
    elif column.unit == "yuan" and NUMBER.fullmatch(str(value)):
        sheet.write_number(line, at, float(str(value)), style["yuan"])
    else:
        put(sheet, line, at, columns.cell(row, column, say.lang), None, style["quoted"])


def put(sheet: Worksheet, line: int, at: int, text: str, look: Format | None, quoted: Format) -> None:
    """写文字 a text as text; one that begins like a formula in the quoted format."""
    sheet.write_string(line, at, text, quoted if text.lstrip(" ").startswith(STARTS_A_FORMULA) else look)


def marked(book: Workbook, mark: str) -> None:
    """盖章 who exported it and when: at the foot of every printed page, and on a last sheet; nothing where there is no mark."""
    if not mark:
        return
    quoted = book.add_format({"quote_prefix": True})
    for sheet in book.worksheets():
        sheet.set_footer("&L" + mark.replace("&", "&&")[:200])
    last = book.add_worksheet("导出 Export")
    last.set_column(0, 0, WIDEST)
    put(last, 0, 0, mark, None, quoted)


def _styles(book: Workbook) -> dict[str, Format]:
    found = {unit: book.add_format({"num_format": shape}) for unit, shape in FORMATS.items()}
    head = {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": "#F7F6F3",
        "bottom": 1,
        "bottom_color": "#E4E2DC",
    }
    return found | {
        "head": book.add_format(head), "quoted": book.add_format({"quote_prefix": True}), "wait": book.add_format({"font_color": "#97660A"}),
        "title": book.add_format({"bold": True, "font_size": 12}), "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }  # fmt: skip


def _passport(book: Workbook, result: Mapping[str, Any], say: Say) -> None:
    """口径与明细: what the figures rest on, and every metric's definition."""
    sheet = book.add_worksheet(say("口径与明细", "Passport"))
    style = _styles(book)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 72)
    sheet.set_column(2, 2, 34)
    story = tables.passport(result["meta"], columns.metrics_of(result), say)
    line = 0
    for title, lines in story.groups:
        sheet.write_string(line, 0, title, style["title"])
        for label, value in lines:
            line += 1
            put(sheet, line, 0, label, style["wrap"], style["quoted"])
            put(sheet, line, 1, value, style["wrap"], style["quoted"])
        line += 2
    for note in tables.sentences(result["meta"], say):
        put(sheet, line, 0, note, None, style["quoted"])
        line += 1
    sheet.write_string(line + 1, 0, say("每个指标的定义", "Definitions"), style["title"])
    for at, (label, meaning, key) in enumerate(story.definitions, start=line + 2):
        for column, text in enumerate((label, meaning, key)):
            put(sheet, at, column, text, style["wrap"], style["quoted"])
    sheet.freeze_panes(0, 1)
