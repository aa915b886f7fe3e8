"""响应与工作量 response times and workload as facts. Contract §3 (figures) and §4."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Any

from .clock import HOUR
from .conversations import Conversation, Row
from .facts import Facts
from .rounds import Round, rounds

Talks = list[tuple[Conversation, list[Round]]]
SCOPES = ("shop", "agent")


def with_rounds(talks: list[Conversation], settings: Any) -> Talks:
    """Each conversation with its rounds."""
    return [(talk, rounds(talk, settings.assist_counts)) for talk in talks]


# ---- §3 ----


def responses(talks: Talks, facts: Facts) -> None:
    """Rounds and first responses, for the shop and for agents; in all seconds and in working seconds."""
    for _, turns in talks:
        if turns:
            one_response("first", turns[0], facts, "shop")
        seen: set[str | None] = set()
        for turn in turns:
            for scope in SCOPES:
                one_response("round", turn, facts, scope)
            for giver in turn.gave_away:
                given_away(turn, facts, giver)
                seen.add(giver)
            if turn.agent and turn.agent not in seen:
                one_response("first", turn, facts, "agent")
                seen.add(turn.agent)


def one_response(what: str, turn: Round, facts: Facts, scope: str) -> None:
    """One round (or first response) as facts: that it is, and how long it took where it was answered."""
    by_agent, clock = scope == "agent", facts.clock
    when = facts.on(turn.talk.day, turn.start)
    clocks = {"": turn.response(by_agent)}
    if clock.has_hours():
        start = turn.agent_clock_start() if by_agent else turn.clock_start()
        clocks["_business"] = clock.working(start, turn.answer["sent_at"]) if turn.answer else None
    for suffix, waited in clocks.items():
        facts.put(scope, f"{what}s{suffix}", when, turn.agent)
        if waited is not None:
            facts.put(scope, f"{what}_ms{suffix}", when, turn.agent, waited)


def given_away(turn: Round, facts: Facts, agent: str) -> None:
    """A round that an agent held and gave away: unanswered."""
    for suffix in ("", "_business") if facts.clock.has_hours() else ("",):
        facts.agent(f"rounds{suffix}", facts.on(turn.talk.day, turn.start), agent)


def message_replies(talks: Talks, facts: Facts) -> None:
    """Off-hours questions: conversations whose first question came while the shop was closed."""
    clock = facts.clock
    for talk, turns in talks if clock.has_hours() else []:
        if not turns or clock.is_open(turns[0].start):
            continue
        first = turns[0]
        in_time = first.answer is not None and clock.working(first.start, first.answer["sent_at"]) <= HOUR
        for scope in SCOPES:
            facts.put(scope, "offhours", facts.on(talk.day, talk.start), first.agent)
            if in_time:
                facts.put(scope, "offhours_answered", facts.on(talk.day, talk.start), first.agent)


# ---- §4 ----


def workload(talks: Talks, homeless: list[Row], settings: Any, facts: Facts) -> None:
    """Everything of §4 but evaluations; events without a conversation count as well."""
    for event in homeless:
        one_event(event, None, facts)
    for talk, turns in talks:
        of_conversation(talk, turns, settings, facts)
        of_messages(talk, turns, settings, facts)
        of_events(talk, facts)
    slow(talks, settings, facts)
    concurrency([talk for talk, _ in talks], settings, facts)


def of_conversation(talk: Conversation, turns: list[Round], settings: Any, facts: Facts) -> None:
    """conversations, outreach, received and unreplied buyers: on the day the conversation started."""
    when = facts.on(talk.day, talk.start)
    agents = talk.agents(settings)
    names = ["conversations", "outreach_conversations"] if talk.is_outreach() else ["conversations"]
    for name in names:
        facts.shop(name, when)
        for agent in agents:
            facts.agent(name, when, agent)
    if talk.is_outreach():
        return
    if talk.by_persons(settings):
        facts.person("received_buyers", "shop", when, None, buyer=talk.buyer, at=talk.start)
    for agent in agents:
        facts.person("received_buyers", "agent", when, agent, buyer=talk.buyer, at=talk.start)
    if all(turn.answer is None for turn in turns):
        facts.person("unreplied_buyers", "shop", when, None, buyer=talk.buyer, at=talk.start)
        facts.person("unreplied_buyers", "agent", when, turns[-1].holder, buyer=talk.buyer, at=talk.start)


def of_messages(talk: Conversation, turns: list[Round], settings: Any, facts: Facts) -> None:
    """Messages on their own day; a buyer's message belongs to the agent it was meant for."""
    turn_of = {id(row): turn for turn in turns for row in turn.asked}
    persons = {id(row) for row in talk.by_persons(settings)}
    last_person: str | None = None
    for row in talk.messages:
        when = facts.at(row["sent_at"])
        if id(row) in persons:
            last_person = row["agent"] or last_person
            for scope in SCOPES:
                facts.put(scope, "agent_messages", when, row["agent"])
                facts.put(scope, "agent_chars", when, row["agent"], row.get("chars") or chars(row))
        elif row["sender"] == "buyer":
            answer = turn_of[id(row)].answer
            agent = row["agent"] or (answer["agent"] if answer else None) or last_person
            for scope in SCOPES:
                facts.put(scope, "buyer_messages", when, agent)
                who = agent if scope == "agent" else None
                facts.person("consulted_buyers", scope, when, who, buyer=talk.buyer, at=row["sent_at"])


def chars(row: Row) -> int:
    """Characters as written: the facts hold tokens in place of addresses and phones, and the true length beside."""
    return int(row["chars"]) if row.get("chars") is not None else len(row["text"] or "")


def of_events(talk: Conversation, facts: Facts) -> None:
    """Assignments and transfers of a conversation, on their own day; who gave is the event's agent, else the holder."""
    holder: str | None = None
    for event in talk.events:
        holder = one_event(event, holder, facts)


def one_event(event: Row, holder: str | None, facts: Facts) -> str | None:
    """One assignment or transfer; returns who holds the conversation then."""
    when = facts.at(event["sent_at"])
    if event["event"] not in ("assigned", "transferred", "accepted"):
        return holder
    receiver = event["agent"] or event["to_agent"] if event["event"] == "assigned" else event["to_agent"]
    giver = event["agent"] or holder
    if event["event"] == "transferred" and (giver != receiver or not giver):  # giving to oneself is no transfer
        for scope in SCOPES:
            if receiver:
                facts.put(scope, "transferred_in", when, receiver)
            if not event.get("by_robot"):
                facts.put(scope, "transferred_out", when, giver)
    if receiver:
        buyer = event["buyer_key"]
        facts.person("assigned_buyers", "shop", when, None, buyer=buyer, at=event["sent_at"])
        facts.person("assigned_buyers", "agent", when, receiver, buyer=buyer, at=event["sent_at"])
    return receiver or holder


def slow(talks: Talks, settings: Any, facts: Facts) -> None:
    """Buyers with several slow rounds on one day, for the shop and for each agent."""
    starts: dict[tuple[str, int, str | None, Any], list[int]] = defaultdict(list)
    for talk, turns in talks:
        for turn in turns:
            if is_slow(turn.response(), settings):
                starts["shop", talk.day, None, talk.buyer].append(turn.start)
            if is_slow(turn.response(by_agent=True), settings):
                starts["agent", talk.day, turn.agent, talk.buyer].append(turn.start)
            for giver in turn.gave_away:
                starts["agent", talk.day, giver, talk.buyer].append(turn.start)
    for (scope, day, who, buyer), slow_starts in starts.items():
        if len(slow_starts) >= settings.slow_rounds:
            first = min(slow_starts)
            facts.person("slow_buyers", scope, facts.on(day, first), who, buyer=buyer, at=first)


def is_slow(waited: int | None, settings: Any) -> bool:
    """Unanswered, or over the line."""
    return waited is None or bool(waited > settings.slow_seconds * 1000)


def concurrency(talks: list[Conversation], settings: Any, facts: Facts) -> None:
    """At each conversation's start: how many are open, first to last message, both ends included."""
    sides: dict[str | None, list[Conversation]] = defaultdict(list)
    for talk in talks:
        sides[None].append(talk)
        for agent in talk.agents(settings):
            sides[agent].append(talk)
    for who, mine in sides.items():
        starts = sorted(talk.start for talk in mine)
        ends = sorted(talk.end for talk in mine)
        for talk in mine:
            together = bisect_right(starts, talk.start) - bisect_left(ends, talk.start)
            facts.put("agent" if who else "shop", "open", facts.on(talk.day, talk.start), who, together)


def evaluations(rows: list[Row], facts: Facts) -> None:
    """Invitations sent, evaluations given, and those of 4 or 5; nothing where the shop has no such table."""
    if rows:
        facts.all += [fact._replace(name="invitable") for fact in facts.close() if fact.name == "received_buyers"]
    for row in rows:
        at = row["sent_at"] if row["sent_at"] is not None else row["evaluated_at"]
        if at is None:
            continue
        invited = row["sent_at"] is not None and row["origin"] != "self"
        given = row["level"] is not None
        for name, holds in (
            ("evaluations_sent", invited),
            ("evaluations_sent_answered", invited and given),
            ("evaluated", given),
            ("satisfied", given and row["level"] >= 4),
        ):
            for scope in SCOPES if holds else ():
                facts.put(scope, name, facts.at(at), row["agent"])
