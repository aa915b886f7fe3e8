"""日报底数 daily: the additive parts of every metric by shop day, and by day with agent, hour or product.

Reports without overrides read it. One row a part, day, scope and (for histograms) whole second;
zeros are left out. Histograms are those of the whole shop: by anything more they would have as many rows as there are
rounds, and counting those is as quick. Part names are `<metric>[window].n` and the like, see `named_parts`. Every part is a sum
over rows of one buyer each, so what some buyers add can be taken off and put back; peaks, which are no
sums, and ratings, which are few, are counted from their tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.coded import coded_words, of_places, repeated
from jinpai.metrics import catalogue, windows
from jinpai.metrics.definition import Part
from jinpai.metrics.parts import Grain, daily_sql, seconds_sql, with_profiles
from jinpai.period import Window
from jinpai.tables import tables

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value
    from jinpai.workspace import Settings

PASSES: tuple[tuple[tuple[str, ...], ...], ...] = (((), ("hour",), ("product",)), (("agent",),))
"""Scopes that are counted in one pass over a source: the shop's own rows, then the agents'."""
SCOPES = tuple(scope for scopes in PASSES for scope in scopes)
NOT_PREPARED = ("concurrency", "evaluation")
Scopes = tuple[tuple[str, ...], ...]
SCHEMA = pa.schema([
    ("shop", pa.string()), ("scope", pa.string()), ("day", pa.int64()), ("agent", pa.string()), ("hour", pa.int64()),
    ("product", pa.string()), ("part", pa.string()), ("second", pa.int64()), ("n", pa.int64()), ("ms", pa.int64()),
])  # fmt: skip


def named_parts(settings: Settings) -> dict[Part, str]:
    """分项名 every distinct part of every metric and standard window, with its name in `daily`."""
    names: dict[Part, str] = {}
    for metric in catalogue().values():
        for window in windows(Window.parse(settings.window)) if metric.windowed else [None]:
            for place, part in zip("ndx", metric.parts(window), strict=False):
                if part.source not in NOT_PREPARED and is_kept(settings, part.source):
                    names.setdefault(with_profiles(part, settings), f"{metric.column(window)}.{place}")
    return names


def daily(engine: Engine, settings: Settings, values: Mapping[str, Value]) -> Iterator[pa.Table]:
    """日报底数 every part of every metric, counted over the engine's tables under the shop's own rule; rows of SCHEMA."""
    asked = dict(values) | {
        "from": 0, "to": 99_991_231, "rule": settings.rule, "enquiry_scope": scope_of(settings.enquiry_agents),
    }  # fmt: skip
    asked.setdefault("horizon", 0)
    for scopes, source, names in _counted(settings):
        sql = daily_sql(source, [part.expression for part in names], *scopes)
        yield _summed(engine.arrow(sql, asked), settings.shop, scopes, list(names.values()))
    for part, name in _timed(settings):
        table = engine.arrow(_by_second(part), asked)
        yield _shaped(table, repeated(name, len(table)), ((),), settings.shop, table.column("n"), table.column("ms"))


def queries(settings: Settings) -> Iterator[str]:
    """查询 the text of every query that `daily` asks."""
    for scopes, source, names in _counted(settings):
        yield daily_sql(source, [part.expression for part in names], *scopes)
    for part, _ in _timed(settings):
        yield _by_second(part)


def _counted(settings: Settings) -> Iterator[tuple[Scopes, str, dict[Part, str]]]:
    """The parts that are counted together: those of one source, at each pass."""
    names = {part: name for part, name in named_parts(settings).items() if part.how != "seconds"}
    for scopes in PASSES:
        for source in sorted({part.source for part in names}):
            yield scopes, source, {part: name for part, name in names.items() if part.source == source}


def _timed(settings: Settings) -> list[tuple[Part, str]]:
    return [(part, name) for part, name in named_parts(settings).items() if part.how == "seconds"]


def _by_second(part: Part) -> str:
    return seconds_sql(part.source, part.expression, Grain((), ("day",)))


def _summed(wide: pa.Table, shop: str, scopes: Scopes, names: list[str]) -> pa.Table:
    counts = np.array([wide.column(f"p{number}").to_numpy() for number in range(len(names))], np.int64)
    parts, rows = np.nonzero(counts)
    keys = wide.drop_columns([f"p{number}" for number in range(len(names))]).take(pa.array(rows))
    return _shaped(keys, of_places(parts, pa.array(names)), scopes, shop, pa.array(counts[parts, rows]), None)


def is_prepared(part: Part, dimensions: tuple[str, ...]) -> bool:
    """有没有底数 whether a part that `daily` holds is held by these dimensions: histograms are only the whole shop's."""
    return dimensions in SCOPES and (part.how != "seconds" or not dimensions)


def is_kept(settings: Settings, source: str) -> bool:
    """有没有这张表 whether a shop with these settings has the table that a part counts: not those of inspection that is off."""
    return settings.inspection or not (source in tables() and tables()[source].is_inspection)


def scope_of(enquiry_agents: str) -> str:
    """询单归谁 the scope of `enquiry_by` for the setting enquiry_agents."""
    return "all" if enquiry_agents == "all" else "owner"


def _shaped(
    table: pa.Table, part: pa.DictionaryArray, scopes: Scopes, shop: str, n: pa.ChunkedArray, ms: pa.ChunkedArray | None
) -> pa.Table:
    """Rows of SCHEMA, whose words are coded: millions of rows say few of them."""
    told = {
        "shop": repeated(shop, len(table)), "part": part, "n": n,
        "ms": pa.nulls(len(table), pa.int64()) if ms is None else ms,
        "scope": table.column("scope") if len(scopes) > 1 else repeated(",".join(scopes[0]), len(table)),
    }  # fmt: skip

    def of(field: pa.Field) -> pa.Array:
        if field.name in told:
            return told[field.name]
        return table.column(field.name) if field.name in table.column_names else pa.nulls(len(table), field.type)

    return coded_words(pa.table([of(field) for field in SCHEMA], names=SCHEMA.names))
