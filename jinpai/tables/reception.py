"""接待 reception: one row for each person who wrote in a conversation.

`first_seq` and `last_seq` are the `seq` of the person's first and last message in it, `first_at` and `last_at`
their instants (ms UTC); day and hour are those of the conversation's first message. `outreach`: the buyer
wrote nothing in it. Source: the metrics contract, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, coded, codes, equals, of_places, repeated
from jinpai.engine import Walked
from jinpai.tables._history import Groups, Sums, flags, product_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("line",)
ALONG = "message"
COLUMNS = ("buyer_key", "seq", "message_key", "sent_at", "day", "hour", "agent", "sender", "product_id", "chars", "by_person",
    "conversation_seq")  # fmt: skip
ROWS = f"select {', '.join(COLUMNS)} from line"
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("agent", pa.string()), ("conversation_key", pa.int64()), ("buyer_key", pa.int64()),
    ("conversation_seq", pa.int64()), ("day", pa.int64()), ("hour", pa.int64()), ("product", pa.string()), ("outreach", pa.bool_()),
    ("first_seq", pa.int64()), ("last_seq", pa.int64()), ("first_at", pa.int64()), ("last_at", pa.int64()),
    ("messages", pa.int64()), ("chars", pa.int64()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """接待 from the lines of some buyers, in order, to who wrote in their conversations."""

    def receptions(rows: pa.Table) -> pa.Table:
        rows = rows.select(COLUMNS).combine_chunks()
        talks = Groups(rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy())
        agent = coded(rows["agent"])
        whose = codes(agent)
        wrote = np.flatnonzero(flags(rows, "by_person") & (whose != NONE))
        sums = Sums((talks.of_row * (len(agent.dictionary) + 1) + whose)[wrote])
        first, last = wrote[sums.first], wrote[sums.last]
        talk = talks.of_row[first]
        begun = talks.starts[talk]
        columns = {
            name: rows[name].combine_chunks()
            for name in ("buyer_key", "conversation_seq", "message_key", "seq", "sent_at")
        }
        made = {
            "shop": repeated(settings.shop, len(first)), "agent": of_places(whose[first], agent.dictionary),
            "conversation_key": columns["message_key"].take(pa.array(begun)),
            "day": rows["day"].to_numpy()[begun], "hour": rows["hour"].to_numpy()[begun],
            "product": product_of(rows, talks, talk), "outreach": talks.first(equals(coded(rows["sender"]), "buyer"))[talk] == NONE,
            "messages": sums.count, "chars": sums.total(rows["chars"].to_numpy()[wrote]),
        }  # fmt: skip
        made |= {name: columns[name].take(pa.array(first)) for name in ("buyer_key", "conversation_seq")}
        for end, at in (("first", first), ("last", last)):
            made |= {
                f"{end}_seq": columns["seq"].take(pa.array(at)),
                f"{end}_at": columns["sent_at"].take(pa.array(at)),
            }
        return pa.table([made[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, receptions, SCHEMA)
