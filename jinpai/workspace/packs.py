"""目录 packs: which imported files' rows a sealed file holds; many small files of one import share one, a pack.

A pack's rows lie table by table, each file's together and in the files' order, so that how many rows each file has
tells whose a row is. The index is the pack's last frame, as an Arrow table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jinpai.canon import TABLES

PROBLEMS = "problems"
_COUNTED = (*TABLES, PROBLEMS)
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Header:
    """文件头 where an imported file comes from: `digest` is blake2b-16 of the original bytes in hex, `imported_at`
    ms UTC, `format` the importer's name, `chosen` the shop that was asked for (None: the file's own say), `came_with` the
    id of the import (None: written before there were any)."""

    file: str
    digest: str
    format: str
    shop: str
    imported_at: int
    chosen: str | None = None
    came_with: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """行数 what is there of an imported file: rows by canonical table, rows not read, summary rows left out, rows erased,
    rows that were imported and are to be checked."""

    rows: dict[str, int] = field(default_factory=dict)
    problems: int = 0
    summary: int = 0
    erased: int = 0
    review: int = 0


class Index:
    """目录 the headers and counts of a sealed file's imported files, by place from 0; column by column, since a
    million objects would fill the memory."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table.combine_chunks()

    @classmethod
    def of(cls, headers: Sequence[Header], counts: Sequence[Counts]) -> Index:
        """成目录 of these files, in this order; all of one shop."""
        columns: dict[str, Any] = {
            "file": pa.array([_text(one.file) for one in headers], pa.string()),
            "digest": pa.array([bytes.fromhex(one.digest) for one in headers], pa.binary(16)),
            "format": pa.array([one.format for one in headers], pa.string()),
            "imported_at": pa.array([one.imported_at for one in headers], pa.int64()),
            "chosen": pa.array([one.chosen for one in headers], pa.string()),
            "came_with": pa.array([one.came_with for one in headers], pa.string()),
        }
        for name in ("summary", "erased", "review"):
            columns[name] = pa.array([getattr(one, name) for one in counts], pa.int64())
        for table in TABLES:
            if any(one.rows.get(table) for one in counts):
                columns[table] = pa.array([one.rows.get(table, 0) for one in counts], pa.int64())
        # how many frames' rows there are: also those that were imported and are to be checked
        columns[PROBLEMS] = pa.array([one.problems + one.review for one in counts], pa.int64())
        return cls(pa.table(columns))

    @classmethod
    def read(cls, body: bytes) -> Index:
        """读目录 what `written` made."""
        return cls(pa.ipc.open_stream(body).read_all())

    def written(self) -> bytes:
        """写目录 as bytes."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self._table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
            stream.write_table(self._table)
        return bytes(sink.getvalue())

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @cached_property
    def digests(self) -> list[bytes]:
        """摘要 16 bytes of each file."""
        return list(self._table.column("digest").to_pylist())

    @cached_property
    def names(self) -> list[str]:
        """文件名 of each file."""
        return list(self._table.column("file").to_pylist())

    @cached_property
    def formats(self) -> list[str]:
        """格式 the importer of each file."""
        return list(self._table.column("format").to_pylist())

    @cached_property
    def rows(self) -> dict[str, Numbers]:
        """行数 table ("problems" too) -> rows of each file; tables without any are absent."""
        every = {name: self.numbers(name) for name in _COUNTED if name in self._table.column_names}
        return {name: found for name, found in every.items() if found.any()}

    def numbers(self, name: str) -> Numbers:
        """一列数 a column of numbers: imported_at, summary, erased, review, or a table's rows."""
        return np.asarray(self._table.column(name).to_numpy(), np.int64)

    def value(self, name: str, place: int) -> Any:
        """一个值 of one file."""
        return self._table.column(name)[place].as_py()

    def header(self, place: int, shop: str) -> Header:
        """文件头 of one file."""
        digest, at = self.digests[place].hex(), self.value("imported_at", place)
        chosen, came_with = self.value("chosen", place), self.value("came_with", place)
        return Header(self.names[place], digest, self.formats[place], shop, at, chosen, came_with)

    def counts(self, place: int) -> Counts:
        """行数 of one file."""
        rows = {name: int(many[place]) for name, many in self.rows.items() if many[place]}
        problems, review = rows.pop(PROBLEMS, 0), self.value("review", place)
        return Counts(rows, problems - review, self.value("summary", place), self.value("erased", place), review)

    def places(self, table: str, first: int, many: int) -> Numbers:
        """哪个文件的 the place of the file to which each of these rows of a table belongs."""
        if table not in self._owners:
            self._owners[table] = np.repeat(np.arange(len(self)), self.numbers(table))
        return self._owners[table][first : first + many]

    @cached_property
    def _owners(self) -> dict[str, Numbers]:
        return {}


def _text(value: object) -> str:
    # a name of undecodable bytes may hold half a character
    return str(value).encode("utf-8", "replace").decode()
