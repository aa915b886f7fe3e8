"""导出客服数据 numbers as a workbook, for those who may see every agent; each export stands in the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.desk.days import asked_span
from jinpai.desk.exporting import workbook
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.numbers import asked
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """工作簿 the figures as numbers, and 口径与明细 on a second sheet."""
    from django.http import Http404

    from jinpai.render import xlsx

    try:
        span = asked_span(visit.workspace, visit.shop, visit.asked("day"), visit.asked("span"))
    except JinpaiError:
        span = None
    if span is None:
        raise Http404
    result = asked(visit, span, "agent")
    name = f"{visit.say('客服数据', 'numbers')}-{visit.shop}-{span.start}-{span.end}"

    def write(file: Path, mark: str) -> None:
        xlsx.write(result, file, visit.say.lang, mark)

    return workbook(visit, name, len(result["rows"]), write)


PAGE = Page("numbers_xlsx", "numbers.xlsx", Words("导出客服数据", "Export numbers"), SEES_ALL - {"auditor"}, show)
