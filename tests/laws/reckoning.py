"""算店 from canonical rows to the program's tables, in memory: files by digest, the tables, their rows compared."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import settings as tries

from jinpai import computing
from jinpai.canon import TABLES
from jinpai.engine import Engine, Value
from jinpai.tables import closure, source, tables
from jinpai.text.private import Private
from jinpai.workspace.settings import Settings, settle

from .shop import SHOP

Rows = Mapping[str, list[dict[str, Any]]]
RULES: dict[str, object] = {
    "memo_codes": {"甲": "小美", "甲乙": "小乙"},
    "given": [
        {"order_id": f"买家{number}-0", "agent": "小后", "by": "店长", "reason": "电话里谈的"}
        for number in (0, 2, 3, 5)
    ],
}


def settings(**changes: object) -> Settings:
    """A shop's settings, checked as the program checks them: `changes` by name, those of the rules unless told."""
    shop = {name: value for name, value in changes.items() if name in IN_SHOP_FILE}
    rules = {name: value for name, value in changes.items() if name not in IN_SHOP_FILE}
    return settle(SHOP, {"shop.toml": shop, "rules.toml": rules}, Path())


IN_SHOP_FILE = {
    "window",
    "enquiry_span",
    "attribution_days",
    "after_sales_days",
    "day_start",
    "time_zone",
    "promotions",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a shop: its digest, and its rows with their numbers in the file."""

    digest: str
    rows: Rows


def file(rows: Rows, name: str = "") -> File:
    """All rows as one file; `name` stands for what is in it."""
    return File(blake2b(name.encode(), digest_size=16).hexdigest(), rows)


def ranked(rows: Rows, rank: int) -> File:
    """All rows as one file, whose digest stands in this place among those of other files."""
    return File(f"{2 * rank:016x}{0:016x}", rows)


def wide(examples: int) -> tries:
    """So many examples in the everyday profile, and as many times more as another profile has."""
    return tries(max_examples=max(examples, examples * tries.default.max_examples // 40))


@contextmanager
def counted(
    files: Iterable[File], chosen: Settings, *, wanted: Iterable[str] | None = None, as_of: int | None = None
) -> Iterator[tuple[Engine, dict[str, Value]]]:
    """An engine with the wanted tables (None: all) of a shop that has these files."""
    with tempfile.TemporaryDirectory(prefix="jinpai-law-") as folder, Engine(Path(folder)) as engine:
        # small tables: a second thread costs more than it brings
        engine._connection.execute("set threads = 1")
        computing.arrange(engine, chosen, {})
        for name, found in _sources(files).items():
            engine.take(f"source_{name}", found)
        values = computing.compute(
            engine, chosen, tables().values() if wanted is None else closure([*wanted, "orders", "refund_row"]), as_of
        )
        yield engine, values


def _sources(files: Iterable[File]) -> dict[str, pa.Table]:
    private = Private(b"laws" * 8)
    found: dict[str, list[pa.RecordBatch]] = {}
    for one in files:
        for name, rows in one.rows.items():
            batch = pa.RecordBatch.from_pylist(
                [{"row": number} | row for number, row in enumerate(rows, 2)], schema=TABLES[name].schema
            )
            found.setdefault(name, []).extend(source.batches(name, SHOP, one.digest, [batch], private))
    return {name: pa.Table.from_batches(batches) for name, batches in found.items()}


KEPT = tuple(name for name, table in tables().items() if not (table.is_view or table.is_inspection))
OF_THE_FILE = frozenset({"file_key", "position", "row"})


def contents(engine: Engine, names: Iterable[str], without: frozenset[str] = OF_THE_FILE) -> dict[str, list[str]]:
    """The rows of tables in an order of their own, as text, without some columns."""
    found = {}
    for name in names:
        rows = engine.rows(f'select * from "{name}"')
        found[name] = sorted(str([value for column, value in row.items() if column not in without]) for row in rows)
    return found


def same(one: dict[str, list[str]], other: dict[str, list[str]]) -> None:
    """Fails with the first table that differs, and rows that only one side has."""
    assert one.keys() == other.keys()
    for name, rows in one.items():
        here, there = Counter(rows), Counter(other[name])
        assert here == there, (
            f"{name}: {len(rows)} and {len(other[name])} rows\n"
            f"only here  {sorted((here - there).elements())[:3]}\nonly there {sorted((there - here).elements())[:3]}"
        )
