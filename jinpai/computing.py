"""算表 computing: the tables in the order of what they read, under the settings of a shop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.canon import TABLES as CANON
from jinpai.criteria import inspected_by
from jinpai.decisions import nothing_decided
from jinpai.engine import Engine, Value
from jinpai.errors import Words
from jinpai.period import DAY_MS, Window
from jinpai.tables import Table, source, wanted_by

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.workspace import Settings

Progress = Callable[[Words, int, int], None]
EVER = 1 << 62
"""An instant after everything: nothing is hidden."""


ONCE = {"messages": "message", "orders": "orders", "refunds": "refund_row"}
"""Canonical tables whose rows may come in several files, and the table that holds each row once."""


def no_progress(words: Words, done: int, total: int) -> None:
    """不报进度 a progress that nobody watches."""


def values_of(settings: Settings, as_of: int | None = None) -> dict[str, Value]:
    """参数 the values that the tables' SQL may bind; the horizon comes from the data, later."""
    main = Window.parse(settings.window)
    return {
        "as_of": EVER if as_of is None else as_of,
        "conversation_gap": settings.conversation_gap,
        "assist_counts": settings.assist_counts,
        "after_sales_length": settings.after_sales_days * DAY_MS,
        "attribution_length": settings.attribution_days * DAY_MS,
        "reminder_length": settings.silent_reminder_minutes * 60_000,
        "main_days": main.days or 0,
        "main_length": main.span_ms or 0,
        "min_agent_lines": settings.min_agent_lines,
        "parallel_limit": settings.parallel_limit,
        "slow_ms": settings.slow_seconds * 1000,
        "slow_rounds": settings.slow_rounds,
    }


_HORIZON = """
select least(
    coalesce((select max(last_sent_at) from instants), (select max(moment_at) from act)),
    coalesce((select max(moment_at) from act), (select max(last_sent_at) from instants))) as horizon
from (select 1) as one
"""
_ACT = """
select max(created_at) as moment_at from orders union all select max(paid_at) from orders
union all select max(refunded_at) from orders union all select max(refunded_at) from refund_row
"""


def horizon_of(engine: Engine) -> int:
    """数据截止 the earlier of the newest message and the newest order instant (ms UTC); 0 for an empty shop."""
    found = engine.rows(f"with act as ({_ACT}) {_HORIZON}")[0]["horizon"]
    return int(found) if found is not None else 0


def compute(
    engine: Engine,
    settings: Settings,
    wanted: Iterable[Table],
    as_of: int | None = None,
    *,
    step: Callable[[Table], None] = lambda _: None,
    path_of: Callable[[str], Path | None] = lambda _: None,
    horizon: int | None = None,
) -> dict[str, Value]:
    """算表 makes the wanted tables in order and returns the values they were bound to, horizon included.

    `path_of` names the Parquet file of a table that is kept; one without stays in memory. `step` is told of each table
    before it is made. `horizon` is that of the whole shop, where the engine holds only some of its buyers.
    """
    values = values_of(settings, as_of) | ({} if horizon is None else {"horizon": horizon})
    every = {table.name: table for table in wanted_by(settings, wanted)}

    for table in every.values():
        if engine.walks_along and table.along in every:
            continue
        step(table)
        if "horizon" in table.parameters and "horizon" not in values:
            values["horizon"] = as_of if as_of is not None else horizon_of(engine)
        path = None if table.is_view else path_of(table.name)
        if table.walk is None:
            _compute_one(engine, settings, table, values, path)
            continue
        along = {one.name: (one.walk(engine, settings, values), path_of(one.name))
                 for one in every.values() if engine.walks_along and one.along == table.name and one.walk is not None}  # fmt: skip
        engine.walk(table.name, table.walk(engine, settings, values), values, path, along)
    return values


def _compute_one(engine: Engine, settings: Settings, table: Table, values: dict[str, Value], path: Path | None) -> None:
    if table.is_view:
        engine.view(table.name, table.sql or "")
    elif table.make is not None:
        engine.take(table.name, table.make(engine, settings), path)
    else:
        engine.make(table.name, table.sql or "", values, path)


def arrange(
    engine: Engine, settings: Settings, sources: Mapping[str, Collection[Path]],
    decided: Mapping[str, pa.Table] | None = None,
) -> None:  # fmt: skip
    """备料 puts the source rows, the tables that come from settings and what people decided where the SQL finds them."""
    import pyarrow as pa

    for name in CANON:
        if sources.get(name):
            engine.read(f"source_{name}", sources[name])
        else:
            engine.take(f"source_{name}", source.schema(name).empty_table())

    def told(name: str, columns: dict[str, list[str]]) -> None:
        engine.take(name, pa.table({column: pa.array(found, pa.string()) for column, found in columns.items()}))

    if settings.inspection:
        for name, rows in inspected_by(settings).items():
            engine.take(name, rows)
    for name, rows in (decided or nothing_decided()).items():
        engine.take(name, rows)
    told("staff_buyer", {"buyer": list(settings.staff_buyers)})
    told("advertising_phrase", {"phrase": list(settings.advertising_phrases)})
    told("memo_code", {"code": list(settings.memo_codes), "agent": list(settings.memo_codes.values())})
    told("given_by_hand", {
        "order_id": [one.order_id for one in settings.given], "agent": [one.agent for one in settings.given],
    })  # fmt: skip
