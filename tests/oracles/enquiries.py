"""询单 enquiries, their owners, stages, windows and maturity. Contract §5."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from .clock import DAY, Clock, calendar
from .conversations import Conversation, Row, is_person, order_key
from .facts import Facts
from .orders import Data, open_and_unpaid, orders_by_buyer, paid_in


@dataclass(eq=False)
class Enquiry:
    """One buyer on one shop day (or more, with a longer span) who asked before buying."""

    buyer: Any
    day: int
    talks: list[Conversation]
    orders: list[Row]  # all of the buyer's, by creation
    aftersales: frozenset[str] = frozenset()  # agents who make no enquiry

    @property
    def t0(self) -> int:
        """First buyer message of the first conversation."""
        return int(self.talks[0].by_buyer()[0]["sent_at"])

    @property
    def messages(self) -> list[Row]:
        """All messages of its conversations, in order."""
        return sorted((row for talk in self.talks for row in talk.messages), key=order_key)

    def is_before_order(self) -> bool:
        """Stage: no order of the buyer is open and unpaid at t0."""
        return not any(open_and_unpaid(order, self.t0) for order in self.orders)

    def first_creation(self) -> int | None:
        """The first order created at or after t0."""
        created = [order["created_at"] for order in self.orders if order["created_at"] >= self.t0]
        return min(created) if created else None

    def eligible(self) -> list[Row]:
        """Orders whose payment counts: created at or after t0, or open and unpaid at t0."""
        return [order for order in self.orders if order["created_at"] >= self.t0 or open_and_unpaid(order, self.t0)]

    def is_ordered(self, end: int) -> bool:
        """An order was created in [t0, end)."""
        return any(self.t0 <= order["created_at"] < end for order in self.orders)

    def is_paid(self, end: int) -> bool:
        """An eligible order was paid in [t0, end)."""
        return any(paid_in(order, self.t0, end) for order in self.eligible())

    def is_deposited(self, end: int) -> bool:
        """A deposit of an eligible order was paid in [t0, end)."""
        paid = [order["deposit_paid_at"] for order in self.eligible()]
        return any(at is not None and self.t0 <= at < end for at in paid)

    def persons(self, settings: Any) -> list[Row]:
        """Messages by persons, of known sub-accounts that are not of the after-sales team."""
        return [
            row
            for row in self.messages
            if is_person(row, settings.assist_counts) and row["agent"] and row["agent"] not in self.aftersales
        ]

    def owner(self, settings: Any) -> str | None:
        """Who wrote last before the buyer ordered, else last at all, else to whom the buyer wrote."""
        persons = self.persons(settings)
        created = self.first_creation()
        before = [row for row in persons if created is None or row["sent_at"] < created]
        if before or persons:
            return str((before or persons)[-1]["agent"])
        addressed = [row["agent"] for row in self.messages if row["sender"] == "buyer" and row["agent"]]
        return addressed[0] if addressed and addressed[0] not in self.aftersales else None

    def product(self) -> str:
        """The last card or link before the first order after t0, else of the day."""
        created = self.first_creation()
        shown = [row for row in self.messages if row["product_id"]]
        before = [row for row in shown if created is None or row["sent_at"] < created]
        if before or shown:
            return str((before or shown)[-1]["product_id"])
        return "unknown"


@dataclass(frozen=True)
class Ruler:
    """What enquiries are measured with: settings, clock, and until when we can see (as-of, else the horizon)."""

    settings: Any
    clock: Clock
    until: int | None

    def is_over(self, end: int) -> bool:
        """Whether we can see up to an instant."""
        return self.until is not None and end <= self.until


def enquiries(talks: list[Conversation], data: Data, ruler: Ruler) -> tuple[list[Enquiry], dict[str, int]]:
    """All enquiries of a shop, and how many conversations made none, by reason."""
    teams = {row["agent"]: row["team"] for row in data["agents"]}
    orders = orders_by_buyer(data)
    excluded: dict[str, int] = defaultdict(int)
    by_buyer: dict[Any, list[Conversation]] = defaultdict(list)
    for talk in talks:
        if talk.is_outreach():
            continue
        reason = why_none(talk, orders.get(talk.buyer, []), teams, ruler)
        if reason:
            excluded[reason] += 1
        else:
            by_buyer[talk.buyer].append(talk)
    history: dict[Any, list[Conversation]] = defaultdict(list)
    for talk in talks:
        history[talk.buyer].append(talk)
    found: list[Enquiry] = []
    aftersales = frozenset(agent for agent, team in teams.items() if team == "aftersales")
    for buyer, mine in by_buyer.items():
        blank = Enquiry(buyer, 0, [], orders.get(buyer, []), aftersales)
        found += join(blank, mine, history[buyer], ruler.settings)
    return found, dict(excluded)


def why_none(talk: Conversation, orders: list[Row], teams: dict[str, str], ruler: Ruler) -> str | None:
    """Why a conversation makes no enquiry; None: it does."""
    settings = ruler.settings
    agents = talk.agents(settings)
    if agents and all(teams.get(agent) == "aftersales" for agent in agents):
        return "aftersales_agents"
    if talk.messages[0].get("buyer") in settings.staff_buyers:
        return "staff_buyers"
    lines = talk.by_buyer()
    if any(phrase in (row["text"] or "") for row in lines for phrase in settings.advertising_phrases):
        return "advertising"
    if len(lines) == 1 and len(talk.by_persons(settings)) < settings.min_agent_lines:
        return "few_agent_lines"
    if is_after_sales(talk, orders, ruler):
        return "after_sales"
    return None


def is_after_sales(talk: Conversation, orders: list[Row], ruler: Ruler) -> bool:
    """Paid lately, nothing open and unpaid, and nothing ordered inside the main window, which is over."""
    t = int(talk.by_buyer()[0]["sent_at"])
    end = ruler.clock.window_end(ruler.settings.window, talk.day, t)
    if not paid_lately(orders, t, ruler.settings):
        return False
    if any(open_and_unpaid(order, t) for order in orders):
        return False
    if any(t <= order["created_at"] < end for order in orders):
        return False
    return ruler.is_over(end)  # else undecided: an enquiry still, but immature


def paid_lately(orders: list[Row], t: int, settings: Any) -> bool:
    """An order was paid in [t - after_sales_days, t)."""
    return any(paid_in(order, t - settings.after_sales_days * DAY, t) for order in orders)


def join(blank: Enquiry, talks: list[Conversation], history: list[Conversation], settings: Any) -> list[Enquiry]:
    """One enquiry a day; with a longer span further days of the same unpaid buyer join it.

    `blank` says whose they are. With a longer span a day that begins with an answer to our own outreach opens none.
    """
    found: list[Enquiry] = []
    days: dict[int, list[Conversation]] = defaultdict(list)
    for talk in sorted(talks, key=lambda each: order_key(each.messages[0])):
        days[talk.day].append(talk)
    for day, mine in days.items():
        if found and joins(mine[0], found[-1], settings):
            found[-1].talks += mine
        elif settings.enquiry_span == 1 or not answers_outreach(mine[0], history, settings):
            found.append(replace(blank, day=day, talks=mine))
    return found


def joins(talk: Conversation, enquiry: Enquiry, settings: Any) -> bool:
    """A further day inside the span, of a buyer who has not paid since the enquiry began."""
    days = (calendar(talk.day) - calendar(enquiry.day)).days
    t = int(talk.by_buyer()[0]["sent_at"])
    return days < settings.enquiry_span and not enquiry.is_paid(t)


def answers_outreach(talk: Conversation, history: list[Conversation], settings: Any) -> bool:
    """A person wrote before the buyer did, or the conversation before was outreach that ended within 24 h."""
    first = talk.by_buyer()[0]
    if any(order_key(row) < order_key(first) for row in talk.by_persons(settings)):
        return True
    before = [other for other in history if order_key(other.messages[0]) < order_key(talk.messages[0])]
    return bool(before) and before[-1].is_outreach() and talk.start - before[-1].end <= DAY


# ---- figures ----


def count(found: list[Enquiry], windows: list[str], ruler: Ruler, facts: Facts) -> None:
    """Enquiries as facts of the shop, of their owner (or of all who wrote) and of their product."""
    for enquiry in found:
        names = ["enquiries"]
        for window in windows:
            names += [f"{name}_{window}" for name in in_window(enquiry, window, ruler)]
        when, settings = facts.on(enquiry.day, enquiry.t0), ruler.settings
        agents = {enquiry.owner(settings)}
        if settings.enquiry_agents == "all" and enquiry.persons(settings):
            agents = {row["agent"] for row in enquiry.persons(settings)}
        for name in names:
            facts.shop(name, when)
            facts.product(name, when, enquiry.product())
            for agent in agents:
                facts.agent(name, when, agent)


def in_window(enquiry: Enquiry, window: str, ruler: Ruler) -> list[str]:
    """What an enquiry counts as in a window."""
    end = ruler.clock.window_end(window, enquiry.day, enquiry.t0)
    if not is_mature(enquiry, end, ruler):
        return ["immature"]
    paid, ordered, before = enquiry.is_paid(end), enquiry.is_ordered(end), enquiry.is_before_order()
    names = ["mature", "mature_before" if before else "mature_unpaid"]
    if paid:
        names += ["paid", "paid_before" if before else "paid_unpaid"]
    else:
        names.append("lost")
    if before and ordered:
        names.append("ordered")
    if enquiry.is_deposited(end):
        names.append("deposit")
    return names


def is_mature(enquiry: Enquiry, end: int, ruler: Ruler) -> bool:
    """The window is over; where the buyer paid lately, the main window too."""
    if paid_lately(enquiry.orders, enquiry.t0, ruler.settings):
        end = max(end, ruler.clock.window_end(ruler.settings.window, enquiry.day, enquiry.t0))
    return ruler.is_over(end)
