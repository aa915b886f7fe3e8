"""备料 sourcing: from raw files to source rows, each file read once; and what the facts of a shop were made from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.canon import TABLES as CANON
from jinpai.computing import Progress
from jinpai.criteria import criteria_mark
from jinpai.errors import Words
from jinpai.tables import source
from jinpai.text.concerns import concerns_mark
from jinpai.text.signals import lexicon_mark

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.text.private import Private
    from jinpai.workspace import Workspace
    from jinpai.workspace.facts import Build
    from jinpai.workspace.raw import RawFile

_SMALL_BYTES = 1 << 16
_MOST_TOGETHER = 4096
"""Raw files up to this size share their source files, so many at a time: a million tiny exports are a few hundred files."""
_ROWS_TOGETHER = 65_536
_BYTES_TOGETHER = 32 << 20


def _code() -> str:
    """A fingerprint of everything that turns raw rows into facts."""
    told = blake2b(str(source.VERSION).encode(), digest_size=16)
    here = files("jinpai")
    entries = [
        here / name for name in ("coded.py", "computing.py", "daily.py", "increment.py", "layers.py", "renewing.py")
    ]
    for folder in ("tables", "metrics", "text"):
        entries += sorted(here.joinpath(folder).iterdir(), key=lambda one: one.name)
    for entry in entries:
        if entry.name.endswith((".sql", ".py")):
            told.update(entry.name.encode() + entry.read_bytes())
    return told.hexdigest()


def fingerprint(workspace: Workspace, shop: str) -> dict[str, object]:
    """指纹 what a shop's facts depend on: code, settings, raw files, and what chats are inspected by. Equal fingerprints, equal facts."""
    raw = [file.mark for file in workspace.raw_files() if file.shop == shop]
    settings = workspace.settings(shop)
    by = (lexicon_mark, criteria_mark, concerns_mark)
    read = [mark(settings.folder) for mark in by] if settings.inspection else []
    return {"code": _code(), "settings": settings.digest, "inspection": read, "raw": sorted(raw)}


def stale(workspace: Workspace) -> list[str]:
    """要重算的店铺 the shops whose facts do not match their raw files, settings and this program."""
    facts = workspace.facts()
    known = facts.meta.get("shops", {}) if facts else {}
    assert isinstance(known, dict)
    return [shop for shop in workspace.shops() if known.get(shop, {}).get("made_from") != fingerprint(workspace, shop)]


@dataclass(slots=True)
class Sources:
    """来源文件 a shop's source files by canonical table: `files` all of them, `new` those that the facts before know nothing of.

    Each is named once, in order. `told` is what to remember of each raw file; `is_kept`: no file had to be read again.
    """

    files: dict[str, dict[Path, None]] = field(default_factory=dict)
    new: dict[str, dict[Path, None]] = field(default_factory=dict)
    told: dict[str, dict[str, object]] = field(default_factory=dict)
    is_kept: bool = True


def land_sources(workspace: Workspace, build: Build, shop: str, progress: Progress) -> Sources:
    """备料 the shop's source files: those of the facts before, and new ones for raw files not read yet."""
    from jinpai.text.private import Private

    old = build.before.meta.get("sources", {}) if build.before else {}
    assert isinstance(old, dict)
    raw = [file for file in workspace.raw_files() if file.shop == shop]
    shops = build.before.meta.get("shops", {}) if build.before else {}
    assert isinstance(shops, dict)
    built_from = set(shops.get(shop, {}).get("made_from", {}).get("raw", []))
    lying = _lying(build, shop, old, {f"{shop}/{file.mark}" for file in raw})
    landed = Sources()
    waiting = []
    for file in raw:
        known = old.get(f"{shop}/{file.mark}")
        found = _kept(known, lying)
        if known is None or found is None:
            landed.is_kept = landed.is_kept and known is None
            waiting.append(file)
        else:
            _enter(landed, file, known, found, is_new=file.mark not in built_from)
    for table, paths in landed.files.items():
        build.keep(f"source_{table}", shop, paths)
    if not waiting:
        # nothing wants the key, which may be lost
        return landed
    private = Private(workspace.key_for("tokens"))
    done = 0
    for group in _groups(waiting):
        for file, made in _read(group, build, shop, private):
            progress(Words(f"读入 {file.header.file}", f"Reading {file.header.file}"), done, len(waiting))
            known = {"version": source.VERSION, "file": file.header.file, "format": file.header.format}
            _enter(landed, file, known, made, is_new=file.mark not in built_from)
            done += 1
    return landed


def _enter(landed: Sources, file: RawFile, known: dict[str, Any], made: dict[str, Path], *, is_new: bool) -> None:
    """Takes down which source files hold a raw file's rows; small raw files share them."""
    for table, path in made.items():
        for paths in (landed.files, landed.new) if is_new else (landed.files,):
            paths.setdefault(table, {})[path] = None
    told = {"tables": {table: f"{path.parent.name}/{path.name}" for table, path in made.items()}}
    landed.told[f"{file.shop}/{file.mark}"] = dict(known) | told


def _groups(waiting: list[RawFile]) -> Iterator[list[RawFile]]:
    """What is read into one set of source files: a large raw file by itself, small ones together."""
    small: list[RawFile] = []
    for file in waiting:
        if file.path.stat().st_size > _SMALL_BYTES:
            yield [file]
            continue
        small.append(file)
        if len(small) == _MOST_TOGETHER:
            yield small
            small = []
    if small:
        yield small


def _lying(build: Build, shop: str, old: dict[str, Any], marks: set[str]) -> dict[str, Path]:
    """The source files that the facts before name for a shop, by folder and name, and whose raw files are all there."""
    if build.before is None:
        return {}
    files = (file for name in CANON for file in build.before.files(f"source_{name}", shop))
    mine = (one for mark, one in old.items() if mark.startswith(f"{shop}/") and mark not in marks)
    broken = {name for one in mine for name in one["tables"].values()}
    found = {f"{file.parent.name}/{file.name}": file for file in files}
    return {name: file for name, file in found.items() if name not in broken}


def _kept(known: dict[str, Any] | None, lying: dict[str, Path]) -> dict[str, Path] | None:
    """The source files of a raw file as they were; None when it must be read again."""
    if (
        known is None
        or known["version"] != source.VERSION
        or not all(name in lying for name in known["tables"].values())
    ):
        return None
    return {table: lying[name] for table, name in known["tables"].items()}


def _read(group: list[RawFile], build: Build, shop: str, private: Private) -> Iterator[tuple[RawFile, dict[str, Path]]]:
    """Reads raw files into one source file for each table; each raw file with those that got rows of it."""
    with ExitStack() as stack:
        writing: dict[str, _Writing] = {}
        for file in group:
            rows: dict[str, int] = {}
            for table, batch in file.tables():
                if table not in CANON:
                    continue
                if table not in writing:
                    path = build.path(f"source_{table}", shop)
                    writing[table] = stack.enter_context(closing(_Writing(path, source.schema(table))))
                for ready in source.batches(
                    table,
                    shop,
                    file.digest,
                    [batch],
                    private,
                    first=rows.get(table, 0),
                    imported_at=file.header.imported_at,
                ):
                    writing[table].add(ready)
                rows[table] = rows.get(table, 0) + len(batch)
            yield file, {table: writing[table].path for table in rows}


class _Writing:
    """写来源 a source file being written; small batches wait for each other."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self.path = path
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []
        self._rows = self._size = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """收下 one batch."""
        self._waiting.append(batch)
        self._rows += len(batch)
        self._size += batch.nbytes
        if self._rows >= _ROWS_TOGETHER or self._size >= _BYTES_TOGETHER:
            self._write()

    def close(self) -> None:
        """写完 the rest, and the end of the file."""
        try:
            if self._waiting:
                self._write()
        finally:
            self._writer.close()

    def _write(self) -> None:
        import pyarrow as pa

        waiting, self._waiting = self._waiting, []
        self._rows = self._size = 0
        self._writer.write_table(pa.Table.from_batches(waiting))
