"""来回 exchange: one row an exchange of a conversation: what the buyer wrote at a stretch, and what was answered.

`turn` counts from 1; `first_seq` is the `seq` of its first message, `replied_seq` and `closed_seq` those of the first
and last message of an agent's, null where nobody answered; `agent` is who answered first. Instants are ms UTC. A robot
under a person's name counts as the agent, automatic lines are not there. Made only where `inspection` is on.
Source: the inspection contract, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from jinpai.coded import coded, equals, repeated
from jinpai.engine import Walked
from jinpai.tables._history import Groups, is_known, taken
from jinpai.tables._turns import turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

INSPECTION = True
READS = ("line",)
ALONG = "message"
COLUMNS = ("buyer_key", "seq", "conversation_seq", "sent_at", "agent", "sender", "chars")
ROWS = f"select {', '.join(COLUMNS)} from line"
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("turn", pa.int64()),
    ("first_seq", pa.int64()), ("asked_seq", pa.int64()), ("asked_at", pa.int64()), ("replied_seq", pa.int64()),
    ("replied_at", pa.int64()), ("replied_chars", pa.int64()), ("closed_seq", pa.int64()), ("agent", pa.string()),
    ("buyer_messages", pa.int64()), ("agent_messages", pa.int64()),
])  # fmt: skip


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """来回 from the lines of some buyers, in order, to their exchanges."""

    def exchanges(rows: pa.Table) -> pa.Table:
        sender = coded(rows["sender"])
        rows = rows.select(COLUMNS).filter(pa.array(equals(sender, "buyer", "agent", "assist"))).combine_chunks()
        buyer_key, conversation = rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy()
        buyer = equals(coded(rows["sender"]), "buyer")
        turn = turns(buyer_key, conversation, buyer)
        of = Groups(buyer_key, conversation, turn)
        columns = {name: rows[name].combine_chunks() for name in ("seq", "sent_at", "chars")}
        agent = coded(rows["agent"])
        asked, replied, closed = of.first(buyer), of.first(~buyer), of.last(~buyer)
        starts = pa.array(of.starts)
        made = {name: rows[name].combine_chunks().take(starts) for name in ("buyer_key", "conversation_seq")} | {
            "shop": repeated(settings.shop, len(of.starts)), "turn": turn[of.starts], "first_seq": columns["seq"].take(starts),
            "asked_seq": taken(columns["seq"], asked), "asked_at": taken(columns["sent_at"], asked),
            "replied_seq": taken(columns["seq"], replied), "replied_at": taken(columns["sent_at"], replied),
            "replied_chars": taken(columns["chars"], replied), "closed_seq": taken(columns["seq"], closed),
            "agent": taken(agent, of.first(~buyer & is_known(agent))),
            "buyer_messages": of.count(buyer), "agent_messages": of.count(~buyer),
        }  # fmt: skip
        return pa.table([made[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, exchanges, SCHEMA)
