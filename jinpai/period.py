"""时间 period: shop days (int yyyymmdd), half-open ranges, instants (int ms UTC), observation windows.

Source of the windows: the metrics contract, §5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from jinpai.errors import JinpaiError, WrongUse

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LONGEST_WINDOW_DAYS = 365
FIRST_DAY, LAST_DAY = 0, 99_991_231
"""Before and after every day, where nobody named one."""

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})", re.ASCII)
_WINDOW = re.compile(r"([1-9]\d{0,4})([hd])", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


def parse_day(text: str | date | int) -> int:
    """日期 "2025-11-11", "2025/11/11", "20251111" or a date as the int 20251111; not a day: JinpaiError."""
    if isinstance(text, date):
        return to_day(text)
    found = _DAY.fullmatch(str(text).strip())
    try:
        parts = [int(part) for part in found.groups() if part is not None] if found else []
        return to_day(date(*parts))
    except (ValueError, TypeError):
        raise JinpaiError(
            f"日期「{text}」不是一个日子。请写成 2025-11-11 这样。", f"'{text}' is not a day. Write it like 2025-11-11."
        ) from None


def to_day(day: date) -> int:
    """日期→整数 a date as yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day


def to_date(day: int) -> date:
    """整数→日期 yyyymmdd as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def format_day(day: int) -> str:
    """日期 yyyymmdd as "YYYY-MM-DD"."""
    return to_date(day).isoformat()


def add_days(day: int, count: int) -> int:
    """往后数天 the day `count` days after `day` (before, when negative)."""
    return to_day(to_date(day) + timedelta(days=count))


@dataclass(frozen=True, slots=True)
class Days:
    """日期范围 the days from `start` to before `end`, yyyymmdd, half-open."""

    start: int
    end: int

    @classmethod
    def between(cls, first: str | date | int, last: str | date | int) -> Days:
        """从…到… the days from `first` to `last`, both included as people say it; backwards is a JinpaiError."""
        start, final = parse_day(first), parse_day(last)
        if final < start:
            raise JinpaiError(
                f"日期范围反了：{format_day(start)} 在 {format_day(final)} 之后。请把两个日期对调。",
                f"The days are the wrong way round: {format_day(start)} is after {format_day(final)}. Swap them.",
            )
        return cls(start, add_days(final, 1))

    def __iter__(self) -> Iterator[int]:
        day = self.start
        while day < self.end:
            yield day
            day = add_days(day, 1)

    def __len__(self) -> int:
        return max(0, (to_date(self.end) - to_date(self.start)).days)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and self.start <= day < self.end


def days_asked(start: str | None, end: str | None) -> tuple[int, int]:
    """哪些天 first and last day (yyyymmdd), both included, FIRST_DAY and LAST_DAY where none is named.

    One that is no day, or an end before the start, is WrongUse.
    """
    try:
        first, last = (None if one is None else parse_day(one) for one in (start, end))
        if first is not None and last is not None:
            Days.between(first, last)
    except JinpaiError as error:
        raise WrongUse(*error.words) from None
    return first or FIRST_DAY, last or LAST_DAY


def parse_instant(text: str, zone: ZoneInfo) -> int:
    """时刻 ISO 8601 as whole ms UTC; without an offset it is the shop's time, a bare day its midnight.

    Finer than a millisecond is cut off. What is no instant is a JinpaiError.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise JinpaiError(
            f"时刻「{text}」看不懂。请写成 2025-11-11T20:00 或 2025-11-11T20:00+08:00 这样。",
            f"'{text}' is not an instant. Write it like 2025-11-11T20:00 or 2025-11-11T20:00+08:00.",
        ) from None
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def to_ms(moment: datetime) -> int:
    """时刻→毫秒 an aware datetime as whole ms UTC, cut off, exact (no float on the way)."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def to_moment(instant: int, zone: ZoneInfo) -> datetime:
    """毫秒→时刻 whole ms UTC as an aware datetime in `zone`."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(zone)


def format_instant(instant: int, zone: ZoneInfo) -> str:
    """时刻 whole ms UTC as ISO 8601 with the zone's offset; milliseconds only where there are any."""
    return to_moment(instant, zone).isoformat(timespec="milliseconds" if instant % 1000 else "seconds")


def instant_at(day: int, minute: int, zone: ZoneInfo) -> int:
    """某日某分 the instant (ms UTC) at `minute` minutes by the clock after midnight of calendar day `day`.

    Minutes from 1440 on are the next days' clock. A clock time that a change to summer time skips
    is read with the offset before the change; one that comes twice is the first.
    """
    over, inside = divmod(minute, 1440)
    midnight = datetime.combine(to_date(day) + timedelta(days=over), datetime.min.time(), tzinfo=zone)
    return to_ms(midnight.replace(hour=inside // 60, minute=inside % 60))


def day_bounds(day: int, zone: ZoneInfo, day_start: int = 0) -> tuple[int, int]:
    """一天的起止 the half-open instants [start, end) of the shop day that starts `day_start` minutes after midnight."""
    return instant_at(day, day_start, zone), instant_at(add_days(day, 1), day_start, zone)


def day_of(instant: int, zone: ZoneInfo, day_start: int = 0) -> int:
    """属于哪天 the shop day (yyyymmdd) to which an instant belongs."""
    moment = to_moment(instant, zone)
    day = to_day(moment.date())
    return day if instant >= instant_at(day, day_start, zone) else add_days(day, -1)


def parse_clock(text: str, latest: int = 1440) -> int:
    """钟点 "HH:MM" as minutes after midnight, at most `latest`; else JinpaiError."""
    found = _CLOCK.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minutes > latest:
        raise JinpaiError(
            f"钟点「{text}」不对。请写成 09:00 这样，最晚 {format_clock(latest)}。",
            f"'{text}' is not a time of day. Write it like 09:00, at the latest {format_clock(latest)}.",
        )
    return minutes


def format_clock(minutes: int) -> str:
    """钟点 minutes after midnight as "HH:MM"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class Window:
    """统计期 how long after its first question an enquiry may end in an order or a payment.

    `days` whole shop days counted from the enquiry's own (same_day 1, next_day 2), else `span_ms`
    milliseconds after t0; exactly one of the two is set. Both ends are half-open.
    """

    name: str
    days: int | None
    span_ms: int | None

    @classmethod
    def parse(cls, name: str) -> Window:
        """统计期 same_day, next_day, <N>h or <N>d (at most 365 days); else JinpaiError."""
        if name in ("same_day", "next_day"):
            return cls(name, 1 if name == "same_day" else 2, None)
        found = _WINDOW.fullmatch(name)
        span = int(found[1]) * (HOUR_MS if found[2] == "h" else DAY_MS) if found else 0
        if not 0 < span <= LONGEST_WINDOW_DAYS * DAY_MS:
            raise JinpaiError(
                f"统计期「{name}」不认识。可以写 same_day、next_day、24h、7d 这样（最长 {LONGEST_WINDOW_DAYS}d）。",
                f"No window is named '{name}'. Write same_day, next_day, or like 24h, 7d "
                f"(at most {LONGEST_WINDOW_DAYS}d).",
            )
        return cls(name, None, span)

    @property
    def longest_ms(self) -> int:
        """最长多久 the longest time an enquiry can have, in ms (a shop day taken as 24 h)."""
        return self.span_ms if self.span_ms is not None else (self.days or 0) * DAY_MS
