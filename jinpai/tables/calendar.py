"""日历 calendar: the shop days around every instant in the data, with their bounds, week and marks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from jinpai.period import add_days, day_bounds, day_of, to_date

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace.settings import Settings

READS = ("instants",)
WHOLE = True


def make(engine: Engine, settings: Settings) -> pa.Table:
    """日历 one row a shop day, from the day before the first instant to two days after the last.

    Bounds are instants in ms UTC, half-open; weekday 1 is Monday; week is the ISO week; holiday
    and promotion are names or null.
    """
    span = engine.rows("select min(first_at) as first_at, max(last_at) as last_at from instants")[0]
    starts = settings.day_start_minutes
    if span["first_at"] is None:
        return pa.Table.from_pylist([], schema=SCHEMA)
    first = add_days(day_of(span["first_at"], settings.zone, starts), -1)
    last = add_days(day_of(span["last_at"], settings.zone, starts), 2)
    return pa.Table.from_pylist(_days(settings, first, last, starts), schema=SCHEMA)


SCHEMA = pa.schema([
    ("shop", pa.string()), ("day", pa.int64()), ("number", pa.int64()), ("starts_at", pa.int64()), ("ends_at", pa.int64()),
    ("next_ends_at", pa.int64()), ("weekday", pa.int64()), ("week", pa.string()), ("holiday", pa.string()), ("promotion", pa.string()),
])  # fmt: skip


def _days(settings: Settings, first: int, last: int, starts: int) -> list[dict[str, object]]:
    holidays = _holidays(settings.holidays, to_date(first).year, to_date(last).year)
    rows: list[dict[str, object]] = []
    day = first
    while day <= last:
        opens, closes = day_bounds(day, settings.zone, starts)
        on = to_date(day)
        year, week, weekday = on.isocalendar()
        rows.append({
            "shop": settings.shop, "day": day, "number": on.toordinal(), "starts_at": opens, "ends_at": closes,
            "next_ends_at": day_bounds(add_days(day, 1), settings.zone, starts)[1], "weekday": weekday,
            "week": f"{year}-W{week:02d}", "holiday": holidays.get(on),
            "promotion": "、".join(p.name for p in settings.promotions if p.start <= day < p.end) or None,
        })  # fmt: skip
        day = add_days(day, 1)
    return rows


def _holidays(country: str, first: int, last: int) -> dict[date, str]:
    """Public holidays by date; an unknown or empty country has none."""
    if country in ("", "none"):
        return {}
    import holidays

    known = holidays.country_holidays(
        country, years=range(first, last + 1), language="zh_CN" if country == "CN" else None
    )
    return dict(known.items())
