"""均值 averages: the row of the agents together that sheets have above the shop's.

Counts and amounts are means over the agents of whom they are known; ratios are ratios of the agents' sums, never means
of ratios; a mean time is weighted by what it is a mean of. What cannot be had from the rows is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jinpai.metrics import choose
from jinpai.metrics.definition import Metric
from jinpai.metrics.values import wilson
from jinpai.period import Window

Row = Mapping[str, Any]
FEN, TENTH = Decimal("0.01"), Decimal("0.1")
WEIGHTS = ("rounds", "rounds_unanswered", "rounds_within_3min_business")
"""Counts that a report needs beside a mean response time, so that the agents' can be put together."""


def averages(rows: Sequence[Row], names: Iterable[str]) -> dict[str, Any]:
    """均值行 of the named columns of a report's rows by agent, with `of` for rates; None of an unknown column."""
    found: dict[str, Any] = {}
    of: dict[str, list[object]] = {}
    for name in names:
        [(metric, _)] = choose([name], Window.parse("same_day"))
        if metric.kind == "ratio":
            found[name], of[name] = _ratio(metric, [row["of"][name] for row in rows if name in row["of"]])
        elif metric.kind == "distribution":
            found[name] = _weighted(metric, name, rows)
        else:
            found[name] = _mean(metric, [row[name] for row in rows if row.get(name) is not None])
    return found | {"of": of}


def _ratio(metric: Metric, parts: Sequence[Sequence[Any]]) -> tuple[object, list[object]]:
    top, bottom = (sum((Decimal(str(part[at])) for part in parts), Decimal()) for at in (0, 1))
    shown = [_as_given(one, [part[at] for part in parts]) for at, one in enumerate((top, bottom))]
    if bottom == 0:
        return None, [*shown, None, None]
    if metric.unit == "yuan":
        return str((top / bottom).quantize(FEN, ROUND_HALF_UP)), [*shown, None, None]
    times = 1000 if metric.unit == "per_1000" else 1
    counted = metric.unit in ("rate", "per_1000") and all(isinstance(one, int) for one in shown)
    interval = wilson(int(top), int(bottom)) if counted and not metric.over_shop else None
    ends = [round(end * times, 6) for end in interval] if interval else [None, None]
    return round(float(times * top / bottom), 6), [*shown, *ends]


def _as_given(whole: Decimal, parts: Sequence[Any]) -> object:
    """The sum as its parts were: money as text, counts as integers."""
    if any(isinstance(part, str) for part in parts):
        return str(whole.quantize(FEN))
    return float(whole) if any(isinstance(part, float) for part in parts) else int(whole)


def _mean(metric: Metric, values: Sequence[Any]) -> object:
    if not values:
        return None
    mean = sum((Decimal(str(value)) for value in values), Decimal()) / len(values)
    return str(mean.quantize(FEN, ROUND_HALF_UP)) if metric.unit == "yuan" else mean.quantize(TENTH, ROUND_HALF_UP)


def _weighted(metric: Metric, name: str, rows: Sequence[Row]) -> float | None:
    """A mean time by how many each agent answered; percentiles cannot be put together."""
    known = [row for row in rows if row.get(name) is not None]
    weights = [_answered(name, row) for row in known]
    whole = sum(one for one in weights if one is not None)
    if metric.statistic != "mean" or None in weights or not whole:
        return None
    seconds = sum(float(row[name]) * one for row, one in zip(known, weights, strict=True) if one)
    return round(seconds / whole, 6)


def _answered(name: str, row: Row) -> int | None:
    if name.startswith("first_response_seconds"):
        parts = row["of"].get(name.replace("_seconds", "_within_15s"))
        return int(parts[1]) if parts else None
    if row.get("rounds") is None or row.get("rounds_unanswered") is None:
        return None
    # by the clock of the opening hours the same rounds count, where there are hours on every day
    timed = (row["of"].get(WEIGHTS[2]) or (0, 0))[1]
    if name == "response_seconds" or (name == "response_seconds_business" and timed == row["rounds"]):
        return int(row["rounds"]) - int(row["rounds_unanswered"])
    return None
