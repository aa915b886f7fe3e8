"""今日看板 today: yesterday beside its usual weekday, the month so far, whom nobody answered and which talks scored lowest.

Source: the page of the desk, §1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse

MOST = 5


def show(visit: Visit) -> HttpResponse:
    """今日看板 of the shop; of an agent's own part of it where the visitor is one."""
    from jinpai.conversations import Search, first_found
    from jinpai.desk.alone import alone
    from jinpai.desk.days import asked_span
    from jinpai.render import today as as_words
    from jinpai.today import today

    try:
        span = asked_span(visit.workspace, visit.shop, visit.asked("day"), "day")
        if span is None or visit.only_agent == "":
            return visit.render("today.html", span=None, said="", may_import=visit.may("imports"))
        wanted = (
            Search(start=span.start, end=span.start, unanswered="yes"),
            Search(start=span.start, end=span.start, sort="score"),
        )
        silent, lowest = (first_found(visit.workspace, visit.shop, search, MOST, visit.only_agent) for search in wanted)
        lowest = [row for row in lowest if row["score"] is not None]
        if visit.only_agent is None and visit.workspace.settings(visit.shop).solo:
            return alone(visit, span, silent, lowest)
        told = today(visit.workspace, visit.shop, span.first, visit.only_agent)
    except JinpaiError as error:
        return visit.render("today.html", span=None, said=visit.say.words(error.words), may_import=False)
    return visit.render(
        "today.html", span=span, said="", cards=list(as_words.cards(told, visit.workspace.settings(visit.shop).window, visit.say)),
        inspected=visit.workspace.settings(visit.shop).inspection, month=as_words.month(told, visit.say), agents=told["agents"], agent=visit.only_agent,
        silent=silent, lowest=lowest, weekday=as_words.weekday(span.first, visit.say), diagnosis=_diagnosis(visit), coaching=_coaching(visit),
    )  # fmt: skip


def _diagnosis(visit: Visit) -> dict[str, Any] | None:
    """What the kept diagnosis of the last thirty days says first; {} where none is kept, None for those who may not see it."""
    from jinpai.desk import diagnosing
    from jinpai.desk.choosing import usual

    if not visit.may("diagnosis"):
        return None
    days = usual(visit)
    found = diagnosing.kept(visit.workspace, diagnosing.Question(visit.shop, days.first, days.last)) if days else None
    if found is None:
        return {}
    told = {name: diagnosing.section(found, name, visit.say.lang) for name in ("actions", "ledger", "weeks")}
    return {name: one for name, one in told.items() if one}


def _coaching(visit: Visit) -> list[tuple[str, str, str, str]]:
    """The open plans, of the visitor alone where he is an agent: agent, point, first day, what to do."""
    from jinpai.book.coaching import ended, plans
    from jinpai.diagnosis.coaching import points
    from jinpai.period import format_day

    known = points()
    return [
        (one.agent, visit.say.words(known[one.kind, one.name]), format_day(one.starts), one.said)
        for one in plans(visit.shop, visit.only_agent)
        if not ended(one) and (one.kind, one.name) in known
    ][:MOST]


PAGE = Page("today", "today", Words("今日看板", "Today"), SEES_ALL, show, place=1)
