"""收发消息 talk: how many messages and characters buyers and persons wrote, by conversation, shop day and hour,
with the agent they count for.

That is the sender; of a buyer's message the agent addressed, else who answered its round, else who wrote in
the conversation last. `seq` is that of the first of them. Source: the metrics contract, §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, Flags, Ints, coded, codes, equals, of_places, repeated
from jinpai.engine import Walked
from jinpai.tables._history import Groups, History, Sums, flags, product_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("line",)
ALONG = "message"
COLUMNS = ("buyer_key", "seq", "day", "hour", "agent", "sender", "product_id", "chars", "by_person", "conversation_seq")
ROWS = f"select {', '.join(COLUMNS)} from line"
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("seq", pa.int64()), ("day", pa.int64()),
    ("hour", pa.int64()), ("product", pa.string()), ("agent", pa.string()), ("by_person", pa.bool_()), ("messages", pa.int64()),
    ("chars", pa.int64()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """收发消息 from the lines of some buyers, in order, to their sums."""

    def talk(rows: pa.Table) -> pa.Table:
        rows = rows.select(COLUMNS).combine_chunks()
        talks = Groups(rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy())
        buyer, person = equals(coded(rows["sender"]), "buyer"), flags(rows, "by_person")
        counted = np.flatnonzero(buyer | person)
        agent = coded(rows["agent"])
        whose = _whose(talks, codes(agent), buyer, person)
        hours = Groups(talks.of_row, rows["day"].to_numpy(), rows["hour"].to_numpy())
        sums = Sums((((hours.of_row * (len(agent.dictionary) + 1)) + whose + 1) * 2 + person)[counted])
        first, chars = counted[sums.first], sums.total(rows["chars"].to_numpy()[counted])
        of = {
            name: rows[name].combine_chunks().take(pa.array(first))
            for name in ("buyer_key", "conversation_seq", "seq", "day", "hour")
        }
        of |= {
            "shop": repeated(settings.shop, len(first)), "by_person": person[first], "messages": sums.count, "chars": chars,
            "agent": of_places(whose[first], agent.dictionary),
            "product": product_of(rows, talks, talks.of_row[first]),
        }  # fmt: skip
        return pa.table([of[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, talk, SCHEMA)


def _whose(talks: Groups, agent: Ints, buyer: Flags, person: Flags) -> Ints:
    """The agent that each message counts for, as a code; NONE for none."""
    answer = History(talks.of_row).after(person)
    answered_by = np.where(answer == NONE, NONE, agent[answer])
    last = talks.last(person & (agent != NONE))
    last_agent = np.where(last == NONE, NONE, agent[last])[talks.of_row]
    found = np.where(agent == NONE, np.where(answered_by == NONE, last_agent, answered_by), agent)
    return np.where(buyer, found, agent)
