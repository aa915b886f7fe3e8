"""复核表 sheet: what was drawn as a workbook to fill in, and the filled one read back.

A supervisor fills two columns, 复核结果 (chosen from a list) and 理由. Read back, the whole sheet is checked first:
either every filled row is written down, or none, and the sentence names the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.book.judging import FULL, Said
from jinpai.book.models import ReviewTask
from jinpai.book.points import Point, Points, shown
from jinpai.book.words import HOW, VERDICTS, meant
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.importers.workbooks import workbook_sheets

if TYPE_CHECKING:
    from jinpai.importers.sheets import Sheet

COLUMNS = {
    "task": (Words("任务", "task"), 8), "how": (Words("抽法", "drawn"), 8), "conversation": (Words("会话", "conversation"), 22),
    "day": (Words("日期", "day"), 11), "agent": (Words("客服", "agent"), 12), "criterion": (Words("质检项", "criterion"), 24),
    "found": (Words("机器判的", "found"), 12), "quote": (Words("依据的话", "quote"), 34), "around": (Words("前后几句", "around it"), 60),
    "outcome": (Words("复核结果", "verdict"), 12), "result": (Words("改判得几分（0–100，可空）", "right result (0-100)"), 14),
    "why": (Words("理由", "why"), 40),
}  # fmt: skip
FILLED = ("outcome", "result", "why")
HINT = Words("红线提醒", "red-line hint")


def write(path: Path, drawn: Sequence[tuple[ReviewTask, Point]], points: Points, lang: str) -> None:
    """写复核表 a workbook for these tasks at `path`; texts stay texts, whatever they begin with."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(Words("复核", "Review").to(lang))
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        fill = book.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": "#FFF7E0", "border": 1, "border_color": "#E0D8B8"}
        )
        for at, (name, (words, width)) in enumerate(COLUMNS.items()):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, words.to(lang), head)
            if name == "outcome":
                chosen = [one.to(lang) for one in VERDICTS.values()]
                sheet.data_validation(1, at, max(len(drawn), 1), at, {"validate": "list", "source": chosen})
        for line, (task, point) in enumerate(drawn, 1):
            row = _row(task, point, points, lang)
            for at, name in enumerate(COLUMNS):
                if name in FILLED:
                    sheet.write_blank(line, at, None, fill)
                else:
                    sheet.write_string(line, at, row[name], plain)
        sheet.freeze_panes(1, 0)


def found(result: int, *, hint: bool, lang: str) -> str:
    """机器判的 what the machine says of a point, in words."""
    if hint:
        return HINT.to(lang)
    if result in (0, FULL):
        return (Words("做到了", "done") if result else Words("没做到", "not done")).to(lang)
    return f"{result / 10:g}%"


def _row(task: ReviewTask, point: Point, points: Points, lang: str) -> dict[str, str]:
    told = shown(point, points.settings)
    title = told["title_en"] if lang == "en" else told["title"]
    return {
        "task": str(task.pk), "how": HOW[task.how].to(lang), "conversation": str(point.conversation), "day": told["day"],
        "agent": point.agent or "", "criterion": f"{point.criterion} {title}", "quote": point.quote,
        "found": found(point.result, hint=point.definition.hint, lang=lang), "around": "\n".join(point.around),
    }  # fmt: skip


def read(path: Path, points: Points, by: str) -> list[Said]:
    """读复核表 what was filled in, as verdicts of `by`; rows left empty wait. What will not do is a sentence with its row."""
    if not path.is_file():
        raise WrongUse(f"没有文件 {path}。", f"There is no file {path}.")
    sheet = next(iter(workbook_sheets(path)), None)
    places = _places(path, sheet)
    assert sheet is not None
    filled = []
    for number, cells in sheet.rows():
        row = {name: _text(cells, at) for name, at in places.items()}
        if row["outcome"]:
            filled.append((number, row))
        elif row["why"] or row["result"]:
            raise _wrong(path, number, "写了理由或分数，却没有选复核结果", "it has a reason or a result but no verdict")
    tasks = _tasks(path, filled, points.settings.shop)
    now = {
        point.finding: point for point in points.take((task.conversation, task.criterion) for task in tasks.values())
    }
    return [_said(path, number, row, tasks[number], now, by) for number, row in filled]


def _places(path: Path, sheet: Sheet | None) -> dict[str, int]:
    heads = [] if sheet is None else [head.strip() for head in sheet.header]
    places = {}
    for name in ("task", *FILLED):
        at = next((heads.index(word) for word in COLUMNS[name][0] if word in heads), None)
        if at is None:
            wanted = COLUMNS[name][0]
            raise JinpaiError(
                f"{path} 没有「{wanted.zh}」这一列，不是复核表。请用 jinpai review --sheet 写出的那张。",
                f"{path} has no column '{wanted.en}' and is no review sheet. Use the one that jinpai review --sheet wrote.",
            )
        places[name] = at
    return places


def _text(cells: Sequence[object], at: int) -> str:
    value = cells[at] if at < len(cells) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _wrong(path: Path, number: int, zh: str, en: str) -> WrongUse:
    return WrongUse(f"{path} 第 {number} 行：{zh}。一行也没有记。", f"{path}, row {number}: {en}. No row was recorded.")


def _tasks(path: Path, filled: Sequence[tuple[int, Mapping[str, str]]], shop: str) -> dict[int, ReviewTask]:
    found_ones = {}
    known = {task.pk: task for task in ReviewTask.objects.filter(shop=shop, pk__in=[
        int(row["task"]) for _, row in filled if row["task"].isascii() and row["task"].isdigit() and len(row["task"]) < 18])}  # fmt: skip
    for number, row in filled:
        task = known.get(int(row["task"])) if row["task"].isascii() and row["task"].isdigit() else None
        if task is None:
            raise _wrong(path, number, f"没有 {row['task']!r} 号复核任务", f"there is no review task {row['task']!r}")
        found_ones[number] = task
    return found_ones


def _said(
    path: Path, number: int, row: Mapping[str, str], task: ReviewTask, now: Mapping[str, Point], by: str
) -> Said:  # fmt: skip
    point = now.get(task.finding)
    if point is None:
        raise _wrong(
            path, number, f"{task.criterion} 的结果后来变了（聊天或质检项改过），请重新抽", f"the finding on {task.criterion} is another one now; draw again"
        )  # fmt: skip
    try:
        outcome = meant(row["outcome"], VERDICTS, COLUMNS["outcome"][0].zh)
        right = None if not row["result"] else per_cent(row["result"])
    except WrongUse as error:
        raise _wrong(path, number, error.words.zh.rstrip("。"), error.words.en.rstrip(".")) from None
    return Said(point, outcome, by, row["why"], right)


def per_cent(text: str) -> int:
    """百分数 "60" or "60%" as 600 thousandths; anything but 0 to 100 with one decimal is WrongUse."""
    try:
        thousandths = round(float(text.strip().removesuffix("%")) * 10)
    except (ValueError, OverflowError):
        thousandths = -1
    if not 0 <= thousandths <= FULL:
        raise WrongUse(
            f"得分要写 0 到 100 的数，收到的是 {text!r}。", f"A result is a number from 0 to 100, not {text!r}."
        )
    return thousandths
