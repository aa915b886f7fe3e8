"""流程 flow: the tables in the order of what they read, from raw rows to facts.

A build reads raw files that are new, computes every table of a shop, writes new files and moves one
pointer; killed at any instant it leaves the old facts, and the next build does the work again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.canon import TABLES as CANON
from jinpai.engine import Engine, Value
from jinpai.errors import Words
from jinpai.period import DAY_MS, Window
from jinpai.tables import Table, source, tables

if TYPE_CHECKING:
    from jinpai.text.private import Private
    from jinpai.workspace import Settings, Workspace
    from jinpai.workspace.facts import Build, Facts
    from jinpai.workspace.raw import RawFile

Progress = Callable[[Words, int, int], None]
EVER = 1 << 62
"""An instant after everything: nothing is hidden."""


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
        "slow_ms": settings.slow_seconds * 1000,
        "slow_rounds": settings.slow_rounds,
    }


_HORIZON = """
select least(
    coalesce((select max(sent_at) from message), (select max(moment_at) from act)),
    coalesce((select max(moment_at) from act), (select max(sent_at) from message))) as horizon
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
    as_of: int | None,
    step: Callable[[Table], None] = lambda _: None,
    path_of: Callable[[str], Path] | None = None,
) -> dict[str, Value]:
    """算表 makes the wanted tables in order and returns the values they were bound to, horizon included.

    `path_of` names the Parquet file of a table that is kept; without it all stay in memory.
    """
    values = values_of(settings, as_of)
    for table in wanted:
        step(table)
        if "horizon" in table.parameters and "horizon" not in values:
            values["horizon"] = as_of if as_of is not None else horizon_of(engine)
        _compute_one(engine, settings, table, values, None if path_of is None or table.is_view else path_of(table.name))
    return values


def _compute_one(engine: Engine, settings: Settings, table: Table, values: dict[str, Value], path: Path | None) -> None:
    if table.is_view:
        engine.view(table.name, table.sql or "")
    elif table.make is not None:
        engine.take(table.name, table.make(engine, settings), path)
    elif table.walked is not None:
        parts = engine.walk(table.walked.rows, values, "buyer_key", table.walked.over(engine, settings))
        engine.gather(table.name, table.walked.schema, parts, path)
    else:
        engine.make(table.name, table.sql or "", values, path)


def arrange(engine: Engine, settings: Settings, sources: dict[str, list[Path]]) -> None:
    """备料 puts the source rows and the tables that come from settings where the SQL finds them."""
    import pyarrow as pa

    for name in CANON:
        if sources.get(name):
            engine.read(f"source_{name}", sources[name])
        else:
            engine.take(f"source_{name}", source.schema(name).empty_table())

    def told(name: str, columns: dict[str, list[str]]) -> None:
        engine.take(name, pa.table({column: pa.array(found, pa.string()) for column, found in columns.items()}))

    told("staff_buyer", {"buyer": list(settings.staff_buyers)})
    told("advertising_phrase", {"phrase": list(settings.advertising_phrases)})
    told("memo_code", {"code": list(settings.memo_codes), "agent": list(settings.memo_codes.values())})
    told("given_by_hand", {
        "order_id": [one.order_id for one in settings.given], "agent": [one.agent for one in settings.given],
    })  # fmt: skip


# ---- from raw files to source rows


def _code() -> str:
    """A fingerprint of everything that turns raw rows into facts."""
    told = blake2b(str(source.VERSION).encode(), digest_size=16)
    for folder in ("tables", "metrics"):
        for entry in sorted(files("jinpai").joinpath(folder).iterdir(), key=lambda one: one.name):
            if entry.name.endswith((".sql", ".py")):
                told.update(entry.name.encode() + entry.read_bytes())
    return told.hexdigest()


def fingerprint(workspace: Workspace, shop: str) -> dict[str, object]:
    """指纹 what a shop's facts depend on: code, settings, raw files. Equal fingerprints, equal facts."""
    raw = [file.digest for file in workspace.raw_files() if file.shop == shop]
    return {"code": _code(), "settings": workspace.settings(shop).digest, "raw": sorted(raw)}


def stale(workspace: Workspace) -> list[str]:
    """要重算的店铺 the shops whose facts do not match their raw files, settings and this program."""
    facts = workspace.facts()
    known = facts.meta.get("shops", {}) if facts else {}
    assert isinstance(known, dict)
    return [shop for shop in workspace.shops() if known.get(shop, {}).get("made_from") != fingerprint(workspace, shop)]


def _land_sources(
    workspace: Workspace, build: Build, shop: str, progress: Progress
) -> tuple[dict[str, list[Path]], dict[str, dict[str, object]]]:
    """The shop's source files: those of the facts before, and new ones for raw files not read yet."""
    from jinpai.text.private import Private

    private = Private(workspace.key_for("tokens"))
    old = build.before.meta.get("sources", {}) if build.before else {}
    assert isinstance(old, dict)
    raw = [file for file in workspace.raw_files() if file.shop == shop]
    sources: dict[str, list[Path]] = {}
    told: dict[str, dict[str, object]] = {}
    for number, file in enumerate(raw):
        progress(Words(f"读入 {file.header.file}", f"Reading {file.header.file}"), number, len(raw))
        digest = file.digest
        made = _kept(build, shop, old.get(f"{shop}/{digest}")) or _read(file, build, shop, private)
        for table, path in made.items():
            sources.setdefault(table, []).append(path)
        told[f"{shop}/{digest}"] = {
            "version": source.VERSION, "file": file.header.file,
            "tables": {table: f"{path.parent.name}/{path.name}" for table, path in made.items()},
        }  # fmt: skip
    return sources, told


def _kept(build: Build, shop: str, known: dict[str, object] | None) -> dict[str, Path] | None:
    if known is None or known["version"] != source.VERSION or build.before is None:
        return None
    named = known["tables"]
    assert isinstance(named, dict)
    found: dict[str, Path] = {}
    for table, name in named.items():
        here = [
            file for file in build.before.files(f"source_{table}", shop) if f"{file.parent.name}/{file.name}" == name
        ]
        if not here:
            return None
        found[table] = here[0]
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
            for ready in source.batches(table, shop, file.digest, [batch], private, first=rows.get(table, 0)):
                writers[table].write_batch(ready)
            rows[table] = rows.get(table, 0) + len(batch)
    finally:
        for writer in writers.values():
            writer.close()
    return made


# ---- the build


def build(workspace: Workspace, progress: Progress = no_progress) -> list[str]:
    """建事实 brings the facts of every shop up to date and returns the shops that were computed anew."""
    due = stale(workspace)
    if not due:
        return []
    with workspace.building() as writing:
        shops: dict[str, object] = {}
        sources: dict[str, object] = {}
        for shop in workspace.shops():
            if shop in due or writing.before is None:
                shops[shop], told = _build_shop(workspace, writing, shop, progress)
                sources |= told
            else:
                shops[shop], kept = _keep_shop(writing, writing.before, shop)
                sources |= kept
        writing.meta |= {"shops": shops, "sources": sources}
    return due


def _keep_shop(writing: Build, before: Facts, shop: str) -> tuple[object, dict[str, object]]:
    for table in before.tables:
        writing.keep(table, shop, before.files(table, shop))
    shops, sources = before.meta["shops"], before.meta["sources"]
    assert isinstance(shops, dict)
    assert isinstance(sources, dict)
    return shops[shop], {name: one for name, one in sources.items() if name.startswith(f"{shop}/")}


def _build_shop(
    workspace: Workspace, writing: Build, shop: str, progress: Progress
) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    from jinpai.daily import daily

    settings = workspace.settings(shop)
    made_from = fingerprint(workspace, shop)
    sources, told = _land_sources(workspace, writing, shop, progress)
    every = list(tables().values())
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as engine:
        arrange(engine, settings, sources)

        def step(table: Table) -> None:
            progress(
                Words(f"计算 {table.zh or table.name}", f"Computing {table.name}"), every.index(table), len(every) + 1
            )

        values = compute(engine, settings, every, None, step, lambda name: writing.path(name, shop))
        progress(Words("汇总每天的数", "Adding up the days"), len(every), len(every) + 1)
        engine.take("daily", daily(engine, settings, values), writing.path("daily", shop))
        repeated = {name: _repeated(engine, name, kept) for name, kept in ONCE.items()}
    return {"made_from": made_from, "horizon": values.get("horizon", 0), "repeats": repeated}, told


ONCE = {"messages": "message", "orders": "orders", "refunds": "refund_row"}
"""Canonical tables whose rows may come in several files, and the table that holds each row once."""


def _repeated(engine: Engine, name: str, kept: str) -> int:
    found = engine.rows(f"select (select count(*) from source_{name}) - (select count(*) from {kept}) as n")
    return int(found[0]["n"])


def repeats(workspace: Workspace) -> int:
    """重复行 how many imported rows, of all shops together, were in another file already and count once."""
    facts = workspace.facts()
    shops = facts.meta.get("shops", {}) if facts else {}
    assert isinstance(shops, dict)
    return sum(sum(one.get("repeats", {}).values()) for one in shops.values())


# ---- reading facts


@contextmanager
def opened(workspace: Workspace, shop: str) -> Iterator[Engine]:
    """读事实 an engine whose tables are the shop's facts as they stand now."""
    facts = workspace.facts()
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as engine:
        if facts is not None:
            for name in facts.tables:
                found = facts.files(name, shop)
                if found:
                    engine.read(name, found)
            for table in tables().values():
                if table.is_view:
                    engine.view(table.name, table.sql or "")
        yield engine


@contextmanager
def reckoned(
    workspace: Workspace, shop: str, settings: Settings, as_of: int | None
) -> Iterator[tuple[Engine, dict[str, Value]]]:
    """换口径试算 an engine with every table computed anew under other settings or as of an instant; writes nothing."""
    facts = workspace.facts()
    sources = {name: facts.files(f"source_{name}", shop) for name in CANON} if facts else {}
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as engine:
        arrange(engine, settings, sources)
        values = compute(
            engine, settings, tables().values(), as_of, path_of=lambda name: Path(folder) / f"{name}.parquet"
        )
        yield engine, values
