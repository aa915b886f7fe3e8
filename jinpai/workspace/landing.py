"""落地 landing: the raw files of one import, written aside and revealed at once.

An import of many files puts the small ones together, so that a million of them are a few hundred sealed files.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.errors import JinpaiError
from jinpai.workspace.arriving import settle_arrivals
from jinpai.workspace.disk import disk, sync_folder
from jinpai.workspace.raw import SUFFIX, Header, RawFile, Stored, forget_replaced, import_id, stored
from jinpai.workspace.sealing import Pack, Sealed, opened

if TYPE_CHECKING:
    from jinpai.workspace.workspace import Workspace

_INCOMING = "incoming"
FEW_FILES = 64
"""An import of no more files than this gives each one of its own."""


class Landing:
    """导入中 the raw files of one import; nothing of it can be read before it has landed."""

    def __init__(self, workspace: Workspace, folder: Path, *, packs: bool) -> None:
        self._workspace = workspace
        self.folder = folder
        self._key = workspace.key_for("raw")
        self._packs: dict[str, Pack] | None = {} if packs else None
        self._before: dict[bytes, RawFile] = {}
        self._others: dict[bytes, list[RawFile]] = {}
        self._landed: dict[str, set[bytes]] = {}
        for one in stored(workspace):
            for digest, file in zip(one.digests, one.files(), strict=True):
                if self._before.setdefault(digest, file) is not file:
                    self._others.setdefault(digest, []).append(file)
            self._landed.setdefault(one.shop, set()).update(one.digests)
        self._new_shops: dict[str, str | None] = {}

    def has(self, shop: str, digest: str) -> bool:
        """已导入 whether a file of these bytes has landed for the shop, in this import or before."""
        return bytes.fromhex(digest) in self._landed.get(shop, ())

    def has_whole(self, digest: str) -> bool:
        """整个文件已导入 whether a file of these bytes has landed before for every shop that it names itself."""
        return any(one.stored.index.value("chosen", one.place) is None for one in self.before(digest))

    def before(self, digest: str) -> list[RawFile]:
        """以前的 the files of these bytes that landed before this import, of every shop."""
        told = bytes.fromhex(digest)
        return [self._before[told], *self._others.get(told, [])] if told in self._before else []

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
        path = self.folder / shop / f"{digest}{SUFFIX}"
        with disk(path):
            sealed = Sealed(header, lambda: opened(path, self._key))
            try:
                yield sealed
                self._finish(sealed)
            except BaseException:
                sealed.drop()
                raise
        self._landed.setdefault(shop, set()).add(bytes.fromhex(digest))

    def _finish(self, sealed: Sealed) -> None:
        rows = None if self._packs is None else sealed.small()
        if rows is None or self._packs is None:
            sealed.finish()
            return
        shop = sealed.header.shop
        if shop not in self._packs:
            self._packs[shop] = Pack(self.folder / shop, self._key)
        self._packs[shop].add(sealed.header, sealed.counts, rows)
        if self._packs[shop].is_full:
            self._packs.pop(shop).finish()

    def fresh(self) -> list[Stored]:
        """这次的文件 the sealed files that are about to land, in their latest revision."""
        while self._packs:
            self._packs.popitem()[1].finish()
        made = [Stored(path, self._workspace) for path in sorted(self.folder.glob(f"*/*{SUFFIX}"))]
        return list({(one.shop, one.name): one for one in sorted(made, key=lambda one: one.revision)}.values())

    def drop(self) -> None:
        """作废 closes what is still being written."""
        while self._packs:
            self._packs.popitem()[1].drop()

    def land(self) -> None:
        """落地 makes everything visible at once, and with it the shops that are new; without a file, nothing."""
        if self.fresh():
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
def landing(workspace: Workspace, files: int) -> Iterator[Landing]:
    """导入 a landing for about so many files under the writer lock: lands at the end, leaves nothing after an error."""
    with incoming(workspace) as folder:
        begun = Landing(workspace, folder, packs=files > FEW_FILES)
        try:
            yield begun
            begun.land()
        finally:
            begun.drop()
