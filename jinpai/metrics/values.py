"""取值 values: from added-up parts to a figure: a ratio of sums, a percentile, a peak, an amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt

from jinpai.metrics.definition import Metric, Part
from jinpai.money import format_fen

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


@dataclass(slots=True)
class Counts:
    """分项值 the parts of one row: sums and peaks, and histograms second -> (how many, their milliseconds)."""

    sums: dict[Part, int] = field(default_factory=dict)
    seconds: dict[Part, dict[int, tuple[int, int]]] = field(default_factory=dict)


def wilson(numerator: int, denominator: int) -> tuple[float, float] | None:
    """区间 the 95 % interval of a proportion; none without trials. Source: Wilson, JASA 22 (1927) 209–212."""
    if denominator <= 0 or not 0 <= numerator <= denominator:
        return None
    share, z2 = numerator / denominator, Z95 * Z95
    middle = (share + z2 / (2 * denominator)) / (1 + z2 / denominator)
    half = Z95 * sqrt(share * (1 - share) / denominator + z2 / (4 * denominator**2)) / (1 + z2 / denominator)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float] | None:
    """差的区间 the 95 % interval of a difference of two proportions, each as (numerator, denominator); none without trials.

    Source: Newcombe's hybrid score interval, Statistics in Medicine 17 (1998) 873–890, method 10.
    """
    one, other = wilson(*first), wilson(*second)
    if one is None or other is None:
        return None
    share, beside = first[0] / first[1], second[0] / second[1]
    difference = share - beside
    least = difference - sqrt((share - one[0]) ** 2 + (other[1] - beside) ** 2)
    return least, difference + sqrt((one[1] - share) ** 2 + (beside - other[0]) ** 2)


def nearest_rank(histogram: Mapping[int, tuple[int, int]], share: float) -> int | None:
    """百分位 the nearest-rank percentile of whole seconds; none of nothing."""
    total = sum(count for count, _ in histogram.values())
    rank, seen = max(1, ceil(share * total)), 0
    for second in sorted(histogram):
        seen += histogram[second][0]
        if seen >= rank:
            return second
    return None


def value(metric: Metric, parts: Sequence[Part], counts: Counts, shop: Counts) -> tuple[object, list[object] | None]:
    """取值 the figure as it stands in a report's row, and what it is a ratio of (numerator, denominator,
    low, high), or None. `parts` are the metric's for the window asked; `shop` holds the same row's parts over all
    agents. Unknown and not yet are None."""
    if metric.kind == "distribution":
        return nearest_rank(counts.seconds.get(parts[0], {}), int(metric.statistic[1:]) / 100), None
    top = counts.sums.get(parts[0])
    if metric.kind == "peak":
        return top or 0, None
    if metric.kind == "amount":
        less = counts.sums.get(parts[1], 0) if metric.minus else 0
        whole = (top or 0) - less
        return (format_fen(whole) if metric.unit == "yuan" else whole), None
    return _ratio(metric, top or 0, (shop if metric.over_shop else counts).sums.get(parts[1]) or 0)


def _ratio(metric: Metric, top: int, bottom: int) -> tuple[object, list[object]]:
    money = metric.numerator.source in ("sale", "assisted", "refund") and "amount" in metric.numerator.expression
    both_money = money and metric.denominator is not None and "sum(amount)" in metric.denominator.expression
    shown: list[object] = [format_fen(top) if money else top, format_fen(bottom) if both_money else bottom]
    if bottom == 0:
        return None, [*shown, None, None]
    if metric.unit == "yuan":
        # half up to the fen, as money is rounded on a bill
        return format_fen((2 * top + bottom) // (2 * bottom)), [*shown, None, None]
    if metric.unit == "seconds":
        return round(top / bottom / 1000, 6), [round(top / 1000, 3), bottom, None, None]
    if metric.unit == "points":
        # scores are thousandths of a full mark of 100
        return round(top / bottom / 10, 6), [round(top / 10, 1), bottom, None, None]
    times = 1000 if metric.unit == "per_1000" else 1
    interval = None if money or metric.unit not in ("rate", "per_1000") else wilson(top, bottom)
    low, high = (end * times for end in interval) if interval else (None, None)
    return round(times * top / bottom, 6), [*shown, _round(low), _round(high)]


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
