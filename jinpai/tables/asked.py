"""一问一答的回合 asked: every round from its first unanswered buyer message to the answer, if there is one.

Rounds are counted on three bases: by persons as the shop's setting counts them (`for_shop`), by agents
alone (`by_agents`), and by agents or assistant robots (`by_staff`), since each platform says for itself
whether the latter count. A round that is the same on several bases is one row.

`round_seq` is the `seq` of the first buyer message, `last_asked_at` that of the last before the answer;
`addressed_to` is the sub-account that its first addressed message went to. Instants are ms UTC; day and
hour are those of the first message, minutes those of the shop's clock. `automatic_last`: an automatic message of
the same conversation and shop day came after the buyer's last word of that day. `same_day`: the answer came on the
shop day on which the round began.

For a round of whose buyer the platform tells no hand-over (not `handed`) nothing else is needed: `agent` answered it or
should have, `business_ms` are the open hours from its start to the answer (null without hours or answer), `agent_first`
is the first round of the conversation that is the agent's, of those `for_shop`. Source: the metrics contract, §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, Flags, Ints, codes, equals, repeated
from jinpai.engine import Walked
from jinpai.tables._clock import Clock
from jinpai.tables._history import Groups, History, Sums, taken
from jinpai.tables._lines import ORDER, ROWS, Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("line", "slot")
ALONG = "message"
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("round_seq", pa.int64()),
    ("for_shop", pa.bool_()), ("by_agents", pa.bool_()), ("by_staff", pa.bool_()), ("first_round", pa.bool_()),
    ("started_at", pa.int64()), ("last_asked_at", pa.int64()), ("day", pa.int64()), ("hour", pa.int64()),
    ("first_minute", pa.int64()), ("last_minute", pa.int64()),
    ("addressed_to", pa.string()), ("answered_seq", pa.int64()), ("answered_at", pa.int64()), ("answered_by", pa.string()),
    ("conversation_key", pa.int64()), ("conversation_day", pa.int64()), ("conversation_minute", pa.int64()),
    ("product", pa.string()), ("automatic_last", pa.bool_()), ("same_day", pa.bool_()), ("handed", pa.bool_()),
    ("agent", pa.string()), ("has_hours", pa.bool_()), ("off_hours", pa.bool_()), ("business_ms", pa.int64()),
    ("agent_first", pa.bool_()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """回合 from the lines of some buyers, in order, to their rounds."""
    clock = Clock(engine)

    def rounds(lines: Lines) -> pa.Table:
        history, buyer = History(lines.talks.of_row), lines.is_buyer
        agent, assist = (equals(lines.sender, who) for who in ("agent", "assist"))
        by_agents = _rounds(history, buyer, agent)
        by_staff = _rounds(history, buyer, agent | assist) if assist.any() else by_agents
        asked, answer, by = _merged(by_agents, by_staff, len(buyer))
        found = _told(lines, history, asked, answer) | _around(lines, clock, asked) | {
            "shop": repeated(settings.shop, len(asked)), "by_agents": (by & 1) > 0, "by_staff": (by & 2) > 0,
            "for_shop": (by & (2 if settings.assist_counts else 1)) > 0,
        }  # fmt: skip
        found |= {
            f"{which}_minute": clock.minute(found[f"{at}_at"].to_numpy()) for which, at in (("first", "started"), ("last", "last_asked"))
        }  # fmt: skip
        found |= _timed(lines, clock, asked, answer)
        found["agent_first"] = _firsts(history.first[asked], found["agent"], found["for_shop"])
        return pa.table([found[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, rounds, SCHEMA, sees=Lines)


def _rounds(history: History, buyer: Flags, answering: Flags) -> tuple[Ints, Ints]:
    """The first row of every round, and the row of its answer or NONE."""
    waited_for = history.before(buyer) > history.before(answering)
    asked = np.flatnonzero(buyer & ~waited_for)
    return asked, history.after(answering)[asked]


def _merged(one: tuple[Ints, Ints], other: tuple[Ints, Ints], count: int) -> tuple[Ints, Ints, Ints]:
    """Rounds of both bases in order, those with the same first row and answer once: 1 for one, 2 for the other, 3."""
    codes = [asked * (count + 1) + answer + 1 for asked, answer in (one, other)]
    every = codes[0] if one is other else np.union1d(*codes)
    by = np.isin(every, codes[0]) * 1 + np.isin(every, codes[1]) * 2 if one is not other else np.full(len(every), 3)
    return every // (count + 1), every % (count + 1) - 1, by


def _told(lines: Lines, history: History, asked: Ints, answer: Ints) -> dict[str, Any]:
    buyer, agent = lines.is_buyer, lines.agent
    sent_at, seq = lines.array("sent_at"), lines.array("seq")
    # an unanswered round goes to the end of its conversation
    end = np.where(answer == NONE, history.end[asked], answer)
    last = history.so_far(buyer)[end - 1]
    addressed = buyer & lines.named
    first_addressed = np.where(addressed[asked], asked, history.after(addressed)[asked])
    first_addressed = np.where(first_addressed < end, first_addressed, NONE)
    first = lines.at(asked, "buyer_key", "conversation_seq", "day", "hour", "handed", "seq", "sent_at")
    return first | {
        "round_seq": first["seq"], "first_round": history.before(buyer)[asked] == NONE,
        "started_at": first["sent_at"], "last_asked_at": sent_at.take(pa.array(last)),
        "addressed_to": taken(agent, first_addressed), "agent": taken(agent, np.where(answer == NONE, first_addressed, answer)),
        "answered_seq": taken(seq, answer), "answered_at": taken(sent_at, answer), "answered_by": taken(agent, answer),
    }  # fmt: skip


def _timed(lines: Lines, clock: Clock, asked: Ints, answer: Ints) -> dict[str, Any]:
    """How long each round took in open hours, and whether it was answered on its day."""
    sent_at, day = lines.ints("sent_at"), lines.ints("day")
    started, answered, is_answered = sent_at[asked], sent_at[answer], answer != NONE
    unknown = ~is_answered if clock.has_hours else np.ones(len(asked), bool)
    return {
        "same_day": is_answered & (day[asked] == day[answer]),
        "has_hours": np.full(len(asked), clock.has_hours), "off_hours": clock.has_hours & ~clock.is_open(started),
        "business_ms": pa.array(clock.worked(answered) - clock.worked(started), mask=unknown),
    }  # fmt: skip


def _firsts(talk: Ints, agent: pa.DictionaryArray, counts: Flags) -> Flags:
    """Which rounds are the first of their agent in the conversation, of those that count."""
    whose = codes(agent)
    known = np.flatnonzero(counts & (whose != NONE))
    found = np.zeros(len(talk), bool)
    found[known[Sums((talk * len(agent.dictionary) + whose)[known]).first]] = True
    return found


def _around(lines: Lines, clock: Clock, asked: Ints) -> dict[str, Any]:
    """What is told of the conversation around each round, and whether the buyer had the last word of its day in it."""
    talks, days = lines.talks, lines.days
    parts = Groups(talks.of_row, lines.ints("day"))
    last_word, automatic = days.last(lines.is_buyer), parts.last(equals(lines.sender, "auto"))
    talk = talks.of_row[asked]
    begun = lines.at(talks.starts[talk], "message_key", "day", "sent_at")
    return {
        "conversation_key": begun["message_key"], "conversation_day": begun["day"],
        "conversation_minute": clock.minute(begun["sent_at"].to_numpy()), "product": lines.product_of(talk),
        "automatic_last": automatic[parts.of_row[asked]] > last_word[days.of_row[asked]],
    }  # fmt: skip
