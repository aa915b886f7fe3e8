"""原始记录 raw rows: what was imported, sealed: a file for each imported file and shop, or one for many small ones.

raw/<import>/<shop>/<name>.sealed. The name is the imported file's digest, or that of a pack. An import's files are written
under raw/incoming/ and appear by one rename of their folder. Nothing but an erasure or a withdrawal changes them: it
writes <name>.r1.sealed, and of several revisions the highest holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.workspace.disk import disk
from jinpai.workspace.packs import PROBLEMS, Counts, Header, Index, Numbers
from jinpai.workspace.sealed import FrameReader
from jinpai.workspace.withdrawing import forget_withdrawn, read_withdrawn

if TYPE_CHECKING:
    from jinpai.workspace.workspace import Workspace

__all__ = ["PROBLEMS", "Counts", "Header", "RawFile", "Stored", "every_file", "forget_replaced", "raw_files", "stored"]

SUFFIX = ".sealed"
PACK = "pack-"
HEADER, FOOTER = "header", "footer"


class Stored:
    """封存文件 one sealed file on disk: an imported file's rows of one shop, or those of many small files of one import;
    `revision` counts how often it was written anew."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        self.path = path
        self.shop = path.parent.name
        self.name, _, revision = path.name.removesuffix(SUFFIX).partition(".r")
        self.revision = int(revision or 0)
        self._workspace = workspace

    @property
    def is_pack(self) -> bool:
        """合装 whether it was written to hold several imported files."""
        return self.name.startswith(PACK)

    @property
    def mark(self) -> str:
        """标记 name and revision: equal marks of a shop, equal rows."""
        return f"{self.name}.r{self.revision}" if self.revision else self.name

    @property
    def next_name(self) -> str:
        """下一版的文件名 what the file is called after one more rewriting."""
        return f"{self.name}.r{self.revision + 1}{SUFFIX}"

    @cached_property
    def _frames(self) -> FrameReader:
        return FrameReader(self.path, self._workspace.key_for("raw"))

    @cached_property
    def index(self) -> Index:
        """目录 which imported files it holds."""
        if self.is_pack:
            return Index.read(self._frames.last())
        header, counts = Header(**json.loads(self._frames.first())), Counts(**json.loads(self._frames.last()))
        return Index.of([header], [counts])

    @property
    def digests(self) -> list[bytes]:
        """摘要 16 bytes of each of its imported files; of a single one without opening it."""
        return self.index.digests if self.is_pack else [bytes.fromhex(self.name)]

    def files(self) -> list[RawFile]:
        """各个文件 the imported files, by place."""
        return [RawFile(self, place) for place in range(len(self.index) if self.is_pack else 1)]

    def tables(self) -> Iterator[tuple[str, pa.RecordBatch, Numbers]]:
        """逐批 (canonical table or "problems", batch, the place of each row's file); each table in the files' order."""
        done: dict[str, int] = {}
        for name, body in self._frames.frames():
            if name not in (HEADER, FOOTER):
                for batch in pa.ipc.open_stream(body):
                    first, many = done.get(name, 0), batch.num_rows
                    yield (
                        name,
                        batch,
                        self.index.places(name, first, many) if self.is_pack else np.zeros(many, np.int64),
                    )
                    done[name] = first + many


class RawFile:
    """原始文件 one imported file's rows of one shop: all of a sealed file, or the share at `place`."""

    __slots__ = ("place", "stored")

    def __init__(self, stored: Stored, place: int = 0) -> None:
        self.stored = stored
        self.place = place

    @property
    def path(self) -> Path:
        """封存文件 where it lies, with others perhaps."""
        return self.stored.path

    @property
    def shop(self) -> str:
        """店铺 whose rows they are."""
        return self.stored.shop

    @property
    def revision(self) -> int:
        """改写次数 how often its sealed file was written anew."""
        return self.stored.revision

    @property
    def digest(self) -> str:
        """摘要 blake2b-16 of the original bytes, 32 hex digits."""
        return self.stored.digests[self.place].hex()

    @property
    def name(self) -> str:
        """文件名 as it was imported."""
        return self.stored.index.names[self.place]

    @property
    def header(self) -> Header:
        """文件头 where the rows come from."""
        return self.stored.index.header(self.place, self.shop)

    @property
    def came_with(self) -> str:
        """导入编号 the id of the import that brought it in, also after an erasure wrote it anew."""
        folder = self.path.parents[1].name
        return self.stored.index.value("came_with", self.place) or (self.digest if self.revision else import_id(folder))

    @property
    def counts(self) -> Counts:
        """行数 how many rows there are, without reading them."""
        return self.stored.index.counts(self.place)

    def tables(self) -> Iterator[tuple[str, pa.RecordBatch]]:
        """逐批 (canonical table or "problems", batch), in the order of the file within each table.

        Reads the whole sealed file: who wants all files of a pack asks `Stored.tables` once.
        """
        for name, batch, places in self.stored.tables():
            first, end = places.searchsorted([self.place, self.place + 1])
            if first < end:
                yield name, batch.slice(first, end - first)


def import_id(folder: str) -> str:
    """导入编号 what an import is called, by the name of its folder: 8 hex digits."""
    return folder.rpartition("-")[2]


def stored(workspace: Workspace, shop: str | None = None) -> list[Stored]:
    """封存文件 every sealed file that holds, in its latest revision, sorted by name, then shop; reads none of them."""
    found = (one for one in _latest(workspace).values() if shop is None or one.shop == shop)
    return sorted(found, key=lambda one: (one.name, one.shop))


def raw_files(workspace: Workspace) -> list[RawFile]:
    """原始文件 every imported file that has landed, sorted by digest, then shop."""
    every = (file for one in _latest(workspace).values() for file in one.files())
    return sorted(every, key=lambda one: (one.stored.digests[one.place], one.shop))


def _latest(workspace: Workspace) -> dict[tuple[str, str], Stored]:
    found: dict[tuple[str, str], Stored] = {}
    withdrawn = read_withdrawn(workspace.root)
    for one in every_file(workspace):
        if one.path in withdrawn:
            continue
        known = found.get((one.shop, one.name))
        if known is None or known.revision < one.revision:
            found[one.shop, one.name] = one
    return found


def every_file(workspace: Workspace) -> list[Stored]:
    """每个文件 in every revision that lies there, withdrawn ones too."""
    raw = workspace.root / "raw"
    with disk(raw):
        # what lies under incoming/ is one folder deeper and not seen
        return [Stored(path, workspace) for path in raw.glob(f"*/*/*{SUFFIX}")]


def forget_replaced(workspace: Workspace) -> bool:
    """清掉旧版 removes every sealed file that a later revision replaces or that was withdrawn; whether none is left.
    Under the writer lock.

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
