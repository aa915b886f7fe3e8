"""任务进度 jobs_now: the list of jobs alone, which the page of jobs fetches anew while something goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.jobs import MAY_WORK, listed
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """任务列表 as a part of a page; once nothing goes on the whole page is fetched anew, for it says how things stand."""
    found = listed(visit)
    answer = visit.render("jobs.html", **found)
    if not found["goes_on"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


PAGE = Page("jobs_now", "jobs/now", Words("任务进度", "Progress of jobs"), MAY_WORK, show)
