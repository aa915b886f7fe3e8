"""辅导计划 coaching: plans of a shop as they were made and ended; what became of a point is worked out from the facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from jinpai.book.people import record
from jinpai.book.team import NotHere
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.period import add_days, format_day

if TYPE_CHECKING:
    from jinpai.book.models import CoachingPlan

ENDS = {"done": Words("做到了", "done"), "withdrawn": Words("撤回", "withdrawn")}
"""怎么结束的 how a plan ends."""
MOST_LETTERS = 500
AHEAD_DAYS, BACK_DAYS = 60, 90
"""A plan begins at most so many days from today, or before the last day of which there is data."""


def plan(
    by: str, shop: str, agent: str, point: tuple[str, str], starts: int, said: str, *, today: int, seen: int, known: Collection[str],
    points: Mapping[tuple[str, str], Words],
) -> CoachingPlan:  # fmt: skip
    """排辅导 a plan for an agent out of `known` in a point out of `points`, from a shop day (yyyymmdd) on.

    `today` is the shop's, `seen` the last day of which there is data.

    Another open plan of the same agent and point, or a day too far away, is WrongUse.
    """
    from django.db import transaction

    from jinpai.book.models import CoachingPlan

    _want(agent, point, starts, said, today=today, seen=seen, known=known, points=points)
    with transaction.atomic():
        if any((one.agent, one.kind, one.name) == (agent, *point) for one in plans(shop) if not ended(one)):
            raise WrongUse(
                f"{agent} 这一点已经在辅导了，先结束原来的计划。",
                f"{agent} is being coached in this already; end that plan first.",
            )
        made = CoachingPlan(shop=shop, agent=agent, kind=point[0], name=point[1], starts=starts, said=said, by=by)
        made.save()
        record(by, "planned_coaching", shop, f"{agent}，{format_day(starts)}，{points[point].zh}")
    return made


def end(by: str, shop: str, number: int, how: str, said: str = "") -> None:
    """结束 a plan of the shop; one that has ended already is told so."""
    from django.db import IntegrityError, transaction

    from jinpai.book.models import CoachingEnd, CoachingPlan

    if how not in ENDS:
        raise WrongUse("请选怎么结束：做到了，还是撤回。", "Say how it ends: done, or withdrawn.")
    if len(said) > MOST_LETTERS:
        raise _too_long(said)
    found: CoachingPlan | None = CoachingPlan.objects.filter(shop=shop, pk=number).first()
    if found is None:
        raise NotHere("店铺里没有这个辅导计划。", "The shop has no such plan.")
    try:
        with transaction.atomic():
            CoachingEnd(plan=found, how=how, said=said, by=by).save()
            record(by, "ended_coaching", shop, f"{found.agent}，{format_day(found.starts)}")
    except IntegrityError:
        raise JinpaiError("这个计划已经结束了。", "This plan has ended already.") from None


def plans(shop: str, agent: str | None = None) -> list[CoachingPlan]:
    """辅导计划 of a shop, or of one agent in it, the newest first."""
    from jinpai.book.models import CoachingPlan

    found = CoachingPlan.objects.filter(shop=shop).select_related("end").order_by("-starts", "-id")
    return list(found if agent is None else found.filter(agent=agent))


def ended(one: CoachingPlan) -> bool:
    """结束了没有 whether somebody ended a plan."""
    return hasattr(one, "end")


def _want(
    agent: str, point: tuple[str, str], starts: int, said: str, *, today: int, seen: int, known: Collection[str], points: Collection[tuple[str, str]]
) -> None:  # fmt: skip
    if agent not in known:
        raise WrongUse("请选一位客服：名单来自导入的聊天记录。", "Choose an agent out of the imported chats.")
    if point not in points:
        raise WrongUse("请选要练的一点。", "Choose what is to be practised.")
    if not said:
        raise WrongUse("请写一句要他怎么做。", "Say in a sentence what the agent is to do.")
    if len(said) > MOST_LETTERS:
        raise _too_long(said)
    first, last = add_days(min(today, seen), -BACK_DAYS), add_days(today, AHEAD_DAYS)
    if not first <= starts <= last:
        raise WrongUse(
            f"开始的日子 {format_day(starts)} 太远了，请选 {format_day(first)} 到 {format_day(last)} 之间的一天。",
            f"The first day {format_day(starts)} is too far away: choose one from {format_day(first)} to {format_day(last)}.",
        )


def _too_long(said: str) -> WrongUse:
    return WrongUse(
        f"最多写 {MOST_LETTERS} 个字，现在是 {len(said)} 个。",
        f"At most {MOST_LETTERS} characters, this has {len(said)}.",
    )
