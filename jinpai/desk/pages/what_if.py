"""换口径试算 what if: the figures under another rule, window or look-back beside those of today's settings; nothing is saved.

Whose sales become whose stands below, agent by agent; an agent sees the own row. What is not at hand at once is a job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.analysis import beside, row_of
from jinpai.book import queue
from jinpai.book.people import record
from jinpai.desk import trial, under_way
from jinpai.desk.choosing import chosen, ready_made, tabs
from jinpai.desk.jobs import kinds
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.desk.trial import METRICS, OF_AGENTS, Results, Trial
from jinpai.errors import JinpaiError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.book.models import Job
    from jinpai.workspace import Settings

KIND = "what_if"
TRIES = SEES_ALL | {"agent"}
LOOKED_BACK, SPANS = ("1", "2", "3", "5", "7", "15", "30"), ("1", "2", "3", "7", "15")
"""Days that the page offers for attribution_days and enquiry_span."""


def tried(visit: Visit, own: Settings) -> dict[str, str]:
    """试的口径 what the address asks for that differs from the shop's settings."""
    now = {
        "rule": own.rule,
        "window": own.window,
        "attribution_days": str(own.attribution_days),
        "enquiry_span": str(own.enquiry_span),
    }
    return {name: said for name in now if (said := visit.asked(name)) is not None and said != now[name]}


def asked(visit: Visit) -> Trial | None:
    """所问 what the address asks to try; None without facts. A mistake is a JinpaiError."""
    from jinpai.report import ask

    days = chosen(visit)
    change = tried(visit, visit.workspace.settings(visit.shop))
    # a value that will not do is told before anything waits in a queue
    anew = {name: change[name] for name in trial.ANEW if name in change}
    ask(visit.workspace, visit.shop, window=change.get("window"), rule=change.get("rule"), overrides=anew)
    return None if days is None else Trial(visit.shop, days.first, days.last, change)


def job_for(visit: Visit, wanted: Trial) -> Job | None:
    """任务 the last one that was asked to compute this trial."""
    return queue.last_for(visit.workspace.root, visit.shop, KIND, wanted.place(visit.workspace))


def _people(visit: Visit, found: Results) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each agent's sales and conversion both ways, the greatest change of sales first."""
    from jinpai.render import compared

    now, then = ({"rows": rows} for rows in found["agent"])
    names = dict.fromkeys(row["agent"] for result in (then, now) for row in result["rows"] if row["agent"])
    people = [
        (one, beside(OF_AGENTS, row_of(then, one), row_of(now, one)))
        for one in names
        if visit.only_agent in (None, one)
    ]
    people.sort(key=lambda one: (-abs(one[1][0]["difference"] or 0), one[0]))
    return [(one, [compared.told(row, visit.say, judges=False) for row in rows]) for one, rows in people]


def show(visit: Visit) -> HttpResponse:
    """换口径试算 of the chosen days; without another setting nothing is computed. A POST begins the job, or stops it."""
    from jinpai.render import analysis, compared

    own = visit.workspace.settings(visit.shop)
    always: dict[str, Any] = {
        "tabs": tabs(visit), "ready_made": ready_made(visit), "may_import": visit.may("imports"), "own": own, "rules": terms.RULES,
        "windows": analysis.windows(own.window, visit.say), "looked_back": LOOKED_BACK, "enquiry_spans": SPANS, "given": visit.request.GET,
    }  # fmt: skip
    try:
        days, wanted = chosen(visit), asked(visit)
        if visit.is_sent and wanted is not None:
            return _act(visit, wanted)
        found = _at_hand(visit, wanted) if wanted is not None and wanted.change else None
    except JinpaiError as error:
        return visit.render("what_if.html", days=None, said=visit.say.words(error.words), **always)
    lines, people = [], []
    if found is not None:
        now, then = ({"rows": rows} for rows in found["shop"])
        # what would be stands first, and differs by so much from what is
        lines = compared.lines(beside(METRICS, row_of(then, None), row_of(now, None)), visit.say, judges=False)
        people = _people(visit, found)
    change = wanted.change if wanted else {}
    job = job_for(visit, wanted) if wanted is not None and change and found is None else None
    return visit.render(
        "what_if.html", days=days, said="", change=change, found=found is not None, lines=lines, people=people, asked=change,
        query=visit.request.GET.urlencode(), job=under_way.told(visit, job) if job else None, may_stop=job is not None and _may_stop(visit, job), **always,
    )  # fmt: skip


def _at_hand(visit: Visit, wanted: Trial) -> Results | None:
    """What can be told at once: what is counted quickly, or lies there already."""
    if wanted.takes_long:
        return trial.kept(visit.workspace, wanted.place(visit.workspace))
    return trial.computed(visit.workspace, wanted)


def _act(visit: Visit, wanted: Trial) -> HttpResponse:
    """Asks for the job, or stops it; then the page itself."""
    from django.http import HttpResponse
    from django.shortcuts import redirect

    job = job_for(visit, wanted)
    is_open = job is not None and job.state in queue.OPEN
    if visit.sent("do") == "stop":
        if job is not None and is_open and _may_stop(visit, job):
            queue.stop(visit.workspace.root, visit.shop, job.pk)
            record(visit.person.name, "stopped_job", visit.shop, kinds().things[KIND].title.zh)
    elif wanted.takes_long and not is_open:
        _ask(visit, wanted)
    if visit.request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(f"{to(visit.shop, PAGE.path)}?{visit.request.GET.urlencode()}")


def _ask(visit: Visit, wanted: Trial) -> None:
    """One trial at a time for a person: another one ends the one before."""
    root, by = visit.workspace.root, visit.person.name
    for job in queue.jobs_of(root, visit.shop, KIND, by):
        if job.state in queue.OPEN:
            queue.stop(root, visit.shop, job.pk)
    arguments = {
        "outbox": wanted.place(visit.workspace), "first": wanted.first, "last": wanted.last, "change": dict(wanted.change),
    }  # fmt: skip
    queue.ask(root, visit.shop, KIND, by, arguments)
    record(by, "asked_for_job", visit.shop, kinds().things[KIND].title.zh)


def _may_stop(visit: Visit, job: Job) -> bool:
    """Who asked for it, and who looks after all jobs."""
    return job.by == visit.person.name or visit.may("jobs")


PAGE = Page(
    "what_if", "numbers/what-if", trial.TITLE, TRIES, show, under="numbers", sends=TRIES
)  # fmt: skip
