"""封存中 sealing: raw rows on their way into sealed files, a file for each imported file or a pack of small ones."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jinpai.canon import PROBLEM_SCHEMA, TABLES
from jinpai.errors import Words
from jinpai.workspace.disk import disk
from jinpai.workspace.packs import PROBLEMS, Counts, Header, Index, Numbers
from jinpai.workspace.raw import FOOTER, HEADER, PACK, SUFFIX, Stored
from jinpai.workspace.sealed import FrameWriter

_FRAME_ROWS = 65_536
_FRAME_BYTES = 32 << 20
_BATCH_ROWS = 1 << 20
_FEW_BATCHES = 256
_SMALL_BYTES = 1 << 16
MOST_FILES = 4096
"""合装 imported files whose rows take up so little go into a pack, so many at most, and no more than a frame's bytes."""
_ZSTD = pa.ipc.IpcWriteOptions(compression="zstd")


class Unread(Protocol):
    """没导进来的行 what a problem must say: where it stood in the file, what stood there, why it cannot be read; `kept`:
    it was imported all the same and is to be checked."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def reason(self) -> Words: ...
    @property
    def kept(self) -> bool: ...


class Waiting:
    """等着写 batches of several tables on their way into frames; many small ones become one: less to compress, less to
    read back."""

    def __init__(self, open_frames: Callable[[], FrameWriter]) -> None:
        self._open_frames = open_frames
        self._frames: FrameWriter | None = None
        self._batches: dict[str, list[pa.RecordBatch]] = {}
        self._sizes: dict[str, tuple[int, int]] = {}

    @property
    def frames(self) -> FrameWriter:
        """封存文件 opened when first there is something to write."""
        if self._frames is None:
            self._frames = self._open_frames()
        return self._frames

    @property
    def is_opened(self) -> bool:
        """已开写 whether anything was written."""
        return self._frames is not None

    @property
    def size(self) -> int:
        """等着的字节 bytes that wait."""
        return sum(size for _, size in self._sizes.values())

    def add(self, table: str, batch: pa.RecordBatch) -> None:
        """收下 one batch; a frame is written when there is enough for one."""
        found = self._batches.setdefault(table, [])
        found.append(batch)
        rows, size = self._sizes.get(table, (0, 0))
        self._sizes[table] = rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= _FRAME_ROWS or size >= _FRAME_BYTES:
            self._write(table)
        elif len(found) > _FEW_BATCHES and found[-_FEW_BATCHES].num_rows * _FEW_BATCHES < rows:
            self._batches[table] = pa.Table.from_batches(found).combine_chunks().to_batches()

    def taken(self) -> dict[str, list[pa.RecordBatch]]:
        """取走 what waits, by table."""
        found, self._batches, self._sizes = self._batches, {}, {}
        return found

    def flush(self) -> None:
        """都写完 whatever waits."""
        for table in list(self._batches):
            self._write(table)

    def drop(self) -> None:
        """作废 what was written, if anything."""
        if self._frames is not None:
            self._frames.drop()

    def _write(self, table: str) -> None:
        merged = pa.Table.from_batches(self._batches.pop(table)).combine_chunks()
        del self._sizes[table]
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, merged.schema, options=_ZSTD) as stream:
            stream.write_table(merged)
        self.frames.frame(table, sink.getvalue())


class Sealed:
    """封存中的文件 an imported file being written: rows, problems and summaries in any order."""

    def __init__(self, header: Header, open_file: Callable[[], FrameWriter]) -> None:
        self.header = header
        self._waiting = Waiting(self._open)
        self._open_file = open_file
        self._unread: list[Unread] = []
        self._rows: dict[str, int] = {}
        self._problems = 0
        self._summary = 0
        self._erased = 0
        self._review = 0

    def rows(self, table: str, batch: pa.RecordBatch) -> None:
        """收行 adds rows of a canonical table; another schema than the table's is a mistake in the importer."""
        if batch.schema != TABLES[table].schema:
            raise ValueError(f"the batch has not the schema of {table}: {batch.schema}")
        self._rows[table] = self._rows.get(table, 0) + batch.num_rows
        for start in range(0, batch.num_rows, _BATCH_ROWS):
            self._waiting.add(table, batch.slice(start, _BATCH_ROWS))

    def carry(self, table: str, batch: pa.RecordBatch) -> None:
        """照抄 adds rows or problems of another raw file as they stand there, whatever version wrote them."""
        if table == PROBLEMS:
            notes = int(reviewed(batch).sum())
            self._problems += batch.num_rows - notes
            self._review += notes
        else:
            self._rows[table] = self._rows.get(table, 0) + batch.num_rows
        if batch.num_rows:
            self._waiting.add(table, batch)

    def problem(self, problem: Unread) -> None:
        """收没导进来的行 adds one row that could not be read, or one that is to be checked."""
        self._problems += not problem.kept
        self._review += problem.kept
        self._unread.append(problem)
        if len(self._unread) >= _FRAME_ROWS:
            self._add_problems()

    def summary(self, count: int) -> None:
        """收汇总行 counts summary rows that were left out."""
        self._summary += count

    def erased(self, count: int) -> None:
        """记删去的行 counts rows and problems that an erasure left out."""
        self._erased += count

    @property
    def counts(self) -> Counts:
        """行数 what came so far."""
        return Counts(dict(self._rows), self._problems, self._summary, self._erased, self._review)

    def small(self) -> dict[str, list[pa.RecordBatch]] | None:
        """小文件 all of it, taken out, when it is small enough for a pack; else None."""
        self._add_problems()
        return None if self._waiting.is_opened or self._waiting.size > _SMALL_BYTES else self._waiting.taken()

    def finish(self) -> None:
        """写完 brings everything to disk."""
        self._add_problems()
        self._waiting.flush()
        self._waiting.frames.finish(FOOTER, json.dumps(asdict(self.counts)).encode())

    def drop(self) -> None:
        """作废 leaves nothing of it."""
        self._waiting.drop()

    def _open(self) -> FrameWriter:
        frames = self._open_file()
        frames.frame(HEADER, json.dumps(asdict(self.header), ensure_ascii=False).encode("utf-8", "replace"))
        return frames

    def _add_problems(self) -> None:
        unread, self._unread = self._unread, []
        if unread:
            columns = zip(
                *((one.row, one.column, _text(one.value), *one.reason, one.kept) for one in unread), strict=True
            )
            arrays = [pa.array(column, kind.type) for column, kind in zip(columns, PROBLEM_SCHEMA, strict=True)]
            self._waiting.add(PROBLEMS, pa.record_batch(arrays, schema=PROBLEM_SCHEMA))


class Pack:
    """合装中 a sealed file of many small imported files of one import and one shop being written."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._path = folder / f"{PACK}{secrets.token_hex(16)}{SUFFIX}"
        self._headers: list[Header] = []
        self._counts: list[Counts] = []
        self._size = 0
        self._waiting = Waiting(lambda: opened(self._path, key))

    @property
    def is_full(self) -> bool:
        """装满了 whether it holds as much as a pack may: what one look at a pack reads must stay small."""
        return len(self._headers) >= MOST_FILES or self._size >= _FRAME_BYTES

    def add(self, header: Header, counts: Counts, rows: dict[str, list[pa.RecordBatch]]) -> None:
        """装入 one imported file, after those before it."""
        self._headers.append(header)
        self._counts.append(counts)
        for table, batches in rows.items():
            for batch in batches:
                self._size += batch.nbytes
                self._waiting.add(table, batch)

    def finish(self) -> None:
        """写完 brings everything to disk."""
        with disk(self._path):
            self._waiting.flush()
            self._waiting.frames.finish(FOOTER, Index.of(self._headers, self._counts).written())

    def drop(self) -> None:
        """作废 leaves nothing of it."""
        self._waiting.drop()


class Rewritten:
    """改写中的文件 a sealed file written anew: its imported files under these names, with the rows that are carried over;
    of the files that `kept` (a flag for each) leaves out, nothing."""

    def __init__(self, path: Path, key: bytes, old: Stored, names: Sequence[str], kept: npt.NDArray[np.bool_]) -> None:
        self.kept = kept
        self._old = old
        self._names = names
        self._gone = np.zeros(len(kept), np.int64)
        self._rows: dict[str, Numbers] = {}
        self._review = np.zeros(len(kept), np.int64)
        self._waiting = Waiting(lambda: opened(path, key))
        if not old.is_pack:
            told = asdict(self._header(0))
            self._waiting.frames.frame(HEADER, json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))

    def carry(self, table: str, batch: pa.RecordBatch, places: Numbers) -> None:
        """照抄 rows or problems as they stand in the old file, whatever version wrote them, with the places that their
        files had there."""
        many = np.bincount(places, minlength=len(self.kept))
        self._rows[table] = self._rows.get(table, np.zeros_like(many)) + many
        if table == PROBLEMS:
            self._review += np.bincount(places[reviewed(batch)], minlength=len(self.kept))
        if batch.num_rows:
            self._waiting.add(table, batch)

    def erased(self, places: Numbers) -> None:
        """记删去的行 counts rows and problems left out, by the place of their file."""
        self._gone += np.bincount(places, minlength=len(self.kept))

    def finish(self) -> None:
        """写完 brings everything to disk."""
        staying = np.flatnonzero(self.kept).tolist()
        counts = [self._counts(place) for place in staying]
        self._waiting.flush()
        if self._old.is_pack:
            body = Index.of([self._header(place) for place in staying], counts).written()
        else:
            body = json.dumps(asdict(counts[0])).encode()
        self._waiting.frames.finish(FOOTER, body)

    def drop(self) -> None:
        """作废 leaves nothing of it."""
        self._waiting.drop()

    def _header(self, place: int) -> Header:
        return replace(self._old.index.header(place, self._old.shop), file=self._names[place])

    def _counts(self, place: int) -> Counts:
        before = self._old.index.counts(place)
        rows = {name: int(many[place]) for name, many in self._rows.items() if many[place]}
        review = int(self._review[place])
        problems = rows.pop(PROBLEMS, 0) - review
        return Counts(rows, problems, before.summary, before.erased + int(self._gone[place]), review)


def opened(path: Path, key: bytes) -> FrameWriter:
    """开新文件 for frames, with its folder."""
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return FrameWriter(path, key)


def reviewed(batch: pa.RecordBatch) -> npt.NDArray[np.bool_]:
    """待核对的行 which problems are notes on rows that were imported; files of before there was a review list have no
    such column."""
    if "kept" not in batch.schema.names:
        return np.zeros(batch.num_rows, bool)
    found: Any = batch.column("kept").fill_null(False).to_numpy(zero_copy_only=False)
    return np.asarray(found, bool)


@contextmanager
def rewritten(
    path: Path, key: bytes, old: Stored, names: Sequence[str], kept: npt.NDArray[np.bool_] | None = None
) -> Iterator[Rewritten]:
    """重写 a sealed file anew at `path`; after an error nothing of it stays."""
    flags = np.ones(len(names), bool) if kept is None else kept
    with disk(path):
        made = Rewritten(path, key, old, names, flags)
        try:
            yield made
            made.finish()
        except BaseException:
            made.drop()
            raise


def _text(value: object) -> str:
    # a value cut out of damaged text may hold half a character
    return str(value).encode("utf-8", "replace").decode()
