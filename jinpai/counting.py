"""计数 counting: the parts of the chosen metrics at a grain, from `daily` where it holds them, else from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from jinpai.daily import is_kept, is_prepared, named_parts
from jinpai.metrics.definition import Metric, Part
from jinpai.metrics.parts import Grain, added_up, daily_sql, seconds_sql, with_profiles
from jinpai.metrics.values import Counts
from jinpai.period import Days, Window, add_days

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.engine import Engine, Value
    from jinpai.workspace import Settings

Key = tuple[Any, ...]
Chosen = Sequence[tuple[Metric, Window | None]]


@dataclass(frozen=True, slots=True)
class Period:
    """时段 shop days from `start` to before `end`, yyyymmdd."""

    start: int
    end: int


@dataclass(slots=True)
class Counted:
    """计数结果 parts by row key; the same over all agents; metrics with a trailing period of their own; and
    the metrics whose table was never imported."""

    rows: dict[Key, Counts] = field(default_factory=dict)
    whole: dict[Key, Counts] = field(default_factory=dict)
    trailing: dict[Key, Counts] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def at(self, metric: Metric, grain: Grain, key: Key) -> tuple[Counts, Counts]:
        """一行 the parts of one row for a metric, and those of the same row over all agents."""
        if _is_trailing(metric, grain):
            return self.trailing.get(key, Counts()), Counts()
        without = key[1:] if "agent" in grain.dimensions else key
        return self.rows.get(key, Counts()), self.whole.get(without, Counts())


def count(
    engine: Engine,
    settings: Settings,
    values: Mapping[str, Value],
    *,
    grain: Grain,
    period: Period,
    chosen: Chosen,
    daily: bool,
) -> Counted:
    """计数 every part of the chosen metrics over a period at a grain.

    `daily` allows the prepared sums, which hold the shop's own rule and standard windows only.
    """
    found = Counted()
    if engine.rows("select count(*) as n from evaluation")[0]["n"] == 0:
        found.unknown = {metric.name for metric, _ in chosen if metric.family == "satisfaction"}
    not_kept = {metric.name for metric, _ in chosen if not is_kept(settings, metric.numerator.source)}
    found.unknown |= not_kept
    chosen = [(metric, window) for metric, window in chosen if metric.name not in not_kept]
    plain = [(m, w) for m, w in chosen if not _is_trailing(m, grain)]
    counted = partial(_counts, engine, settings, values, daily=daily)
    found.rows = counted(grain=grain, period=period, chosen=plain)
    shares = [(m, w) for m, w in chosen if m.over_shop]
    if shares:
        without = Grain(tuple(one for one in grain.dimensions if one != "agent"), grain.days)
        found.whole = counted(grain=without, period=period, chosen=shares)
    for days in {m.days for m, _ in chosen if m.days is not None and _is_trailing(m, grain)}:
        trailing = [(m, w) for m, w in chosen if m.days == days]
        first = add_days(period.start if grain.days else period.end, -(days - 1) if grain.days else -days)
        counts = counted(grain=grain, period=Period(first, period.end), chosen=trailing)
        found.trailing |= _rolled(counts, days, period) if grain.days else counts
    return found


def _is_trailing(metric: Metric, grain: Grain) -> bool:
    """A metric over so many days up to the end of the period, or up to each day where days are told apart."""
    return metric.days is not None and grain.days in ((), ("day",))


def _rolled(counts: Mapping[Key, Counts], days: int, period: Period) -> dict[Key, Counts]:
    """For each day of the period, the sums of the `days` days that end with it; the day is a key's last part."""
    found: dict[Key, Counts] = {}
    for key, counted in counts.items():
        for day in Days(key[-1], add_days(key[-1], days)):
            if not period.start <= day < period.end:
                continue
            sums = found.setdefault((*key[:-1], day), Counts()).sums
            for part, number in counted.sums.items():
                sums[part] = sums.get(part, 0) + number
    return found


def _counts(
    engine: Engine,
    settings: Settings,
    values: Mapping[str, Value],
    *,
    grain: Grain,
    period: Period,
    chosen: Chosen,
    daily: bool,
) -> dict[Key, Counts]:
    written: dict[Part, list[Part]] = {}
    for metric, window in chosen:
        for part in metric.parts(window):
            asked_as = written.setdefault(with_profiles(part, settings), [])
            if part not in asked_as:
                asked_as.append(part)
    asked = dict(values) | {"from": period.start, "to": period.end}
    names = named_parts(settings) if daily else {}
    prepared = {names[part]: part for part in written if part in names and is_prepared(part, grain.dimensions)}
    rows: dict[Key, Counts] = {}
    for key, part, number in _from_daily(engine, asked, grain, prepared):
        _add(rows, key, written[part], part, number)
    others = [part for part in written if part not in prepared.values()]
    for key, part, n in _from_tables(engine, asked, grain, [part for part in others if part.how != "seconds"]):
        _add(rows, key, written[part], part, (None, n, None))
    for part in (part for part in others if part.how == "seconds"):
        for key, histogram in _histograms(engine, asked, grain, part).items():
            rows.setdefault(key, Counts()).seconds |= dict.fromkeys(written[part], histogram)
    return rows


Number = tuple[int | None, int, int | None]
"""second (of a histogram), how many, their milliseconds together."""


def _add(rows: dict[Key, Counts], key: Key, asked_as: Iterable[Part], part: Part, number: Number) -> None:
    counts = rows.get(key)
    if counts is None:
        counts = rows[key] = Counts()
    second, n, ms = number
    for name in asked_as:
        if part.how == "seconds":
            counts.seconds.setdefault(name, {})[second or 0] = (n, ms or 0)
        else:
            counts.sums[name] = n


def _from_daily(
    engine: Engine, asked: Mapping[str, Value], grain: Grain, names: Mapping[str, Part]
) -> Iterable[tuple[Key, Part, Number]]:
    if not names:
        return
    keys = [*(f"d.{one}" for one in grain.dimensions), *(f"c.{one}" for one in grain.days)]
    told = ", ".join([*keys, "d.part", "d.second"])
    sql = (
        f"select {told}, cast(sum(d.n) as bigint) as n, cast(sum(d.ms) as bigint) as ms from daily as d "
        "inner join calendar as c on c.day = d.day "
        f"where d.scope = $scope and d.day >= $from and d.day < $to and d.part = any($parts) group by {told}"
    )
    found = engine.arrow(sql, dict(asked) | {"scope": ",".join(grain.dimensions), "parts": list(names)})
    for *key, part, second, n, ms in _rows(found, *grain.columns, "part", "second", "n", "ms"):
        if n or ms:  # layers may take off what others put in
            yield tuple(key), names[part], (second, n, ms)


def _from_tables(
    engine: Engine, asked: Mapping[str, Value], grain: Grain, parts: Sequence[Part]
) -> Iterable[tuple[Key, Part, int]]:
    for source, how in sorted({(part.source, part.how) for part in parts}):
        here = [part for part in parts if (part.source, part.how) == (source, how)]
        inner = daily_sql(source, [part.expression for part in here], grain.dimensions)
        sql = added_up(inner, [f"p{number}" for number in range(len(here))], how, grain)
        for row in engine.rows(sql, asked):
            for number, part in enumerate(here):
                yield tuple(row[one] for one in grain.columns), part, row[f"p{number}"] or 0


def _histograms(
    engine: Engine, asked: Mapping[str, Value], grain: Grain, part: Part
) -> dict[Key, dict[int, tuple[int, int]]]:
    found = engine.arrow(seconds_sql(part.source, part.expression, grain), asked)
    histograms: dict[Key, dict[int, tuple[int, int]]] = {}
    for *key, second, n, ms in _rows(found, *grain.columns, "second", "n", "ms"):
        histograms.setdefault(tuple(key), {})[second] = (n, ms)
    return histograms


def _rows(found: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    """The rows of some columns; a histogram by agent has a hundred thousand, so no dictionary for each."""
    return zip(*(found[name].to_pylist() for name in names), strict=True)
