"""说法 claim: what somebody stated that can be held against something: a duration, an amount, a courier, a yes or no.

One row a statement: its subject, its value as text (yes or no, whole hours, a size in its small unit, fen, or the word
for it), and the characters that say so. What comes after a digit or a dash is the end of a longer number and none.
Made only where `inspection` is on. Source: the inspection contract, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.engine import Walked
from jinpai.text.subjects import of_signal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

INSPECTION = True
READS = ("tag", "message", "source_messages", "claiming")
ROWS = """
select t.shop, t.buyer_key, t.conversation_seq, t.seq, t.turn, t.side, t.agent, t.signal, t.begins, t.ends, s.text
from tag as t
inner join claiming as c on c.signal = t.signal
inner join message as m on m.buyer_key = t.buyer_key and m.seq = t.seq
inner join source_messages as s on s.file_key = m.file_key and s.position = m.position
"""
ORDER = ("buyer_key", "seq", "begins", "ends", "signal")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("seq", pa.int64()), ("turn", pa.int64()),
    ("side", pa.string()), ("agent", pa.string()), ("subject", pa.string()), ("value", pa.string()), ("amount", pa.int64()),
    ("begins", pa.int64()), ("ends", pa.int64()),
])  # fmt: skip
_JOINED = frozenset("0123456789.-~—–至到/")
"""A number after one of these is part of a longer one: 48-72小时, 1.5升."""


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """说法 from the signals of some buyers that claim something to what they claim."""
    return Walked(ROWS, ORDER, claims, SCHEMA)


def claims(rows: pa.Table) -> pa.Table:
    """说法 the claims in rows of signals; each distinct wording is read once."""
    rows = rows.combine_chunks()
    begins, ends = rows["begins"].to_pylist(), rows["ends"].to_pylist()
    texts, signals = rows["text"].to_pylist(), rows["signal"].to_pylist()
    quotes = [text[first:last] for text, first, last in zip(texts, begins, ends, strict=True)]
    is_tail = [
        first > 0 and text[first - 1] in _JOINED and quote[:1] in "0123456789"
        for text, first, quote in zip(texts, begins, quotes, strict=True)
    ]
    read = {said: _read(*said) for said in dict.fromkeys(zip(signals, quotes, strict=True))}
    found = [read[said] for said in zip(signals, quotes, strict=True)]
    stays = np.array([value is not None for _, value, _ in found], bool) & ~np.array(is_tail, bool)
    made = {
        name: rows[name] for name in ("shop", "buyer_key", "conversation_seq", "seq", "turn", "side", "agent", "begins", "ends")
    } | {name: pa.array([one[at] for one in found], SCHEMA.field(name).type) for at, name in enumerate(("subject", "value", "amount"))}  # fmt: skip
    return pa.table([made[name] for name in SCHEMA.names], schema=SCHEMA).filter(pa.array(stays))


def _read(signal: str, quote: str) -> tuple[str, str | None, int | None]:
    """The subject, value and amount of a wording."""
    subject = of_signal()[signal]
    value = subject.value(signal, quote)
    is_number = value is not None and subject.kind in ("hours", "fen", "budget")
    return subject.id, value, int(value) if is_number and value is not None else None
