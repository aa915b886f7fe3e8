"""一人模式 alone: Today of a shop in which one person answers: whom nobody answered, who has not paid, the lowest talks; rates only of enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.desk.days import Span
    from jinpai.desk.page import Visit

MOST = 8


def alone(visit: Visit, span: Span) -> HttpResponse:
    """今日看板 of one person: counts and to-dos first, and what of the figures rests on enough."""
    from jinpai.conversations import Search, first_found
    from jinpai.render import today as as_words
    from jinpai.today import LEAST, enough, today
    from jinpai.unpaid import DAYS, unpaid

    workspace, shop, say = visit.workspace, visit.shop, visit.say
    told = enough(today(workspace, shop, span.first))
    wanted = (
        Search(start=span.start, end=span.start, unanswered="yes"),
        Search(start=span.start, end=span.start, sort="score"),
    )
    silent, lowest = (first_found(workspace, shop, search, MOST) for search in wanted)
    return visit.render(
        "alone.html", span=span, weekday=as_words.weekday(span.first, say), least=LEAST, days=DAYS,
        cards=list(as_words.cards(told, workspace.settings(shop).window, say)), month=as_words.month(told, say), silent=silent,
        unpaid=unpaid(workspace, shop, span.first, MOST),
        lowest=[row for row in lowest if row["score"] is not None],
    )  # fmt: skip
