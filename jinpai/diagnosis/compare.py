"""比一比 compare: each agent's conversion with its interval, drawn towards the team, and whether it truly lies apart from it.

Between agents most differences are chance. Conversions of a team are taken as draws from one beta distribution whose
mean and width are themselves uncertain (a grid over both); an agent is said to be below or above only where the interval
of 95 % of the true conversion leaves out the team's. Where enquiries are too few to see a difference of five points,
that is said, with how many more are needed. Source: Gelman and others, Bayesian Data Analysis, 3rd ed., §5.3 (beta-binomial);
the diagnosis contract, §1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from jinpai.diagnosis.shrinkage import SCALE, SURE, WIDEST
from jinpai.metrics.values import Z95, wilson

MEANINGFUL = 0.05
"""A difference of conversion that a shop would act on, in shares of 1."""
POWER80 = 0.8416212335729143
"""The 80 % point of the standard normal distribution: such a difference would be seen four times in five."""
_STEPS = 41
_NEGLIGIBLE = 1e-5


@dataclass(frozen=True, slots=True)
class Standing:
    """位置 one agent's conversion: as counted with Wilson's interval, and as it probably is.

    `below` is the chance that the true conversion lies below the team's. `verdict` is "below", "above", "inside" (no
    difference beyond chance) or "too_few"; `needed` is how many more enquiries would tell, 0 where there are enough.
    """

    agent: str
    enquiries: int
    paid: int
    rate: float
    interval: tuple[float, float]
    likely: float
    likely_interval: tuple[float, float]
    below: float
    verdict: str
    needed: int


def compare(agents: Sequence[str], enquiries: Sequence[int], paid: Sequence[int]) -> list[Standing]:
    """比一比 the agents by enquiries and how many of them paid (mature ones), in the order given; nobody has none."""
    trials, successes = np.asarray(enquiries, float), np.asarray(paid, float)
    if not len(trials):
        return []
    team = float(successes.sum() / trials.sum())
    weight, alpha, beta = _team(trials, successes)
    first, second = alpha[:, None] + successes, beta[:, None] + trials - successes
    mean = (weight[:, None] * first / (first + second)).sum(0)
    low, high = _quantile(weight, first, second, 1 - SURE), _quantile(weight, first, second, SURE)
    below = _under(weight, first, second, np.full(len(trials), team))
    enough = required(team)
    return [
        Standing(
            agent, int(trials[at]), int(successes[at]), successes[at] / trials[at], wilson(int(successes[at]), int(trials[at])) or (0.0, 1.0),
            float(mean[at]), (float(low[at]), float(high[at])), float(below[at]), told := verdict(float(below[at]), int(trials[at]), enough),
            max(0, enough - int(trials[at])) if told == "too_few" else 0,
        )
        for at, agent in enumerate(agents)
    ]  # fmt: skip


def verdict(below: float, enquiries: int, enough: int) -> str:
    """结论 what may be said of one of a team, from how likely it is below and how many enquiries there were."""
    if below > SURE:
        return "below"
    if below < 1 - SURE:
        return "above"
    return "inside" if enquiries >= enough else "too_few"


def required(team: float) -> int:
    """要多少询单 so many enquiries show a difference of MEANINGFUL from the team four times in five."""
    return ceil((Z95 + POWER80) ** 2 * team * (1 - team) / MEANINGFUL**2)


def _team(trials: np.ndarray, successes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The beta distributions that conversions of such a team may come from, and how likely each is."""
    from scipy.special import betaln

    middle, error = successes.sum() / trials.sum(), np.sqrt(0.25 / trials.sum())
    around = np.clip(middle + np.linspace(-4, 4, _STEPS) * np.hypot(error, SCALE / np.sqrt(len(trials))), 0.002, 0.998)
    widths = np.linspace(0.002, WIDEST, 2 * _STEPS)
    mean, width = (grid.ravel() for grid in np.meshgrid(around, widths))
    # a beta distribution has no more spread than √(m (1 − m)); half of it is more than any team has
    possible = width < 0.5 * np.sqrt(mean * (1 - mean))
    mean, width = mean[possible], width[possible]
    size = mean * (1 - mean) / width**2 - 1
    alpha, beta = mean * size, (1 - mean) * size
    chance = np.sum(
        betaln(alpha[:, None] + successes, beta[:, None] + trials - successes) - betaln(alpha, beta)[:, None], axis=1
    )
    chance -= 0.5 * (width / SCALE) ** 2
    weight = np.exp(chance - chance.max())
    weight /= weight.sum()
    kept = weight > _NEGLIGIBLE
    return weight[kept] / weight[kept].sum(), alpha[kept], beta[kept]


def _under(weight: np.ndarray, first: np.ndarray, second: np.ndarray, values: np.ndarray) -> np.ndarray:
    from scipy.special import betainc

    return np.asarray((weight[:, None] * betainc(first, second, values)).sum(0))


def _quantile(weight: np.ndarray, first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    low, high = np.zeros(first.shape[1]), np.ones(first.shape[1])
    for _ in range(30):
        middle = (low + high) / 2
        is_under = _under(weight, first, second, middle) < share
        low, high = np.where(is_under, middle, low), np.where(is_under, high, middle)
    return np.asarray((low + high) / 2)
