"""全文 spoken: in which conversations of some days a text was said, and which buyers have a name.

Texts are compared in their normal form, so that width, case and traditional characters make no difference; each distinct
text is looked at once. Source: the page of the desk, §2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from jinpai.period import add_days
from jinpai.text.normal import normal, normal_block

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.engine import Engine

_AT_ONCE = 100_000
_HERE = """
from message as m
inner join conversation as c on c.buyer_key = m.buyer_key and c.conversation_seq = m.conversation_seq and c.day >= $from and c.day <= $to
inner join source_messages as s on s.file_key = m.file_key and s.position = m.position
where m.day >= $from and m.day <= $until
"""
_TEXTS = f"select m.buyer_key, m.conversation_seq, s.text {_HERE} and m.sender <> 'system' and s.text is not null"
_NAMED = f"select distinct m.buyer_key {_HERE} and (s.buyer = $buyer or s.buyer like $like escape '!')"


def find_text(engine: Engine, values: Mapping[str, Any], text: str) -> None:
    """找原话 makes table `said` of the conversations from the day `from` to the day `to` in which a text was said."""
    import pyarrow as pa

    found = engine.arrow(_TEXTS, _until(values)).combine_chunks()
    column = pa.chunked_array([found["text"].combine_chunks().cast(pa.string()).dictionary_encode()]).combine_chunks()
    column = column if isinstance(column, pa.DictionaryArray) else column.chunk(0)
    hits = np.zeros(len(column.dictionary), bool)
    for start in range(0, len(hits), _AT_ONCE):
        hits[start + _texts_with(column.dictionary.slice(start, _AT_ONCE), normal(text))] = True
    rows = found.select(["buyer_key", "conversation_seq"]).filter(pa.array(hits[column.indices.to_numpy()]))
    engine.take("said", rows)


def _texts_with(texts: pa.Array, wanted: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The places of the texts in which a normal text stands."""
    block = normal_block(texts)
    spans = [found.span() for found in re.finditer(re.escape(wanted), block.text)] if wanted else []
    if not spans:
        return np.zeros(0, np.int64)
    starts, ends = np.array(spans, np.int64).T
    return np.unique(block.places(starts, ends)[0])


def find_buyer(engine: Engine, values: Mapping[str, Any], buyer: str) -> None:
    """找买家 makes table `named` of the buyers with a name, whole or masked as screens show it (云**鹿), who wrote in the days."""
    plain = re.sub(r"([!%_])", r"!\1", buyer)
    like = re.sub(r"\*+", "%", plain) if buyer.strip("*") else plain
    engine.make("named", _NAMED, _until(values) | {"buyer": buyer, "like": like})


def _until(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with the last day on which a conversation of the days may go on."""
    last = values["to"]
    return dict(values) | {"until": last if last >= 99_991_229 else add_days(last, 2)}
