"""收缩 shrinkage: what is likely true of each member of a team, when all that was measured is measured with chance.

A member is one of a team, and the team says how far its members lie apart: where they hardly differ, what is measured of
one is mostly luck and is drawn towards the team; where they differ, it stands. How far apart they lie is itself uncertain
and is averaged over, so that a small team is not taken for an equal one. Source: Gelman and others, Bayesian Data
Analysis, 3rd ed., §5.4 (the grid over the spread) and §5.3 (beta-binomial); half-normal prior as in Gelman, Bayesian
Analysis 1 (2006) 515–534.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SCALE = 0.05
"""Members of a team are expected to lie about so far apart, in shares of 1, before anything is seen."""
STEPS = 121
WIDEST = 0.3
SURE = 0.975
"""So likely must a member be below (or above) the team before it is said: the interval of 95 % then leaves the team out."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """收缩后的 by member: the mean, the interval of 95 %, and how likely the truth lies below the team."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    below: np.ndarray


def shrunk(measured: np.ndarray, error: np.ndarray) -> Shrunk:
    """收缩 differences from the team with their standard errors (more than 0), in shares of 1."""
    spread = np.linspace(0, WIDEST, STEPS)
    variance = spread[:, None] ** 2 + error[None, :] ** 2
    precision = 1 / variance
    centre = (precision * measured).sum(1) / precision.sum(1)
    log_likelihood = -0.5 * (
        np.log(variance).sum(1) + np.log(precision.sum(1)) + (precision * (measured - centre[:, None]) ** 2).sum(1)
    )
    log_weight = log_likelihood - 0.5 * (spread / SCALE) ** 2
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    pull = error**2 / variance
    mean = pull * centre[:, None] + (1 - pull) * measured
    # the team's own middle is uncertain too, the more the more a member is drawn to it
    deviation = np.sqrt((1 - pull) * error**2 + pull**2 / precision.sum(1)[:, None])
    return mixed(weight, mean, deviation)


def mixed(weight: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> Shrunk:
    """混合 mean, quantiles and chance below 0 of mixtures of normals: a row for each part with its weight (sum 1), a column for each mixture."""
    from scipy.special import ndtr

    deviation = np.maximum(deviation, 1e-9)

    def under(values: np.ndarray) -> np.ndarray:
        return np.asarray((weight[:, None] * ndtr((values - mean) / deviation)).sum(0))

    def quantile(share: float) -> np.ndarray:
        low, high = (mean - 9 * deviation).min(0), (mean + 9 * deviation).max(0)
        for _ in range(60):
            middle = (low + high) / 2
            is_under = under(middle) < share
            low, high = np.where(is_under, middle, low), np.where(is_under, high, middle)
        return np.asarray((low + high) / 2)

    return Shrunk((weight[:, None] * mean).sum(0), quantile(1 - SURE), quantile(SURE), under(np.zeros(mean.shape[1])))
