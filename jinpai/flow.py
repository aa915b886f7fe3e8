"""流程 flow: from raw rows to facts, and facts for reading.

A build reads raw files that are new, computes what they touch, writes new files and moves one pointer;
killed at any instant it leaves the old facts, and the next build does the work again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai import shelf
from jinpai.canon import TABLES as CANON
from jinpai.computing import ONCE, Progress, arrange, compute, no_progress
from jinpai.daily import SCHEMA, daily
from jinpai.engine import Engine, Value
from jinpai.errors import Words
from jinpai.increment import grow
from jinpai.origins import keep_origins
from jinpai.sourcing import Sources, decisions_of, fingerprint, land_sources, stale
from jinpai.spark import engine_for
from jinpai.tables import Table, tables, wanted_by

if TYPE_CHECKING:
    from jinpai.workspace import Settings, Workspace
    from jinpai.workspace.facts import Build, Facts


def build(workspace: Workspace, progress: Progress = no_progress) -> list[str]:
    """建事实 brings the facts of every shop up to date and returns the shops that were computed anew."""
    due = stale(workspace)
    if not due:
        return []
    with workspace.building() as writing:
        shops: dict[str, object] = {}
        for shop in workspace.shops():
            if shop in due or writing.before is None:
                shops[shop] = _build_shop(workspace, writing, shop, progress)
            else:
                shops[shop] = _keep_shop(writing, writing.before, shop)
        writing.meta |= {"shops": shops}
    return due


def _keep_shop(writing: Build, before: Facts, shop: str) -> object:
    for table in before.tables:
        writing.keep(table, shop, before.files(table, shop))
    keep_origins(writing, shop)
    shops = before.meta["shops"]
    assert isinstance(shops, dict)
    return shops[shop]


def _build_shop(workspace: Workspace, writing: Build, shop: str, progress: Progress) -> dict[str, object]:
    settings = workspace.settings(shop)
    made_from = fingerprint(workspace, shop)
    sources = land_sources(workspace, writing, shop, progress)
    told = grow(writing, settings, made_from, sources, progress) or _whole(writing, settings, sources, progress)
    return told | {"made_from": made_from}


def _whole(writing: Build, settings: Settings, sources: Sources, progress: Progress) -> dict[str, object]:
    """Every table of a shop, from all its source rows."""
    every = wanted_by(settings, tables().values())
    shop = settings.shop
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, engine_for(Path(folder)) as engine:
        arrange(engine, settings, sources.files, sources.decided)

        def step(table: Table) -> None:
            progress(
                Words(f"计算 {table.zh or table.name}", f"Computing {table.name}"), every.index(table), len(every) + 1
            )

        values = compute(engine, settings, every, step=step, path_of=lambda name: writing.path(name, shop))
        progress(Words("汇总每天的数", "Adding up the days"), len(every), len(every) + 1)
        engine.gather("daily", SCHEMA, daily(engine, settings, values), writing.path("daily", shop))
        rows = {name: _count(engine, name) for name in ONCE.values()}
        repeated = {name: _count(engine, f"source_{name}") - rows[kept] for name, kept in ONCE.items()}
    return {"horizon": values.get("horizon", 0), "rows": rows, "repeats": repeated}


def _count(engine: Engine, name: str) -> int:
    return int(engine.rows(f"select count(*) as n from {name}")[0]["n"])


def repeats(workspace: Workspace) -> int:
    """重复行 how many imported rows, of all shops together, were in another file already and count once."""
    facts = workspace.facts()
    shops = facts.meta.get("shops", {}) if facts else {}
    assert isinstance(shops, dict)
    return sum(sum(one.get("repeats", {}).values()) for one in shops.values())


# ---- reading facts


@contextmanager
def opened(workspace: Workspace, shop: str) -> Iterator[Engine]:
    """读事实 an engine whose tables are the shop's facts as they stand now; tables that it makes are its own."""
    with shelf.opened(workspace, shop).reader() as engine:
        yield engine


@contextmanager
def reckoned(
    workspace: Workspace, shop: str, settings: Settings, as_of: int | None
) -> Iterator[tuple[Engine, dict[str, Value]]]:
    """换口径试算 an engine with every table computed anew under other settings or as of an instant; writes nothing."""
    facts = workspace.facts()
    sources = {name: facts.files(f"source_{name}", shop) for name in CANON} if facts else {}
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, engine_for(Path(folder)) as engine:
        arrange(engine, settings, sources, decisions_of(workspace, shop))
        values = compute(engine, settings, tables().values(), as_of, path_of=engine.scratch)
        yield engine, values
