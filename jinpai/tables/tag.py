"""信号 tag: which message of which conversation carries which signal, and the characters that say so.

`side` is buyer or agent: a robot that writes under a person's name counts as the agent, an automatic line is nobody's
doing and carries none. `begins` and `ends` count characters of the text as facts hold it, half-open. `turn` counts the
exchanges of the conversation, as in `exchange`. Made only where the shop's setting `inspection` is on.
Source: the inspection contract, §1; the signals are those of jinpai/text/lexicons and of the shop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jinpai.coded import Ints, coded, equals, of_places, repeated
from jinpai.engine import Walked
from jinpai.tables._distinct import Distinct, Found
from jinpai.tables._turns import turns
from jinpai.text.matching import matcher
from jinpai.text.signals import ROLES, Lexicon, shop_lexicon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.engine import Engine, Value
    from jinpai.workspace.settings import Settings

INSPECTION = True
READS = ("message", "source_messages")
ROWS = """
select m.buyer_key, m.seq, m.conversation_seq, m.sent_at, m.agent, m.sender, s.text
from message as m
inner join source_messages as s on s.file_key = m.file_key and s.position = m.position
where m.sender in ('buyer', 'agent', 'assist')
"""
ORDER = ("buyer_key", "seq")
SCHEMA = pa.schema([
    ("shop", pa.string()), ("buyer_key", pa.int64()), ("conversation_seq", pa.int64()), ("seq", pa.int64()),
    ("sent_at", pa.int64()), ("turn", pa.int64()), ("side", pa.string()), ("agent", pa.string()), ("signal", pa.string()),
    ("begins", pa.int64()), ("ends", pa.int64()),
])  # fmt: skip
SIDES = ROLES[:2]


def walk(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Walked:  # noqa: ARG001
    """信号 from the messages of some buyers, in order, to their signals."""
    reader = Reader(shop_lexicon(settings.folder))

    def tags(rows: pa.Table) -> pa.Table:
        rows = rows.combine_chunks()
        is_buyer = equals(coded(rows["sender"]), "buyer")
        turn = turns(rows["buyer_key"].to_numpy(), rows["conversation_seq"].to_numpy(), is_buyer)
        side = np.where(is_buyer, 0, 1)
        row, signal, begins, ends = reader.read(rows["text"], side)
        at = pa.array(row)
        made = {
            name: rows[name].combine_chunks().take(at) for name in ("buyer_key", "conversation_seq", "seq", "sent_at")
        }
        made |= {
            "shop": repeated(settings.shop, len(row)), "turn": turn[row], "begins": begins, "ends": ends,
            "side": of_places(side[row], pa.array(SIDES)), "agent": coded(rows["agent"]).take(at),
            "signal": of_places(signal, reader.names),
        }  # fmt: skip
        return pa.table([made[name] for name in SCHEMA.names], names=SCHEMA.names)

    return Walked(ROWS, ORDER, tags, SCHEMA)


class Reader:
    """读信号 finds the signals of texts, each distinct text once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.matcher = matcher(lexicon)
        self.names = pa.array([one.id for one in lexicon.signals], pa.string())
        # which side can emit which signal
        self._heard = np.array([[one.role in (side, "any") for one in lexicon.signals] for side in SIDES])
        self._distinct = Distinct(self._find)

    def __reduce__(self) -> tuple[object, ...]:
        return Reader, (self.matcher.lexicon,)

    def read(self, texts: pa.ChunkedArray, side: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """读信号 row, place of the signal in `names`, begin and end, in the order of rows; `side`: 0 buyer, 1 agent."""
        row, (signal, begins, ends) = self._distinct.read(texts)
        stays = self._heard[side[row], signal]
        return row[stays], signal[stays], begins[stays], ends[stays]

    def _find(self, texts: pa.Array) -> Found:
        matches = self.matcher.match(texts)
        signal = pc.index_in(matches["signal"], value_set=self.names).to_numpy().astype(np.int64)
        return matches["text"].to_numpy(), (signal, matches["start"].to_numpy(), matches["end"].to_numpy())
