"""保留期 retention: before which instant a shop's rows, or the words in them, are out of keeping.

Whole shop days go, so that no day is left with half its rows. Source: PIPL art. 19; docs/decisions/007-retention.md.
"""

from __future__ import annotations

import re
import time
from datetime import date

from jinpai.erasure import Request
from jinpai.errors import WrongUse
from jinpai.period import add_days, day_bounds, day_of, to_date, to_day
from jinpai.workspace import Settings

_SPAN = re.compile(r"([1-9][0-9]{0,4})\s*([dy]|天|年)")


def first_kept(settings: Settings, span: str, now: int | None = None) -> int:
    """留下的第一天 the shop day (yyyymmdd) that lies `span` ("730d", "2y", "730天", "2年") before today; else WrongUse.

    A year back is the same date of the year before (28 February for the 29th). `now` is ms UTC.
    """
    found = _SPAN.fullmatch(span.strip())
    if found is None:
        raise WrongUse(
            f"--older-than {span} 看不懂。请写成 730d（天）或 2y（年）这样。",
            f"--older-than {span} is not a time. Write it like 730d (days) or 2y (years).",
        )
    count, unit = int(found[1]), found[2]
    today = day_of(time.time_ns() // 1_000_000 if now is None else now, settings.zone, settings.day_start_minutes)
    if unit in ("d", "天"):
        return _floored(today, count)
    there = to_date(today)
    if there.year - count < 1:
        return to_day(date(1, 1, 1))
    is_leap_day = (there.month, there.day) == (2, 29)
    return to_day(there.replace(year=there.year - count, day=28 if is_leap_day else there.day))


def _floored(today: int, count: int) -> int:
    return add_days(today, -min(count, to_date(today).toordinal() - 1))


def start_of(settings: Settings, day: int) -> int:
    """当天零点 the instant (ms UTC) at which a shop day starts."""
    return day_bounds(day, settings.zone, settings.day_start_minutes)[0]


def expired(settings: Settings, now: int | None = None) -> list[tuple[int, Request]]:
    """到期的 (first day kept, request) for what the shop's settings keep no longer; none when they keep all for ever.

    Words of rows that go as a whole are not asked for once more.
    """
    found: list[tuple[int, Request]] = []
    if settings.retention_days:
        day = first_kept(settings, f"{settings.retention_days}d", now)
        found.append((day, Request(settings.shop, rows_before=start_of(settings, day))))
    if settings.text_retention_days:
        day = first_kept(settings, f"{settings.text_retention_days}d", now)
        found.append((day, Request(settings.shop, words_before=start_of(settings, day))))
    return found
