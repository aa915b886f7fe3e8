"""复核 judging: a person says whether a finding is right; appended to the book, in force with the next build."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from jinpai.book.last_words import LastWord, last_words, same_person
from jinpai.book.models import Verdict
from jinpai.book.models.recorded import now_ms
from jinpai.decisions import OUTCOMES
from jinpai.errors import WrongUse
from jinpai.metrics.inspection import PASSED
from jinpai.period import DAY_MS

if TYPE_CHECKING:
    from jinpai.book.points import Point
    from jinpai.workspace import Settings

FULL = 1000
LONGEST_NAME, LONGEST_REASON = 200, 2000


@dataclass(frozen=True, slots=True)
class Said:
    """一条复核 what a person says of a point; `right` is the result it should have, in thousandths (None: the other one)."""

    point: Point
    outcome: str
    by: str
    why: str = ""
    right: int | None = None


def judge(said: Iterable[Said], settings: Settings, now: int | None = None) -> list[Verdict]:
    """记下复核 all of them or none; what will not do is WrongUse and says which point and why."""
    every, at = list(said), now_ms() if now is None else now
    words = last_words(settings.shop, {one.point.finding for one in every})
    for one in every:
        _check(one, words.get(one.point.finding), settings, at)
    with transaction.atomic():
        return [
            Verdict.objects.create(
                **one.point.columns(), outcome=one.outcome, right_result=right_result(one), by=one.by.strip(), why=one.why.strip(), at=at
            )
            for one in every
        ]  # fmt: skip


def right_result(said: Said) -> int | None:
    """改判成多少 the result of an overturned finding in thousandths: as said, else nothing for done and full for not done."""
    if said.outcome != "overturn":
        return None
    return said.right if said.right is not None else 0 if said.point.result >= PASSED else FULL


def lapsed(point: Point, settings: Settings, at: int) -> bool:
    """作废了 whether a red-line hit has waited too long for a person."""
    return point.definition.hint and at > point.known_at + settings.red_line_days * DAY_MS


def person(name: str, option: str) -> str:
    """谁 a name as it is kept; an empty one is WrongUse."""
    kept = " ".join(name.split())
    if not 0 < len(kept) <= LONGEST_NAME:
        raise WrongUse(f"{option} 要写是谁，收到的是 {name!r}。", f"{option} wants a name, not {name!r}.")
    return kept


def reason(text: str, option: str = "--why") -> str:
    """为什么 a reason as it is kept; an empty one is WrongUse."""
    kept = text.strip()
    if not 0 < len(kept) <= LONGEST_REASON:
        raise WrongUse(
            f"{option} 要写理由，最多 {LONGEST_REASON} 字，客服会看到。", f"{option} wants a reason of at most {LONGEST_REASON} characters; the agent reads it."
        )  # fmt: skip
    return kept


def _check(said: Said, word: LastWord | None, settings: Settings, at: int) -> None:
    point = said.point
    which = f"会话 {point.conversation} 的 {point.criterion}", f"{point.criterion} in conversation {point.conversation}"
    person(said.by, "--by")
    if said.outcome not in OUTCOMES:
        raise WrongUse(
            f"{which[0]}：复核结果写 agree（属实）、overturn（改判）或 na（不适用），收到的是 {said.outcome!r}。",
            f"{which[1]}: a verdict is agree, overturn or na, not {said.outcome!r}.",
        )
    if said.outcome != "agree":
        reason(said.why)
    if same_person(said.by, point.agent):
        raise WrongUse(
            f"{which[0]} 是 {point.agent} 自己的结果，不能自己复核。请换一位主管，或用 jinpai appeal 申诉。",
            f"{which[1]} is {point.agent}'s own point; another person reviews it, or use jinpai appeal.",
        )
    if word is not None and word.is_final:
        raise WrongUse(
            f"{which[0]} 的申诉已由 {word.by} 定下来，不再改。",
            f"The appeal on {which[1]} was decided by {word.by}; it stands.",
        )
    if said.outcome == "agree" and lapsed(point, settings, at):
        raise WrongUse(
            f"{which[0]} 是红线提醒，过了 {settings.red_line_days} 天没有人确认，已经作废，不能再算。",
            f"{which[1]} is a red-line hint that nobody confirmed within {settings.red_line_days} days: it has lapsed.",
        )
    right = said.right
    if right is not None and (said.outcome != "overturn" or not 0 <= right <= FULL or right == point.result):
        raise WrongUse(
            f"{which[0]}：--result 只在改判时写，0 到 100 的百分数，而且要和原来的 {point.result / 10:g} 不同。",
            f"{which[1]}: --result goes with overturn only, from 0 to 100, and other than the present {point.result / 10:g}.",
        )
