"""导出进度 exports_now: the list of the visitor's exports alone, which the page fetches anew while one goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.exports import listed
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """任务列表 as a part of a page."""
    return visit.render("jobs.html", **listed(visit))


PAGE = Page("exports_now", "exports/now", Words("导出进度", "Progress of exports"), SEES_ALL, show)
