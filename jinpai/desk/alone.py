"""一人模式 alone: Today of a shop in which one person answers: whom nobody answered, who has not paid, the lowest talks; rates only of enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.conversations import Row
    from jinpai.desk.days import Span
    from jinpai.desk.page import Visit

MOST = 8
"""So many orders are listed."""


def alone(visit: Visit, span: Span, silent: list[Row], lowest: list[Row]) -> HttpResponse:
    """今日看板 of one person: counts and to-dos first, and what of the figures rests on enough."""
    from jinpai.render import today as as_words
    from jinpai.today import LEAST, enough, today
    from jinpai.unpaid import DAYS, unpaid

    workspace, shop, say = visit.workspace, visit.shop, visit.say
    told = enough(today(workspace, shop, span.first))
    return visit.render(
        "alone.html", span=span, weekday=as_words.weekday(span.first, say), least=LEAST, days=DAYS,
        cards=list(as_words.cards(told, workspace.settings(shop).window, say)), month=as_words.month(told, say), silent=silent,
        unpaid=unpaid(workspace, shop, span.first, MOST),
        lowest=lowest,
    )  # fmt: skip
