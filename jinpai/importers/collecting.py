"""攒批 collecting: rows of an importer that reads row by row, gathered into batches of a canonical table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from jinpai.canon import TABLES
from jinpai.importers.protocol import Rows

BATCH = 20_000


class Collected:
    """攒着的行 rows of one canonical table; columns that a row does not name are null."""

    def __init__(self, table: str) -> None:
        self.table = table
        self._schema = TABLES[table].schema
        self._names = frozenset(self._schema.names)
        self._rows: list[Mapping[str, object]] = []

    def add(self, **row: object) -> None:
        """加一行 one row; an unknown column is a mistake in the program (KeyError)."""
        if not row.keys() <= self._names:
            raise KeyError(f"{self.table} has no columns {sorted(row.keys() - self._names)}")
        self._rows.append(row)

    @property
    def is_full(self) -> bool:
        """够一批了 whether enough rows for a batch are there."""
        return len(self._rows) >= BATCH

    def full(self) -> Iterator[Rows]:
        """够了就取 a batch, once enough rows are there."""
        if self.is_full:
            yield from self.rest()

    def rest(self) -> Iterator[Rows]:
        """剩下的 what is left, as a batch."""
        if self._rows:
            columns = [pa.array([row.get(field.name) for row in self._rows], field.type) for field in self._schema]
            self._rows = []
            yield Rows(self.table, pa.RecordBatch.from_arrays(columns, schema=self._schema))
