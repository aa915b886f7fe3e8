"""导入格式 protocol: what an importer is given, and what it gives back.

Rows, problems and summaries of a file add up to its data rows: nothing is dropped silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pyarrow as pa

from jinpai.errors import Words
from jinpai.importers.probe import Probe


@dataclass(frozen=True, slots=True)
class Rows:
    """一批行 a batch with exactly the schema of `canon.TABLES[table]`."""

    table: str
    batch: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Problem:
    """没导进来的行 one row that could not be read; with `kept` one that was imported under the best reading, to be checked.

    `row` is its number in the file (in its sheet): the header is row 1; in chat texts, the line.
    `column` is the column as the file calls it, after `sheet·` where a workbook has several sheets.
    """

    row: int
    column: str
    value: str
    reason: Words
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """汇总行 how many rows were left out on purpose: totals, averages, notices, parts that are no data of the shop."""

    count: int


@dataclass(frozen=True, slots=True)
class Context:
    """导入环境 what a file does not say: the zone of times without offset, and the shop (None: not chosen)."""

    zone: ZoneInfo
    shop: str | None = None


Read = Callable[[Probe, Context], Iterator[Rows | Problem | Summary]]


@dataclass(frozen=True, slots=True)
class Importer:
    """导入格式 one export format: whether a file is of it, and how its rows become canonical rows.

    `identify` looks at the beginning only; `read` raises JinpaiError when the file as a whole cannot be read.
    """

    name: str
    zh: str
    tables: tuple[str, ...]
    identify: Callable[[Probe], bool]
    read: Read
