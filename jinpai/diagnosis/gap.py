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

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from jinpai.diagnosis.coding import Coded, coded
from jinpai.diagnosis.compare import required, verdict
from jinpai.diagnosis.outcome import Estimate, Outcome, fit, logistic, numbered, spread
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
    adjusted, moves = _standardised(team, fair)
    base = float(team.converted.mean())
    differences = [
        Estimate(value - base, spread(move - fair.surprise / len(fair.chance), team.buyers))
        for value, move in zip(adjusted, moves, strict=True)
    ]
    likely = shrunk(np.array([one.value for one in differences]), np.array([one.error for one in differences]))
    count, paid = (
        np.bincount(team.agent),
        np.bincount(team.agent, team.converted),
    )
    enough = required(base)
    parts = _parts(team, [models[last] for last in blocks], blocks)
    found = []
    for at, name in enumerate(team.names):
        said = verdict(float(likely.below[at]), int(count[at]), enough)
        found.append(Gap(
            name, int(count[at]), int(paid[at]), parts[at].pop("gap"), Estimate(adjusted[at], spread(moves[at], team.buyers)), differences[at],
            float(likely.mean[at]), (float(likely.low[at]), float(likely.high[at])), float(likely.below[at]), said,
            max(0, enough - int(count[at])) if said == "too_few" else 0, parts[at],
        ))  # fmt: skip
    return found


def _standardised(team: _Team, model: Outcome) -> tuple[list[float], list[np.ndarray]]:
    """By agent: the mean chance with all enquiries of the team, and how each outcome moved it."""
    width = model.design.shape[1] - 1
    first = width - len(team.names)
    without = model.design.copy()
    own = model.effects.copy()
    own[first:width] = 0
    base = without @ own
    values, moves = [], []
    for at in range(len(team.names)):
        chance = logistic(base + model.effects[first + at])
        slope = chance * (1 - chance) / len(chance)
        gradient = np.asarray(without.T @ slope)
        gradient[first:width] = 0
        gradient[first + at] = slope.sum()
        values.append(float(chance.mean()))
        moves.append(model.weights(gradient))
    return values, moves


def _parts(team: _Team, models: Sequence[Outcome], blocks: Sequence[str]) -> list[dict[str, Estimate]]:
    """By agent: the gap, what each block adds to it, and the rest."""
    size = len(team.converted)
    count = np.bincount(team.agent)
    base = team.converted.mean()
    last = models[-1].surprise if models else team.converted - base
    averaged = [_averaged(team, model) for model in models]
    found = []
    for at in range(len(team.names)):
        mine = team.agent == at
        whole = last / size
        own = np.where(mine, last / count[at], 0.0)
        steps = [
            (base, whole),
            *((values[at], move(at)) for values, move in averaged),
            (team.converted[mine].mean(), own),
        ]
        parts = {"gap": Estimate(float(steps[-1][0] - base), spread(own - whole, team.buyers))}
        for name, before, after in zip((*blocks, REST), steps, steps[1:], strict=False):
            parts[name] = Estimate(float(after[0] - before[0]), spread(after[1] - before[1], team.buyers))
        found.append(parts)
    return found


def _averaged(team: _Team, model: Outcome) -> tuple[np.ndarray, Callable[[int], np.ndarray]]:
    """What each agent's enquiries would have brought an average agent, and how outcomes moved that.

    The average agent is the one with whom all enquiries together would have brought what they did.
    """
    width = model.design.shape[1] - 1
    first = width - len(team.names)
    effects = model.effects.copy()
    effects[first:] = 0
    base = model.design @ effects
    level = _level(base, float(team.converted.mean()))
    chance = logistic(base + level)
    slope = chance * (1 - chance)
    whole = np.asarray(model.design.T @ slope)
    whole[first:] = 0
    total = slope.sum()
    count = np.bincount(team.agent)

    def move(at: int) -> np.ndarray:
        mine = np.where(team.agent == at, slope / count[at], 0.0)
        gradient = np.asarray(model.design.T @ mine)
        gradient[first:] = 0
        share = mine.sum()
        return np.asarray(model.weights(gradient - share * whole / total) + share * model.surprise / total)

    return team.mean(chance), move


def _level(base: np.ndarray, share: float) -> float:
    """The log-odds to add so that chances have this mean."""
    from scipy.optimize import brentq

    return float(brentq(lambda level: logistic(base + level).mean() - share, -30, 30, xtol=1e-10))
