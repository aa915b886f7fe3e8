"""层 layers: how facts that grow by buyer lie on disk, and how they are read as one table.

Whole tables and the rows of a first build are one file each. A later build adds a layer: every row of the
buyers that it touches, in one file a table, and their keys in `touched`. A layer holds no more for a buyer
who is in a later one. `daily` holds sums: a layer holds what it adds to them. `concurrency` looks across buyers: a
layer holds all rows of its first day and of later ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from jinpai.canon import TABLES as CANON
from jinpai.tables import Table, source, tables, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from jinpai.engine import Engine
    from jinpai.workspace.facts import Facts

TOUCHED = "touched"
BY_DAY = "concurrency"
SINCE = "concurrency_since"
"""Under this name a build remembers the first days of the layers of `concurrency`."""
MOST = 12
"""So many layers, and the next build makes one of them all: reading each costs a little."""
_DAILY = ("shop", "scope", "day", "agent", "hour", "product", "part", "second")


def layered() -> list[Table]:
    """按买家分层的表 the tables whose rows are of one buyer each."""
    return [table for table in tables().values() if not (table.is_whole or table.is_view)]


def show(engine: Engine, facts: Facts, shop: str) -> None:
    """读各层 the shop's facts as tables and views of the engine; rows of `daily` are to be added up."""
    import pyarrow as pa

    by_buyer = {table.name for table in layered()}
    found = {name: facts.files(name, shop) for name in facts.tables}
    mark(engine, found.get(TOUCHED, []))
    for name, files in found.items():
        if not files or name == TOUCHED:
            continue
        if name in by_buyer:
            engine.read_layers(name, files, TOUCHED)
        elif name == BY_DAY:
            engine.read_days(name, files, days_since(facts, shop))
        else:
            engine.read(name, files)
    if not found.get("message"):
        return
    for name in CANON:
        if not found.get(f"source_{name}"):
            # of no batches: Arrow loads pandas for anything that makes an array
            engine.take(f"source_{name}", pa.Table.from_batches([], schema=source.schema(name)))
    for table in tables().values():
        if table.is_view:
            engine.view(table.name, table.sql or "")


def days_since(facts: Facts, shop: str) -> list[int]:
    """从哪天起 the first shop day of each layer of `concurrency`; that of the first build has all days."""
    shops: Any = facts.meta["shops"]
    return list(shops[shop].get(SINCE, [0]))


def take_out(
    engine: Engine, facts: Facts, shop: str, only: str, sources: Collection[str], words: Collection[str]
) -> None:
    """取出 what `sources` (tables or views) need, as tables that hold the rows of the buyers in table `only` alone.

    `words` are those of every query that is to read them: of a kept table, columns that nothing names stay on the disk.
    """
    import pyarrow.parquet as pq

    mark(engine, facts.files(TOUCHED, shop))
    wanted = set(sources)
    # backwards, so that a view of views asks for what it reads before those are looked at
    for table in reversed(tables().values()):
        if table.is_view and table.name in wanted:
            wanted |= set(table.reads)
    named = set(words).union(*(words_of(tables()[name].sql or "") for name in wanted if name in tables()))
    for table in tables().values():
        if table.name not in wanted or table.is_whole:
            continue
        if table.is_view:
            engine.view(table.name, table.sql or "")
        else:
            files = facts.files(table.name, shop)
            engine.read_layers(f"every_{table.name}", files, TOUCHED, only)
            columns = [name for name in pq.read_schema(files[-1]).names if name in named or name == "buyer_key"]
            engine.make(table.name, f"select {', '.join(columns)} from every_{table.name}")


def mark(engine: Engine, files: Iterable[Path]) -> None:
    """记各层的买家 table `touched`: a buyer's key and the last layer that has all of the buyer's rows."""
    parts = []
    for number, file in enumerate(files, 1):
        engine.read(f"{TOUCHED}_{number}", [file])
        parts.append(f"select buyer_key, {number} as layer from {TOUCHED}_{number}")
    none = "select cast(0 as bigint) as buyer_key, 0 as layer where false"
    engine.make(
        TOUCHED,
        f"select buyer_key, max(layer) as layer from ({' union all '.join(parts or [none])}) group by buyer_key",
    )


def sums(signed: Iterable[str]) -> str:
    """合并 the query that adds up rows of `daily` from tables; a table named with a minus is taken off."""
    parts = [
        f"select {', '.join(_DAILY)}, {sign}n as n, {sign}ms as ms from {name.removeprefix('-')}"
        for name in signed for sign in ["-" if name.startswith("-") else ""]
    ]  # fmt: skip
    return (
        f"select {', '.join(_DAILY)}, cast(sum(n) as bigint) as n, cast(sum(ms) as bigint) as ms "
        f"from ({' union all '.join(parts)}) group by {', '.join(_DAILY)} "
        "having sum(n) <> 0 or coalesce(sum(ms), 0) <> 0"
    )
