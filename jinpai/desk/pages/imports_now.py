"""导入进度 imports_now: the list of jobs alone, which the page of imports fetches anew while something goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.imports import MAY_IMPORT, listed
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """任务列表 as a part of a page."""
    return visit.render("jobs.html", **listed(visit))


PAGE = Page("imports_now", "imports/now", Words("导入进度", "Progress of imports"), MAY_IMPORT, show)
