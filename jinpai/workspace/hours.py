"""营业时间 hours: weekly opening times and dated exceptions, by the shop's clock."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from jinpai.errors import JinpaiError
from jinpai.period import Days, add_days, format_clock, parse_clock, to_date
from jinpai.workspace.checks import Refused, day, on_five_minutes

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = (*WEEKDAYS, "every_day")
_DAY_MINUTES = 1440
Span = tuple[int, int]
"""一段 minutes after midnight from opening to before closing; closing past 1440 is the next day."""


@dataclass(frozen=True, slots=True)
class DatedHours:
    """特殊日期 opening times that replace the weekly ones on the calendar days `days`; no spans: closed."""

    days: Days
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """营业时间 the spans that start on each weekday (Monday first) and the dated exceptions."""

    weekly: tuple[tuple[Span, ...], ...]
    exceptions: tuple[DatedHours, ...] = ()

    def starting_on(self, calendar_day: int) -> tuple[Span, ...]:
        """当天开始的 the spans that start on a calendar day; one may run past 24:00."""
        for exception in self.exceptions:
            if calendar_day in exception.days:
                return exception.spans
        return self.weekly[to_date(calendar_day).weekday()]

    def spans_on(self, calendar_day: int) -> tuple[Span, ...]:
        """当天营业的 what is open on a calendar day: sorted, apart, within 0–1440 minutes.

        Half-open; includes what runs over from the evening before.
        """
        before = self.starting_on(add_days(calendar_day, -1))
        over = [(0, end - _DAY_MINUTES) for _, end in before if end > _DAY_MINUTES]
        merged: list[Span] = []
        for start, end in sorted([*over, *self.starting_on(calendar_day)]):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], min(end, _DAY_MINUTES)))
            else:
                merged.append((start, min(end, _DAY_MINUTES)))
        return tuple(merged)


def read_hours(value: object) -> Hours | None:
    """营业时间 from the file's tables `weekly` and `exceptions`; nothing set is None; mistakes are Refused."""
    if not isinstance(value, dict):
        raise Refused("要写成 [weekly] 和 [exceptions] 两张表", "the tables [weekly] and [exceptions] are wanted")
    weekly, exceptions = value.get("weekly", {}), value.get("exceptions", {})
    unknown = set(value) - {"weekly", "exceptions"}
    if unknown or not isinstance(weekly, dict) or not isinstance(exceptions, dict):
        raise Refused("只能有 [weekly] 和 [exceptions] 两张表", "only the tables [weekly] and [exceptions] are known")
    if not weekly and not exceptions:
        return None
    return Hours(_week(weekly), _exceptions(exceptions))


def _week(table: dict[str, object]) -> tuple[tuple[Span, ...], ...]:
    for name in table:
        if name not in _NAMES:
            raise Refused(
                f"「{name}」不是星期几。可以写 {'、'.join(_NAMES)}",
                f"'{name}' is no weekday. Known: {', '.join(_NAMES)}",
            )
    every = _spans("every_day", table.get("every_day", []))
    return tuple(_spans(name, table[name]) if name in table else every for name in WEEKDAYS)


def _exceptions(table: dict[str, object]) -> tuple[DatedHours, ...]:
    found = sorted((_days(name), name) for name in table)
    for (earlier, one), (later, other) in pairwise(found):
        if later[0] < earlier[1]:
            raise Refused(
                f"「{one}」和「{other}」的日期重叠，请分开写", f"the days of '{one}' and '{other}' overlap; part them"
            )
    return tuple(DatedHours(Days(*bounds), _spans(name, table[name])) for bounds, name in found)


def _days(name: str) -> tuple[int, int]:
    first, dots, last = name.partition("..")
    start, final = day(first), day(last if dots else first)
    if final < start:
        raise Refused(f"「{name}」的日期反了，请把前后对调", f"the days of '{name}' are the wrong way round; swap them")
    return start, add_days(final, 1)


def _spans(name: str, value: object) -> tuple[Span, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(
            f'{name} 要写成 ["09:00-12:00", "13:00-23:00"] 这样；休息写 []',
            f'{name} must be like ["09:00-23:00"]; closed is []',
        )
    found = sorted(_span(name, item) for item in value)
    for (_, end), (start, _) in pairwise(found):
        if start < end:
            raise Refused(f"{name} 里有两段时间重叠，请分开写", f"two times of {name} overlap; part them")
    return tuple(found)


def _span(name: str, said: str) -> Span:
    opens, dash, closes = said.replace("–", "-").partition("-")
    try:
        start, end = (parse_clock(opens, latest=1439), parse_clock(closes)) if dash else (0, 0)
    except JinpaiError as error:
        raise Refused(f"{name} 的「{said}」：{error.words.zh}", f"'{said}' of {name}: {error.words.en}") from None
    if not dash or start == end:
        raise Refused(
            f"{name} 的「{said}」不是一段时间。请写成 09:00-23:00 这样，全天写 00:00-24:00",
            f"'{said}' of {name} is no stretch of time. Write it like 09:00-23:00; all day is 00:00-24:00",
        )
    on_five_minutes(start, end)
    # "20:00-02:00" closes on the next day
    return (start, end) if end > start else (start, end + _DAY_MINUTES)


def show_hours(hours: Hours) -> dict[str, object]:
    """营业时间 the tables of the file, as `read_hours` takes them."""
    weekly = {name: [_show(span) for span in spans] for name, spans in zip(WEEKDAYS, hours.weekly, strict=True)}
    exceptions = {_show_days(dated.days): [_show(span) for span in dated.spans] for dated in hours.exceptions}
    return {"weekly": weekly, "exceptions": exceptions}


def _show(span: Span) -> str:
    return f"{format_clock(span[0])}-{format_clock(span[1] if span[1] <= _DAY_MINUTES else span[1] - _DAY_MINUTES)}"


def _show_days(days: Days) -> str:
    first, last = to_date(days.start), to_date(add_days(days.end, -1))
    return first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
