"""哪些行算数 the rows of a mapped table: those left out by words, ids that stand on the first row only, rows that are one.

An order written on several rows is its first row; the others must repeat its amounts, numbers and times or leave them
blank, and are counted. Where one differs, none of the order is imported: it is not the order's own. The file is gone
through once for that before its rows are read; what is kept is about 300 bytes an order. Source: formats, §7 cases 5, 21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.errors import Words
from jinpai.importers.canonical import Cells
from jinpai.importers.columns import cast
from jinpai.importers.mapping import Mapping
from jinpai.importers.mapping_rows import Skip
from jinpai.importers.parts import Part, batches
from jinpai.importers.probe import Probe, header_name
from jinpai.importers.protocol import Problem, Summary


def strings(values: pa.Array) -> pa.Array:
    """成文字 a column of any type as strings."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_string(values.type):
        return values
    if pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        return pa.array([None if value is None else str(value) for value in values.to_pylist()], pa.string())
    return values.cast(pa.string())


def blanked(values: pa.Array) -> pa.Array:
    """空格子 strings, those of nothing but blanks null."""
    text = strings(values)
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), pa.scalar(None, pa.string()), text)


def counting(
    probe: Probe, part: Part, mapping: Mapping
) -> Iterator[tuple[pa.RecordBatch, pa.Array] | Problem | Summary]:
    """算数的行 the batches of a part without the rows that the mapping skips, ids filled in below an order's first row."""
    rules, last = mapping.rows, pa.scalar(None, pa.string())
    cuts = mapping.columns.get(rules.first_row or "", ())
    below = next((at for at in (_place(part, cut.column) for cut in cuts) if at is not None), None)
    for numbered in batches(probe, part):
        if isinstance(numbered, Problem):
            yield numbered
            continue
        batch, numbers = numbered
        left_out = pa.array([False] * len(numbers), pa.bool_())
        for skip in rules.skip:
            left_out = pc.or_(left_out, _skipped(batch.column(_place(part, skip.column) or 0), skip))
        if left_out.true_count:
            yield Summary(left_out.true_count)
            batch, numbers = batch.filter(pc.invert(left_out)), numbers.filter(pc.invert(left_out))
        if below is not None and batch.num_rows:
            filled = pc.fill_null(pc.fill_null_forward(blanked(batch.column(below))), last)
            last = filled[-1]
            batch = batch.set_column(below, batch.schema.names[below], filled)
        yield batch, numbers


def _place(part: Part, column: str) -> int | None:
    name = header_name(column).casefold()
    return part.names.index(name) if name in part.names else None


def _skipped(values: pa.Array, skip: Skip) -> pa.Array:
    """Where one of the words stands; of each distinct value once."""
    patterns = [
        re.compile(".*".join(map(re.escape, word.strip().casefold().split("*"))), re.DOTALL) for word in skip.words
    ]
    coded = strings(values).dictionary_encode(null_encoding="encode")
    found = [text is not None and any(pattern.fullmatch(text.strip().casefold()) for pattern in patterns)
             for text in coded.dictionary.to_pylist()]  # fmt: skip
    return pa.array(found, pa.bool_()).take(coded.indices)


class Once:
    """同一单 the rows of each order: what its first row says, and which orders do not agree with themselves."""

    def __init__(self, mapping: Mapping, zone: ZoneInfo) -> None:
        self._key = mapping.rows.once_per or ""
        self._kinds = {column.name: column.kind for column in mapping.table.columns}
        self._zone = zone
        self._first: dict[str, tuple[int, tuple[object, ...]]] = {}
        self._torn: dict[str, tuple[str, int]] = {}

    def _keys(self, cells: Cells) -> list[str | None]:
        found: list[str | None] = cast(cells.columns[self._key], "id", self._zone)[0].to_pylist()
        return found

    def _compared(self, cells: Cells) -> list[str]:
        return [name for name in cells.columns if self._kinds[name] in {"money", "count", "instant", "day"}]

    def look(self, cells: Cells) -> None:
        """先看一遍 the rows of one batch, before any row is read."""
        names = self._compared(cells)
        columns = [
            cast(cells.columns[name], self._kinds[name], self._zone, day_alone=True)[0].to_pylist() for name in names
        ]
        numbers = cells.numbers.to_pylist()
        for place, key in enumerate(self._keys(cells)):
            if key is None:
                continue
            values = tuple(column[place] for column in columns)
            row, first = self._first.setdefault(key, (numbers[place], values))
            differing = [
                name for name, one, other in zip(names, first, values, strict=True) if other not in (None, one)
            ]
            if differing:
                self._torn.setdefault(key, (differing[0], row))

    def taken(self, cells: Cells) -> tuple[Cells, list[Problem], int]:
        """留下第一行 the first rows of orders that agree with themselves, problems of the others, and how many repeat."""
        kept, problems = [], []
        keys = self._keys(cells)
        for place, key in enumerate(keys):
            torn = None if key is None else self._torn.get(key)
            if torn is not None:
                problems.append(cells.problem(place, torn[0], _why(str(key), *torn)))
            # taken away at the first row, so that the next ones find nothing
            kept.append(torn is None and (key is None or self._first.pop(key, None) is not None))
        return cells.filter(pa.array(kept, pa.bool_())), problems, len(keys) - sum(kept) - len(problems)


def _why(key: str, name: str, row: int) -> Words:
    return Words(
        f"{key} 写成了几行，这一列和它的第 {row} 行不一样，整单没有导入。这一列多半是每件商品的，不是整单的：请在对照表里去掉 {name}。",
        f"{key} stands on several rows, and this column is not what it is on row {row}; none of it was imported. Most likely "
        f"it is an item's and not the order's: take {name} out of the mapping.")  # fmt: skip
