"""业绩核平的定律 agents and what is silent add up to what the shop was paid, to the fen, under every rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.counting import Period, count
from jinpai.engine import Engine, Value
from jinpai.metrics import choose
from jinpai.metrics.parts import Grain
from jinpai.period import Window
from jinpai.workspace.settings import Settings
from tests.mutants import kills

from .reckoning import RULES, counted, file, settings, wide
from .shop import Drawn, shops

pytestmark = pytest.mark.slow

WHOLE = Period(20251101, 20270101)
SETTINGS = st.sampled_from(
    [settings(), settings(**RULES), settings(**RULES, attribution_days=5, silent_reminder_minutes=10)]
)
FIVE = ("order", "payment", "order_first", "first", "by_product")


def amounts(
    engine: Engine, chosen: Settings, values: dict[str, Value], by: tuple[str, ...]
) -> dict[tuple[object, ...], list[int]]:
    """Attributed, silent, whole, refunded and whole refunded fen by row of a report."""
    named = choose(
        ["attributed_amount", "silent_amount", "shop_amount", "refunded_amount", "shop_refunded_amount"],
        Window.parse("next_day"),
    )
    found = count(engine, chosen, values, grain=Grain.of(by), period=WHOLE, chosen=named, daily=False).rows
    return {key: [counts.sums.get(metric.numerator, 0) for metric, _ in named] for key, counts in found.items()}


@kills("jinpai/tables/sale.sql", "case when r.place <= r.left_over then 1", "case when r.place < r.left_over then 1")
@kills("jinpai/tables/given.sql", "where c.choice = 1 and", "where")
@kills("jinpai/tables/given.sql", " and c.order_id not in (select order_id from given_by_hand)", "")
@kills("jinpai/tables/sale.sql", "else paid_amount // products end as floor_share", "else 0 end as floor_share")
@kills("jinpai/metrics/parts.py", "then owner_by_product else owner_order_first end", "then owner_by_product end")
@wide(6)
@given(shops(), SETTINGS)
def test_agents_and_silent_are_the_shop_under_every_rule(shop: Drawn, chosen: Settings) -> None:
    paid = sum(order["paid_amount"] for order in shop.rows["orders"] if order["paid_at"] is not None)
    with counted([file(shop.rows)], chosen) as (engine, values):
        owned = engine.rows("select * from attribution where paid_amount > 0")
        for rule in FIVE:
            asked = values | {"rule": rule, "enquiry_scope": "owner"}
            attributed, silent, whole, refunded, whole_refunded = amounts(engine, chosen, asked, ()).get((), [0] * 5)
            agents, products = (amounts(engine, chosen, asked, (by,)) for by in ("agent", "product"))
            both = amounts(engine, chosen, asked, ("agent", "product"))
            assert attributed + silent == whole == paid, rule
            assert attributed == sum(one["paid_amount"] for one in owned if one[f"owner_{rule}"] is not None), rule
            for place, total in ((0, attributed), (3, refunded)):
                for parts in (agents, products, both):
                    assert sum(one[place] for one in parts.values()) == total, rule
            for place, total in ((1, silent), (2, whole), (4, whole_refunded)):
                assert sum(one[place] for one in products.values()) == total, rule
            for (agent,), told in agents.items():
                assert sum(one[0] for (who, _), one in both.items() if who == agent) == told[0], rule
    if chosen.given:
        told = {one.order_id: one.agent for one in chosen.given}
        by_hand = [order for order in owned if order["order_id"] in told]
        assert all({order[f"owner_{rule}"] for rule in FIVE} == {told[order["order_id"]]} for order in by_hand)
