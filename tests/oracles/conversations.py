"""会话 conversations: where they begin and which events belong to them. Contract §2."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .clock import DAY, Clock

Row = dict[str, Any]


def order_key(row: Row) -> tuple[int, int]:
    """Rows of one instant keep their order in the file."""
    return row["sent_at"], row["position"]


def is_person(row: Row, assist_counts: bool) -> bool:
    """A person wrote: agent, and assist where the setting says so."""
    return row["sender"] == "agent" or (assist_counts and row["sender"] == "assist")


@dataclass(eq=False)
class Conversation:
    """One conversation: its messages, its events, its shop day."""

    buyer: Any
    messages: list[Row]
    day: int
    events: list[Row] = field(default_factory=list)
    last_free: Row = field(default_factory=dict)  # the last message that could have cut

    @property
    def start(self) -> int:
        """First message."""
        return int(self.messages[0]["sent_at"])

    @property
    def end(self) -> int:
        """Last message."""
        return int(self.messages[-1]["sent_at"])

    def by_buyer(self) -> list[Row]:
        """What the buyer wrote."""
        return [row for row in self.messages if row["sender"] == "buyer"]

    def by_persons(self, settings: Any) -> list[Row]:
        """What persons wrote."""
        return [row for row in self.messages if is_person(row, settings.assist_counts)]

    def is_outreach(self) -> bool:
        """The buyer never wrote."""
        return not self.by_buyer()

    def agents(self, settings: Any) -> list[str]:
        """Persons who wrote, each once, in order."""
        return list(dict.fromkeys(row["agent"] for row in self.by_persons(settings) if row["agent"]))


def conversations(rows: list[Row], settings: Any, clock: Clock) -> tuple[list[Conversation], list[Row]]:
    """All conversations of a shop, and the events that belong to none."""
    buyers: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        buyers[row["buyer_key"]].append(row)
    found: list[Conversation] = []
    lost: list[Row] = []
    for buyer in sorted(buyers, key=str):
        history = sorted(buyers[buyer], key=order_key)
        mine = cut(buyer, history, settings, clock)
        lost += give_events(history, mine, settings)
        found += mine
    return found, lost


def cut(buyer: Any, history: list[Row], settings: Any, clock: Clock) -> list[Conversation]:
    """Cuts one buyer's rows (messages and events, in order) into conversations."""
    bound = bound_messages(history, settings)
    found: list[Conversation] = []
    last: Row | None = None
    closed = False
    for row in history:
        if row["sender"] == "system":
            if row["event"] in ("closed", "reopened"):
                closed = row["event"] == "closed"
            continue
        free = id(row) not in bound
        if last is None:
            new = True
        else:
            silence = row["sent_at"] - last["sent_at"]
            new = silence > DAY or (free and (silence > settings.conversation_gap or closed))
        if new:
            found.append(Conversation(buyer, [], clock.day(row["sent_at"])))
        found[-1].messages.append(row)
        if free:
            found[-1].last_free = row
            closed = False
        last = row
    return found


def bound_messages(history: list[Row], settings: Any) -> set[int]:
    """Messages that cannot cut: a person's answer to a waiting buyer message within 24 h of it, and what lies between."""
    bound: set[int] = set()
    waiting: Row | None = None
    between: list[Row] = []
    for row in history:
        if row["sender"] == "system":
            continue
        if row["sender"] == "buyer":
            waiting, between = row, []
        elif is_person(row, settings.assist_counts):
            if waiting is not None and row["sent_at"] - waiting["sent_at"] <= DAY:
                bound |= {id(row), *(id(other) for other in between)}
            waiting, between = None, []
        else:
            between.append(row)
    return bound


def give_events(history: list[Row], mine: list[Conversation], settings: Any) -> list[Row]:
    """Gives each event to its conversation; returns those that belong to none."""
    lost: list[Row] = []
    for event in (row for row in history if row["sender"] == "system"):
        owner = home_of(event, mine, settings)
        if owner is None:
            lost.append(event)
        else:
            owner.events.append(event)
    return lost


def home_of(event: Row, mine: list[Conversation], settings: Any) -> Conversation | None:
    """The open conversation before the event within the gap, else the next that starts within the gap."""
    at = event["sent_at"]
    before = [talk for talk in mine if talk.start <= at]
    if before:
        talk = before[-1]
        if at <= talk.end:
            return talk
        if at - talk.end <= settings.conversation_gap and (event["event"] == "reopened" or not is_closed(talk, event)):
            return talk
    after = [talk for talk in mine if talk.start > at]
    if after and after[0].start - at <= settings.conversation_gap:
        return after[0]
    return None


def is_closed(talk: Conversation, event: Row) -> bool:
    """Whether an earlier event closed the conversation after the last message that could have cut."""
    closed = False
    for other in talk.events:
        if order_key(talk.last_free) < order_key(other) < order_key(event) and other["event"] in ("closed", "reopened"):
            closed = other["event"] == "closed"
    return closed
