"""选日子 choosing: first and last day of a page that looks at any days, and the pages that lie beside each other under Numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.days import Chosen, last_day
from jinpai.desk.page import in_order
from jinpai.errors import Words, WrongUse
from jinpai.period import add_days, days_asked, to_date, to_day

if TYPE_CHECKING:
    from jinpai.desk.page import Page, Visit

USUAL, LONGEST = 30, 400


def chosen(visit: Visit) -> Chosen | None:
    """所选 the days that an address asks for with `from` and `to`, else the last USUAL; None without facts."""
    last = last_day(visit.workspace, visit.shop)
    if last is None:
        return None
    start, end = visit.asked("from"), visit.asked("to")
    first, until = days_asked(start, end)
    until = until if end else max(last, first) if start else last
    days = Chosen(first if start else add_days(until, 1 - USUAL), until)
    if days.length > LONGEST:
        raise WrongUse(
            f"从 {days.start} 到 {days.end} 有 {days.length} 天，一次最多看 {LONGEST} 天。请选短一点。",
            f"From {days.start} to {days.end} there are {days.length} days; at most {LONGEST} at a time. Choose fewer.",
        )
    return days


def usual(visit: Visit) -> Chosen | None:
    """平常看的日子 the last USUAL; None without facts."""
    last = last_day(visit.workspace, visit.shop)
    return None if last is None else Chosen(add_days(last, 1 - USUAL), last)


def ready_made(visit: Visit) -> list[tuple[Words, Chosen]]:
    """常用日子 the days that people mostly choose."""
    last = last_day(visit.workspace, visit.shop)
    if last is None:
        return []
    month = to_day(to_date(last).replace(day=1))
    before = add_days(month, -1)
    return [
        (Words("最近 7 天", "7 days"), Chosen(add_days(last, -6), last)),
        (Words("最近 30 天", "30 days"), Chosen(add_days(last, -29), last)),
        (Words("本月", "This month"), Chosen(month, last)),
        (Words("上月", "Last month"), Chosen(to_day(to_date(before).replace(day=1)), before)),
    ]


def tabs(visit: Visit) -> list[tuple[Page, Words]]:
    """并列页 Numbers' own page and those under it that the visitor may open, with what the tab says."""
    found = [one for one in in_order() if one.under == "numbers" and visit.member.role in one.roles]
    own = next(one for one in in_order() if one.name == "numbers")
    return [(own, Words("报表", "Report")), *((one, one.title) for one in found)]


def agents_of(visit: Visit, days: Chosen) -> list[str]:
    """可选客服 who received buyers on those days, of those whom the visitor may see."""
    from jinpai.report import report

    found = report(visit.workspace, visit.shop, start=days.first, end=days.last, by=("agent",), metrics=["received_buyers"],
        builds=False)  # fmt: skip
    named = [str(row["agent"]) for row in found["rows"] if row["agent"]]
    return [one for one in named if visit.only_agent in (None, one)]
