"""店铺的钟 clock: shop day, hour and minute of many instants at once, looked up in the slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.coded import Flags, Ints

if TYPE_CHECKING:
    from jinpai.engine import Engine

_SLOT_MS = 300_000


class Clock:
    """店铺的钟 of the slots in an engine; every instant asked for (ms UTC) must lie in one of them."""

    def __init__(self, engine: Engine) -> None:
        slots = engine.arrow(
            "select slot, day, hour, minute, has_hours, is_open, worked_before from slot order by slot"
        )
        self._first = slots["slot"][0].as_py() if len(slots) else 0
        self._days, self._hours, self._minutes = (slots[name].to_numpy() for name in ("day", "hour", "minute"))
        self._open, self._worked = (slots[name].to_numpy() for name in ("is_open", "worked_before"))

        self.has_hours = len(slots) > 0 and slots["has_hours"][0].as_py()
        """Whether the shop has set hours."""

    def day(self, at: Ints) -> Ints:
        """店铺日 as YYYYMMDD."""
        found: Ints = self._days[at // _SLOT_MS - self._first]
        return found

    def hour(self, at: Ints) -> Ints:
        """钟点 0 to 23 on the shop's wall clock."""
        found: Ints = self._hours[at // _SLOT_MS - self._first]
        return found

    def minute(self, at: Ints) -> Ints:
        """分钟 of the day, 0 to 1439, on the shop's wall clock."""
        found: Ints = self._minutes[at // _SLOT_MS - self._first] + at % _SLOT_MS // 60_000
        return found

    def is_open(self, at: Ints) -> Flags:
        """营业 whether the shop's hours say that it is open; never where it has none."""
        found: Flags = self._open[at // _SLOT_MS - self._first] != 0
        return found

    def worked(self, at: Ints) -> Ints:
        """已营业 the milliseconds that the shop has been open until then, counted from the first slot."""
        slot = at // _SLOT_MS - self._first
        found: Ints = self._worked[slot] + (self._open[slot] != 0) * (at % _SLOT_MS)
        return found
