"""均值 averages: the row of the agents together that sheets have above the shop's.

Counts and amounts are means over the agents of whom they are known; ratios are ratios of the agents' sums, never means
of ratios. Percentiles cannot be put together: None.
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


def averages(rows: Sequence[Row], names: Iterable[str]) -> dict[str, Any]:
    """均值行 of the named columns of a report's rows by agent, with `of` for rates; None of an unknown column."""
    found: dict[str, Any] = {}
    of: dict[str, list[object]] = {}
    for name in names:
        [(metric, _)] = choose([name], Window.parse("same_day"))
        if metric.kind == "ratio":
            found[name], of[name] = _ratio(metric, [row["of"][name] for row in rows if name in row["of"]])
        elif metric.kind == "distribution":
            found[name] = None
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
