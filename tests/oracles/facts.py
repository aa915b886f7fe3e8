"""事实 one countable thing: where it counts (shop, agent or product), its day and hour, and how much it is."""

from __future__ import annotations

from typing import Any, NamedTuple

from .clock import Clock


class When(NamedTuple):
    """The shop day and the clock hour that something belongs to."""

    day: int
    hour: int


class Fact(NamedTuple):
    """One thing that a figure counts, adds, averages or takes the largest of."""

    name: str
    scope: str  # "shop", "agent", "product", or "hour" for people who count once an hour
    day: int
    hour: int
    who: str | None  # the agent or the product; None for the shop
    value: int


class Facts:
    """All facts of a run, by the shop's clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.all: list[Fact] = []
        self._people: dict[tuple[Any, ...], tuple[int, int]] = {}

    def shop(self, name: str, when: When, value: int = 1) -> None:
        """Something that counts for the shop."""
        self.all.append(Fact(name, "shop", *when, None, value))

    def agent(self, name: str, when: When, who: str | None, value: int = 1) -> None:
        """Something that counts for an agent, if we know which."""
        if who:
            self.all.append(Fact(name, "agent", *when, who, value))

    def put(self, scope: str, name: str, when: When, who: str | None, value: int = 1) -> None:
        """A fact of the shop or of an agent."""
        if scope == "shop":
            self.shop(name, when, value)
        else:
            self.agent(name, when, who, value)

    def product(self, name: str, when: When, who: str, value: int = 1) -> None:
        """Something that counts for a product."""
        self.all.append(Fact(name, "product", *when, who, value))

    def person(self, name: str, scope: str, when: When, who: str | None, *, buyer: Any, at: int) -> None:
        """A buyer who counts once a day, at the hour of the earliest `at`."""
        if scope == "agent" and not who:
            return
        key = (name, scope, when.day, who, buyer)
        self._people[key] = min(self._people.get(key, (at, when.hour)), (at, when.hour))

    def at(self, instant: int) -> When:
        """Day and hour of an instant itself."""
        return When(self.clock.day(instant), self.clock.hour(instant))

    def on(self, day: int, instant: int) -> When:
        """A given day, and the hour of an instant."""
        return When(day, self.clock.hour(instant))

    def close(self) -> list[Fact]:
        """Everything, people counted."""
        counted = [
            Fact(name, scope, day, hour, who, 1) for (name, scope, day, who, _), (_, hour) in self._people.items()
        ]
        return self.all + counted
