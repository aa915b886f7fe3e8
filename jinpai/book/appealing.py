"""申诉 appealing: an agent contests a point in time; somebody else than who set it decides, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from jinpai.book.judging import FULL, person, reason
from jinpai.book.last_words import last_words, same_person
from jinpai.book.models import Appeal, AppealDecision, Verdict
from jinpai.book.models.recorded import now_ms
from jinpai.errors import WrongUse
from jinpai.metrics.inspection import PASSED
from jinpai.period import DAY_MS

if TYPE_CHECKING:
    from jinpai.book.points import Point
    from jinpai.workspace import Settings

RULINGS = ("uphold", "overturn", "na")
"""申诉结果 the point stands as it is (维持), is the other way round (改判), or does not apply (不适用)."""


def appeal(point: Point, by: str, why: str, settings: Settings, now: int | None = None) -> Appeal:
    """提出申诉 by the agent whose point it is; too late, twice, or of another's point is WrongUse."""
    at, by, why = now_ms() if now is None else now, person(by, "--by"), reason(why)
    if not same_person(by, point.agent):
        raise WrongUse(
            f"会话 {point.conversation} 的 {point.criterion} 是 {point.agent or '没有客服的'} 的结果，只有本人可以申诉。",
            f"{point.criterion} in conversation {point.conversation} is {point.agent or 'nobody'}'s point; only that agent appeals.",
        )
    word = last_words(settings.shop, [point.finding]).get(point.finding)
    if word is not None and word.is_final:
        raise WrongUse(
            f"这一项的申诉已由 {word.by} 定下来，只能申诉一次。",
            f"An appeal on this point was decided by {word.by}; there is one only.",
        )
    result = point.result if word is None else word.result(point.result)
    if result in (FULL, None) or (point.definition.hint and (word is None or word.outcome != "agree")):
        raise WrongUse(
            f"会话 {point.conversation} 的 {point.criterion} 没有扣分（红线提醒没有人确认就不算），不用申诉。",
            f"{point.criterion} in conversation {point.conversation} lost no point (an unconfirmed red line counts nowhere).",
        )
    if Appeal.objects.filter(shop=settings.shop, finding=point.finding).exists():
        raise WrongUse(
            "这一项已经申诉过，还在等结果：jinpai appeals。",
            "This point was appealed already and waits for a decision: jinpai appeals.",
        )
    since = max(point.known_at, word.at) if word is not None else point.known_at
    if at > since + settings.appeal_days * DAY_MS:
        raise WrongUse(
            f"申诉期是 {settings.appeal_days} 天，已经过了。",
            f"Appeals are taken for {settings.appeal_days} days; they are over.",
        )
    made: Appeal = Appeal.objects.create(**point.columns(), by=by, why=why, at=at)
    return made


def waiting(shop: str) -> list[Appeal]:
    """待处理的申诉 those without a decision, the oldest first."""
    return list(Appeal.objects.filter(shop=shop, decision__isnull=True).order_by("at", "id"))


def decide(number: int, ruling: str, by: str, why: str, settings: Settings, now: int | None = None) -> AppealDecision:
    """处理申诉 gives appeal `number` its one decision; never by who set the point, nor by the agent: WrongUse."""
    by, why = person(by, "--by"), reason(why)
    if ruling not in RULINGS:
        raise WrongUse(
            f"申诉结果写 uphold（维持）、overturn（改判）或 na（不适用），收到的是 {ruling!r}。",
            f"An appeal is decided by uphold, overturn or na, not {ruling!r}.",
        )
    with transaction.atomic():
        one = Appeal.objects.filter(shop=settings.shop, id=number).first()
        if one is None:
            raise WrongUse(f"没有 {number} 号申诉。待处理的看 jinpai appeals。", f"There is no appeal {number}; jinpai appeals lists them.")  # fmt: skip
        _check(one, by)
        outcome, right = _follows(one, ruling)
        made: AppealDecision = AppealDecision.objects.create(
            appeal=one,
            ruling=ruling,
            outcome=outcome,
            right_result=right,
            by=by,
            why=why,
            at=now_ms() if now is None else now,
        )
    return made


def _follows(one: Appeal, ruling: str) -> tuple[str, int | None]:
    """What a ruling on the point as it stands says of the finding as it was made."""
    word = last_words(one.shop, [one.finding]).get(one.finding)
    if ruling == "na":
        return "na", None
    stands = one.result if word is None else word.result(one.result)
    if ruling == "uphold":
        return (word.outcome, word.right_result) if word is not None else ("agree", None)
    wanted = 0 if (stands or 0) >= PASSED else FULL
    return ("agree", None) if wanted == one.result else ("overturn", wanted)


def _check(one: Appeal, by: str) -> None:
    decided = AppealDecision.objects.filter(appeal=one).first()
    if decided is not None:
        raise WrongUse(
            f"{one.id} 号申诉已由 {decided.by} 定下来，不再改。",
            f"Appeal {one.id} was decided by {decided.by}; it stands.",
        )
    if same_person(by, one.by) or same_person(by, one.agent):
        raise WrongUse(
            f"{one.id} 号申诉是 {one.by} 自己提的，要由别人处理。",
            f"Appeal {one.id} is {one.by}'s own; somebody else decides it.",
        )
    setters = [said.by for said in Verdict.objects.filter(shop=one.shop, finding=one.finding)]
    if any(same_person(by, name) for name in setters):
        raise WrongUse(
            f"{one.id} 号申诉的这一项是 {by} 复核的，不能自己处理。请换一位主管。",
            f"The point of appeal {one.id} was set by {by}, who cannot decide the appeal. Ask another supervisor.",
        )
