"""导出操作日志 log as a workbook, for owner and auditor; the export stands in the log itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.book.deeds import deeds
from jinpai.desk.exporting import workbook
from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.log import lines
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse

MOST = 100_000
"""So many of the newest acts go into one workbook."""
HEADS = Words("时间,谁,做了什么,对什么", "When,Who,What,To what")


def show(visit: Visit) -> HttpResponse:
    """工作簿 of the acts that the address asks for."""
    from jinpai.render import listing

    rows = lines(visit, list(deeds(visit.shop, visit.asked("by"), visit.asked("what"))[:MOST]))
    title, heads = visit.say("操作日志", "Log"), visit.say.words(HEADS).split(",")

    def write(file: Path, mark: str) -> None:
        listing.write(file, title, heads, rows, mark)

    return workbook(visit, f"{title}-{visit.shop}", len(rows), write)


PAGE = Page("log_xlsx", "log.xlsx", Words("导出操作日志", "Export the log"), frozenset({"owner", "auditor"}), show)
