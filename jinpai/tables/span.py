"""会话的骨架 span: one row a conversation, from its messages alone.

`conversation_seq` and `last_seq` are the `seq` of its first and last message; instants are ms UTC; day and
hour are those of its first message, minute that of the shop's clock then. `product` is the last one named.
Source: the metrics contract, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jinpai.coded import coded, equals, repeated
from jinpai.engine import Walked
from jinpai.tables._clock import Clock
from jinpai.tables._history import Groups, flags, is_known, taken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

READS = ("line", "slot")
ALONG = "message"
COLUMNS = ("buyer_key", "seq", "message_key", "sent_at", "day", "hour", "agent", "sender", "product_id", "matched", "by_person",
    "conversation_seq")  # fmt: skip
ROWS = f"select {', '.join(COLUMNS)} from line"
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("conversation_key", pa.int64()),
    ("last_seq", pa.int64()), ("first_at", pa.int64()), ("last_at", pa.int64()), ("day", pa.int64()), ("hour", pa.int64()),
    ("minute", pa.int64()), ("matched", pa.bool_()), ("buyer_messages", pa.int64()), ("agent_messages", pa.int64()),
    ("first_buyer_at", pa.int64()), ("first_buyer_seq", pa.int64()), ("first_person_seq", pa.int64()),
    ("addressed_to", pa.string()), ("last_agent", pa.string()), ("product", pa.string()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """会话的骨架 from the lines of some buyers, in order, to their conversations."""
    clock = Clock(engine)

    def spans(rows: pa.Table) -> pa.Table:
        rows = rows.select(COLUMNS).combine_chunks()
        talks = Groups(rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy())
        made = _ends(rows, talks) | _sides(rows, talks)
        made |= {
            "shop": repeated(settings.shop, len(talks.starts)),
            "minute": clock.minute(made["first_at"].to_numpy()),
        }
        return pa.table([made[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, spans, SCHEMA)


def _ends(rows: pa.Table, talks: Groups) -> dict[str, Any]:
    """What the first and the last message of each conversation tell."""
    first, last = pa.array(talks.starts), pa.array(talks.ends - 1)
    at_first = {
        "buyer_key": "buyer_key", "conversation_seq": "conversation_seq", "conversation_key": "message_key",
        "first_at": "sent_at", "day": "day", "hour": "hour",
    }  # fmt: skip
    told = {name: rows[column].combine_chunks().take(first) for name, column in at_first.items()}
    return told | {
        "last_seq": rows["seq"].combine_chunks().take(last),
        "last_at": rows["sent_at"].combine_chunks().take(last),
    }


def _sides(rows: pa.Table, talks: Groups) -> dict[str, Any]:
    """What the buyer and the persons of each conversation did in it."""
    columns = {name: rows[name].combine_chunks() for name in ("sent_at", "seq")}
    agent, product = coded(rows["agent"]), coded(rows["product_id"])
    buyer, person, named = equals(coded(rows["sender"]), "buyer"), flags(rows, "by_person"), is_known(agent)
    asked = talks.first(buyer)
    return {
        "matched": talks.count(~flags(rows, "matched")) == 0,
        "buyer_messages": talks.count(buyer), "agent_messages": talks.count(person),
        "first_buyer_at": taken(columns["sent_at"], asked), "first_buyer_seq": taken(columns["seq"], asked),
        "first_person_seq": taken(columns["seq"], talks.first(person)),
        "addressed_to": taken(agent, talks.first(buyer & named)), "last_agent": taken(agent, talks.last(person & named)),
        "product": taken(product, talks.last(is_known(product))),
    }  # fmt: skip
