"""差距 gap: what an agent would convert with the team's enquiries, and of what the gap to the team is made.

折算转化率 adjusted conversion: the mean over all enquiries of the team of the chance that this agent would have had with
them, from a model of mix and load with an effect of each agent (g-computation: Robins, Mathematical Modelling 7 (1986)
1393–1512). It is drawn towards the team as in `shrinkage`.

拆解 parts: models that know one block more each (mix; and load; and timeliness; and handling), each with the effects of
agents kept apart from those of the blocks, say what the agent's enquiries would have brought an average agent. What a
block adds is its part; what the last does not explain is the rest 其余. Parts add up to the gap. Blocks stand in
the order in which causes do: load makes slow, so a slow answer under load is load. Sources: Gelbach, Journal of Labor
Economics 34 (2016) 509–543, and Fairlie, Journal of Economic and Social Measurement 30 (2005) 305–316, for a fixed order.

Conversions and parts are shares of 1; intervals are of 95 %, over the chance in outcomes, with the enquiries as they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from jinpai.diagnosis.coding import Coded, coded
from jinpai.diagnosis.compare import required, verdict
from jinpai.diagnosis.outcome import Estimate, Outcome, fit, logistic, numbered
from jinpai.diagnosis.sandwich import Sandwich, Terms
from jinpai.diagnosis.shrinkage import shrunk

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.errors import Words

REST = "rest"
FAIR = ("mix", "load")
"""Blocks that a fair comparison takes out: what comes to an agent is not the agent's doing."""


@dataclass(frozen=True, slots=True)
class Gap:
    """差距 one agent beside the team: raw and adjusted conversion, and the parts of the raw gap by block, REST last.

    `difference` is adjusted conversion less the team's, as measured; `likely` is the same drawn towards the team, with its
    interval, and `below` how likely it is less than 0.
    """

    agent: str
    enquiries: int
    paid: int
    gap: Estimate
    adjusted: Estimate
    difference: Estimate
    likely: float
    likely_interval: tuple[float, float]
    below: float
    verdict: str
    needed: int
    parts: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class Gaps:
    """全队差距 the team's conversion over its `enquiries`, the gaps by agent, and what was not adjusted for."""

    team: float
    enquiries: int
    paid: int
    blocks: list[str]
    gaps: list[Gap]
    unadjusted: list[Words] = field(default_factory=list)


@dataclass(slots=True)
class _Team:
    """Who had which enquiry, and how it ended."""

    names: list[str]
    agent: np.ndarray
    buyers: np.ndarray
    converted: np.ndarray

    def mean(self, chance: np.ndarray) -> np.ndarray:
        """The mean over each agent's enquiries."""
        return np.asarray(
            np.bincount(self.agent, chance, len(self.names)) / np.bincount(self.agent, minlength=len(self.names))
        )


def gap(rows: pa.Table) -> Gaps:
    """差距 of every agent in a sample; enquiries that are nobody's are left out. A team of one has no gap.

    Where nobody converted, or everybody, or there is one agent, `gaps` is empty.
    """
    import pyarrow.compute as pc

    rows = rows.filter(pc.is_valid(rows["agent"]))
    owned = rows["agent"].combine_chunks().dictionary_encode()
    team = _Team(
        owned.dictionary.to_pylist(),
        owned.indices.to_numpy(),
        numbered(rows["buyer_key"]),
        rows["converted"].to_numpy(zero_copy_only=False).astype(float),
    )
    classes = coded(rows)
    paid = int(team.converted.sum())
    told = Gaps(
        paid / len(rows) if len(rows) else 0.0, len(rows), paid, classes.blocks(), [], unadjusted=classes.unadjusted()
    )
    if len(team.names) < 2 or not 0 < paid < len(rows):
        return told
    told.gaps.extend(_gaps(team, classes))
    return told


def _gaps(team: _Team, classes: Coded) -> list[Gap]:
    blocks = classes.blocks()
    models = {last: fit([*classes.of(*blocks[: at + 1]), team.agent], team.converted) for at, last in enumerate(blocks)}
    fair = next((models[last] for last in reversed(blocks) if last in FAIR), None) or fit([team.agent], team.converted)
    sandwich = Sandwich([*models.values(), fair], team.buyers)
    adjusted = _standardised(team, fair)
    base = float(team.converted.mean())
    mine = len(models)
    differences = [
        Estimate(value - base, sandwich.error({mine: hangs - _column(fair, -1) / len(team.converted)}))
        for value, hangs in adjusted
    ]
    likely = shrunk(np.array([one.value for one in differences]), np.array([one.error for one in differences]))
    count, paid = (
        np.bincount(team.agent),
        np.bincount(team.agent, team.converted),
    )
    enough = required(base)
    parts = _parts(team, [models[last] for last in blocks], blocks, sandwich)
    found = []
    for at, name in enumerate(team.names):
        said = verdict(float(likely.below[at]), int(count[at]), enough)
        found.append(Gap(
            name, int(count[at]), int(paid[at]), parts[at].pop("gap"), Estimate(adjusted[at][0], sandwich.error({mine: adjusted[at][1]})), differences[at],
            float(likely.mean[at]), (float(likely.low[at]), float(likely.high[at])), float(likely.below[at]), said,
            max(0, enough - int(count[at])) if said == "too_few" else 0, parts[at],
        ))  # fmt: skip
    return found


def _column(model: Outcome, at: int) -> np.ndarray:
    """A figure that hangs on one column of the design alone; -1 is that of all enquiries."""
    alone = np.zeros(model.design.shape[1])
    alone[at] = 1
    return alone


def _standardised(team: _Team, model: Outcome) -> list[tuple[float, np.ndarray]]:
    """By agent: the mean chance with all enquiries of the team, and how it hangs on the scores."""
    width = model.design.shape[1] - 1
    first = width - len(team.names)
    own = model.effects.copy()
    own[first:width] = 0
    base = model.design @ own
    found = []
    for at in range(first, width):
        chance = logistic(base + model.effects[at])
        slope = chance * (1 - chance) / len(chance)
        gradient = np.asarray(model.design.T @ slope)
        gradient[first:width] = 0
        gradient[at] = slope.sum()
        found.append((float(chance.mean()), model.pull(gradient)))
    return found


def _parts(
    team: _Team, models: Sequence[Outcome], blocks: Sequence[str], sandwich: Sandwich
) -> list[dict[str, Estimate]]:
    """By agent: the gap, what each block adds to it, and the rest."""
    count = np.bincount(team.agent)
    base, rates = float(team.converted.mean()), team.mean(team.converted)
    # the counted shares hang on the outcomes alone: on the scores of the agent's column, or of all
    last, place = (models[-1], len(models) - 1) if models else (fit([team.agent], team.converted), 0)
    first = last.design.shape[1] - 1 - len(team.names)
    averaged = [_averaged(team, model) for model in models]
    found = []
    for at in range(len(team.names)):
        whole = {place: _column(last, -1) / len(team.converted)}
        own = {place: _column(last, first + at) / count[at]}
        steps = [
            (base, whole),
            *((values[at], {k: hangs[at]}) for k, (values, hangs) in enumerate(averaged)),
            (float(rates[at]), own),
        ]
        parts = {"gap": _between(steps[0], steps[-1], sandwich)}
        for name, before, after in zip((*blocks, REST), steps, steps[1:], strict=False):
            parts[name] = _between(before, after, sandwich)
        found.append(parts)
    return found


def _between(before: tuple[float, Terms], after: tuple[float, Terms], sandwich: Sandwich) -> Estimate:
    """How much more the second is."""
    terms = {place: np.array(hangs) for place, hangs in after[1].items()}
    for place, hangs in before[1].items():
        terms[place] = terms[place] - hangs if place in terms else -hangs
    return Estimate(float(after[0] - before[0]), sandwich.error(terms))


def _averaged(team: _Team, model: Outcome) -> tuple[np.ndarray, list[np.ndarray]]:
    """What each agent's enquiries would have brought an average agent, and how that hangs on the scores.

    The average agent is the one with whom all enquiries together would have brought what they did.
    """
    width = model.design.shape[1] - 1
    first = width - len(team.names)
    effects = model.effects.copy()
    effects[first:] = 0
    base = model.design @ effects
    chance = logistic(base + _level(base, float(team.converted.mean())))
    slope = chance * (1 - chance)
    # by agent: the sum of the slopes of each column; those of agents and the level do not move it by themselves
    owned = (model.design[:, first:width].T @ model.design.multiply(slope[:, None]).tocsr()).toarray()
    owned[:, first:] = 0
    whole, total = owned.sum(0), slope.sum()
    count, share = np.bincount(team.agent), team.mean(slope)
    hangs = [
        model.pull(owned[at] / count[at] - share[at] * whole / total) + _column(model, -1) * share[at] / total
        for at in range(len(team.names))
    ]
    return team.mean(chance), hangs


def _level(base: np.ndarray, share: float) -> float:
    """The log-odds to add so that chances have this mean."""
    from scipy.optimize import brentq

    return float(brentq(lambda level: logistic(base + level).mean() - share, -30, 30, xtol=1e-10))
