"""让利的聊天 concessions: the talks in which buyers asked for a discount, a coupon or a gift, or agents gave one; the latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.desk import diagnosing
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.diagnosis import wished
from jinpai.errors import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

ACTS = {"asked": Words("买家要的", "What buyers asked for"), "given": Words("客服让了的", "What agents gave")}
UNASKED = Words("买家没开口就让的", "What agents gave unasked")
MOST = 200
"""So many stand on the page."""


def show(visit: Visit) -> HttpResponse:
    """让利的聊天 of a diagnosis that is kept, those that the address asks for."""
    from jinpai.diagnosis.concessions import THINGS
    from jinpai.period import format_day
    from jinpai.render.diagnosis_cells import yuan

    wanted = wished(visit)
    found = diagnosing.offers(visit.workspace, wanted) if wanted else None
    act = visit.asked("act") if visit.asked("act") in ACTS else "given"
    thing = visit.asked("thing") if visit.asked("thing") in THINGS else None
    unasked = act == "given" and visit.asked("unasked") is not None
    chosen = [
        one | {"day": format_day(one["day"]), "amount": "" if one["amount"] is None else yuan(one["amount"], visit.say)}
        for one in _chosen(found or (), act, thing, visit.asked("agent"), unasked)
    ]  # fmt: skip
    return visit.render(
        "concessions.html", rows=chosen[:MOST], things=THINGS, thing=thing, given=act == "given", agent=visit.asked("agent"),
        words=UNASKED if unasked else ACTS[act or "given"], query={name: visit.asked(name) for name in ("from", "to")}, found=found is not None,
    )  # fmt: skip


def _chosen(
    rows: Iterable[dict[str, Any]], act: str | None, thing: str | None, agent: str | None, unasked: bool
) -> list[dict[str, Any]]:
    return [
        one
        for one in rows
        if one["act"] == act and thing in (None, one["thing"]) and agent in (None, one["agent"]) and (one["unasked"] or not unasked)
    ]  # fmt: skip


PAGE = Page(
    "concessions", "diagnosis/concessions", Words("让利的聊天", "Talks with concessions"), SEES_ALL, show, under="diagnosis",
)  # fmt: skip
