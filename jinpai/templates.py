"""填写模板 templates: an XLSX for each table that people fill in, with what each column holds and what may stand there.

The first sheet is to be filled in: headings that `jinpai import` knows, lists to choose from, the heading row fixed. The
second explains every column and shows one invented row; it is left out at import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.canon import TABLES, Column
from jinpai.catalogue import suggestion
from jinpai.errors import Words, WrongUse
from jinpai.importers.canonical import ALLOWED
from jinpai.importers.chinese import FILLED_IN, GUIDE, WORDS, heading
from jinpai.template_words import EXAMPLES, MEANINGS

if TYPE_CHECKING:
    import xlsxwriter

ROWS = 5000
"""Rows prepared with lists to choose from; more can be filled in."""
_FORMATS = {
    "id": "@",
    "text": "@",
    "instant": "yyyy-mm-dd hh:mm:ss",
    "day": "yyyy-mm-dd",
    "money": "0.00",
    "count": "0",
    "flag": "@",
}
_KINDS = {
    "id": Words("文字", "text"), "text": Words("文字", "text"), "instant": Words("日期和时间", "date and time"),
    "day": Words("日期", "date"), "money": Words("金额，单位元，两位小数", "yuan, two places"),
    "count": Words("整数", "whole number"), "flag": Words("是 / 否", "true / false"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """一列 one column of a template: its heading, its meaning, what it takes, what may be chosen, an example."""

    column: Column
    heading: str
    meaning: str
    takes: str
    choices: tuple[str, ...]
    example: str


def fields(name: str, lang: str = "zh") -> tuple[Field, ...]:
    """各列 the columns of the template of table `name`, needed ones first, the shop last."""
    if name not in FILLED_IN:
        hint = suggestion(name, FILLED_IN)
        raise WrongUse(
            f"没有叫「{name}」的模板。{hint.zh}可以写：{'、'.join(FILLED_IN)}。",
            f"There is no template '{name}'. {hint.en} Known: {', '.join(FILLED_IN)}.",
        )
    found = [_field(name, column, lang) for column in TABLES[name].columns]
    return tuple(sorted(found, key=lambda one: (one.column.name == "shop", not one.column.required)))


def _field(table: str, column: Column, lang: str) -> Field:
    key = (table, column.name)
    choices = tuple(WORDS.get(key, ())) if lang == "zh" else ALLOWED.get(key, ())
    if key == ("evaluations", "level"):
        choices = ("5", "4", "3", "2", "1")
    elif column.kind == "flag":
        choices = ("是", "否") if lang == "zh" else ("true", "false")
    name = heading(table, column.name) if lang == "zh" else column.name
    takes = " / ".join(choices) or _KINDS[column.kind].to(lang)
    return Field(column, name, MEANINGS[key].to(lang), takes, choices, EXAMPLES[key].to(lang))


def write(path: Path, name: str, lang: str = "zh") -> None:
    """写模板 the template of table `name` as an XLSX at `path`; an unknown name is WrongUse."""
    import xlsxwriter

    columns = fields(name, lang)
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        _blank(book, terms.TABLES[name].to(lang), columns)
        _guide(book, name, columns, lang)


def _blank(book: xlsxwriter.Workbook, title: str, columns: Sequence[Field]) -> None:
    """The sheet to fill in."""
    sheet = book.add_worksheet(title)
    needed = book.add_format({"bold": True, "bg_color": "#FFE699", "border": 1})
    other = book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1})
    for place, one in enumerate(columns):
        sheet.write_string(0, place, one.heading, needed if one.column.required else other)
        sheet.set_column(place, place, _width(one), book.add_format({"num_format": _FORMATS[one.column.kind]}))
        if one.choices:
            sheet.data_validation(1, place, ROWS, place, _choices(one))
    sheet.freeze_panes(1, 0)


def _choices(one: Field) -> dict[str, Any]:
    values = [int(word) if word.isdigit() else word for word in one.choices]
    return {"validate": "list", "source": values, "error_title": one.heading[:32], "error_message": one.takes[:255]}


def _width(one: Field) -> int:
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in max(one.heading, one.example, key=len))
    return min(max(wide + 4, 12), 40)


_TITLE = {"zh": GUIDE, "en": "How to fill in"}
_HEADS = {
    "zh": ("列", "要不要填", "填什么", "写法", "例子"),
    "en": ("column", "needed", "what", "written as", "example"),
}
_NOTES = (
    Words("在第一张表里填，一行一条；黄色的列必须填，其余可以空着。例子是编的，不会导入。",
          "Fill in the first sheet, one row each; yellow columns are needed, others may stay empty. The example is invented and not imported."),
    Words("可以加自己的列，可以另存为 CSV；不要改列名。填好后：jinpai import 文件 --workspace 工作区",
          "You may add columns or save as CSV; keep the headings. Then: jinpai import FILE --workspace DIR"),
)  # fmt: skip


def _guide(book: xlsxwriter.Workbook, name: str, columns: Sequence[Field], lang: str) -> None:
    """The sheet that explains the columns."""
    sheet = book.add_worksheet(_TITLE[lang])
    bold = book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, head in enumerate(_HEADS[lang]):
        sheet.write_string(0, place, head, bold)
    said = Words("必填", "yes"), Words("可不填", "no")
    for row, one in enumerate(columns, 1):
        cells = (one.heading, said[not one.column.required].to(lang), one.meaning, one.takes, one.example)
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text, wrapped)
    for row, note in enumerate((*_NOTES, MEANINGS[name, ""]), len(columns) + 2):
        sheet.write_string(row, 0, note.to(lang))
    for place, width in enumerate((18, 10, 60, 34, 24)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
