"""其他列 extra: the columns that no canonical table has, kept beside the row as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.importers.columns import as_text

# In the order of escaping: the backslash first.
_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def extra_of(values: Mapping[str, object]) -> str | None:
    """一行的其他列 {column: text} of a row as JSON, without empty cells; None when nothing is left."""
    kept = {name: str(value) for name, value in values.items() if value is not None and str(value) != ""}
    return json.dumps(kept, ensure_ascii=False) if kept else None


def extra_column(columns: Mapping[str, pa.Array], length: int) -> pa.Array:
    """整列的其他列 the same for whole columns: strings of JSON, null where every cell of the row is null."""
    texts = {name: _text(values) for name, values in columns.items() if values.null_count < len(values)}
    if not texts:
        return pa.nulls(length, pa.string())
    if any(_has_control(values) for values in texts.values()):
        lists = {name: values.to_pylist() for name, values in texts.items()}
        return pa.array(
            [extra_of({name: cells[row] for name, cells in lists.items()}) for row in range(length)], pa.string()
        )
    pieces = []
    for name, values in texts.items():
        escaped = values
        for character, written in _ESCAPES:
            escaped = pc.replace_substring(escaped, character, written)
        pieces.append(pc.binary_join_element_wise(json.dumps(name, ensure_ascii=False) + ': "', escaped, '"', ""))
    # Arrow leaves out a row whose every piece is null, so each row begins with an empty one.
    joined = pc.binary_join_element_wise(pa.repeat("", length), *pieces, ", ", null_handling="skip")
    filled = pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(joined, 2), "}", "")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), filled)


def _text(values: pa.Array) -> pa.Array:
    text = as_text(values)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _has_control(values: pa.Array) -> bool:
    found = pc.match_substring_regex(values, r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
    return bool(pc.any(found).as_py())
