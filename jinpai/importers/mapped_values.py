"""对照表换值 what a mapping does to values: words, amounts, times, parts of a cell, several messages in one."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.importers.mapped_rows import strings
from jinpai.importers.mapping import Mapping
from jinpai.importers.times import as_iso


def in_form(columns: dict[str, pa.Array], mapping: Mapping) -> None:
    """按标准写法 times in a declared format and amounts in fen, as canonical tables write them."""
    kinds = {column.name: column.kind for column in mapping.table.columns}
    for name, values in columns.items():
        if kinds[name] in {"instant", "day"} and mapping.time_formats and pa.types.is_string(values.type):
            columns[name] = as_iso(values, mapping.time_formats)
        elif kinds[name] == "money":
            unit = next((cut.unit for cut in mapping.columns.get(name, ()) if cut.unit), mapping.unit)
            columns[name] = _yuan(strings(values)) if unit == "分" else values


def _yuan(values: pa.Array) -> pa.Array:
    """Whole fen as yuan: 1234 is 12.34. What is not whole stays unreadable, or 12.5 fen would be read as yuan."""
    digits = pc.replace_substring_regex(pc.utf8_trim_whitespace(values), r",|\.0+$|分$", "")
    padded = pc.utf8_lpad(digits, 3, "0")
    whole = pc.match_substring_regex(digits, r"^\d+$")
    yuan = pc.replace_substring_regex(padded, r"^(\d+)(\d\d)$", r"\1.\2")
    has_digit = pc.match_substring_regex(values, r"\d")
    return pc.if_else(whole, yuan, pc.if_else(has_digit, pc.binary_join_element_wise(values, "分", ""), values))


def extracted(values: pa.Array, pattern: re.Pattern[str]) -> pa.Array:
    """取一部分 what the pattern's group takes out of each value; null where it does not fit."""
    coded = values.dictionary_encode()
    found = (pattern.search(text) for text in coded.dictionary.to_pylist())
    return pa.array([match[1] or None if match else None for match in found], pa.string()).take(coded.indices)


def worded(values: pa.Array, words: Dict[str, str]) -> pa.Array:
    """换词 each value as the canonical word it stands for; one that no key fits stays as it is.

    A key is the value itself, in either case, or has `*` for any text; of these the first that fits. `""` is a blank.
    """
    if not words:
        return values
    folded = {key.casefold(): word for key, word in reversed(list(words.items()))}
    wild = [(re.compile(".*".join(map(re.escape, key.split("*"))), re.DOTALL), word)
            for key, word in words.items() if "*" in key]  # fmt: skip

    def word(text: str | None) -> str | None:
        if text is None or not text.strip():
            return words.get("")
        if (known := words.get(text, folded.get(text.strip().casefold()))) is not None:
            return known
        return next((to for pattern, to in wild if pattern.fullmatch(text)), text)

    coded = values.dictionary_encode(null_encoding="encode")
    return pa.array([word(text) for text in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def split(batch: pa.RecordBatch, at: str) -> pa.RecordBatch:
    """拆句 rows whose text holds several messages as one row each; blank pieces are left out, but for a row of nothing else."""
    pieces = pc.split_pattern(pc.fill_null(batch.column("text"), ""), at)
    text, parent = pc.list_flatten(pieces), pc.list_parent_indices(pieces)
    numbers: list[int] = []
    kept: list[int] = []
    for place, (of, said) in enumerate(zip(parent.to_pylist(), text.to_pylist(), strict=True)):
        fresh = not kept or parent[kept[-1]].as_py() != of
        if said.strip() or (fresh and (place + 1 == len(parent) or parent[place + 1].as_py() != of)):
            numbers.append(0 if fresh else numbers[-1] + 1)
            kept.append(place)
    rows = batch.take(parent.take(pa.array(kept, pa.int64())))
    text = text.take(pa.array(kept, pa.int64()))
    ids = rows.column("message_id")
    suffix = pa.array([f"#{number}" if number else "" for number in numbers], pa.string())
    rows = rows.set_column(
        rows.schema.get_field_index("message_id"), "message_id", pc.binary_join_element_wise(ids, suffix, "")
    )
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return rows.set_column(rows.schema.get_field_index("text"), "text", text)
