"""辅导前后 before_after: what changed with a coached agent, beside what would have changed without coaching.

Two things mislead whoever looks at before and after alone. Somebody is coached because the figure was low, and a low
figure is partly bad luck, which does not come twice: the figure before is drawn towards the team. And a month may be good
or bad for everybody: the change of those who were not coached is taken off. What is left is the change, with an interval
that allows for chance, for how differently agents change by themselves, and for how little is known of that in a small team.

True levels of agents are normal around the team's, what each changes by itself is normal around the team's change; how far
both spread is averaged over a grid, half-normal priors as in `shrinkage`. Of one coached agent the level without coaching
is predicted from his own before and everybody's change, and held against his after. Sources: Gelman and others, Bayesian
Data Analysis, 3rd ed., §5.4 and §15; regression to the mean: Barnett, van der Pols and Dobson, International Journal of
Epidemiology 34 (2005) 215–220; differences in differences with few groups: Conley and Taber, Review of Economics and Statistics 93 (2011) 113–125.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jinpai.diagnosis.shrinkage import mixed

STEPS = 41


@dataclass(frozen=True, slots=True)
class Spread:
    """相差多远 how far agents lie apart, and how differently they change, before anything is seen; in shares of 1."""

    level: float
    change: float


CONVERSION = Spread(0.05, 0.03)
"""Conversions of a team lie within some points, and move by some."""
HABIT = Spread(0.2, 0.1)
"""How often agents do one thing differs by tens of points."""


@dataclass(frozen=True, slots=True)
class Measured:
    """量到的 an agent's mean before and after, with the standard error of each (more than 0)."""

    before: float
    before_error: float
    after: float
    after_error: float


@dataclass(frozen=True, slots=True)
class Change:
    """变化 `expected` is what the mean would have been without coaching, `value` what came beside it, with its interval of 95 %."""

    expected: float
    value: float
    interval: tuple[float, float]


def change(coached: Measured, others: list[Measured], spread: Spread) -> Change | None:
    """变化 of a coached agent beside `others` who were not coached; None where there is nobody to compare with."""
    if not others:
        return None
    grids = np.meshgrid(np.linspace(0, 4 * spread.level, STEPS), np.linspace(0, 4 * spread.change, STEPS))
    level, own = (one.ravel() ** 2 for one in grids)
    alone = level + coached.before_error**2
    heard = [_pair(one, level, own) for one in others]
    heard.append(_Heard(
        1 / alone * _of_level(2), coached.before / alone * _of_level(1), -0.5 * (np.log(alone) + coached.before**2 / alone)
    ))  # fmt: skip
    # what is unknown of the team, its level and its change, is weighed out; what is left judges the two spreads
    covariance = np.moveaxis(np.linalg.inv(np.moveaxis(np.sum([one.information for one in heard], axis=0), 2, 0)), 0, 2)
    score = np.sum([one.score for one in heard], axis=0)
    team = np.einsum("ijg,jg->ig", covariance, score)
    fit = np.sum([one.fit for one in heard], axis=0) + 0.5 * ((team * score).sum(0) + np.log(_determinant(covariance)))
    fit -= 0.5 * (level / spread.level**2 + own / spread.change**2)
    weight = np.exp(fit - fit.max())
    kept = level / alone
    leans = np.stack([1 - kept, np.ones(len(level))])
    expected = kept * coached.before + (leans * team).sum(0)
    unsure = level * (1 - kept) + own + np.einsum("ig,ijg,jg->g", leans, covariance, leans)
    told = mixed(
        weight / weight.sum(), (coached.after - expected)[:, None], np.sqrt(unsure + coached.after_error**2)[:, None]
    )
    value = float(told.mean[0])
    return Change(coached.after - value, value, (float(told.low[0]), float(told.high[0])))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one agent tells of the team's level and change: information (2 × 2 × grid), score (2 × grid), and how it fits."""

    information: np.ndarray
    score: np.ndarray
    fit: np.ndarray


def _pair(one: Measured, level: np.ndarray, own: np.ndarray) -> _Heard:
    """Of an agent who was not coached: before and after hang together by the agent's own level."""
    first, second = level + one.before_error**2, level + own + one.after_error**2
    size = first * second - level**2
    information = np.array([[first + second - 2 * level, first - level], [first - level, first]]) / size
    score = np.array([(second - level) * one.before + (first - level) * one.after, first * one.after - level * one.before]) / size  # fmt: skip
    squares = (second * one.before**2 - 2 * level * one.before * one.after + first * one.after**2) / size
    return _Heard(information, score, -0.5 * (np.log(size) + squares))


def _of_level(dimensions: int) -> np.ndarray:
    """A vector, or a matrix, over (level, change) that has the level alone."""
    told = np.zeros((2,) * dimensions + (1,))
    told[(0,) * dimensions] = 1
    return told


def _determinant(matrix: np.ndarray) -> np.ndarray:
    return np.asarray(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0])
