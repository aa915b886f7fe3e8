"""接待 reception: one row for each person who wrote in a conversation.

`first_seq` and `last_seq` are the `seq` of the person's first and last message in it, `first_at` and `last_at`
their instants (ms UTC); day and hour are those of the conversation's first message. `outreach`: the buyer
wrote nothing in it. `first_of_day` marks, of the conversations of a buyer's shop day that are no outreach, the first in
which the person wrote: counting them counts buyers. Source: the metrics contract, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, of_places, repeated
from jinpai.engine import Walked
from jinpai.tables._history import Groups, Sums, firsts
from jinpai.tables._lines import ORDER, ROWS, Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("line",)
ALONG = "message"
SCHEMA = pa.schema([
    ("shop", pa.string()), ("agent", pa.string()), ("conversation_key", pa.int64()), ("buyer_key", pa.int64()),
    ("conversation_seq", pa.int64()), ("day", pa.int64()), ("hour", pa.int64()), ("product", pa.string()), ("outreach", pa.bool_()),
    ("first_seq", pa.int64()), ("last_seq", pa.int64()), ("first_at", pa.int64()), ("last_at", pa.int64()),
    ("messages", pa.int64()), ("chars", pa.int64()), ("first_of_day", pa.bool_()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """接待 from the lines of some buyers, in order, to who wrote in their conversations."""

    def receptions(lines: Lines) -> pa.Table:
        talks, whose = lines.talks, lines.whose
        wrote = np.flatnonzero(lines.flags("by_person") & lines.named)
        sums = Sums((talks.of_row * (len(lines.agent.dictionary) + 1) + whose)[wrote])
        first, last = wrote[sums.first], wrote[sums.last]
        talk, agent = talks.of_row[first], whose[first]
        of_talk = lines.at(talks.starts[talk], "message_key", "day", "hour")
        of_first, of_last = (
            lines.at(rows, "buyer_key", "conversation_seq", "seq", "sent_at") for rows in (first, last)
        )
        outreach = (talks.first(lines.is_buyer) == NONE)[talk]
        days = Groups(of_first["buyer_key"].to_numpy(), of_talk["day"].to_numpy())
        made = of_talk | of_first | {
            "shop": repeated(settings.shop, len(first)), "agent": of_places(agent, lines.agent.dictionary),
            "conversation_key": of_talk["message_key"], "product": lines.product_of(talk), "outreach": outreach,
            "messages": sums.count, "chars": sums.total(lines.ints("chars")[wrote]),
            "first_seq": of_first["seq"], "last_seq": of_last["seq"],
            "first_at": of_first["sent_at"], "last_at": of_last["sent_at"],
            "first_of_day": firsts(days.of_row * len(lines.agent.dictionary) + agent, talk, ~outreach),
        }  # fmt: skip
        return pa.table([made[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, receptions, SCHEMA, sees=Lines)
