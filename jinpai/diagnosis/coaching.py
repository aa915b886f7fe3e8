"""辅导效果 coaching: what became of the point that an agent was coached in, and of the agent's conversion, four weeks before and after.

The point is a habit (a behaviour of `effects`: how often it was done of the enquiries with occasion for it) or a reason of
the ledger (how often it was there; of objections and unpaid orders, how often they were left alone). Conversion has
products, prices, weekdays, hours and load taken out. Both are held against agents who were not coached in these days, as
`before_after` says. The four weeks before end where the plan begins; those after have only mature enquiries, and may be
fewer. Source: the diagnosis contract, §5; the training contract, *Loop*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from jinpai.criteria import criteria
from jinpai.diagnosis.actions import DO
from jinpai.diagnosis.before_after import CONVERSION, HABIT, Change, Measured, Spread, change
from jinpai.diagnosis.coding import coded
from jinpai.diagnosis.effects import WAITS, behaviours
from jinpai.diagnosis.evidence import ANSWERED, REMINDED
from jinpai.diagnosis.ledger import OBJECTION, UNPAID, flag
from jinpai.diagnosis.outcome import fit, logistic, numbered
from jinpai.diagnosis.reasons import REASONS
from jinpai.diagnosis.sample import behaviours as habits
from jinpai.errors import Words
from jinpai.period import add_days, to_date

if TYPE_CHECKING:
    import pyarrow as pa

SPAN = 28
"""Days before and days after: whole weeks, so that weekdays are alike."""
LEAST_DAYS = 7
LEAST = 20
"""With fewer days after, or fewer occasions before or after, nothing is said."""
Verdict = Literal["better", "worse", "inside", "too_early", "too_few", "alone", "unseen"]
_OF_AGENTS = tuple(one.name for one in REASONS if one.name in DO and (one.side == "agent" or one.name == OBJECTION))
_DONE_WELL = {OBJECTION: ANSWERED, UNPAID: REMINDED}


@dataclass(frozen=True, slots=True)
class Plan:
    """辅导计划 which agent is coached in what (one of `points`), from which day (yyyymmdd) on; `number` is the record's."""

    number: int
    agent: str
    kind: str
    name: str
    starts: int


@dataclass(frozen=True, slots=True)
class Period:
    """一段 the occasions of an agent in some days, both included, and the share of them; None where there was no occasion."""

    first: int
    last: int
    occasions: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Course:
    """前后 one figure of a coached agent before and after, that of the others beside it, and what remains of the difference.

    `is_better_low`: the less of it the better. `others` are the shares of those who were not coached, before and after; None
    where there is nobody. `wait` is how many days are missing until something may be said, where it is too early.
    """

    before: Period
    after: Period
    others: tuple[float, float] | None
    change: Change | None
    verdict: Verdict
    is_better_low: bool = False
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Coached:
    """辅导的结果 of one plan: its point, the agent's conversion, and who they were compared with.

    `beside` are the numbers of the agent's other plans that began in the same weeks: what is seen is theirs as well.
    """

    plan: Plan
    point: Course
    conversion: Course
    compared: tuple[str, ...]
    beside: tuple[int, ...]


def points() -> dict[tuple[str, str], Words]:
    """能辅导的点 everything that an agent can be coached in, by kind and name, in the words of the screens."""
    told: dict[tuple[str, str], Words] = {("reason", name): DO[name] for name in _OF_AGENTS}
    told |= {("behaviour", name): words for name, (words, _, _) in WAITS.items()}
    return told | {("behaviour", name): criteria()[name].title for name in habits()}


def span(plans: Sequence[Plan]) -> tuple[int, int]:
    """要看的日子 the first and the last day (both included) that plans need enquiries of."""
    starts = [one.starts for one in plans]
    return add_days(min(starts), -SPAN), add_days(max(starts), SPAN - 1)


def coached(rows: pa.Table, evidence: pa.Table, looked_at: Sequence[str], plans: Sequence[Plan]) -> list[Coached]:
    """辅导的结果 of each plan, in their order; `rows` are a sample and `evidence` that of its enquiries, row by row."""
    import pyarrow.compute as pc

    there = pc.is_valid(rows["agent"])
    rows, evidence = rows.filter(there), evidence.filter(there)
    if not len(rows):
        return [Coached(one, _nothing(one), _nothing(one), (), ()) for one in plans]
    figures = _Figures(rows, evidence, tuple(looked_at))
    return [_of(one, figures, plans) for one in plans]


class _Figures:
    """The rows of a sample by agent, day and buyer, and the figures that are asked of them."""

    def __init__(self, rows: pa.Table, evidence: pa.Table, looked_at: tuple[str, ...]) -> None:
        self.rows, self.evidence, self.looked_at = rows, evidence, looked_at
        self.agents = np.array(rows["agent"].to_pylist(), dtype=object)
        self.day, self.buyers = rows["day"].to_numpy(), numbered(rows["buyer_key"])
        self.conversion = _adjusted(rows)

    def point(self, plan: Plan) -> tuple[np.ndarray, np.ndarray] | None:
        """By row: whether it was so, and whether there was occasion; None where nobody could look."""
        if plan.kind == "behaviour":
            found = next((one for one in behaviours(self.rows) if one.name == plan.name), None)
            return None if found is None else found.done(self.rows)
        if plan.name not in self.looked_at:
            return None
        held = flag(self.evidence, f"has_{plan.name}")
        well = _DONE_WELL.get(plan.name)
        return held, np.ones(len(held), bool) if well is None else held | flag(self.evidence, well)


def _of(plan: Plan, figures: _Figures, plans: Sequence[Plan]) -> Coached:
    first, last = add_days(plan.starts, -SPAN), add_days(plan.starts, SPAN - 1)
    near = [one for one in plans if one.number != plan.number and first <= one.starts <= last]
    taught = {one.agent for one in near} | {plan.agent}
    others = sorted(set(figures.agents.tolist()) - taught)
    found = figures.point(plan)
    is_low = plan.kind == "reason"
    point = _nothing(plan) if found is None else _course(plan, figures, *found, HABIT, others, is_low=is_low)[0]
    whole = np.ones(len(figures.day), bool)
    conversion, compared = _course(plan, figures, figures.conversion, whole, CONVERSION, others, is_low=False)
    return Coached(plan, point, conversion, compared, tuple(one.number for one in near if one.agent == plan.agent))


def _course(
    plan: Plan, figures: _Figures, value: np.ndarray, applies: np.ndarray, spread: Spread, others: Sequence[str], *, is_low: bool
) -> tuple[Course, tuple[str, ...]]:  # fmt: skip
    """The course of one figure, and the agents who had enough occasions to be compared with."""
    until = min(add_days(plan.starts, SPAN - 1), int(figures.day.max()))
    before = (figures.day >= add_days(plan.starts, -SPAN)) & (figures.day < plan.starts) & applies
    after = (figures.day >= plan.starts) & (figures.day <= until) & applies
    mine = figures.agents == plan.agent
    told = [_period(value, rows & mine, first, last) for rows, first, last in (
        (before, add_days(plan.starts, -SPAN), add_days(plan.starts, -1)), (after, plan.starts, until),
    )]  # fmt: skip
    days = max(0, (to_date(until) - to_date(plan.starts)).days + 1)
    beside, names = [], []
    for name in others:
        theirs = figures.agents == name
        measured = _measured(value, before & theirs, after & theirs, figures.buyers)
        if measured is not None:
            beside.append(measured)
            names.append(name)
    own = _measured(value, before & mine, after & mine, figures.buyers)
    found = None if own is None or days < LEAST_DAYS else change(own, beside, spread)
    said = _verdict(days, own, beside, found, is_low=is_low)
    theirs = np.isin(figures.agents, names)
    means = (float(value[before & theirs].mean()), float(value[after & theirs].mean())) if names else None
    return Course(told[0], told[1], means, found, said, is_low, max(0, LEAST_DAYS - days)), tuple(names)


def _verdict(
    days: int, own: Measured | None, beside: Sequence[Measured], found: Change | None, *, is_low: bool
) -> Verdict:
    if days < LEAST_DAYS:
        return "too_early"
    if own is None:
        return "too_few"
    if found is None or not beside:
        return "alone"
    low, high = found.interval
    if low <= 0 <= high:
        return "inside"
    return "better" if (low > 0) != is_low else "worse"


def _measured(value: np.ndarray, before: np.ndarray, after: np.ndarray, buyers: np.ndarray) -> Measured | None:
    """Means and standard errors of both periods; None with too few occasions."""
    if min(before.sum(), after.sum()) < LEAST:
        return None
    (first, first_error), (second, second_error) = (_mean(value[rows], buyers[rows]) for rows in (before, after))
    return Measured(first, first_error, second, second_error)


def _mean(value: np.ndarray, buyers: np.ndarray) -> tuple[float, float]:
    """A mean and its standard error; of one buyer all occasions are one draw, and what was always so is not certain."""
    size, mean = len(value), float(value.mean())
    drawn = np.bincount(buyers, weights=value - mean)
    share = (np.clip(mean, 0, 1) * size + 1) / (size + 2)
    return mean, float(max(np.sqrt((drawn**2).sum()) / size, np.sqrt(share * (1 - share) / size)))


def _period(value: np.ndarray, rows: np.ndarray, first: int, last: int) -> Period:
    return Period(first, last, int(rows.sum()), float(value[rows].mean()) if rows.any() else None)


def _nothing(plan: Plan) -> Course:
    empty = Period(add_days(plan.starts, -SPAN), add_days(plan.starts, -1), 0, None)
    return Course(empty, Period(plan.starts, plan.starts, 0, None), None, None, "unseen", plan.kind == "reason")


def _adjusted(rows: pa.Table) -> np.ndarray:
    """By row: converted, less what mix and load made likelier or less likely than the mean."""
    converted = rows["converted"].to_numpy(zero_copy_only=False).astype(float)
    chosen = coded(rows, without=("week",)).of("mix", "load")
    if not chosen or not 0 < converted.sum() < len(converted):
        return np.asarray(converted)
    agents = numbered(rows["agent"])
    model = fit([*chosen, agents], converted)
    own = model.effects[model.starts[len(chosen)] :][: int(agents.max()) + 1]
    # the chance with an average agent: agents themselves are not taken out
    log_odds = model.log_odds_with(len(chosen), np.zeros(len(agents), np.int64)) - own[0] + own[agents].mean()
    chance = logistic(log_odds)
    return np.asarray(converted - chance + chance.mean())
