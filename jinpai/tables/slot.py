"""时段 slot: five-minute slots that carry shop day, hour and working time, so that no SQL knows zones.

Joined by `instant // 300000`: an equality, which every engine does fast. Zones differ from UTC by
multiples of five minutes, and settings accept clock times on five minutes only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.period import add_days, instant_at, to_moment

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace.settings import Settings

READS = ("calendar",)
WHOLE = True
SLOT_MS = 300_000


def make(engine: Engine, settings: Settings) -> pa.Table:
    """时段 one row a slot of the calendar: its start (ms UTC), day, local hour and minute of the day,
    whether the shop is open, and the working milliseconds before it."""
    days = engine.rows("select day, starts_at, ends_at from calendar order by day")
    if not days:
        return pa.table({name: pa.array([], kind) for name, kind in KINDS})
    starts = np.arange(days[0]["starts_at"] // SLOT_MS, -(-days[-1]["ends_at"] // SLOT_MS), dtype=np.int64)
    at = starts * SLOT_MS
    index = np.searchsorted(np.array([day["starts_at"] for day in days]), at, side="right") - 1
    minute = _minutes(at, settings)
    is_open = _open(at, settings, [day["day"] for day in days])
    before = np.concatenate(([0], np.cumsum(is_open[:-1]) * SLOT_MS))
    columns = {
        "slot": starts, "starts_at": at, "day": np.array([day["day"] for day in days])[np.maximum(index, 0)],
        "hour": minute // 60, "minute": minute, "has_hours": np.full(len(at), settings.hours is not None),
        "is_open": is_open, "worked_before": before,
    }  # fmt: skip
    return pa.table({name: pa.array(columns[name], kind) for name, kind in KINDS})


KINDS = (
    ("slot", pa.int64()), ("starts_at", pa.int64()), ("day", pa.int64()), ("hour", pa.int64()), ("minute", pa.int64()),
    ("has_hours", pa.bool_()), ("is_open", pa.bool_()), ("worked_before", pa.int64()),
)  # fmt: skip


def _minutes(at: np.ndarray, settings: Settings) -> np.ndarray:
    """Minutes on the shop's wall clock; the zone's offset is looked up once an hour."""
    hours = at // 3_600_000
    known, where = np.unique(hours, return_inverse=True)
    quarter = {}
    for hour in known.tolist():
        offset = to_moment(hour * 3_600_000, settings.zone).utcoffset()
        quarter[hour] = int(offset.total_seconds()) // 60 if offset else 0
    shift = np.array([quarter[hour] for hour in known.tolist()], dtype=np.int64)[where]
    return (at // 60_000 + shift) % 1440


def _open(at: np.ndarray, settings: Settings, days: list[int]) -> np.ndarray:
    """Which slots lie in the opening hours; without hours the shop has no closed time to speak of."""
    is_open = np.zeros(len(at), dtype=np.int64)
    if settings.hours is None:
        return is_open
    for day in [*days, add_days(days[-1], 1)]:
        for opens, closes in settings.hours.spans_on(day):
            bounds = [instant_at(day, opens, settings.zone), instant_at(day, closes, settings.zone)]
            low, high = np.searchsorted(at, bounds, side="left")
            is_open[low:high] = 1
    return is_open
