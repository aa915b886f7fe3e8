"""转化模型 outcome: how likely an enquiry converts, given its classes: logistic regression with one effect a class.

Uncertainty is kept enquiry by enquiry: a figure worked out from a fit is to first order a sum over enquiries of a weight
times what chance did there (converted less expected), so that the interval of any figure, or of a difference of two,
follows from the weights; buyers who asked several times are one draw (sums within a buyer are squared). What came in is
taken as it came; only its outcome is chance. Source: the delta method with the sandwich of Huber (1967) and White
(1982), each surprise divided by one less its leverage (HC3: MacKinnon and White, Journal of Econometrics 29 (1985) 305–325), clustered as in Liang and Zeger, Biometrika 73 (1986) 13–22.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from jinpai.metrics.values import Z95

if TYPE_CHECKING:
    import pyarrow as pa
    from scipy import sparse

RIDGE = 0.1
"""A little pull towards no effect, so that a class in which nobody converted has a finite one."""
STEPS = 200
NEAR = 1e-6
"""Log-odds that no longer change by so much are found."""
MANY = 100_000
"""Of more enquiries a part tells how uncertain a figure is; the figure itself is always of all."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """估计 a figure with its standard error; the interval is of 95 %."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends."""
        return self.value - Z95 * self.error, self.value + Z95 * self.error


@dataclass(frozen=True)
class Outcome:
    """转化模型 a fit: a one-hot design (rows by classes, then a column of ones), its effects in log-odds, the chances it gives.

    Not slotted only because the inverse of the information is computed once and kept.
    """

    design: sparse.csr_matrix
    starts: tuple[int, ...]
    effects: np.ndarray
    chance: np.ndarray
    converted: np.ndarray

    @property
    def surprise(self) -> np.ndarray:
        """意外 converted less expected, by row."""
        return np.asarray(self.converted - self.chance)

    @property
    def slope(self) -> np.ndarray:
        """How much a chance moves with its log-odds, by row."""
        return np.asarray(self.chance * (1 - self.chance))

    @cached_property
    def inverse(self) -> np.ndarray:
        """The inverse of the information about the effects."""
        return _inverse(self.design, self.slope)

    @cached_property
    def leverage(self) -> np.ndarray:
        """杠杆 by row: how far its own outcome draws its own chance; where there are few enquiries a fit lies too near to them."""
        if len(self.chance) > MANY:
            return np.zeros(len(self.chance))  # each of so many hardly moves the fit
        own = np.asarray((self.design @ self.inverse * self.design.toarray()).sum(1)).ravel()
        return np.asarray(np.minimum(own * self.slope, 0.9))

    @property
    def corrected(self) -> np.ndarray:
        """The surprise by row, over one less its leverage."""
        return np.asarray(self.surprise / (1 - self.leverage))

    def pull(self, gradient: np.ndarray) -> np.ndarray:
        """How a figure whose gradient in the effects is given hangs on the scores of the fit."""
        return np.asarray(self.inverse @ gradient)

    def weights(self, gradient: np.ndarray) -> np.ndarray:
        """By row: how its outcome moved a figure whose gradient in the effects is given, surprise included."""
        return np.asarray((self.design @ self.pull(gradient)) * self.corrected)

    def log_odds_with(self, column: int, classes: np.ndarray) -> np.ndarray:
        """The log-odds of every row if `column` were of these classes instead of its own."""
        start = self.starts[column]
        own = self.effects.copy()
        own[start : self.starts[column + 1]] = 0
        return np.asarray(self.design @ own + self.effects[start + classes])

    def gradient_with(self, column: int, classes: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """The gradient in the effects of the sum of weight × log-odds, if `column` were of these classes."""
        start, end = self.starts[column], self.starts[column + 1]
        gradient = np.asarray(self.design.T @ weight)
        gradient[start:end] = np.bincount(classes, weight, end - start)
        return gradient


def fit(classes: Sequence[np.ndarray], converted: np.ndarray) -> Outcome:
    """拟合 the effects of the classes of each column on `converted`; both outcomes must occur."""
    from sklearn.linear_model import LogisticRegression

    design, starts = one_hot(classes)
    rows = part_of(np.arange(len(converted)))
    model = LogisticRegression(C=1 / RIDGE, solver="newton-cholesky", max_iter=STEPS, tol=1e-6)
    model.fit(design[rows][:, :-1], converted[rows])
    effects = np.append(model.coef_[0], model.intercept_[0])
    if len(rows) < len(converted):
        effects = _of_all(design, effects, converted)
    return Outcome(design, starts, effects, logistic(design @ effects), converted.astype(float))


def _inverse(design: sparse.csr_matrix, slope: np.ndarray) -> np.ndarray:
    """The inverse of the information about the effects of a design whose chances move so much with their log-odds."""
    information = (design.T @ design.multiply(slope[:, None]).tocsr()).toarray()
    return np.asarray(np.linalg.inv(information + np.diag(_ridge(design))))


def _ridge(design: sparse.csr_matrix) -> np.ndarray:
    """The pull on each effect; the level is not pulled."""
    ridge = np.full(design.shape[1], RIDGE)
    ridge[-1] = 0
    return ridge


def _of_all(design: sparse.csr_matrix, effects: np.ndarray, converted: np.ndarray) -> np.ndarray:
    """The effects that fit all rows, from those that fit a part: Newton's steps with the information at the start, which is near."""
    chance = logistic(design @ effects)
    inverse, ridge = _inverse(design, chance * (1 - chance)), _ridge(design)
    for _ in range(STEPS):
        step = inverse @ (np.asarray(design.T @ (converted - logistic(design @ effects))) - ridge * effects)
        effects = effects + step
        if np.abs(step).max() < NEAR:
            break
    return np.asarray(effects)


def part_of(numbers: np.ndarray) -> np.ndarray:
    """一部分 the places of about MANY rows, drawn by their numbers so that equal ones stay together; all, where they are not more."""
    if len(numbers) <= MANY:
        return np.arange(len(numbers))
    drawn = (numbers.astype(np.uint64) * np.uint64(2_654_435_761)) % np.uint64(1 << 32)
    return np.flatnonzero(drawn < np.uint64(int(MANY / len(numbers) * (1 << 32))))


def one_hot(classes: Sequence[np.ndarray]) -> tuple[sparse.csr_matrix, tuple[int, ...]]:
    """设计阵 a row for each enquiry: a one for its class of every column, and one at the end; and where each column starts."""
    from scipy import sparse

    widths = [int(codes.max(initial=0)) + 1 for codes in classes]
    shifts = np.cumsum([0, *widths])
    rows = len(classes[0]) if classes else 0
    places = np.column_stack(
        [*(codes + shift for codes, shift in zip(classes, shifts, strict=False)), np.full(rows, shifts[-1])]
    )
    ends = np.arange(0, places.size + 1, places.shape[1])
    design = sparse.csr_matrix((np.ones(places.size), places.ravel(), ends), shape=(rows, int(shifts[-1]) + 1))
    return design, tuple(int(shift) for shift in shifts)


def logistic(log_odds: np.ndarray) -> np.ndarray:
    """概率 of log-odds."""
    from scipy.special import expit

    return np.asarray(expit(log_odds))


def spread(weights: np.ndarray, buyers: np.ndarray) -> float:
    """标准误 of a figure by the weights of its enquiries; `buyers` are numbers from 0, enquiries of one are one draw."""
    together = np.bincount(buyers, weights=weights)
    return float(np.sqrt(np.sum(together * together)))


def numbered(column: pa.ChunkedArray) -> np.ndarray:
    """编号 of the values of a column without nulls: equal ones have equal numbers from 0."""
    return np.asarray(column.combine_chunks().dictionary_encode().indices.to_numpy())
