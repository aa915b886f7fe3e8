"""Fuzzed files through the importer: each either lands or is refused by a sentence, and nothing half-written stays."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from jinpai.errors import JinpaiError, WrongUse
from jinpai.importers.mapping import Mapping
from jinpai.importing import Imported, import_files
from jinpai.workspace import Workspace
from tests.hostile.containers import damaged_parquet, damaged_workbook, delimited, page, parquet, workbook
from tests.hostile.mutations import TABLES, TEXTS, encoded, spoiled
from tests.hostile.seeds import SEEDS, Seed, mappings

SLOWEST = 20.0
"""Seconds after which a file of at most some MB counts as hanging."""


def written(seed: Seed, rng: Random) -> bytes:
    """One hostile file made of a sound one."""
    if seed.text:
        text = seed.text
        for _ in range(rng.randrange(3)):
            text = rng.choice(TEXTS)(text, rng)
        data = encoded(text, seed.encoding, rng)
    else:
        table = seed.table
        for _ in range(rng.randrange(3)):
            if len(table) > 1 and table[0]:
                table = rng.choice(TABLES)(table, rng)
        data = _wrapped(seed, table, rng)
    return spoiled(data, rng) if rng.random() < 0.2 else data


def _wrapped(seed: Seed, table: list[list[str]], rng: Random) -> bytes:
    if seed.form == "xlsx":
        data = workbook(table, rng)
        return damaged_workbook(data, rng) if rng.random() < 0.5 else data
    if seed.form == "parquet":
        data = parquet(table, rng) if table else b"PAR1PAR1"
        return damaged_parquet(data, rng) if rng.random() < 0.4 else data
    text = page(table, rng) if seed.form == "html" else delimited(table, seed.form, rng)
    return encoded(text, seed.encoding, rng)


@dataclass
class Findings:
    """What became of the files: how many were imported, refused; what went wrong, by sentence."""

    imported: int = 0
    refused: int = 0
    rows: int = 0
    problems: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)

    def add(self, other: Findings) -> None:
        self.imported += other.imported
        self.refused += other.refused
        self.rows += other.rows
        self.problems += other.problems
        self.slowest = max(self.slowest, other.slowest)
        self.wrong += other.wrong
        self.formats.update(other.formats)

    def __str__(self) -> str:
        return (
            f"{self.imported + self.refused:,} files: {self.imported:,} imported ({self.rows:,} rows, {self.problems:,} "
            f"problems), {self.refused:,} refused by a sentence, slowest {self.slowest:.2f} s, {len(self.wrong)} wrong"
        )


def drawn(seed: int, number: int) -> tuple[Seed, str, bytes]:
    """The file of this number: what it was made of, its name, its bytes."""
    rng = Random(f"{seed}/{number}")
    made_of = rng.choice(SEEDS)
    suffix = made_of.form if rng.random() < 0.9 else rng.choice(("csv", "xlsx", "xls", "txt", "parquet", "dat", "表"))
    return made_of, f"{number} {made_of.name}.{suffix}", written(made_of, rng)


def fuzz(folder: Path, seed: int, numbers: range) -> Findings:
    """Imports the files of these numbers one by one into one workspace, and looks at it afterwards."""
    workspace = Workspace.create(folder / "店铺 数据")
    by = mappings(folder)
    found = Findings()
    landed: list[Imported] = []
    for number in numbers:
        made_of, name, data = drawn(seed, number)
        path = folder / name
        path.write_bytes(data)
        started = time.monotonic()
        try:
            one = landed_of(workspace, path, by.get(made_of.mapping))
        except JinpaiError as error:
            found.refused += 1
            if not is_sentence(error):
                found.wrong.append(f"{name}: no sentence: {error.words}")
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            found.wrong.append(f"{name} (seed {seed}): {type(error).__name__}: {error}"[:400])
        else:
            found.imported += 1
            found.formats[one.format] += 1
            if not one.already:
                landed.append(one)
        found.slowest = max(found.slowest, took := time.monotonic() - started)
        if took > SLOWEST:
            found.wrong.append(f"{name} (seed {seed}): took {took:.1f} s")
        if (workspace.root / "raw" / "incoming").exists():
            found.wrong.append(f"{name} (seed {seed}): something half-written was left")
        path.unlink()
    found.rows, found.problems = sum(sum(one.rows.values()) for one in landed), sum(one.problems for one in landed)
    found.wrong += _stored(workspace, landed)
    return found


def landed_of(workspace: Workspace, path: Path, mapping: Mapping | None) -> Imported:
    """One file imported; where it is refused because a file before it opened a second shop, as the first shop's."""
    try:
        (one,) = import_files(workspace, [path], mapping=mapping)
    except WrongUse as error:
        if "--shop" not in error.words.zh:
            raise
        (one,) = import_files(workspace, [path], shop="main", mapping=mapping)
    return one


def is_sentence(error: JinpaiError) -> bool:
    """Whether it says something in Chinese and in English, without what only programmers read."""
    zh, en = error.words
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    return chinese and len(en) > 10 and zh != en and "Traceback" not in en and "object at 0x" not in en


def _stored(workspace: Workspace, landed: list[Imported]) -> list[str]:
    """What of the raw files is not as the import said: every one whole, rows and problems as many as told."""
    files = workspace.raw_files()
    wrong = []
    if len(files) != sum(len(one.shops) for one in landed):
        wrong.append(f"{len(files)} raw files, {sum(len(one.shops) for one in landed)} were told of")
    rows = problems = 0
    for file in files:
        batches = list(file.tables())
        rows += sum(len(batch) for table, batch in batches if table != "problems")
        problems += file.counts.problems
    if rows != sum(sum(one.rows.values()) for one in landed) or problems != sum(one.problems for one in landed):
        wrong.append(f"{rows} rows and {problems} problems are stored, not as many as were told of")
    return wrong


def batch(task: tuple[int, int, int]) -> Findings:
    """The files of (seed, from, to) in a folder that goes afterwards."""
    seed, start, stop = task
    with tempfile.TemporaryDirectory(prefix="jinpai-fuzz-", ignore_cleanup_errors=True) as folder:
        return fuzz(Path(folder), seed, range(start, stop))
