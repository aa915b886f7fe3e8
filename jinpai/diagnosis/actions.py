"""先做这三件 actions: what to do first, by what it would bring a month.

An action is a reason of the ledger that somebody of the shop can take away, or a behaviour that brings something. Those that
bring something beyond chance, all of them looked at together, come first, then the rest by their most likely yuan; what is not more than nothing is none. A
behaviour that only goes together with conversion is never an action, nor one that a reason already speaks of.
Source: the diagnosis contract, §5; the page of the desk, §1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jinpai.diagnosis.effects import MONTH, Effect
from jinpai.diagnosis.ledger import Ledger
from jinpai.diagnosis.outcome import Estimate
from jinpai.diagnosis.reasons import Side
from jinpai.diagnosis.together import beyond
from jinpai.errors import Words

FIRST = 3
_SAID_BY = {
    "first_within_15s": "first_late", "no_long_wait": "left_waiting", "B1": "off_topic", "B2": "off_topic", "B3": "wrong_information",
    "D1": "refused_flat", "D4": "objection", "D6": "objection", "D7": "objection", "E1": "not_asked", "E5": "not_asked",
}  # fmt: skip
"""Behaviours whose lack a reason of the ledger is about."""
DO: dict[str, Words] = {
    "never_answered": Words("把没人回的询单接住", "answer the enquiries that nobody answers"),
    "first_late": Words("第一句话 1 分钟内回", "give the first answer within a minute"),
    "left_waiting": Words("聊到一半别让买家等", "do not leave buyers waiting in the talk"),
    "out_of_stock": Words("补货，或者缺货时推荐替代款", "restock, or offer another product when it is out of stock"),
    "off_topic": Words("问什么答什么，不推脱", "answer what was asked, without evading"),
    "wrong_information": Words("对一遍店铺事实，别说错", "go over the fact sheet: what is said must be right"),
    "refused_flat": Words("还价别一口回绝，给理由、活动或替代款", "do not refuse a bargain flat: give a reason, an offer or another product"),
    "over_budget": Words("买家报了预算就推预算内的", "recommend inside the budget that was named"),
    "objection": Words("练一练怎么化解异议", "practise answering objections"),
    "compared": Words("买家比价时讲清自家售后", "say what your after-sales offers when buyers compare"),
    "unpaid_not_reminded": Words("拍下没付的到点就催", "remind of unpaid orders in time"),
    "not_asked": Words("疑问答完就请买家下单", "ask for the order once the questions are answered"),
}  # fmt: skip
"""What to do about a reason."""


@dataclass(frozen=True, slots=True)
class Action:
    """一件事 what to do about which reason or behaviour, what it would bring a month in fen, and who first."""

    kind: str
    name: str
    words: Words
    side: Side
    monthly: Estimate
    agents: tuple[str, ...]
    is_sure: bool = False
    """it brings something beyond chance, of all that could be done"""


def actions(found: Ledger, beside: Sequence[Effect]) -> list[Action]:
    """先做这三件 every action, the first first."""
    per = MONTH / max(found.days, 1)
    told = [
        Action("reason", line.reason, DO[line.reason], line.side, Estimate(line.recoverable.value * per, line.recoverable.error * per), _most(found, line.reason))
        for line in found.lines if line.recoverable is not None and line.lost and line.reason in DO
    ]  # fmt: skip
    spoken_of = {one.name for one in told}
    told += [
        Action("behaviour", one.behaviour, one.words, "agent", one.amount, ())
        for one in beside
        if not one.is_association and _SAID_BY.get(one.behaviour) not in spoken_of
    ]
    sure = beyond(np.array([one.monthly.value / max(one.monthly.error, 1e-9) for one in told]))
    told = [replace(one, is_sure=bool(held)) for one, held in zip(told, sure, strict=True) if one.monthly.value > 0]
    return sorted(told, key=lambda one: (not one.is_sure, -one.monthly.value))


def _most(found: Ledger, reason: str) -> tuple[str, ...]:
    """The two agents who lose most by it."""
    own = [one for one in found.shares if one.reason == reason and one.agent and one.recoverable]
    return tuple(str(one.agent) for one in sorted(own, key=lambda one: -(one.recoverable or 0))[:2])
