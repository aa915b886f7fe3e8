"""诊断进度 diagnosis_now: how far the job of a diagnosis is, which the page fetches anew while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk import under_way
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.diagnosis import asked, job_for
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """进度 as a part of a page; once the job is over the whole page is fetched anew."""
    from django.http import HttpResponse

    try:
        wanted = asked(visit)
    except JinpaiError:
        wanted = None
    job = job_for(visit, wanted) if wanted else None
    if job is None or job.state not in under_way.GOES_ON:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return visit.render(
        "trial.html", job=under_way.told(visit, job), query=visit.request.GET.urlencode(), now="diagnosis/now"
    )


PAGE = Page("diagnosis_now", "diagnosis/now", Words("诊断进度", "Progress of a diagnosis"), SEES_ALL, show)
