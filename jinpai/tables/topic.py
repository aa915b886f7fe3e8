"""关注点与异议 topic: what each message of a buyer asks about or objects to; a message may have several.

`kind` is topic, objection, or courtesy for a message that only greets or answers. `confidence` is in thousandths.
`product` is the last one named in the conversation up to the message, else the first one after it, else `unknown`;
`turn` counts the exchanges as in `exchange`, `sent_at` is ms UTC. A message without a row asks what nobody could tell.
Made only where the shop's setting `inspection` is on. Source: the inspection contract, §4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, Ints, coded, codes, equals, of_places, repeated
from jinpai.engine import Walked
from jinpai.tables._distinct import Distinct, Found
from jinpai.tables._history import History, is_known
from jinpai.tables._turns import turns
from jinpai.text.concerns import KINDS, Reader, shop_reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

INSPECTION = True
READS = ("message", "source_messages")
ROWS = """
select m.buyer_key, m.seq, m.conversation_seq, m.sent_at, m.day, m.sender, m.product_id, s.text
from message as m
inner join source_messages as s on s.file_key = m.file_key and s.position = m.position
where m.sender <> 'system'
"""
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("seq", pa.int64()),
    ("sent_at", pa.int64()), ("day", pa.int64()), ("turn", pa.int64()), ("product", pa.string()), ("kind", pa.string()),
    ("topic", pa.string()), ("confidence", pa.int64()),
])  # fmt: skip
UNKNOWN = "unknown"


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """关注点与异议 from the messages of some buyers, in order, to what they ask about."""
    reading = Reading(shop_reader(settings.folder))

    def topics(rows: pa.Table) -> pa.Table:
        rows = rows.combine_chunks()
        product = _product(rows)
        talkers = pa.array(equals(coded(rows["sender"]), "buyer", "agent", "assist"))
        rows, product = rows.filter(talkers).combine_chunks(), product.filter(talkers)
        is_buyer = equals(coded(rows["sender"]), "buyer")
        turn = turns(rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy(), is_buyer)
        asked = np.flatnonzero(is_buyer & is_known(rows["text"]))
        row, name, confidence = reading.read(rows["text"].take(pa.array(asked)))
        row = asked[row]
        at = pa.array(row)
        copied = ("buyer_key", "conversation_seq", "seq", "sent_at", "day")
        made = {one: rows[one].combine_chunks().take(at) for one in copied} | {
            "shop": repeated(settings.shop, len(row)), "turn": turn[row], "product": product.take(at),
            "kind": of_places(reading.kind[name], pa.array(KINDS)), "topic": of_places(name, reading.topics),
            "confidence": confidence,
        }  # fmt: skip
        return pa.table([made[one] for one in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, topics, SCHEMA)


def _product(rows: pa.Table) -> pa.DictionaryArray:
    """The product that each message is about."""
    products = coded(rows["product_id"])
    is_named = is_known(products)
    history = History(rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy())
    before = history.so_far(is_named)
    named = np.where(before == NONE, history.after(is_named), before)
    place = codes(products)
    words = [*products.dictionary.to_pylist(), UNKNOWN]
    return of_places(np.where(named == NONE, len(words) - 1, place[named]), pa.array(words, pa.string()))


class Reading:
    """读关注点 reads each distinct text once."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        kinds, topics = zip(*(name.split("/", 1) for name in reader.names), strict=True)
        self.kind: Ints = np.array([KINDS.index(one) for one in kinds], np.int64)
        self.topics = pa.array(topics, pa.string())
        self._distinct = Distinct(self._find)

    def __reduce__(self) -> tuple[object, ...]:
        return Reading, (self.reader,)

    def read(self, texts: pa.ChunkedArray) -> tuple[Ints, Ints, Ints]:
        """读关注点 row, place of the name and thousandths, in the order of rows."""
        row, (name, confidence) = self._distinct.read(texts)
        return row, name, confidence

    def _find(self, texts: pa.Array) -> Found:
        found = self.reader.read(texts)
        return found.text, (found.name, found.confidence)
