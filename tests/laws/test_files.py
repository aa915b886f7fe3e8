"""文件的定律 how rows are spread over files changes nothing: order, cuts between seconds, overlaps, older exports."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.workspace.settings import Settings
from tests.mutants import kills

from .reckoning import KEPT, RULES, Rows, contents, counted, file, ranked, same, settings, wide
from .shop import Drawn, shops, telling, until

pytestmark = pytest.mark.slow

SETTINGS = st.sampled_from([settings(**RULES), settings(assist_counts=True, enquiry_span=3, attribution_days=5)])
RANKS = st.permutations(range(5))
INSTANT = {"messages": "sent_at", "orders": "created_at", "refunds": "applied_at", "evaluations": "sent_at"}


def between(rows: Rows, start: float, end: float) -> Rows:
    """The rows of the half-open stretch of time; the items of its orders, and everyone's agents."""
    found = {name: [row for row in rows[name] if start <= row[at] < end] for name, at in INSTANT.items()}
    there = {order["order_id"] for order in found["orders"]}
    items = [row for row in rows["order_items"] if row["order_id"] in there]
    return {**found, "order_items": items, "agents": rows["agents"]}


def instants(shop: Drawn, shares: list[float]) -> list[int]:
    """Instants of messages at such shares of the shop's history, in order."""
    messages = shop.rows["messages"]
    return (
        sorted(messages[int(share * (len(messages) - 1))]["sent_at"] for share in shares)
        if messages
        else [0] * len(shares)
    )


SHARES = st.lists(st.floats(0, 1), min_size=3, max_size=3)


def same_facts(shop: Drawn, pieces: list[Rows], ranks: list[int], chosen: Settings) -> None:
    """The facts of the whole are those of the pieces, whichever digest is the smaller."""
    with counted([file(shop.rows)], chosen) as (engine, _):
        one = contents(engine, KEPT)
    for places in (ranks, [-rank + max(ranks) for rank in ranks]):
        with counted(list(map(ranked, pieces, places)), chosen) as (engine, _):
            same(one, contents(engine, KEPT))


@kills("jinpai/tables/message.py", "np.lexsort((position, file, at, buyer))", "np.lexsort((file, position, at, buyer))")
@wide(10)
@given(shops(), SETTINGS)
def test_rows_of_one_instant_stand_as_in_their_file_and_files_by_digest(shop: Drawn, chosen: Settings) -> None:
    messages = shop.rows["messages"]
    files = [file({"messages": messages[first::2]}, f"{first}") for first in range(2)]
    with counted(files, chosen, wanted=["message"]) as (engine, _):
        rows = engine.rows("select buyer_key, sent_at, file_key, position from message order by buyer_key, seq")
    placed = [tuple(row.values()) for row in rows]
    assert placed == sorted(placed)


@kills("jinpai/tables/message.py", '("buyer_key", "sent_at", "position")', '("buyer_key", "position", "sent_at")')
@kills("jinpai/tables/refund_row.sql", "partition by refund_id", "partition by file_key")
@wide(4)
@given(shops(), SHARES, RANKS, SETTINGS)
def test_cuts_between_seconds_and_the_order_of_files_change_nothing(
    shop: Drawn, shares: list[float], ranks: list[int], chosen: Settings
) -> None:
    cuts = [0, *instants(shop, shares), 1 << 62]
    pieces = [between(shop.rows, start, end) for start, end in itertools.pairwise(cuts)]
    same_facts(shop, pieces, ranks, chosen)


@kills("jinpai/tables/message.py", "coalesce(v.version, 1) = 1", "coalesce(v.version, 1) <= 2")
@kills("jinpai/tables/message.py", "partition by k.file_key, k.message_base", "partition by k.message_base")
@kills(
    "jinpai/tables/orders.sql",
    "when paid_at is not null then 1 else 0 end desc",
    "when paid_at is not null then 1 else 0 end",
)
@kills(
    "jinpai/tables/orders.sql", "coalesce(refund_amount, 0) desc, coalesce(exported_at, 0) desc, file_key", "file_key"
)
@kills("jinpai/tables/refund_row.sql", "order by case when refunded_at is not null then 0 else 1 end,", "order by")
@kills("jinpai/tables/order_item.sql", " and f.file_key = i.file_key and f.choice = 1", " and f.choice = 1")
@kills("jinpai/tables/evaluation.sql", "where e.version = 1", "where e.version <= 2")
@kills("jinpai/tables/evaluation.sql", "(e.evaluated_at is not null or e.rated_at is null)", "true")
@wide(4)
@given(shops(), SHARES, RANKS, SETTINGS)
def test_files_that_overlap_and_older_exports_change_nothing(
    shop: Drawn, shares: list[float], ranks: list[int], chosen: Settings
) -> None:
    first, second, third = instants(shop, shares)
    for order in shop.rows["orders"]:
        order["exported_at"] = 1 << 60
    then = telling(shop.rows)
    older = until(shop.rows, then)
    # the seller wrote the memo later
    older["orders"] = [order | {"exported_at": then, "remark": None} for order in older["orders"]]
    pieces = [
        between(shop.rows, 0, third),
        between(shop.rows, second, 1 << 62),
        between(shop.rows, first, third),
        shop.rows,
        older,
    ]
    same_facts(shop, pieces, ranks, chosen)
