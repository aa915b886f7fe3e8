"""质检汇总 inspection: what was found by agent and criterion, as rows for CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinpai.errors import Words
from jinpai.render.csv import table
from jinpai.render.story import Say

COLUMNS = {
    "agent": Words("客服", "agent"), "conversations": Words("质检会话", "conversations"), "score": Words("平均分", "mean score"),
    "criterion": Words("编号", "criterion"), "title": Words("质检项", "title"), "standing": Words("计分", "standing"),
    "failed": Words("没做到", "failed"), "passed": Words("做到", "passed"), "applicable": Words("适用", "applicable"),
    "rate": Words("做到的比例", "rate"),
}  # fmt: skip
STANDING = {
    "scored": Words("计分", "scored"), "hint": Words("提醒，待人确认", "hint, unconfirmed"), "suspended": Words("暂停计分，只显示", "suspended, shown only"),
}  # fmt: skip


def rows(result: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """逐行 one row an agent and criterion, with the agent's conversations and score beside."""
    of = {one["agent"]: one for one in result["agents"]}
    empty = {"conversations": 0, "score": None}
    return [
        row | {name: of.get(row["agent"], empty)[name] for name in empty}
        | {"title": row["title_en"] if lang == "en" else row["title"]}
        for row in result["rows"]
    ]  # fmt: skip


def csv(result: Mapping[str, Any], lang: str) -> str:
    """CSV 质检结果 by the names of the columns."""
    return table(list(COLUMNS), ([row[name] for name in COLUMNS] for row in rows(result, lang)))


def write(result: Mapping[str, Any], path: Path, lang: str) -> None:
    """写工作簿 the same rows into a new workbook at `path`; text stays text, whatever it begins with."""
    import xlsxwriter

    say = Say(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(say("质检", "Inspection"))
        head, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        rate = book.add_format({"num_format": "0.0%"})
        for at, words in enumerate(COLUMNS.values()):
            sheet.write_string(0, at, say.words(words), head)
        for line, row in enumerate(rows(result, lang), 1):
            shown = row | {"standing": say.words(STANDING[row["standing"]])}
            for at, name in enumerate(COLUMNS):
                if isinstance(shown[name], str):
                    sheet.write_string(line, at, shown[name], quoted)
                elif shown[name] is not None:
                    sheet.write_number(line, at, shown[name], rate if name == "rate" else None)
        sheet.freeze_panes(1, 1)
