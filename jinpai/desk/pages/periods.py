"""时段对比 periods: the daily report's metrics of two periods beside each other, and whether a difference can be seen.

Of the shop or of one agent; an agent sees the own and the shop's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.analysis import EARLIER, beside, earlier, row_of
from jinpai.desk.choosing import agents_of, chosen, ready_made, tabs
from jinpai.desk.days import Chosen
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.numbers import METRICS
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.period import days_asked

if TYPE_CHECKING:
    from django.http import HttpResponse

WITH = {
    "before": Words("紧挨着的前一段", "the days just before"), "week": Words("上周同期", "the same days last week"),
    "month": Words("上月同期", "the same days last month"), "free": Words("自己选日子", "other days"),
}  # fmt: skip


def other(visit: Visit, days: Chosen) -> tuple[str, Chosen]:
    """比较时段 how the other days are chosen, and which they are; `free` names them, else they follow from the first."""
    which = visit.asked("with") or EARLIER[0]
    if which not in WITH:
        raise WrongUse(
            f"不能和「{which}」比。请在页面上选一种。", f"Cannot compare with '{which}'. Choose one on the page."
        )
    start, end = visit.asked("from2"), visit.asked("to2")
    if which == "free" and start and end:
        return which, Chosen(*days_asked(start, end))
    return which, Chosen(*earlier(days.first, days.last, EARLIER[0] if which == "free" else which))


def show(visit: Visit) -> HttpResponse:
    """时段对比 of the days that the address asks for."""
    from jinpai.render import compared

    always: dict[str, Any] = {
        "tabs": tabs(visit),
        "ready_made": ready_made(visit),
        "may_import": visit.may("imports"),
        "ways": WITH,
    }
    try:
        days = chosen(visit)
        if days is None:
            return visit.render("periods.html", days=None, said="", **always)
        which, then = other(visit, days)
        agent = visit.asked("agent")
        if agent is not None and visit.only_agent is not None:
            agent = visit.only_agent
        lines = compared.lines(_compared(visit, days, then, agent), visit.say)
        agents = agents_of(visit, days)
    except JinpaiError as error:
        return visit.render("periods.html", days=None, said=visit.say.words(error.words), **always)
    return visit.render(
        "periods.html", days=days, then=then, which=which, agent=agent, agents=agents, said="", lines=lines,
        asked={"with": which if which != "free" else None, "agent": agent}, **always,
    )  # fmt: skip


def _compared(visit: Visit, days: Chosen, then: Chosen, agent: str | None) -> list[dict[str, Any]]:
    from jinpai.report import report

    window = visit.workspace.settings(visit.shop).window
    names = list(dict.fromkeys(name.format(w=window, c=clock) for name in METRICS for clock in ("", "_business")))
    by = ("shop",) if agent is None else ("agent",)
    rows = [
        row_of(
            report(visit.workspace, visit.shop, start=one.first, end=one.last, by=by, metrics=names, builds=False),
            agent,
        )
        for one in (days, then)
    ]
    # where the shop has opening hours, times are told by their clock alone, as in the daily report
    timed = {
        name.removesuffix("_business") for name in names if name.endswith("_business") and rows[0].get(name) is not None
    }
    return beside([name for name in names if name not in timed], *rows)


PAGE = Page("periods", "numbers/periods", Words("时段对比", "Periods"), SEES_ALL | {"agent"}, show, under="numbers")
