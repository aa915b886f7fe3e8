"""Large runs: the canonical tables in full, their types, and money that agrees with the small writer's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from jinpai import simulate
from jinpai.canon import KINDS, SENDERS, TABLES
from jinpai.simulate.arrows import money
from jinpai.simulate.canonical import _split
from jinpai.simulate.written import shares
from tests.mutants import kills


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> simulate.Large:
    return simulate.canonical(tmp_path_factory.mktemp("large"), 120_000, 5)


def read(large: simulate.Large, name: str) -> pa.Table:
    return pq.read_table(large.files[name])


def test_about_as_many_messages_as_asked_for(large: simulate.Large) -> None:
    assert read(large, "messages").num_rows == large.messages
    assert abs(large.messages / 120_000 - 1) < 0.05


@pytest.mark.parametrize("name", ["messages", "orders", "order_items", "refunds", "agents", "products"])
def test_columns_and_types_are_those_of_the_table(large: simulate.Large, name: str) -> None:
    kinds = {"instant": pa.timestamp("ms", tz="UTC"), "money": pa.decimal128(12, 2)}
    schema = read(large, name).schema
    assert schema.names == [column.name for column in TABLES[name].columns]
    for column in TABLES[name].columns:
        assert schema.field(column.name).type == kinds.get(column.kind, TABLES[name].schema.field(column.name).type)


def test_messages_have_known_senders_kinds_and_ids_of_their_own(large: simulate.Large) -> None:
    messages = read(large, "messages")
    assert set(messages["sender"].unique().to_pylist()) <= set(SENDERS)
    assert set(messages["kind"].unique().to_pylist()) <= set(KINDS)
    assert len(messages["message_id"].unique()) == messages.num_rows
    assert messages["buyer"].null_count == 0
    assert messages["sent_at"].null_count == 0
    transferred = messages.filter(pc.equal(messages["event"], "transferred"))
    assert transferred.num_rows > 0
    assert transferred["to_agent"].null_count == 0
    assert set(transferred["sender"].to_pylist()) == {"system"}


def test_items_add_up_to_their_orders(large: simulate.Large) -> None:
    items = (
        read(large, "order_items").group_by("order_id").aggregate([("paid_amount", "sum"), ("refund_amount", "sum")])
    )
    orders = read(large, "orders").select(["order_id", "paid_amount", "refund_amount"]).join(items, "order_id")
    assert orders.num_rows > 3000
    assert orders["paid_amount"].to_pylist() == orders["paid_amount_sum"].to_pylist()
    assert orders["refund_amount"].to_pylist() == orders["refund_amount_sum"].to_pylist()


def test_the_same_seed_gives_the_same_rows(large: simulate.Large, tmp_path: Path) -> None:
    again = simulate.canonical(tmp_path, 120_000, 5)
    assert all(read(large, name).equals(read(again, name)) for name in large.files)


@kills("jinpai/simulate/canonical.py", "(rest >= other)", "(rest < other)")
def test_two_lines_are_split_as_by_largest_remainder() -> None:
    rng = np.random.default_rng(1)
    total, first, second = (rng.integers(1, 99999, 3000) for _ in range(3))
    expected = [shares(int(a), [int(b), int(c)])[0] for a, b, c in zip(total, first, second, strict=True)]
    assert _split(total, first, second).tolist() == expected


def test_money_keeps_every_fen_and_its_sign() -> None:
    column = money(np.array([1, 1990, -5, 0]), np.array([True, True, True, False]))
    assert [str(value) for value in column.to_pylist()] == ["0.01", "19.90", "-0.05", "None"]


def test_facts_hold_every_enquiry_with_parts_that_give_its_probability_of_ordering() -> None:
    facts = simulate.enquiries(seed=4)
    again = simulate.enquiries(seed=4)
    assert facts.equals(again)
    assert facts.num_rows > 5000
    why = [name for name in facts.schema.names if name.startswith("why_")]
    ordering = 1 / (1 + np.exp(-np.sum([facts[name].to_numpy() for name in why], axis=0)))
    paying = facts["probability"].to_numpy()
    assert (paying <= ordering).all()
    assert (paying >= 0.85 * ordering).all()
