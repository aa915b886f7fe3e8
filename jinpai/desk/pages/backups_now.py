"""备份进度 backups_now: the list of backups under way alone, which the page fetches anew while one goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.backups import OWNER, listed
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """任务列表 as a part of a page; once nothing goes on the whole page is fetched anew, for it lists the files."""
    found = listed(visit)
    answer = visit.render("jobs.html", **found)
    if not found["goes_on"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


PAGE = Page("backups_now", "backups/now", Words("备份进度", "Progress of backups"), OWNER, show)
