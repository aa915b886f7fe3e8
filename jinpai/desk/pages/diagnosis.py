"""转化诊断 diagnosis: why conversion is low, whose it is, how many yuan, what to do first; worked out by a job, each sentence beside its table.

Source: the page of the desk, §5; the diagnosis contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book import queue
from jinpai.book.people import record
from jinpai.desk import diagnosing, under_way
from jinpai.desk.choosing import chosen, ready_made
from jinpai.desk.diagnosing import KIND, TITLE, Question
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import JinpaiError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.book.models import Job

SENDS = frozenset({"owner", "supervisor"})


def asked(visit: Visit) -> Question | None:
    """所问 the days that the address asks for, else the last thirty; None without facts. A mistake is a JinpaiError."""
    days = chosen(visit)
    return None if days is None else Question(visit.shop, days.first, days.last)


def job_for(visit: Visit, wanted: Question) -> Job | None:
    """任务 the last one that was asked for this diagnosis."""
    return queue.last_for(visit.workspace.root, visit.shop, KIND, wanted.place(visit.workspace))


def wished(visit: Visit) -> Question | None:
    """所问 as `asked`; what are no days is None too."""
    try:
        return asked(visit)
    except JinpaiError:
        return None


def kept(visit: Visit) -> diagnosing.Kept | None:
    """留着的诊断 of the days that the address asks for; None where there is none, or they are no days."""
    wanted = wished(visit)
    return diagnosing.kept(visit.workspace, wanted) if wanted else None


def show(visit: Visit) -> HttpResponse:
    """转化诊断 of the chosen days; a POST begins the job, or stops it."""
    always: dict[str, Any] = {
        "ready_made": ready_made(visit),
        "may_import": visit.may("imports"),
        "may_start": visit.member.role in SENDS,
    }
    try:
        wanted, days = asked(visit), chosen(visit)
    except JinpaiError as error:
        return visit.render("diagnosis.html", days=None, said=visit.say.words(error.words), **always)
    if wanted is None or days is None:
        return visit.render("diagnosis.html", days=None, said="", **always)
    if visit.is_sent:
        return _act(visit, wanted)
    found = diagnosing.kept(visit.workspace, wanted)
    job = None if found else job_for(visit, wanted)
    return visit.render(
        "diagnosis.html", days=days, said="", headline=found["headline"][visit.say.lang] if found else [],
        sections=found["sections"][visit.say.lang] if found else [], figures=diagnosing.pictures(found, visit.say.lang) if found else {}, found=found is not None, job=under_way.told(visit, job) if job else None,
        query=visit.request.GET.urlencode(), now="diagnosis/now", may_export=visit.may("diagnosis_xlsx"),
        watch=found["watch"][visit.say.lang] if found and found["watch"] and visit.may("watch") else None, **always,
    )  # fmt: skip


def _act(visit: Visit, wanted: Question) -> HttpResponse:
    """Asks for the job, or stops it; then the page itself."""
    from django.http import HttpResponse
    from django.shortcuts import redirect

    job = job_for(visit, wanted)
    is_open = job is not None and job.state in queue.OPEN
    if visit.sent("do") == "stop":
        if job is not None and is_open:
            queue.stop(visit.workspace.root, visit.shop, job.pk)
            record(visit.person.name, "stopped_job", visit.shop, TITLE.zh)
    elif not is_open:
        place = wanted.place(visit.workspace)
        queue.ask(
            visit.workspace.root,
            visit.shop,
            KIND,
            visit.person.name,
            {"outbox": place, "first": wanted.first, "last": wanted.last},
        )
    if visit.request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(f"{to(visit.shop, PAGE.path)}?{visit.request.GET.urlencode()}")


PAGE = Page("diagnosis", "diagnosis", TITLE, SEES_ALL, show, place=4, sends=SENDS)
