"""店铺时钟 the shop's clock: shop days, clock hours, window ends and working time. Contract §1, §3, §5."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def minutes(clock: str | int) -> int:
    """A time like 09:30 as minutes after midnight; an int is that already."""
    if isinstance(clock, int):
        return clock
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


class Clock:
    """One shop's zone, start of the day, and hours."""

    def __init__(self, settings: Any) -> None:
        self.zone = ZoneInfo(settings.time_zone)
        self.day_start = minutes(settings.day_start)
        self.hours = settings.hours
        self._days: dict[int, int] = {}
        self._open: dict[date, list[tuple[int, int]]] = {}

    def local(self, instant: int) -> datetime:
        """The wall clock at an instant (whole seconds)."""
        return datetime.fromtimestamp(instant // 1000, self.zone)

    def day(self, instant: int) -> int:
        """The shop day, yyyymmdd, that an instant belongs to."""
        second = instant // 1000
        if second not in self._days:
            moment = self.local(instant)
            when = moment.date()
            if moment.hour * 60 + moment.minute < self.day_start:
                when -= timedelta(days=1)
            self._days[second] = number(when)
        return self._days[second]

    def hour(self, instant: int) -> int:
        """The hour that the wall clock shows."""
        return self.local(instant).hour

    def minute(self, instant: int) -> int:
        """Minutes after midnight that the wall clock shows."""
        moment = self.local(instant)
        return moment.hour * 60 + moment.minute

    def at(self, when: date, minute: int) -> int:
        """The instant at `minute` minutes after midnight of a calendar day."""
        when += timedelta(days=minute // 1440)
        minute %= 1440
        moment = datetime(when.year, when.month, when.day, minute // 60, minute % 60, tzinfo=self.zone)
        return int(moment.timestamp()) * 1000

    def end_of(self, day: int, more: int = 0) -> int:
        """The instant at which the shop day `more` days after `day` ends."""
        return self.at(calendar(day) + timedelta(days=1 + more), self.day_start)

    def window_end(self, window: str, day: int, t0: int) -> int:
        """End of a window: same_day and next_day by shop days, <N>h and <N>d from t0."""
        if window == "same_day":
            return self.end_of(day)
        if window == "next_day":
            return self.end_of(day, 1)
        span = HOUR if window.endswith("h") else DAY
        return t0 + int(window[:-1]) * span

    # ---- working time ----

    def has_hours(self) -> bool:
        """Whether the shop has set its hours at all."""
        return self.hours is not None

    def intervals(self, when: date) -> list[tuple[int, int]]:
        """The stretches [from, to) that open on a calendar day; one may run past midnight."""
        if when not in self._open:
            self._open[when] = [
                (self.at(when, opens), self.at(when, closes)) for opens, closes in spans(self.hours, when)
            ]
        return self._open[when]

    def working(self, start: int, end: int) -> int:
        """Working milliseconds in [start, end); where two stretches overlap, time counts once."""
        total, counted_to = 0, start
        when = self.local(start).date() - timedelta(days=1)
        while when <= self.local(end).date():
            for opens, closes in self.intervals(when):
                first, last = max(opens, counted_to), min(closes, end)
                if last > first:
                    total += last - first
                    counted_to = last
            when += timedelta(days=1)
        return total

    def is_open(self, instant: int) -> bool:
        """Whether the shop is at work at an instant."""
        when = self.local(instant).date()
        stretches = self.intervals(when - timedelta(days=1)) + self.intervals(when)
        return any(opens <= instant < closes for opens, closes in stretches)


def spans(hours: Any, when: date) -> list[tuple[int, int]]:
    """Stretches that open on a calendar day, in minutes; a dated exception takes the place of the week's."""
    for exception in hours.exceptions:
        if exception.days.start <= number(when) < exception.days.end:
            return sorted(exception.spans)
    return sorted(hours.weekly[when.weekday()])


def number(when: date) -> int:
    """A date as yyyymmdd."""
    return when.year * 10_000 + when.month * 100 + when.day


def calendar(day: int) -> date:
    """yyyymmdd as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)
