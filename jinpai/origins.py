"""出处 origins: which imported files a shop's facts were made from, beside the facts and not in their manifest.

One row an imported file. The manifest is read by every command and must stay small however many files there are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jinpai.tables.source import key_of_file

if TYPE_CHECKING:
    from jinpai.workspace.facts import Build, Facts
    from jinpai.workspace.raw import Stored

_NAME = "_origins"
_MOST = 12
"""So many files, and the next build makes one of them all."""
SCHEMA = pa.schema([
    ("mark", pa.string()), ("version", pa.int64()), ("tables", pa.string()),
    ("file_key", pa.int64()), ("file", pa.string()), ("format", pa.string()),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """出处 of the rows of one sealed file: the version of the program's reading of it, and the source file of each table
    by folder and name."""

    version: int
    tables: dict[str, str]


def origins(facts: Facts, shop: str, *columns: str) -> pa.Table:
    """出处 every imported file of a shop that the facts know of, with these columns (none: all)."""
    import pyarrow.parquet as pq

    names, files = list(columns or SCHEMA.names), facts.files(_NAME, shop)
    if files:
        return pa.concat_tables([pq.ParquetFile(file).read(names) for file in files])
    # facts of before there were such files have the list in the manifest
    told: Any = facts.meta.get("sources", {})
    mine = {key.rpartition("/")[2]: one for key, one in told.items() if key.startswith(f"{shop}/")}
    return pa.Table.from_pylist([
        {"mark": mark, "version": one["version"], "tables": _written(one["tables"]), "file_key": key_of_file(mark),
         "file": one["file"], "format": one.get("format", "")} for mark, one in mine.items()
    ], schema=SCHEMA).select(names)  # fmt: skip


def known(table: pa.Table) -> dict[str, Origin]:
    """按封存文件 mark -> where its rows are."""
    if not table.num_rows:
        return {}
    # a mark's rows say the same; looked for here, since Arrow loads pandas to group
    marks = table.column("mark").combine_chunks().dictionary_encode().indices.to_numpy()
    few = table.select(["mark", "version", "tables"]).take(pa.array(np.unique(marks, return_index=True)[1]))
    return {one["mark"]: Origin(one["version"], json.loads(one["tables"])) for one in few.to_pylist()}


def origin_of(raw: Stored, origin: Origin) -> pa.Table:
    """记出处 the rows for one sealed file that was read."""
    index, many = raw.index, len(raw.digests)
    columns = [
        pa.repeat(pa.scalar(raw.mark), many), pa.repeat(pa.scalar(origin.version, pa.int64()), many),
        pa.repeat(pa.scalar(_written(origin.tables)), many),
        pa.array([key_of_file(one.hex()) for one in raw.digests], pa.int64()),
        pa.array(index.names, pa.string()), pa.array(index.formats, pa.string()),
    ]  # fmt: skip
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def write_origins(build: Build, shop: str, old: pa.Table, kept: set[str], new: list[pa.Table]) -> None:
    """写出处 those of the sealed files with the marks `kept` as they were, and new ones."""
    files = build.before.files(_NAME, shop) if build.before else []
    stays = pc.is_in(old.column("mark"), pa.array(sorted(kept), pa.string()))
    if files and len(files) < _MOST and pc.all(stays, min_count=0).as_py():
        build.keep(_NAME, shop, files)
    else:
        new = [old.filter(stays), *new]
    _write(build, shop, new)


def keep_origins(build: Build, shop: str) -> None:
    """沿用出处 of a shop that does not change."""
    assert build.before is not None
    files: list[Path] = build.before.files(_NAME, shop)
    build.keep(_NAME, shop, files)
    if not files:
        _write(build, shop, [origins(build.before, shop)])


def _write(build: Build, shop: str, parts: list[pa.Table]) -> None:
    import pyarrow.parquet as pq

    rows = pa.concat_tables(parts) if parts else None
    if rows is not None and rows.num_rows:
        pq.write_table(rows, build.path(_NAME, shop), compression="zstd")


def file_names(facts: Facts, shop: str, keys: Iterable[int]) -> dict[int, str]:
    """文件名 the names of the imported files with these keys."""
    found = origins(facts, shop, "file_key", "file")
    found = found.filter(pc.is_in(found.column("file_key"), pa.array(sorted(set(keys)), pa.int64())))
    return dict(zip(found.column("file_key").to_pylist(), found.column("file").to_pylist(), strict=True))


def of_formats(facts: Facts, shop: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """按格式 (file, format) of every imported file whose format is wanted."""
    found = origins(facts, shop, "file", "format")
    names = [name for name in pc.unique(found.column("format")).to_pylist() if wanted(name)]
    few = found.filter(pc.is_in(found.column("format"), pa.array(names, pa.string())))
    return zip(few.column("file").to_pylist(), few.column("format").to_pylist(), strict=True)


def _written(tables: dict[str, str]) -> str:
    return json.dumps(tables, sort_keys=True)
