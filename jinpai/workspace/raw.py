"""原始记录 raw rows: what was imported, sealed, a file for each imported file and shop.

raw/<import>/<shop>/<digest>.sealed. An import's files are written under raw/incoming/ and appear
by one rename of their folder. Nothing but an erasure changes them: it writes <digest>.r1.sealed, and of
several revisions the highest holds.
"""

from __future__ import annotations

import io
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from jinpai.canon import PROBLEM_SCHEMA, TABLES
from jinpai.errors import JinpaiError, Words
from jinpai.workspace.arriving import settle_arrivals
from jinpai.workspace.disk import disk, sync_folder
from jinpai.workspace.sealed import FrameReader, FrameWriter
from jinpai.workspace.withdrawing import forget_withdrawn, read_withdrawn

if TYPE_CHECKING:
    from jinpai.workspace.workspace import Workspace

PROBLEMS = "problems"
_INCOMING = "incoming"
_SUFFIX = ".sealed"
_FRAME_ROWS = 65_536
_FRAME_BYTES = 32 << 20
_BATCH_ROWS = 1 << 20
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


@dataclass(frozen=True, slots=True)
class Header:
    """文件头 where a raw file comes from: `digest` is blake2b-16 of the original bytes in hex, `imported_at`
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
    """行数 what a raw file holds: rows by canonical table, rows not read, summary rows left out, rows erased,
    rows that were imported and are to be checked."""

    rows: dict[str, int] = field(default_factory=dict)
    problems: int = 0
    summary: int = 0
    erased: int = 0
    review: int = 0


class RawFile:
    """原始文件 one imported file's rows of one shop; `revision` counts the erasures that rewrote it."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        self.path = path
        self.shop = path.parent.name
        self.digest, _, revision = path.name.removesuffix(_SUFFIX).partition(".r")
        self.revision = int(revision or 0)
        self._workspace = workspace

    @property
    def mark(self) -> str:
        """标记 digest and revision: equal marks of a shop, equal rows."""
        return f"{self.digest}.r{self.revision}" if self.revision else self.digest

    @property
    def next_name(self) -> str:
        """下一版的文件名 what the file is called after one more rewriting."""
        return f"{self.digest}.r{self.revision + 1}{_SUFFIX}"

    @cached_property
    def _frames(self) -> FrameReader:
        return FrameReader(self.path, self._workspace.key_for("raw"))

    @cached_property
    def header(self) -> Header:
        """文件头 where the rows come from."""
        return Header(**json.loads(self._frames.first()))

    @property
    def came_with(self) -> str:
        """导入编号 the id of the import that brought it in, also after an erasure wrote it anew."""
        folder = self.path.parents[1].name
        return self.header.came_with or (self.digest if self.revision else import_id(folder))

    @cached_property
    def counts(self) -> Counts:
        """行数 how many rows there are, without reading them."""
        return Counts(**json.loads(self._frames.last()))

    def tables(self) -> Iterator[tuple[str, pa.RecordBatch]]:
        """逐批 (canonical table or "problems", batch), in the order of the file within each table."""
        for name, body in self._frames.frames():
            if name == "header":
                self.header = Header(**json.loads(body))  # not to be opened once more for it
            elif name != "footer":
                for batch in pa.ipc.open_stream(body):
                    yield name, batch


def import_id(folder: str) -> str:
    """导入编号 what an import is called, by the name of its folder: 8 hex digits."""
    return folder.rpartition("-")[2]


def raw_files(workspace: Workspace) -> list[RawFile]:
    """原始文件 every landed file in its latest revision, sorted by digest, then shop."""
    return sorted(_latest(workspace).values(), key=lambda one: (one.digest, one.shop))


def _latest(workspace: Workspace) -> dict[tuple[str, str], RawFile]:
    found: dict[tuple[str, str], RawFile] = {}
    withdrawn = read_withdrawn(workspace.root)
    for one in every_file(workspace):
        if one.path in withdrawn:
            continue
        known = found.get((one.shop, one.digest))
        if known is None or known.revision < one.revision:
            found[one.shop, one.digest] = one
    return found


def every_file(workspace: Workspace) -> list[RawFile]:
    """每个文件 in every revision that lies there, withdrawn ones too."""
    raw = workspace.root / "raw"
    with disk(raw):
        # what lies under incoming/ is one folder deeper and not seen
        return [RawFile(path, workspace) for path in raw.glob(f"*/*/*{_SUFFIX}")]


def forget_replaced(workspace: Workspace) -> bool:
    """清掉旧版 removes every raw file that a later revision replaces or that was withdrawn; whether none is left. Under
    the writer lock.

    A killed erasure may have left some; on Windows a reader may hold one open for a while.
    """
    held, gone = {one.path for one in _latest(workspace).values()}, True
    for path in (one.path for one in every_file(workspace) if one.path not in held):
        try:
            path.unlink()
        except OSError:
            gone = False
            continue
        for folder in path.parents[:2]:
            with suppress(OSError):  # not empty: other files of that import still hold
                folder.rmdir()
    forget_withdrawn(workspace.root)
    return gone


class Sealed:
    """封存中的文件 a raw file being written: rows, problems and summaries in any order."""

    def __init__(self, frames: FrameWriter) -> None:
        self._frames = frames
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
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
            self._add(table, batch.slice(start, _BATCH_ROWS))

    def carry(self, table: str, batch: pa.RecordBatch) -> None:
        """照抄 adds rows or problems of another raw file as they stand there, whatever version wrote them."""
        if table == PROBLEMS:
            # files of before there was a review list have no such column
            kept = batch.column("kept").to_pylist().count(True) if "kept" in batch.schema.names else 0
            self._problems += batch.num_rows - kept
            self._review += kept
        else:
            self._rows[table] = self._rows.get(table, 0) + batch.num_rows
        if batch.num_rows:
            self._add(table, batch)

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

    def finish(self) -> Counts:
        """写完 brings everything to disk; the counts come back."""
        self._add_problems()
        for table in list(self._waiting):
            self._write(table)
        counts = Counts(self._rows, self._problems, self._summary, self._erased, self._review)
        self._frames.finish("footer", json.dumps(asdict(counts)).encode())
        return counts

    def _add_problems(self) -> None:
        unread, self._unread = self._unread, []
        if unread:
            columns = zip(
                *((one.row, one.column, _text(one.value), *one.reason, one.kept) for one in unread), strict=True
            )
            arrays = [pa.array(column, kind.type) for column, kind in zip(columns, PROBLEM_SCHEMA, strict=True)]
            self._add(PROBLEMS, pa.record_batch(arrays, schema=PROBLEM_SCHEMA))

    def _add(self, table: str, batch: pa.RecordBatch) -> None:
        self._waiting.setdefault(table, []).append(batch)
        rows, size = self._sizes.get(table, (0, 0))
        self._sizes[table] = rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= _FRAME_ROWS or size >= _FRAME_BYTES:
            self._write(table)

    def _write(self, table: str) -> None:
        # many small batches of a row-wise importer become one: less to compress, less to read back
        merged = pa.Table.from_batches(self._waiting.pop(table)).combine_chunks()
        del self._sizes[table]
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, merged.schema, options=_ZSTD) as stream:
            stream.write_table(merged)
        self._frames.frame(table, sink.getvalue())


def _text(value: object) -> str:
    # a value cut out of damaged text may hold half a character
    return str(value).encode("utf-8", "replace").decode()


@contextmanager
def sealing(path: Path, key: bytes, header: Header) -> Iterator[Sealed]:
    """封一个文件 a new raw file at `path` with what is put in; after an error nothing of it stays."""
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        frames = FrameWriter(path, key)
        try:
            frames.frame("header", json.dumps(asdict(header), ensure_ascii=False).encode("utf-8", "replace"))
            sealed = Sealed(frames)
            yield sealed
            sealed.finish()
        except BaseException:
            frames.drop()
            raise


class Landing:
    """导入中 the raw files of one import; nothing of it can be read before it has landed."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._workspace = workspace
        self.folder = folder
        self._key = workspace.key_for("raw")
        self._before: dict[str, list[RawFile]] = {}
        for one in raw_files(workspace):
            self._before.setdefault(one.digest, []).append(one)
        self._landed = {(one.shop, one.digest) for same in self._before.values() for one in same}
        self._new_shops: dict[str, str | None] = {}

    def has(self, shop: str, digest: str) -> bool:
        """已导入 whether a file of these bytes has landed for the shop, in this import or before."""
        return (shop, digest) in self._landed

    def has_whole(self, digest: str) -> bool:
        """整个文件已导入 whether a file of these bytes has landed before for every shop that it names itself."""
        return any(one.header.chosen is None for one in self.before(digest))

    def before(self, digest: str) -> list[RawFile]:
        """以前的 the files of these bytes that landed before this import, of every shop."""
        return self._before.get(digest, [])

    def add_shop(self, key: str, zone: str | None = None) -> None:
        """加店铺 a shop that comes to be when the import lands."""
        self._new_shops[key] = zone

    @contextmanager
    def file(self, name: str, digest: str, format: str, shop: str, chosen: str | None = None) -> Iterator[Sealed]:
        """一个文件 its rows of one shop, sealed; after an error nothing of the file stays."""
        if self.has(shop, digest):
            raise JinpaiError(f"{name} 已经导入过店铺 {shop}。", f"{name} has been imported for shop {shop} already.")
        came_with = import_id(self.folder.name)
        header = Header(name, digest, format, shop, time.time_ns() // 1_000_000, chosen, came_with)
        with sealing(self.folder / shop / f"{digest}{_SUFFIX}", self._key, header) as sealed:
            yield sealed
        self._landed.add((shop, digest))

    def fresh(self) -> list[RawFile]:
        """这次的文件 the files that are about to land, in their latest revision."""
        made = [RawFile(path, self._workspace) for path in sorted(self.folder.glob(f"*/*{_SUFFIX}"))]
        return list({(one.shop, one.digest): one for one in sorted(made, key=lambda one: one.revision)}.values())

    def land(self) -> None:
        """落地 makes everything visible at once, and with it the shops that are new; without a file, nothing."""
        if any(self.folder.glob(f"*/*{_SUFFIX}")):
            for key, zone in self._new_shops.items():
                self._workspace.make_shop(key, zone, arrives_with=self.folder.name)
            reveal(self.folder)


def reveal(folder: Path) -> None:
    """现身 makes everything in a folder under incoming/ visible at once, by one rename."""
    raw = folder.parents[1]
    with disk(raw):
        for inner in [*(one for one in folder.iterdir() if one.is_dir()), folder]:
            sync_folder(inner)
        folder.rename(raw / folder.name)
        sync_folder(raw)


@contextmanager
def incoming(workspace: Workspace) -> Iterator[Path]:
    """待落地 a fresh folder under raw/incoming/, under the writer lock; what is not revealed goes at the end.

    What a killed import or erasure left behind goes first.
    """
    waiting = workspace.root / "raw" / _INCOMING
    settle_arrivals(workspace.root)
    shutil.rmtree(waiting, ignore_errors=True)
    forget_replaced(workspace)
    folder = waiting / f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"
    with disk(folder):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
        with suppress(JinpaiError):  # it goes at the next import
            settle_arrivals(workspace.root)


@contextmanager
def landing(workspace: Workspace) -> Iterator[Landing]:
    """导入 a landing under the writer lock: lands at the end, leaves nothing after an error."""
    with incoming(workspace) as folder:
        opened = Landing(workspace, folder)
        yield opened
        opened.land()
