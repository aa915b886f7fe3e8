"""层 layers: how facts that grow lie on disk, and how they are read as one table.

The rows of a first build are one file a table. A later build adds a layer: every row of the buyers that it
touches, in one file a table, and their keys in `touched`. A layer holds no more for a buyer who is in a later one.
Tables by order have layers of the orders and refunds that new files reach, in `reached_order` and `reached_refund`.
`daily` holds sums: a layer holds what it adds to them. `concurrency` looks across buyers: a layer holds all rows of
its first day and of later ones. Other whole tables are one file, written anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinpai.canon import TABLES as CANON
from jinpai.tables import Table, source, tables, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from jinpai.engine import Engine
    from jinpai.workspace.facts import Facts


@dataclass(frozen=True, slots=True)
class Marks:
    """层的记号 a table of the facts, a file for each layer but the first, of the `key`s that the layer has all rows of."""

    name: str
    key: str
    kind: str = "bigint"


TOUCHED = "touched"
BUYERS = Marks(TOUCHED, "buyer_key")
ORDERS = Marks("reached_order", "order_key")
REFUNDS = Marks("reached_refund", "refund_id", "varchar")
BY_ORDER = {"orders": ORDERS, "order_item": ORDERS, "refund_row": REFUNDS}
"""Whole tables of which a later build makes only what new files reach."""
BY_DAY = "concurrency"
SINCE = "concurrency_since"
"""Under this name a build remembers the first days of the layers of `concurrency`."""
MOST = 12
"""So many layers, and the next build makes one of them all: reading each costs a little."""
_DAILY = ("shop", "scope", "day", "agent", "hour", "product", "part", "second")


def layered() -> list[Table]:
    """按买家分层的表 the tables whose rows are of one buyer each."""
    return [table for table in tables().values() if not (table.is_whole or table.is_view)]


def marks() -> dict[str, Marks]:
    """各表的记号 the marks of every table that has layers by a key."""
    return dict.fromkeys((table.name for table in layered()), BUYERS) | BY_ORDER


def show(engine: Engine, facts: Facts, shop: str) -> None:
    """读各层 the shop's facts as tables and views of the engine; rows of `daily` are to be added up."""
    import pyarrow as pa

    known = marks()
    # another shop may have tables that this one has not yet
    found = {name: files for name in facts.tables if (files := facts.files(name, shop))}
    for one in set(known.values()):
        mark(engine, found.pop(one.name, []), one)
    for name, files in found.items():
        if name in known:
            read_layers(engine, name, files, known[name])
        elif name == BY_DAY:
            _read_days(engine, files, days_since(facts, shop))
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
            read_layers(engine, f"every_{table.name}", files, only=only)
            columns = [name for name in pq.read_schema(files[-1]).names if name in named or name == "buyer_key"]
            engine.make(table.name, f"select {', '.join(columns)} from every_{table.name}")


def mark(engine: Engine, files: Iterable[Path], by: Marks = BUYERS, name: str | None = None) -> None:
    """记层 table `name` (else that of the marks): a key and the last layer that has all of its rows."""
    name, key = name or by.name, by.key
    parts = []
    for number, file in enumerate(files, 1):
        engine.read(f"{name}_{number}", [file])
        parts.append(f"select {key}, {number} as layer from {name}_{number}")
    none = f"select cast(null as {by.kind}) as {key}, 0 as layer where false"
    engine.make(name, f"select {key}, max(layer) as layer from ({' union all '.join(parts or [none])}) group by {key}")


def read_layers(
    engine: Engine, name: str, files: Sequence[Path], by: Marks = BUYERS, marked: str | None = None, only: str | None = None
) -> None:  # fmt: skip
    """读层 make `name` a view over layers: a layer holds no more for keys in a later one.

    `marked` is the table of `mark`, if not under the name of the marks; with `only`, a table of keys, others are left out.
    """
    key = by.key
    wanted = [f'{key} in (select {key} from "{only}")'] if only else []
    layers = []
    for number, file in enumerate(files):
        engine.read(f"{name}_{number}", [file])
        told = [*wanted]
        if number + 1 < len(files):
            later = f'select 1 from "{marked or by.name}" as t where t.{key} = r.{key} and t.layer > {number}'
            told.append(f"not exists ({later})")
        layers.append(f'select r.* from "{name}_{number}" as r{" where " * bool(told)}{" and ".join(told)}')
    engine.view(name, " union all ".join(layers))


def _read_days(engine: Engine, files: Sequence[Path], since: Sequence[int]) -> None:
    """`concurrency` as a view: of each layer the days before the first of any later one."""
    layers = []
    for number, file in enumerate(files, 1):
        engine.read(f"{BY_DAY}_{number}", [file])
        end = min(since[number:], default=99_991_231)
        layers.append(f"select * from {BY_DAY}_{number} where day < {end}")
    engine.view(BY_DAY, " union all ".join(layers))


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
