"""日子 days: the period that a page of figures is of: a day, a Monday's week or a month, and the ones beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jinpai.errors import Words
from jinpai.period import DAY_MS, add_days, day_of, format_day, parse_day, to_date, to_day

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

SPANS = {"day": Words("日报", "Day"), "week": Words("周报", "Week"), "month": Words("月报", "Month")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """起止 first and last day, both included, as the report takes them."""

    first: int
    last: int

    @property
    def start(self) -> str:
        """The first day as YYYY-MM-DD."""
        return format_day(self.first)

    @property
    def end(self) -> str:
        """The last day, included, as YYYY-MM-DD."""
        return format_day(self.last)

    @property
    def length(self) -> int:
        """How many days there are."""
        return (to_date(self.last) - to_date(self.first)).days + 1


@dataclass(frozen=True, slots=True)
class Span(Chosen):
    """时段 a day, week or month; `kind` is one of SPANS."""

    kind: str

    @classmethod
    def around(cls, day: int, kind: str) -> Span:
        """时段 of a kind around a day; an unknown kind is a day."""
        on = to_date(day)
        if kind == "week":
            monday = on - timedelta(days=on.weekday())
            return cls(to_day(monday), to_day(monday + timedelta(days=6)), kind)
        if kind == "month":
            after = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
            return cls(to_day(on.replace(day=1)), add_days(to_day(after), -1), kind)
        return cls(day, day, "day")

    @property
    def before(self) -> str:
        """The day to ask for to see the span before."""
        return format_day(add_days(self.first, -1))

    @property
    def after(self) -> str:
        """The day to ask for to see the span after."""
        return format_day(add_days(self.last, 1))


def last_day(workspace: Workspace, shop: str) -> int | None:
    """最近一天 the last shop day of which there is half or more, chats and orders both: in the morning it is yesterday.

    None without facts.
    """
    facts = workspace.facts()
    shops: Any = facts.meta.get("shops", {}) if facts else {}
    horizon = shops.get(shop, {}).get("horizon", 0)
    settings = workspace.settings(shop)
    return day_of(horizon - DAY_MS // 2, settings.zone, settings.day_start_minutes) if horizon else None


def asked_span(workspace: Workspace, shop: str, day: str | None, kind: str | None) -> Span | None:
    """所问时段 the one that an address asks for, else the latest day; None without facts. Not a day: JinpaiError."""
    last = last_day(workspace, shop)
    if last is None:
        return None
    return Span.around(parse_day(day) if day else last, kind or "day")
