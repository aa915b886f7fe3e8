"""打码买家的定律 people behind one mask are never joined on the mask alone: not chats, not orders, not ratings."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.mutants import kills

from .reckoning import RULES, counted, file, settings, wide
from .shop import Drawn, shops

pytestmark = pytest.mark.slow

OWNERS = [f"owner_{rule}" for rule in ("order", "payment", "order_first", "first", "by_product")]


@kills("jinpai/tables/source.py", '"buyer_key": pc.if_else(masked, alone, buyers)', '"buyer_key": buyers')
@kills("jinpai/tables/source.py", "one ^ 1 for one in orders.to_pylist()", "1 for one in orders.to_pylist()")
@kills("jinpai/tables/orders.sql", "having count(distinct buyer_key) = 1", "having count(distinct buyer_key) >= 1")
@kills(
    "jinpai/tables/orders.sql",
    "coalesce(k.buyer_key, n.buyer_key, o.buyer_key) end",
    "coalesce(k.buyer_key, n.buyer_key, (select min(buyer_key) from source_messages where buyer = o.buyer), o.buyer_key) end",
)
@wide(8)
@given(shops(masked=True))
def test_a_masked_order_has_the_buyer_its_number_names_or_nobody(shop: Drawn) -> None:
    named: dict[str, set[int]] = {}
    with counted([file(shop.rows)], settings(memo_codes=RULES["memo_codes"])) as (engine, _):
        said = engine.rows("select order_id, buyer_key from original where order_id is not null and sender <> 'system'")
        orders = engine.rows(
            "select * from orders inner join attribution using (order_key) where buyer like '%*%' or linked_by_number"
        )
        chats = {row["buyer_key"] for row in engine.rows("select distinct buyer_key from message")}
        enquiries = engine.rows(
            "select * from enquiry where buyer_key in (select buyer_key from message where not matched)"
        )
        known = {row["buyer_key"] for row in engine.rows("select buyer_key from orders where matched")}
    for row in said:
        named.setdefault(row["order_id"], set()).add(row["buyer_key"])
    alone = [order["buyer_key"] for order in orders if not order["matched"]]
    assert len(set(alone)) == len(alone)
    assert not set(alone) & (chats | known)
    for order in orders:
        mine = named.get(order["order_id"], set())
        assert order["matched"] == (len(mine) == 1)
        if order["matched"]:
            assert mine == {order["buyer_key"]}
        elif order["given_to"] is None:
            assert not [rule for rule in OWNERS if order[rule] is not None]
    for enquiry in enquiries:
        bought = any(enquiry[act] is not None for act in ("ordered_at", "paid_at", "deposit_at"))
        assert not (bought or enquiry["recent"]) or enquiry["buyer_key"] in known


@kills("jinpai/tables/source.py", 'key(shop, "masked", name, thread) if hidden', 'key(shop, "masked", name) if hidden')
@kills(
    "jinpai/tables/source.py",
    '"buyer_key": keys, "matched": pc.invert(masked), "message_base"',
    '"buyer_key": keys, "matched": pc.is_valid(masked), "message_base"',
)
@kills("jinpai/tables/span.py", 'talks.count(~lines.flags("matched")) == 0', "talks.count(buyer) > 0")
@wide(8)
@given(shops(masked=True))
def test_chats_of_one_mask_are_told_apart_by_their_blocks(shop: Drawn) -> None:
    block = {number: (row["buyer"], row["thread"]) for number, row in enumerate(shop.rows["messages"], 2)}
    with counted([file(shop.rows)], settings(), wanted=["original", "conversation"]) as (engine, _):
        messages = engine.rows("select buyer_key, row, matched, buyer from original")
        talks = engine.rows("select buyer_key, matched from conversation")
    people = {(row["buyer_key"], block[row["row"]]) for row in messages}
    assert len({key for key, _ in people}) == len({who for _, who in people}) == len(people)
    hidden = {row["buyer_key"] for row in messages if "*" in row["buyer"]}
    assert {row["matched"] for row in messages if row["buyer_key"] in hidden} <= {False}
    assert all(talk["matched"] == (talk["buyer_key"] not in hidden) for talk in talks)
