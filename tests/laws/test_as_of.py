"""回到当时的定律 an earlier as_of never sees later acts: it is the shop whose exports were taken then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.counting import Period, count
from jinpai.engine import Engine, Value
from jinpai.metrics import choose
from jinpai.metrics.parts import Grain
from jinpai.metrics.values import value
from jinpai.period import Window
from jinpai.workspace.settings import Settings
from tests.mutants import kills

from .reckoning import KEPT, RULES, contents, counted, file, same, settings, wide
from .shop import START, Drawn, shops, telling, until

pytestmark = pytest.mark.slow

SETTINGS = st.sampled_from(
    [settings(**RULES), settings(window="24h", assist_counts=True), settings(enquiry_span=3, after_sales_days=1)]
)
# how far the shop's files reach, and their items, are not hidden: nothing that happens reads them beyond
NOT_HIDDEN = {"instants", "calendar", "slot", "order_item"}
TABLES = [name for name in KEPT if name not in NOT_HIDDEN]
EVERY = choose(None, Window.parse("next_day"))
PERIOD = Period(20251101, 20270101)


def figures(engine: Engine, chosen: Settings, values: dict[str, Value], by: tuple[str, ...]) -> dict[object, object]:
    asked = values | {"rule": chosen.rule, "enquiry_scope": "owner", "horizon": values["as_of"]}
    grain = Grain.of(by)
    found = count(engine, chosen, asked, grain=grain, period=PERIOD, chosen=EVERY, daily=False)
    return {
        (key, metric.column(window)): value(metric, metric.parts(window), *found.at(metric, grain, key))
        for key in found.rows for metric, window in EVERY
    }  # fmt: skip


@kills("jinpai/tables/message.py", "as s where s.sent_at <= $as_of", "as s where s.sent_at <= $as_of + 86400000")
@kills("jinpai/tables/orders.sql", "where o.created_at <= $as_of and", "where")
@kills("jinpai/tables/orders.sql", "case when o.paid_at <= $as_of then o.paid_at end as paid_at", "o.paid_at")
@kills(
    "jinpai/tables/orders.sql",
    "case when o.paid_at <= $as_of then coalesce(o.paid_amount, 0) end",
    "coalesce(o.paid_amount, 0)",
)
@kills(
    "jinpai/tables/orders.sql",
    "case when coalesce(o.refunded_at, b.first_at, o.paid_at) <= $as_of then o.refund_amount end",
    "o.refund_amount",
)
@kills(
    "jinpai/tables/orders.sql", "case when o.deposit_paid_at <= $as_of then o.deposit_paid_at end", "o.deposit_paid_at"
)
@kills(
    "jinpai/tables/refund_row.sql", "case when refunded_at <= $as_of then refunded_at end as refunded_at", "refunded_at"
)
@kills(
    "jinpai/tables/refund_row.sql",
    "where coalesce(least(applied_at, refunded_at), 0) <= $as_of",
    "where coalesce(refunded_at, applied_at, 0) <= $as_of",
)
@kills("jinpai/tables/evaluation.sql", "case when evaluated_at <= $as_of then level end as level", "level")
@wide(6)
@given(shops(), st.floats(0, 1), st.sampled_from([-1000, 0, 0, 1000, 60_000]), SETTINGS)
def test_an_earlier_as_of_is_the_exports_of_then(shop: Drawn, share: float, shift: int, chosen: Settings) -> None:
    happened = sorted(row["sent_at"] for row in shop.rows["messages"])
    end = telling(shop.rows) if share < 0.7 else happened[int(share * (len(happened) - 1))] + shift
    told = []
    for rows in (shop.rows, until(shop.rows, end)):
        with counted([file(rows)], chosen, as_of=end) as (engine, values):
            told.append((contents(engine, TABLES), figures(engine, chosen, values, ("agent",))))
    (now, now_figures), (then, then_figures) = told
    same(now, then)
    assert now_figures == then_figures


@kills(
    "jinpai/tables/orders.sql", "coalesce(o.refunded_at, b.first_at, o.paid_at)", "coalesce(o.refunded_at, o.paid_at)"
)
def test_an_orders_own_refund_waits_for_the_refund_rows_that_tell_of_it() -> None:
    day = 86_400_000
    shop = Drawn()
    shop.add("orders", order_id="单1", buyer="云", created_at=START, paid_at=START + 1000, paid_amount=9900,
        payable_amount=9900, refund_amount=3000)  # fmt: skip
    shop.add(
        "refunds", refund_id="退1", order_id="单1", amount=3000, applied_at=START + day, refunded_at=START + 2 * day
    )
    told = []
    for end in (START + 60_000, START + day, START + 2 * day):
        with counted([file(shop.rows)], settings(), wanted=["refund"], as_of=end) as (engine, _):
            told.append(sum(row["amount"] for row in engine.rows("select amount from refund")))
    assert told == [0, 0, 3000]
