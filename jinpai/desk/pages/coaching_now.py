"""辅导进度 coaching_now: how far the job is that looks at the plans, which the page fetches anew while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.book.coaching import plans
from jinpai.desk import under_way
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.coaching import job_for
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """进度 as a part of a page; once the job is over the whole page is fetched anew."""
    from django.http import HttpResponse

    job = job_for(visit, plans(visit.shop))
    if job is None or job.state not in under_way.GOES_ON:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return visit.render("trial.html", job=under_way.told(visit, job), query="", now="coaching/now")


PAGE = Page("coaching_now", "coaching/now", Words("辅导进度", "Progress of coaching"), SEES_ALL | {"agent"}, show)
