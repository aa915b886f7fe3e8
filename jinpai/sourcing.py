"""备料 sourcing: from raw files to source rows, each file read once; and what the facts of a shop were made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.canon import TABLES as CANON
from jinpai.computing import Progress
from jinpai.criteria import criteria_mark, in_force
from jinpai.decisions import decided, mark, nothing_decided
from jinpai.errors import Words
from jinpai.origins import SCHEMA, Origin, known, origin_of, origins, write_origins
from jinpai.tables import source
from jinpai.text.concerns import concerns_mark
from jinpai.text.signals import lexicon_mark

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.text.private import Private
    from jinpai.workspace import Workspace
    from jinpai.workspace.facts import Build
    from jinpai.workspace.raw import Stored

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
    entries.append(here / "decisions.py")
    for folder in ("tables", "metrics", "text", "criteria"):
        entries += sorted(here.joinpath(folder).iterdir(), key=lambda one: one.name)
    for entry in entries:
        if entry.name.endswith((".sql", ".py")):
            told.update(entry.name.encode() + entry.read_bytes())
    return told.hexdigest()


def fingerprint(workspace: Workspace, shop: str) -> dict[str, object]:
    """指纹 what a shop's facts depend on: code, settings, raw files, what chats are inspected by, and what people decided.
    Equal fingerprints, equal facts."""
    raw = blake2b("\n".join(sorted(file.mark for file in workspace.stored(shop))).encode(), digest_size=16)
    settings = workspace.settings(shop)
    by = (lexicon_mark, criteria_mark, concerns_mark)
    read = [one(settings.folder) for one in by] if settings.inspection else []
    read += [mark(workspace.root, shop, "suspension")] if settings.inspection else []
    decisions = mark(workspace.root, shop, "verdict")
    return {
        "code": _code(), "settings": settings.digest, "inspection": read, "decisions": decisions, "raw": raw.hexdigest()}  # fmt: skip


def stale(workspace: Workspace) -> list[str]:
    """要重算的店铺 the shops whose facts do not match their raw files, settings and this program."""
    facts = workspace.facts()
    known = facts.meta.get("shops", {}) if facts else {}
    assert isinstance(known, dict)
    return [shop for shop in workspace.shops() if known.get(shop, {}).get("made_from") != fingerprint(workspace, shop)]


def decisions_of(workspace: Workspace, shop: str) -> dict[str, pa.Table]:
    """决定 what people decided on a shop, without suspensions of criteria that were edited since."""
    found, settings = decided(workspace.root, shop), workspace.settings(shop)
    found["suspended"] = in_force(found["suspended"], settings) if settings.inspection else found["suspended"]
    return found


@dataclass(slots=True)
class Sources:
    """来源文件 a shop's source files by canonical table: `files` all of them, `new` those that the facts before know nothing of.

    Each is named once, in order. `decided` is what people decided; `is_kept`: no file had to be read again; `is_more`: none is gone.
    """

    files: dict[str, dict[Path, None]] = field(default_factory=dict)
    new: dict[str, dict[Path, None]] = field(default_factory=dict)
    decided: dict[str, pa.Table] = field(default_factory=nothing_decided)
    is_kept: bool = True
    is_more: bool = True

    def enter(self, made: Mapping[str, Path], *, is_new: bool) -> None:
        """记下 which source files hold a sealed file's rows; small ones share them."""
        for table, path in made.items():
            for paths in (self.files, self.new) if is_new else (self.files,):
                paths.setdefault(table, {})[path] = None


def land_sources(workspace: Workspace, build: Build, shop: str, progress: Progress) -> Sources:
    """备料 the shop's source files: those of the facts before, and new ones for raw files not read yet."""
    from jinpai.text.private import Private

    before = origins(build.before, shop) if build.before else SCHEMA.empty_table()
    old = known(before)
    raw = workspace.stored(shop)
    marks = {file.mark for file in raw}
    lying = _lying(build, shop, old, marks)
    landed = Sources(decided=decisions_of(workspace, shop), is_more=set(old) <= marks)
    waiting = []
    kept: set[str] = set()
    for file in raw:
        origin = old.get(file.mark)
        found = _kept(origin, lying)
        if found is None:
            landed.is_kept = landed.is_kept and origin is None
            waiting.append(file)
        else:
            kept.add(file.mark)
            landed.enter(found, is_new=False)
    for table, paths in landed.files.items():
        build.keep(f"source_{table}", shop, paths)
    told: list[pa.Table] = []
    if waiting:
        # where nothing waits nothing wants the key, which may be lost
        private = Private(workspace.key_for("tokens"))
        for group in _groups(waiting):
            for file, made in _read(group, build, shop, private):
                progress(Words("读入原始记录", "Reading the raw rows"), len(told), len(waiting))
                landed.enter(made, is_new=file.mark not in old)
                names = {table: f"{path.parent.name}/{path.name}" for table, path in made.items()}
                told.append(origin_of(file, Origin(source.VERSION, names)))
    write_origins(build, shop, before, kept, told)
    return landed


def _groups(waiting: list[Stored]) -> Iterator[list[Stored]]:
    """What is read into one set of source files: a large raw file or a pack by itself, small ones together."""
    small: list[Stored] = []
    for file in waiting:
        if file.is_pack or file.path.stat().st_size > _SMALL_BYTES:
            yield [file]
            continue
        small.append(file)
        if len(small) == _MOST_TOGETHER:
            yield small
            small = []
    if small:
        yield small


def _lying(build: Build, shop: str, old: Mapping[str, Origin], marks: set[str]) -> dict[str, Path]:
    """The source files that the facts before name for a shop, by folder and name, and whose raw files are all there."""
    if build.before is None:
        return {}
    files = (file for name in CANON for file in build.before.files(f"source_{name}", shop))
    broken = {name for mark, one in old.items() if mark not in marks for name in one.tables.values()}
    found = {f"{file.parent.name}/{file.name}": file for file in files}
    return {name: file for name, file in found.items() if name not in broken}


def _kept(origin: Origin | None, lying: dict[str, Path]) -> dict[str, Path] | None:
    """The source files of a raw file as they were; None when it must be read again."""
    if origin is None or origin.version != source.VERSION or not all(name in lying for name in origin.tables.values()):
        return None
    return {table: lying[name] for table, name in origin.tables.items()}


def _read(group: list[Stored], build: Build, shop: str, private: Private) -> Iterator[tuple[Stored, dict[str, Path]]]:
    """Reads raw files into one source file for each table; each raw file with those that got rows of it."""
    with ExitStack() as stack:
        writing: dict[str, _Writing] = {}
        for file in group:
            there: set[str] = set()
            for table, ready in _ready(file, shop, private):
                if table not in writing:
                    path = build.path(f"source_{table}", shop)
                    writing[table] = stack.enter_context(closing(_Writing(path, source.schema(table))))
                writing[table].add(ready)
                there.add(table)
            yield file, {table: writing[table].path for table in there}


def _ready(file: Stored, shop: str, private: Private) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The source rows of a sealed file; the place of a row is counted within its imported file."""
    import numpy as np
    import pyarrow as pa

    whose = np.array([source.key_of_file(one.hex()) for one in file.digests], np.int64)
    imported_at = file.index.numbers("imported_at")
    done: dict[str, int] = {}
    for table, batch, places in file.tables():
        if table not in CANON:
            continue
        many = file.index.numbers(table)
        starts = np.cumsum(many) - many
        first = done.get(table, 0)
        position = np.arange(first, first + len(batch)) - starts[places]
        done[table] = first + len(batch)
        arrays = (pa.array(one, pa.int64()) for one in (whose[places], position, imported_at[places]))
        yield table, source.ready(table, shop, batch, private, *arrays)


class _Writing:
    """写来源 a source file being written; small batches wait for each other, and are packed while the next are read."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self.path = path
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._packing = ThreadPoolExecutor(max_workers=1)
        self._packed: Future[None] | None = None
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
            self._settle()
        finally:
            self._packing.shutdown()
            self._writer.close()

    def _write(self) -> None:
        import pyarrow as pa

        self._settle()
        waiting, self._waiting = self._waiting, []
        self._rows = self._size = 0
        self._packed = self._packing.submit(self._writer.write_table, pa.Table.from_batches(waiting))

    def _settle(self) -> None:
        """Waits until what was handed over lies in the file: no more than that is held, and what went wrong is raised here."""
        packed, self._packed = self._packed, None
        if packed is not None:
            packed.result()
