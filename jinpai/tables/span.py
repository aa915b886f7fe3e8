"""会话的骨架 span: one row a conversation, from its messages alone.

`conversation_seq` and `last_seq` are the `seq` of its first and last message; instants are ms UTC; day and
hour are those of its first message, minute that of the shop's clock then. `product` is the last one named.
`previous_seq` is the `conversation_seq` of the buyer's conversation before it. `first_received` marks the first of a
buyer's shop day in which both sides wrote: counting them counts buyers.
Source: the metrics contract, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, Flags, repeated
from jinpai.engine import Walked
from jinpai.tables._clock import Clock
from jinpai.tables._history import Groups, taken
from jinpai.tables._lines import ORDER, ROWS, Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("line", "slot")
ALONG = "message"
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("conversation_key", pa.int64()),
    ("previous_seq", pa.int64()), ("last_seq", pa.int64()), ("first_at", pa.int64()), ("last_at", pa.int64()), ("day", pa.int64()), ("hour", pa.int64()),
    ("minute", pa.int64()), ("matched", pa.bool_()), ("buyer_messages", pa.int64()), ("agent_messages", pa.int64()),
    ("first_buyer_at", pa.int64()), ("first_buyer_seq", pa.int64()), ("first_person_seq", pa.int64()),
    ("addressed_to", pa.string()), ("last_agent", pa.string()), ("product", pa.string()), ("first_received", pa.bool_()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """会话的骨架 from the lines of some buyers, in order, to their conversations."""
    clock = Clock(engine)

    def spans(lines: Lines) -> pa.Table:
        made = _ends(lines) | _sides(lines)
        made |= {
            "shop": repeated(settings.shop, len(lines.talks.starts)), "minute": clock.minute(made["first_at"].to_numpy()),
            "product": lines.products, "first_received": _first_received(made),
        }  # fmt: skip
        return pa.table([made[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, spans, SCHEMA, sees=Lines)


def _ends(lines: Lines) -> dict[str, Any]:
    """What the first and the last message of each conversation tell."""
    starts, ends = lines.talks.starts, lines.talks.ends - 1
    told = lines.at(starts, "buyer_key", "conversation_seq", "message_key", "sent_at", "day", "hour")
    buyer, seq = told["buyer_key"].to_numpy(), told["conversation_seq"].to_numpy()
    goes_on = np.zeros(len(seq), bool)
    goes_on[1:] = buyer[1:] == buyer[:-1]
    last = lines.at(ends, "seq", "sent_at")
    return told | {
        "conversation_key": told["message_key"], "first_at": told["sent_at"], "last_at": last["sent_at"],
        "last_seq": last["seq"], "previous_seq": pa.array(np.roll(seq, 1), mask=~goes_on),
    }  # fmt: skip


def _sides(lines: Lines) -> dict[str, Any]:
    """What the buyer and the persons of each conversation did in it."""
    talks, buyer, person = lines.talks, lines.is_buyer, lines.flags("by_person")
    sent_at, seq = lines.array("sent_at"), lines.array("seq")
    asked = talks.first(buyer)
    return {
        "matched": talks.count(~lines.flags("matched")) == 0,
        "buyer_messages": talks.count(buyer), "agent_messages": talks.count(person),
        "first_buyer_at": taken(sent_at, asked), "first_buyer_seq": taken(seq, asked),
        "first_person_seq": taken(seq, talks.first(person)),
        "addressed_to": taken(lines.agent, talks.first(buyer & lines.named)),
        "last_agent": taken(lines.agent, talks.last(person & lines.named)),
    }  # fmt: skip


def _first_received(made: Mapping[str, Any]) -> Flags:
    days = Groups(made["buyer_key"].to_numpy(), made["day"].to_numpy())
    first = days.first((made["buyer_messages"] > 0) & (made["agent_messages"] > 0))
    found = np.zeros(len(days.of_row), bool)
    found[first[first != NONE]] = True
    return found
