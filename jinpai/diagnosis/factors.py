"""五个因素 factors: product, skill, awareness, climate, incentive: what each costs a month, and on what evidence.

Money is that of the ledger's reasons: each belongs to one factor, so that factors add up to what would come back; reasons of which no loss is seen add nothing. Climate
and incentive have no reason in chats: they are not looked at until there are surveys and pay runs, and are never taken for 0. Their interval adds the reasons' up as if each
were uncertain by itself. Source: the diagnosis contract, §3.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from jinpai.diagnosis.effects import MONTH
from jinpai.diagnosis.ledger import Ledger, Line
from jinpai.diagnosis.outcome import Estimate
from jinpai.errors import Words


@dataclass(frozen=True, slots=True)
class Factor:
    """一个因素 its words, the ledger's reasons that belong to it, and what it takes to look at it where chats do not tell."""

    name: str
    words: Words
    reasons: tuple[str, ...]
    needs: Words


FACTORS = (
    Factor("product", Words("店铺产品", "product"), ("out_of_stock", "wrong_information", "off_topic", "over_budget", "compared"), Words("", "")),
    Factor("skill", Words("客服技能", "skill"), ("never_answered", "first_late", "left_waiting"), Words("", "")),
    Factor("awareness", Words("客服意识", "awareness"), ("refused_flat", "objection", "unpaid_not_reminded", "not_asked"), Words("", "")),
    Factor("climate", Words("工作氛围", "climate"), (), Words("要有匿名小调查和排班才看得出", "needs pulse surveys and a roster")),
    Factor("incentive", Words("绩效合理度", "incentive"), (), Words("要有工资表才看得出", "needs pay runs")),
)  # fmt: skip
"""In the order of the first seed article."""


@dataclass(frozen=True, slots=True)
class Weight:
    """分量 of one factor: lost enquiries, what would come back a month in fen (None: too little to tell), its largest reasons."""

    factor: Factor
    lost: int
    monthly: Estimate | None
    reasons: list[Line]


def factors(found: Ledger) -> list[Weight]:
    """五个因素 of a ledger, in their order."""
    lines = {line.reason: line for line in found.lines}
    return [_weight(one, [lines[name] for name in one.reasons if name in lines], found.days) for one in FACTORS]


def _weight(factor: Factor, lines: list[Line], days: int) -> Weight:
    # of a reason that seems to cost less than nothing nothing would come back
    told = [line.recoverable for line in lines if line.recoverable is not None and line.recoverable.value > 0]
    per = MONTH / max(days, 1)
    total = Estimate(sum(one.value for one in told) * per, hypot(*(one.error for one in told)) * per) if told else None
    largest = sorted(lines, key=lambda line: -(line.recoverable.value if line.recoverable else 0))
    return Weight(factor, sum(line.lost for line in lines), total, [line for line in largest if line.lost])
