"""收发消息 talk: how many messages and characters buyers and persons wrote, by conversation, shop day and hour,
with the agent they count for.

That is the sender; of a buyer's message the agent addressed, else who answered its round, else who wrote in
the conversation last. `seq` is that of the first of them. Of a buyer's messages `first_of_day` marks the row that
comes first of the buyer's shop day, and `first_for_agent` that of the day's rows which count for the same agent:
counting them counts buyers. Source: the metrics contract, §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, Flags, Ints, of_places, repeated
from jinpai.engine import Walked
from jinpai.tables._history import Groups, History, Sums, firsts
from jinpai.tables._lines import ORDER, ROWS, Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("line",)
ALONG = "message"
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("seq", pa.int64()), ("day", pa.int64()),
    ("hour", pa.int64()), ("product", pa.string()), ("agent", pa.string()), ("by_person", pa.bool_()), ("messages", pa.int64()),
    ("chars", pa.int64()), ("first_of_day", pa.bool_()), ("first_for_agent", pa.bool_()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """收发消息 from the lines of some buyers, in order, to their sums."""

    def talk(lines: Lines) -> pa.Table:
        buyer, person = lines.is_buyer, lines.flags("by_person")
        counted = np.flatnonzero(buyer | person)
        whose = _whose(lines, person)
        hours = Groups(lines.talks.of_row, lines.ints("day"), lines.ints("hour"))
        sums = Sums((((hours.of_row * (len(lines.agent.dictionary) + 1)) + whose + 1) * 2 + person)[counted])
        first = counted[sums.first]
        of = lines.at(first, "buyer_key", "conversation_seq", "seq", "day", "hour") | {
            "shop": repeated(settings.shop, len(first)), "by_person": person[first], "messages": sums.count,
            "chars": sums.total(lines.ints("chars")[counted]), "agent": of_places(whose[first], lines.agent.dictionary),
            "product": lines.product_of(lines.talks.of_row[first]),
        }  # fmt: skip
        days, agent, asked = lines.days.of_row[first], whose[first], ~person[first]
        of["first_of_day"] = firsts(days, first, asked)
        of["first_for_agent"] = firsts(days * len(lines.agent.dictionary) + agent, first, asked & (agent != NONE))
        return pa.table([of[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, talk, SCHEMA, sees=Lines)


def _whose(lines: Lines, person: Flags) -> Ints:
    """The agent that each message counts for, as a code; NONE for none."""
    agent, talks = lines.whose, lines.talks
    answer = History(talks.of_row).after(person)
    answered_by = np.where(answer == NONE, NONE, agent[answer])
    last = talks.last(person & lines.named)
    last_agent = np.where(last == NONE, NONE, agent[last])[talks.of_row]
    found = np.where(agent == NONE, np.where(answered_by == NONE, last_agent, answered_by), agent)
    return np.where(lines.is_buyer, found, agent)
