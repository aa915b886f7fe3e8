"""备料 sourcing: from raw files to source rows, each file read once; and what the facts of a shop were made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.canon import TABLES as CANON
from jinpai.computing import Progress
from jinpai.errors import Words
from jinpai.tables import source

if TYPE_CHECKING:
    from jinpai.text.private import Private
    from jinpai.workspace import Workspace
    from jinpai.workspace.facts import Build
    from jinpai.workspace.raw import RawFile


def _code() -> str:
    """A fingerprint of everything that turns raw rows into facts."""
    told = blake2b(str(source.VERSION).encode(), digest_size=16)
    here = files("jinpai")
    entries = [
        here / name for name in ("coded.py", "computing.py", "daily.py", "increment.py", "layers.py", "renewing.py")
    ]
    for folder in ("tables", "metrics"):
        entries += sorted(here.joinpath(folder).iterdir(), key=lambda one: one.name)
    for entry in entries:
        if entry.name.endswith((".sql", ".py")):
            told.update(entry.name.encode() + entry.read_bytes())
    return told.hexdigest()


def fingerprint(workspace: Workspace, shop: str) -> dict[str, object]:
    """指纹 what a shop's facts depend on: code, settings, raw files. Equal fingerprints, equal facts."""
    raw = [file.mark for file in workspace.raw_files() if file.shop == shop]
    return {"code": _code(), "settings": workspace.settings(shop).digest, "raw": sorted(raw)}


def stale(workspace: Workspace) -> list[str]:
    """要重算的店铺 the shops whose facts do not match their raw files, settings and this program."""
    facts = workspace.facts()
    known = facts.meta.get("shops", {}) if facts else {}
    assert isinstance(known, dict)
    return [shop for shop in workspace.shops() if known.get(shop, {}).get("made_from") != fingerprint(workspace, shop)]


@dataclass(slots=True)
class Sources:
    """来源文件 a shop's source files by canonical table: `files` all of them, `new` those that the facts before know nothing of.

    `told` is what to remember of each raw file; `is_kept`: no file had to be read again.
    """

    files: dict[str, list[Path]] = field(default_factory=dict)
    new: dict[str, list[Path]] = field(default_factory=dict)
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
    lying = _lying(build, shop)
    landed = Sources()
    for number, file in enumerate(raw):
        known = old.get(f"{shop}/{file.mark}")
        made = _kept(build, shop, known, lying)
        if made is None:
            progress(Words(f"读入 {file.header.file}", f"Reading {file.header.file}"), number, len(raw))
            landed.is_kept = landed.is_kept and known is None
            made = _read(file, build, shop, Private(workspace.key_for("tokens")))
            known = {"version": source.VERSION, "file": file.header.file, "format": file.header.format}
        for table, path in made.items():
            landed.files.setdefault(table, []).append(path)
            if file.mark not in built_from:
                landed.new.setdefault(table, []).append(path)
        told = {"tables": {table: f"{path.parent.name}/{path.name}" for table, path in made.items()}}
        landed.told[f"{shop}/{file.mark}"] = dict(known or {}) | told
    return landed


def _lying(build: Build, shop: str) -> dict[str, Path]:
    """The source files that the facts before name for a shop, by folder and name."""
    if build.before is None:
        return {}
    files = (file for name in CANON for file in build.before.files(f"source_{name}", shop))
    return {f"{file.parent.name}/{file.name}": file for file in files}


def _kept(build: Build, shop: str, known: dict[str, Any] | None, lying: dict[str, Path]) -> dict[str, Path] | None:
    """The source files of a raw file as they were; None when it must be read again."""
    if (
        known is None
        or known["version"] != source.VERSION
        or not all(name in lying for name in known["tables"].values())
    ):
        return None
    found = {table: lying[name] for table, name in known["tables"].items()}
    for table, path in found.items():
        build.keep(f"source_{table}", shop, [path])
    return found


def _read(file: RawFile, build: Build, shop: str, private: Private) -> dict[str, Path]:
    import pyarrow.parquet as pq

    writers: dict[str, pq.ParquetWriter] = {}
    made: dict[str, Path] = {}
    rows: dict[str, int] = {}
    try:
        for table, batch in file.tables():
            if table not in CANON:
                continue
            if table not in writers:
                made[table] = build.path(f"source_{table}", shop)
                writers[table] = pq.ParquetWriter(made[table], source.schema(table), compression="zstd")
            for ready in source.batches(
                table,
                shop,
                file.digest,
                [batch],
                private,
                first=rows.get(table, 0),
                imported_at=file.header.imported_at,
            ):
                writers[table].write_batch(ready)
            rows[table] = rows.get(table, 0) + len(batch)
    finally:
        for writer in writers.values():
            writer.close()
    return made
