"""同时接待 concurrency: how many conversations were open when each one started, itself included.

Once for the shop (scope 'shop') and once for each person who wrote in it (scope 'agent'). A conversation
is open from its first to its last message, both ends in. The only table that looks across buyers.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.coded import coded, codes, repeated

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
    alone = pa.nulls(len(spans), pa.string()).dictionary_encode()
    with ThreadPoolExecutor(max_workers=2) as both:  # numpy lets threads sort at once
        of_shop = both.submit(_counted, spans, "shop", alone, settings)
        of_agents = both.submit(_counted, held, "agent", coded(held["agent"]), settings)
        return pa.concat_tables([of_shop.result(), of_agents.result()])


def _counted(talks: pa.Table, scope: str, whose: pa.DictionaryArray, settings: Settings) -> pa.Table:
    """Of those with the same agent: how many had begun when one began, less how many had ended."""
    first, last = talks["first_at"].to_numpy(), talks["last_at"].to_numpy()
    # agents lie one after the other on one line of time, so that all are counted in one search
    length = int(last.max(initial=0)) - int(first.min(initial=0)) + 1
    shift = (codes(whose) + 1) * length - first.min(initial=0)
    order = np.argsort(first + shift)
    begins = (first + shift)[order]
    # looked up in their order, they find what they look for still at hand
    counts = np.searchsorted(begins, begins, side="right") - np.searchsorted(np.sort(last + shift), begins, side="left")
    open_at_once = np.empty_like(counts)
    open_at_once[order] = counts
    columns = {
        "scope": repeated(scope, len(talks)), "shop": repeated(settings.shop, len(talks)), "agent": whose,
        "seq": talks["conversation_seq"], "open_at_once": pa.array(open_at_once),
    }  # fmt: skip
    return pa.table([columns[name] if name in columns else talks[name] for name in SCHEMA.names], names=SCHEMA.names)
