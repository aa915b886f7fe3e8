"""平台口径 response as the platforms count it, by dated profiles. Contract §3, last point."""

from __future__ import annotations

from typing import Any

from .clock import SECOND, Clock
from .conversations import Conversation, Row, order_key
from .facts import Facts
from .rounds import Round, rounds

LINES = {"tmall": 180, "jd": 30, "pdd": 180, "douyin": 180}


def platforms(talks: list[Conversation], settings: Any, facts: Facts) -> None:
    """Every round or first response that a profile counts."""
    clock = facts.clock
    last_words: dict[tuple[Any, int], Row] = {}
    for talk in talks:
        for row in talk.by_buyer():
            key = (talk.buyer, clock.day(row["sent_at"]))
            if key not in last_words or order_key(row) > order_key(last_words[key]):
                last_words[key] = row
    for name in LINES:
        for talk in talks:
            profile = held_on(settings.profiles, name, talk.day)
            if profile is None or talk.is_outreach():
                continue
            for turn in counted(talk, profile, clock):
                is_answered = answered_that_day(turn, clock)
                robot = not is_answered and ended_by_robot(turn, last_words[talk.buyer, clock.day(turn.start)], clock)
                if robot and profile.automatic == "left_out":
                    continue
                if is_answered or profile.unanswered != "left_out":
                    one(turn, profile, is_answered, facts)


def held_on(profiles: Any, name: str, day: int) -> Any:
    """The latest profile of that name that began by that day."""
    held = [one for one in profiles if one.name == name and one.since <= day]
    return max(held, key=lambda one: one.since) if held else None


def counted(talk: Conversation, profile: Any, clock: Clock) -> list[Round]:
    """By round: those with a buyer message in the hours. By conversation: the first, if it started in the hours."""

    def in_hours(instant: int) -> bool:
        return bool(profile.opens <= clock.minute(instant) < profile.closes)

    turns = rounds(talk, profile.assist_counts)
    if profile.unit == "round":
        return [turn for turn in turns if any(in_hours(row["sent_at"]) for row in turn.asked)]
    return turns[:1] if in_hours(talk.start) else []


def answered_that_day(turn: Round, clock: Clock) -> bool:
    """A person answered before the end of the shop day on which the buyer asked."""
    return turn.answer is not None and bool(turn.answer["sent_at"] < clock.end_of(clock.day(turn.start)))


def ended_by_robot(turn: Round, last_word: Row, clock: Clock) -> bool:
    """An automatic answer came that day, and the buyer wrote nothing after it that day."""
    day = clock.day(turn.start)
    robots = [row for row in turn.talk.messages if row["sender"] == "auto" and clock.day(row["sent_at"]) == day]
    return any(order_key(row) > order_key(last_word) for row in robots)


def one(turn: Round, profile: Any, is_answered: bool, facts: Facts) -> None:
    """One round by the profile: in time or not, and its milliseconds, capped."""
    when = facts.on(turn.talk.day, turn.start)
    cap = None if profile.cap_seconds is None else profile.cap_seconds * SECOND
    for scope in ("shop", "agent"):
        waited = turn.response(by_agent=scope == "agent") if is_answered else None
        in_time = waited is not None and waited <= LINES[profile.name] * SECOND
        facts.put(scope, f"{profile.name}_n", when, turn.agent)
        facts.put(scope, f"{profile.name}_in_time", when, turn.agent, int(in_time))
        if waited is None and profile.unanswered == "cap":
            waited = cap
        if waited is not None:
            facts.put(scope, f"{profile.name}_ms", when, turn.agent, waited if cap is None else min(waited, cap))
