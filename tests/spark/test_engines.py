"""两个引擎 every table and every metric on a cluster, equal in rows and types to the embedded engine."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jinpai.counting import Period, count
from jinpai.daily import daily, scope_of
from jinpai.engine import Engine, Value
from jinpai.metrics import catalogue, windows
from jinpai.metrics.parts import Grain
from jinpai.period import Window
from jinpai.spark import SparkEngine
from jinpai.tables import tables
from jinpai.workspace.settings import Settings, settle
from tests.criteria.dialogues import FACTS, PROMOTIONS
from tests.spark.lake import MOMENT, SHOP, decisions, different, every_shop, fill, sources

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("spark")]

PLAIN: dict[str, dict[str, object]] = {
    "shop.toml": {"promotions": PROMOTIONS},
    "rules.toml": {
        "inspection": True, "parallel_limit": 1, "staff_buyers": ["雪"], "advertising_phrases": ["广告"], "memo_codes": {"甲": "小美", "甲乙": "小乙"},
        "given": [{"order_id": "云1000", "agent": "小后", "by": "店长", "reason": "电话里谈的"}],
    },
}  # fmt: skip
STRANGE: dict[str, dict[str, object]] = {
    "shop.toml": {"day_start": "04:00", "window": "24h", "attribution_days": 5, "after_sales_days": 7, "enquiry_span": 3},
    "rules.toml": {
        "rule": "first", "conversation_gap": "10m", "assist_counts": True, "enquiry_agents": "all", "min_agent_lines": 2,
        "slow_rounds": 1, "silent_reminder_minutes": 10, **PLAIN["rules.toml"],
    },
    "hours.toml": {"weekly": {"every_day": ["09:00-18:00", "20:00-02:00"]}, "exceptions": {"2025-11-11": []}},
}  # fmt: skip

INTERPRETED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
"""Spark's other way to compute, which it falls back on: half the time for tables this small, and it must agree too.
Its usual way is that of test_dialect and test_setting."""


@contextmanager
def both(
    master: str, chosen: Settings, as_of: int | None, record: Callable[[str, object], None]
) -> Iterator[tuple[Engine, Engine, dict[str, Value]]]:
    """The lake on both engines, its tables made, and the values bound."""
    shops = every_shop()
    rows = sources(shops)
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder)) as one, SparkEngine(master) as other:
        for name, value in INTERPRETED.items():
            other._session.conf.set(name, value)
        fill(one, rows, chosen, as_of)
        decided = decisions(one)
        values = fill(one, rows, chosen, as_of, decided)
        started = time.perf_counter()
        assert fill(other, rows, chosen, as_of, decided) == values
        record(
            "measured", f"{len(shops)} shops, {len(tables())} tables on Spark in {time.perf_counter() - started:.0f} s"
        )
        yield one, other, values


def differences(one: Engine, other: Engine) -> list[str]:
    wrong = []
    for name in tables():
        found, theirs = (engine.arrow(f'select * from "{name}"') for engine in (one, other))
        wrong += different(name, found, theirs)
        assert len(found), f"{name}: no rows, so that nothing was compared"
    return wrong


def test_every_table_and_every_part_of_a_day_is_the_same(master: str, record_property: Any) -> None:
    chosen = settle(SHOP, PLAIN, FACTS)
    with both(master, chosen, None, record_property) as (one, other, values):
        wrong = differences(one, other)
        days = [pa.concat_tables(daily(engine, chosen, values)) for engine in (one, other)]
        wrong += different("daily", *days)
        for engine, found in zip((one, other), days, strict=True):
            engine.take("daily", found)
        wrong += unlike(one, other, chosen, values, ("agent", "week"), daily=True)
    assert not wrong, "\n".join(wrong)


def test_every_table_and_every_metric_is_the_same_under_other_settings_as_of_an_instant(
    master: str, record_property: Any
) -> None:
    chosen = settle(SHOP, STRANGE, FACTS)
    with both(master, chosen, MOMENT + 30 * 86_400_000, record_property) as (one, other, values):
        wrong = differences(one, other)
        wrong += unlike(one, other, chosen, values, ("agent", "product", "week"), daily=False)
    assert not wrong, "\n".join(wrong)


def unlike(
    one: Engine, other: Engine, chosen: Settings, values: dict[str, Value], by: tuple[str, ...], *, daily: bool
) -> list[str]:
    """Every metric counted on both engines, from the sums of the days or from the tables: what is not the same."""
    everything = [
        (metric, window)
        for metric in catalogue().values()
        for window in (windows(Window.parse(chosen.window)) if metric.windowed else [None])
    ]
    asked = dict(values) | {"rule": chosen.rule, "enquiry_scope": scope_of(chosen.enquiry_agents)}
    period = Period(20251101, 20251210)
    found, theirs = (
        count(engine, chosen, asked, grain=Grain.of(by), period=period, chosen=everything, daily=daily)
        for engine in (one, other)
    )
    assert found.rows
    return [] if found == theirs else [f"metrics by {','.join(by)}:\n{found}\n{theirs}"[:2000]]
