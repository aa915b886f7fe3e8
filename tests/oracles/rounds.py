"""回合 rounds and response times. Contract §3."""

from __future__ import annotations

from dataclasses import dataclass, field

from .conversations import Conversation, Row, is_person, order_key


@dataclass(eq=False)
class Round:
    """From the first unanswered buyer message to the next message by a person."""

    talk: Conversation
    asked: list[Row]  # the buyer's messages in it
    answer: Row | None = None
    holder: str | None = None  # whose round it is when nobody answered
    gave_away: list[str] = field(default_factory=list)  # agents who held it and gave it away without answering

    @property
    def start(self) -> int:
        """The first unanswered buyer message."""
        return int(self.asked[0]["sent_at"])

    @property
    def agent(self) -> str | None:
        """Who answered, or whose unanswered round it is."""
        return self.answer["agent"] or None if self.answer else self.holder

    def events(self, *kinds: str) -> list[Row]:
        """Events of these kinds while the buyer waited: in [start, answer]."""
        last = self.answer["sent_at"] if self.answer else float("inf")
        return [row for row in self.talk.events if row["event"] in kinds and self.start <= row["sent_at"] <= last]

    def clock_start(self) -> int:
        """The shop's clock: the first unanswered message, moved to the first hand-over to a person."""
        handed = self.events("handed_to_human")
        return max(self.start, handed[0]["sent_at"]) if handed else self.start

    def agent_clock_start(self) -> int:
        """The clock of the agent who answered: also moved to the last transfer to that agent."""
        moments = [self.start]
        moments += [row["sent_at"] for row in self.events("transferred", "accepted") if row["to_agent"] == self.agent]
        moments += [row["sent_at"] for row in self.events("handed_to_human")]
        return int(max(moments))

    def response(self, by_agent: bool = False) -> int | None:
        """Milliseconds waited on the shop's clock, or on that of the agent who answered; None: no answer."""
        if self.answer is None:
            return None
        return int(self.answer["sent_at"] - (self.agent_clock_start() if by_agent else self.clock_start()))


def rounds(talk: Conversation, assist_counts: bool) -> list[Round]:
    """The rounds of one conversation, in order; only the last can be unanswered."""
    found: list[Round] = []
    waiting: Round | None = None
    for row in talk.messages:
        if row["sender"] == "buyer":
            if waiting is None:
                waiting = Round(talk, [])
                found.append(waiting)
            waiting.asked.append(row)
        elif is_person(row, assist_counts) and waiting is not None:
            waiting.answer = row
            waiting = None
    for turn in found:
        credit(turn)
    return found


def credit(turn: Round) -> None:
    """Finds who holds an unanswered round, and who gave a waiting one away."""
    holder: str | None = None
    first, last = order_key(turn.asked[0]), order_key(turn.answer) if turn.answer else (float("inf"), 0)
    waited = [id(row) for row in turn.events("transferred") if first < order_key(row) < last]
    for event in turn.talk.events:
        if event["event"] == "transferred" and id(event) in waited:
            giver = None if event.get("by_robot") else event["agent"] or holder
            if giver and giver != event["to_agent"] and giver not in turn.gave_away:
                turn.gave_away.append(giver)
        if event["event"] in ("transferred", "accepted") and event["to_agent"]:
            holder = event["to_agent"]
        elif event["event"] == "assigned" and (event["agent"] or event["to_agent"]):
            holder = event["agent"] or event["to_agent"]
    if turn.answer is None:
        addressed = [row["agent"] for row in turn.asked if row["agent"]]
        turn.holder = holder or (addressed[0] if addressed else None)
    if turn.agent in turn.gave_away:  # got it back: it is that agent's one round
        turn.gave_away.remove(turn.agent)
