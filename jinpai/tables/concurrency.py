"""同时接待 concurrency: how many conversations were open when each one started, itself included.

Once for the shop (scope 'shop') and once for each person who wrote in it (scope 'agent'). A conversation
is open from its first to its last message, both ends in. The only table that looks across buyers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace.settings import Settings

READS = ("reception", "span")
WHOLE = True
SCHEMA = pa.schema([
    ("scope", pa.string()), ("shop", pa.string()), ("agent", pa.string()), ("day", pa.int64()), ("hour", pa.int64()),
    ("product", pa.string()), ("buyer_key", pa.int64()), ("seq", pa.int64()), ("open_at_once", pa.int64()),
])  # fmt: skip


def make(engine: Engine, settings: Settings) -> pa.Table:
    """同时接待 one row a conversation, and one for each person in it."""
    spans = engine.arrow(
        "select buyer_key, conversation_seq, first_at, last_at, day, hour, coalesce(product, 'unknown') as product from span"
    )
    held = engine.arrow("select r.agent, s.buyer_key, s.conversation_seq, s.first_at, s.last_at, s.day, s.hour, "
        "coalesce(s.product, 'unknown') as product from reception as r inner join span as s "
        "on s.buyer_key = r.buyer_key and s.conversation_seq = r.conversation_seq")  # fmt: skip
    agents = held["agent"].combine_chunks().dictionary_encode()
    parts = [_counted(spans, "shop", None, settings)]
    for number, agent in enumerate(agents.dictionary.to_pylist()):
        mine = pa.array(np.flatnonzero(agents.indices.to_numpy() == number))
        parts.append(_counted(held.take(mine), "agent", agent, settings))
    return pa.concat_tables(parts)


def _counted(talks: pa.Table, scope: str, agent: str | None, settings: Settings) -> pa.Table:
    first, last = talks["first_at"].to_numpy(), talks["last_at"].to_numpy()
    begun = np.searchsorted(np.sort(first), first, side="right")
    ended = np.searchsorted(np.sort(last), first, side="left")
    columns = {
        "scope": pa.repeat(pa.scalar(scope), len(talks)), "shop": pa.repeat(pa.scalar(settings.shop), len(talks)),
        "agent": pa.repeat(pa.scalar(agent, pa.string()), len(talks)), "seq": talks["conversation_seq"],
        "open_at_once": pa.array(begun - ended),
    }  # fmt: skip
    return pa.table([columns[name] if name in columns else talks[name] for name in SCHEMA.names], schema=SCHEMA)
