"""走势 drift: which weeks lie apart from the rest beyond chance, where the level changed, what promotions and holidays did.

A week is held against what its enquiries would have brought at the shop's own level: products, prices, promotions, weekdays,
hours, load and agents are taken out first. Weeks of a real shop differ a little more than chance allows; how much
is read from one week to the next (Laney's p′ chart, Quality Engineering 14 (2002) 531–537, with the median of the moving ranges,
so that a single odd week does not hide itself). A week or a change counts only where it holds against all weeks looked at
together (Holm, Scandinavian Journal of Statistics 6 (1979) 65–70, at 5 %). Levels are cut by PELT (Killick and others, JASA
107 (2012) 1590–1598) over days, with a price a cut that chance seldom pays.

Rates are shares of 1, a week is the ISO week of shop days. Source: the diagnosis contract, §1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jinpai.diagnosis.coding import coded
from jinpai.diagnosis.outcome import Estimate, Outcome, fit, logistic, numbered, spread
from jinpai.diagnosis.together import beyond

if TYPE_CHECKING:
    import pyarrow as pa

MEDIAN_RANGE = 0.9539
"""The median of the range of two draws from one normal distribution, in standard deviations."""
LEAST_WEEK = 30
"""A week with fewer enquiries is shown and not judged."""
EXPECTED = 10
"""So many weeks that differ by chance alone are taken as seen before any."""
LEAST_DAYS = 14
PRICE = 10.0
"""What a change of level must save in squared standard deviations of days; see docs/proof.md for how often chance pays it."""


@dataclass(frozen=True, slots=True)
class Week:
    """一周 one week: as counted, and its difference from what its enquiries would have brought at the shop's level.

    `verdict`: "below", "above", "inside" or "too_few"; `change` is "down" or "up" where it differs from the week before
    beyond chance.
    """

    week: str
    enquiries: int
    paid: int
    difference: Estimate
    verdict: str
    change: str | None


@dataclass(frozen=True, slots=True)
class Level:
    """水平 a stretch of days [first, last] with one level; `difference` is from the mean of all days."""

    first: int
    last: int
    enquiries: int
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Mark:
    """活动和节假日 what enquiries on such days converted more or less than they would have on plain days."""

    name: str
    kind: str
    enquiries: int
    effect: Estimate


@dataclass(frozen=True, slots=True)
class Drift:
    """走势 weeks in order, levels in order (one: nothing changed), marks; `dispersion` is how many times chance weeks differ."""

    weeks: list[Week]
    levels: list[Level]
    marks: list[Mark]
    dispersion: float


def drift(rows: pa.Table) -> Drift:
    """走势 of a sample in order of time; empty where nobody converted, or everybody."""
    import pyarrow.compute as pc

    converted = rows["converted"].to_numpy(zero_copy_only=False).astype(float)
    if not 0 < converted.sum() < len(converted):
        return Drift([], [], [], 1.0)
    classes = coded(rows, without=("week",))
    agents = numbered(pc.fill_null(rows["agent"], ""))
    model = fit([*classes.of("mix", "load"), agents], converted)
    weeks, dispersion = _weeks(rows, model)
    return Drift(weeks, _levels(rows, model, dispersion), _marks(rows, model, [one.name for one in classes.classes if one.block in ("mix", "load")]), dispersion)  # fmt: skip


def _weeks(rows: pa.Table, model: Outcome) -> tuple[list[Week], float]:
    names, of = np.unique(rows["week"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    count, paid = np.bincount(of), np.bincount(of, model.converted)
    surprise, variance = np.bincount(of, model.surprise), np.bincount(of, model.slope)
    # all weeks together have no surprise, so one differs from the rest by a little less than by itself
    scale = np.sqrt(variance * (1 - variance / variance.sum())) if len(names) > 1 else np.sqrt(variance)
    judged = (count >= LEAST_WEEK) & (scale > 0)
    score = np.divide(surprise, scale, out=np.zeros(len(names)), where=scale > 0)
    dispersion = _dispersion(score[judged])
    apart = beyond(score[judged] / dispersion)
    change = np.zeros(len(names))
    at = np.flatnonzero(judged)
    mean, error = surprise / count, np.sqrt(variance) / count
    step = (mean[at[1:]] - mean[at[:-1]]) / (dispersion * np.hypot(error[at[1:]], error[at[:-1]]))
    change[at[1:]] = np.where(beyond(step), np.sign(step), 0)
    side = dict(zip(at.tolist(), np.where(apart, np.sign(score[judged]), 0).tolist(), strict=True))
    told = {-1.0: "below", 1.0: "above", 0.0: "inside"}
    return [
        Week(
            str(name), int(count[number]), int(paid[number]), Estimate(float(mean[number]), float(dispersion * scale[number] / count[number])),
            told[side[number]] if number in side else "too_few", {-1.0: "down", 1.0: "up"}.get(float(change[number])),
        )
        for number, name in enumerate(names)
    ], dispersion  # fmt: skip


def _dispersion(score: np.ndarray) -> float:
    """How many times as much weeks differ as chance alone would make them; at least once."""
    if len(score) < 4:
        return 1.0
    ranges = float(np.median(np.abs(np.diff(score)))) / MEDIAN_RANGE
    # few weeks tell little of how weeks differ: they stand beside as many that differ by chance alone
    return max(1.0, float(np.sqrt((EXPECTED + len(score) * ranges**2) / (EXPECTED + len(score)))))


def _levels(rows: pa.Table, model: Outcome, dispersion: float) -> list[Level]:
    """Stretches of days between which the level changed."""
    import ruptures

    days, of = np.unique(rows["day"].to_numpy(), return_inverse=True)
    count = np.bincount(of)
    surprise, variance = np.bincount(of, model.surprise), np.bincount(of, model.slope)
    cuts = [len(days)]
    if len(days) >= LEAST_DAYS:
        # days of unequal size: each is worth as many equal steps as it has variance, so that a step has unit variance
        score = surprise / np.sqrt(np.maximum(variance, 1e-9)) / dispersion
        cuts = ruptures.Pelt(model="l2", min_size=7, jump=1).fit(score[:, None]).predict(pen=PRICE)
    found = []
    for first, end in zip([0, *cuts[:-1]], cuts, strict=True):
        total = int(count[first:end].sum())
        part = variance[first:end].sum()
        error = dispersion * np.sqrt(part * (1 - part / variance.sum())) / total
        found.append(
            Level(
                int(days[first]),
                int(days[end - 1]),
                total,
                Estimate(float(surprise[first:end].sum() / total), float(error)),
            )
        )
    return found


def _marks(rows: pa.Table, model: Outcome, names: list[str]) -> list[Mark]:
    """Promotions and holidays with enough enquiries, beside the same enquiries on plain days."""
    found = []
    buyers = numbered(rows["buyer_key"])
    for kind, source in (("promotion", "promotion"), ("holiday", "is_holiday")):
        if kind not in names:
            continue
        said = rows[source].to_pylist()
        plain = np.array([not one for one in said])
        column = names.index(kind)
        own = np.asarray(model.design[:, model.starts[column] : model.starts[column + 1]].argmax(axis=1)).ravel()
        none = np.full(len(plain), own[plain][0])
        for name in sorted({str(one) for one in said if one}):
            there = np.array([bool(one) and str(one) == name for one in said])
            if there.sum() >= LEAST_WEEK:
                found.append(
                    Mark(
                        name if kind == "promotion" else "",
                        kind,
                        int(there.sum()),
                        _contrast(model, column, none, there, buyers),
                    )
                )
    return found


def _contrast(model: Outcome, column: int, classes: np.ndarray, there: np.ndarray, buyers: np.ndarray) -> Estimate:
    """Over the rows that are `there`: their chance less what it would be with these classes of the column."""
    share = there / there.sum()
    chance = logistic(model.log_odds_with(column, classes))
    gradient = np.asarray(model.design.T @ (share * model.slope)) - model.gradient_with(
        column, classes, share * chance * (1 - chance)
    )
    return Estimate(float(share @ (model.chance - chance)), spread(model.weights(gradient), buyers))
