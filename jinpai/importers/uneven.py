"""多一格少一格 uneven: rows of a delimited text with more or fewer cells than its header, and the numbers of all rows.

A blank cell too many at the end is nothing (Douyin's order table, WeChat tables: formats, §7 case 23); a filled one, or
too few cells, make a row a problem. Arrow reads the even rows and hands over the others, in the order of the file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.errors import Words
from jinpai.importers.cells import shown
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Problem
from jinpai.importers.sheets import MOST_COLUMNS, whole_lines

Numbered = tuple[pa.RecordBatch, pa.Array]
"""一批 a batch with the number of each row."""


def too_many(number: int, text: str, cells: int, columns: int) -> Problem:
    """格数不对 the row of this number, whose cells are not as many as the header's columns."""
    return Problem(number, "", shown(text), Words(
        f"这一行有 {cells} 格，表头有 {columns} 列。请检查引号和逗号。",
        f"This row has {cells} cells, the header has {columns} columns. Check quotes and commas."))  # fmt: skip


class Uneven:
    """不齐的行 the rows of one text that Arrow refuses, until their turn comes."""

    def __init__(self, names: tuple[str, ...], first: int, delimiter: str, *, is_quoted: bool) -> None:
        self.names = names
        """The header, and a name for each blank cell that the first row has at the end beyond it."""
        self.next = first
        """The number of the row that comes next."""
        self.last = (0, False)
        """The number of the last row refused, and whether it holds a line end."""
        self.even = 0
        """The number of the last row that Arrow read."""
        self._width = len(names)
        self._delimiter = delimiter
        self._is_quoted = is_quoted
        self._ahead: deque[tuple[int, int, str, bool]] = deque()
        self._passed: list[tuple[int, int, str, bool]] = []

    def look(self, probe: Probe, start: int) -> None:
        """看第一行 the first row below the header in record `start`: blank cells at its end are in all rows, most likely."""
        with probe.text() as file:
            records = self._reader(whole_lines(file, probe.path))
            try:
                first = next((cells for cells in islice(records, start, start + 100) if any(cells)), [])
            except csv.Error:
                return
        beyond = first[self._width :]
        if beyond and len(first) <= MOST_COLUMNS and not any(beyond):
            self.names += tuple(f"\x00{place}" for place in range(len(beyond)))

    def refuse(self, row: object) -> str:
        """不要 called by Arrow for a record with too many or too few cells."""
        number, text, cells = row.number, row.text, row.actual_columns  # type: ignore[attr-defined]
        self.last = (number, "\n" in text)
        is_sound = cells >= self._width and not any(self._cells(text)[self._width :])
        # of a problem only what is shown: a file may be of nothing else
        self._ahead.append((number, cells, text if is_sound else shown(text), is_sound))
        return "skip"

    def _reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(
            lines, delimiter=self._delimiter, quoting=csv.QUOTE_MINIMAL if self._is_quoted else csv.QUOTE_NONE
        )

    def _cells(self, text: str) -> list[str]:
        try:
            return next(self._reader([text]), [])
        except csv.Error:
            return ["?"] * (self._width + 1)

    def batches(self, batch: pa.RecordBatch) -> Iterator[Numbered | Problem]:
        """一批 a batch of even rows, with the uneven ones that stand among them."""
        numbers = self._numbers(batch.num_rows)
        for place in range(self._width, batch.num_columns):
            filled = batch.column(place).is_valid()
            for at in pc.indices_nonzero(filled).to_pylist():
                yield too_many(numbers[at].as_py(), str(batch.column(place)[at]), place + 1, self._width)
            batch, numbers = batch.filter(pc.invert(filled)), numbers.filter(pc.invert(filled))
        yield from self._with_passed(batch.select(list(range(self._width))), numbers)

    def rest(self) -> Iterator[Numbered | Problem]:
        """剩下的 what is left once no record follows."""
        self._passed.extend(self._ahead)
        self._ahead.clear()
        if not self._passed:
            return
        nothing = pa.RecordBatch.from_arrays(
            [pa.array([], pa.string()) for _ in range(self._width)], names=list(self.names[: self._width])
        )
        yield from self._with_passed(nothing, pa.array([], pa.int64()))

    def _numbers(self, count: int) -> pa.Array:
        """Numbers of the next `count` even rows; the uneven ones before and right after them are passed."""
        found: list[int] = []
        while True:
            stop = self._ahead[0][0] if self._ahead else None
            end = self.next + count - len(found)
            end = end if stop is None else min(end, stop)
            found.extend(range(self.next, end))
            self.next = end
            if end != stop:
                self.even = found[-1] if found else self.even
                return pa.array(found, pa.int64())
            self.next += 1
            self._passed.append(self._ahead.popleft())

    def _with_passed(self, batch: pa.RecordBatch, numbers: pa.Array) -> Iterator[Numbered | Problem]:
        passed, self._passed = self._passed, []
        sound = [(number, self._cells(text)) for number, _, text, is_sound in passed if is_sound]
        if sound:
            columns = [
                pa.array([cells[place] or None for _, cells in sound], pa.string()) for place in range(self._width)
            ]
            more = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
            joined = pa.Table.from_batches([batch, more]).combine_chunks()
            order = pa.array([*numbers.to_pylist(), *(number for number, _ in sound)], pa.int64())
            sorted_ = pc.sort_indices(order)
            (batch,) = joined.take(sorted_).combine_chunks().to_batches()
            numbers = order.take(sorted_)
        if batch.num_rows:
            yield batch, numbers
        yield from (
            too_many(number, text, cells, self._width) for number, cells, text, is_sound in passed if not is_sound
        )
