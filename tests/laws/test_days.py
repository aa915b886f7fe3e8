"""加总的定律 days add up to periods, prepared sums say what the tables say, and a ratio of a union lies between its parts."""

from __future__ import annotations

from collections.abc import Iterable
from math import copysign, inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.counting import Chosen, Counted, Key, Period, count
from jinpai.daily import SCHEMA, daily
from jinpai.engine import Engine, Value
from jinpai.metrics import choose
from jinpai.metrics.definition import Metric, Part
from jinpai.metrics.parts import Grain
from jinpai.metrics.values import Counts, value
from jinpai.period import Window, add_days
from jinpai.workspace.settings import Settings
from tests.mutants import kills

from .reckoning import RULES, counted, file, settings, wide
from .shop import Drawn, shops

pytestmark = pytest.mark.slow

NEXT_DAY = Window.parse("next_day")
EVERY = choose(None, NEXT_DAY)
# without the metrics that have a trailing period of their own
PLAIN = [(metric, window) for metric, window in EVERY if metric.days is None]
SETTINGS = st.sampled_from(
    [settings(**RULES), settings(rule="payment", day_start="04:00"), settings(enquiry_agents="all", rule="by_product")]
)
# nothing in it is as it is unless told
ALL_OWN = st.just(settings(**RULES, rule="payment", day_start="04:00", enquiry_agents="all"))
FIRST = 20251110
DAYS = 40


def asked_of(
    engine: Engine,
    chosen: Settings,
    values: dict[str, Value],
    by: Iterable[str],
    period: Period,
    *,
    prepared: bool,
    chosen_metrics: Chosen = PLAIN,
) -> Counted:
    choices = values | {"rule": chosen.rule, "enquiry_scope": "all" if chosen.enquiry_agents == "all" else "owner"}
    return count(engine, chosen, choices, grain=Grain.of(by), period=period, chosen=chosen_metrics, daily=prepared)


def figures(counts: Counts) -> dict[Part, Any]:
    """A row's parts without zeros."""
    told: dict[Part, Any] = {part: number for part, number in counts.sums.items() if number}
    return told | {part: histogram for part, histogram in counts.seconds.items() if histogram}


def plain(rows: dict[Key, Counts]) -> dict[Key, dict[Part, Any]]:
    return {key: found for key, counts in rows.items() if (found := figures(counts))}


def summed(rows: Iterable[dict[Part, Any]]) -> dict[Part, Any]:
    """Rows added up as the contract says: peaks are the greatest, everything else the sum."""
    total: dict[Part, Any] = {}
    for row in rows:
        for part, number in row.items():
            if part.how == "seconds":
                mine = total.setdefault(part, {})
                for second, (many, ms) in number.items():
                    had = mine.get(second, (0, 0))
                    mine[second] = (had[0] + many, had[1] + ms)
            else:
                total[part] = max(total.get(part, 0), number) if part.how == "max" else total.get(part, 0) + number
    return {part: number for part, number in total.items() if number}


@kills("jinpai/counting.py", "d.day >= $from and d.day < $to", "d.day >= $from and d.day <= $to")
@kills("jinpai/daily.py", 'NOT_PREPARED = ("concurrency", "evaluation")', 'NOT_PREPARED = ("evaluation",)')
@kills("jinpai/daily.py", '(part.how != "seconds" or not dimensions)', "True")
@kills("jinpai/daily.py", '"rule": settings.rule', '"rule": "order_first"')
@kills("jinpai/daily.py", 'return "all" if enquiry_agents == "all" else "owner"', 'return "owner"')
@wide(8)
@given(shops(), st.integers(0, 3), st.integers(1, 5), ALL_OWN)
def test_prepared_sums_say_what_the_tables_say(shop: Drawn, since: int, length: int, chosen: Settings) -> None:
    start = add_days(FIRST, since)
    period = Period(start, add_days(start, length))
    with counted([file(shop.rows)], chosen) as (engine, values):
        engine.gather("daily", SCHEMA, daily(engine, chosen, values))
        for by in (("shop",), ("agent",), ("product", "week"), ("hour",)):
            prepared, told = (
                asked_of(engine, chosen, values, by, period, prepared=one, chosen_metrics=EVERY)
                for one in (True, False)
            )
            assert plain(prepared.rows) == plain(told.rows), by
            assert plain(prepared.whole) == plain(told.whole), by
            assert plain(prepared.trailing) == plain(told.trailing), by


@kills(
    "jinpai/metrics/parts.py",
    'and day >= $from and day < $to"\n    if',
    'and day >= $from and day <= $to"\n    if',
)
@kills("jinpai/metrics/parts.py", "({inner}) where ms is not null", "({inner}) where ms is not null and day > $from")
@kills("jinpai/tables/talk.py", "firsts(days, first, asked)", "asked")
@wide(8)
@given(shops(), st.integers(1, 6), SETTINGS)
def test_days_add_up_to_periods(shop: Drawn, middle: int, chosen: Settings) -> None:
    end, cut = add_days(FIRST, DAYS), add_days(FIRST, middle)
    with counted([file(shop.rows)], chosen) as (engine, values):
        for by in ((), ("agent",)):

            def told(start: int, until: int, *more: str, by: tuple[str, ...] = by) -> dict[Key, dict[Part, Any]]:
                return plain(asked_of(engine, chosen, values, (*by, *more), Period(start, until), prepared=False).rows)

            whole, days = told(FIRST, end), told(FIRST, end, "day")
            halves = [told(FIRST, cut), told(cut, end)]
            for key, row in whole.items():
                assert summed(one for at, one in days.items() if at[: len(key)] == key) == row
                assert summed(half.get(key, {}) for half in halves) == row
            assert {key[: len(by)] for key in days} == whole.keys()
        buyers = engine.rows("select count(distinct (buyer_key, day)) as n from talk where not by_person")[0]["n"]
        consulted = asked_of(engine, chosen, values, (), Period(FIRST, end), prepared=False)
    named = {metric.name: metric.numerator for metric, _ in PLAIN}
    assert figures(consulted.rows.get((), Counts())).get(named["consulted_buyers"], 0) == buyers


@kills(
    "jinpai/metrics/values.py",
    "return round(top / bottom / 1000, 6), [",
    "return round(top / (bottom + 1) / 1000, 6), [",
)
@kills("jinpai/metrics/values.py", "if seen >= rank:", "if seen > rank:")
@kills(
    "jinpai/metrics/values.py",
    "return round(times * top / bottom, 6), [",
    "return round(times * top / (bottom + 1), 6), [",
)
@wide(5)
@given(shops(), SETTINGS)
def test_a_ratio_of_a_union_lies_between_its_parts(shop: Drawn, chosen: Settings) -> None:
    period = Period(FIRST, add_days(FIRST, DAYS))
    with counted([file(shop.rows)], chosen) as (engine, values):
        union = asked_of(engine, chosen, values, (), period, prepared=False)
        for by in ("day", "agent", "hour"):
            found = asked_of(engine, chosen, values, (by,), period, prepared=False)
            grain = Grain.of((by,))
            for metric, window in PLAIN:
                if metric.kind not in ("ratio", "distribution"):
                    continue
                every = [found.at(metric, grain, key) for key in found.rows]
                mine, whole = union.at(metric, Grain.of(()), ())
                if not _add_up(metric, window, [counts for counts, _ in every], mine):
                    continue  # a buyer counts once for the shop and once for each agent
                ends = [
                    end for one in every if (end := _extreme(*value(metric, metric.parts(window), *one))) is not None
                ]
                ratio = _extreme(*value(metric, metric.parts(window), mine, whole))
                assert (ratio is None) == (not ends), (by, metric.name)
                assert ratio is None or min(ends) - 1e-9 <= ratio <= max(ends) + 1e-9, (by, metric.name, ratio, ends)


def _add_up(metric: Metric, window: Window | None, rows: list[Counts], union: Counts) -> bool:
    total, whole = summed(figures(row) for row in rows), figures(union)
    return not metric.over_shop and all(total.get(part) == whole.get(part) for part in metric.parts(window))


def _extreme(figure: object, ratio: list[Any] | None) -> float | None:
    """A figure as a number; something over nothing lies beyond every number, nothing over nothing is no figure."""
    if figure is not None:
        return float(str(figure))
    top = float(ratio[0]) if ratio else 0.0
    return None if top == 0 else copysign(inf, top)
