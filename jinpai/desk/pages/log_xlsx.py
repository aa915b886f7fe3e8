"""导出操作日志 log as a workbook, for owner and auditor; the export stands in the log itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.book.deeds import deeds
from jinpai.book.people import record
from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.log import lines
from jinpai.desk.showing import workbook
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
    name = f"{visit.say('操作日志', 'log')}-{visit.shop}.xlsx"
    record(visit.person.name, "exported", visit.shop, name)
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder:
        file = Path(folder) / "log.xlsx"
        listing.write(file, visit.say.words(Words("操作日志", "Log")), visit.say.words(HEADS).split(","), rows)
        return workbook(file, name)


PAGE = Page("log_xlsx", "log.xlsx", Words("导出操作日志", "Export the log"), frozenset({"owner", "auditor"}), show)
