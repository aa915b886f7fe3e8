"""流失账本的测试 reasons add up to the lost, money lies in its interval, the planted cause stands first, nothing is said of too little."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jinpai.diagnosis.actions import actions
from jinpai.diagnosis.effects import effects
from jinpai.diagnosis.factors import factors
from jinpai.diagnosis.ledger import Ledger, ledger
from jinpai.simulate.worlds import REASONS, Law, Plant, World, world
from tests.mutants import kills

PLANTED = Law(enquiries=5_000, skill=0.15, background=0.02, plants=(Plant("refused_flat", 3, 1 / 3, 0.08),))


def evidence(drawn: World) -> pa.Table:
    rows = drawn.sample
    return rows.select(["enquiry_key", "was_answered", *(f"has_{one}" for one in REASONS)])


def account(drawn: World) -> Ledger:
    return ledger(drawn.sample, evidence(drawn), REASONS)


@kills("jinpai/diagnosis/ledger.py", "share = (free - with_it) / (1 - with_it)\n    lost", "share = free\n    lost")
@kills(
    "jinpai/diagnosis/ledger.py", "moves = model.weights(gradient) -", "moves = 0.3 * model.weights(gradient) - 0.3 *"
)
def test_money_lies_in_its_interval() -> None:
    holds, error = [], []
    for seed in range(25):
        drawn = world(PLANTED, seed)
        for line in account(drawn).lines:
            if line.recoverable is not None and line.reason in REASONS:
                low, high = line.recoverable.interval
                holds.append(low <= drawn.cost[line.reason] <= high)
                if line.reason == "refused_flat":
                    error.append(line.recoverable.value / drawn.cost[line.reason] - 1)
    assert 0.88 <= np.mean(holds) <= 0.99
    assert abs(np.mean(error)) < 0.2


@kills("jinpai/diagnosis/ledger.py", "for at in range(len(REASONS) - 1, -1, -1):", "for at in range(len(REASONS)):")
def test_the_planted_cause_stands_first_and_reasons_stand_in_order() -> None:
    first = []
    for seed in range(10):
        drawn = world(PLANTED, seed)
        found = account(drawn)
        best = max((one for one in found.shares if one.reason in REASONS), key=lambda one: one.recoverable or 0)
        first.append((best.agent, best.reason) == ("客服04", "refused_flat"))
        told = actions(found, effects(drawn.sample))
        assert told[0].kind == "behaviour" or told[0].name in REASONS
        flags = {name: drawn.sample[f"has_{name}"].to_numpy(zero_copy_only=False) for name in REASONS}
        key = {int(one): at for at, one in enumerate(drawn.sample["enquiry_key"].to_pylist())}
        for row in found.rows.to_pylist():
            there = [name for name in REASONS if flags[name][key[row["enquiry_key"]]]]
            assert row["reason"] == (there[0] if there else "unexplained")
    assert sum(first) >= 8


@kills(
    "jinpai/diagnosis/ledger.py", "lost = np.flatnonzero(~converted)", "lost = np.flatnonzero(converted | ~converted)"
)
def test_everything_adds_up() -> None:
    found = account(world(PLANTED, 1))
    assert found.lost == sum(line.lost for line in found.lines) == len(found.rows)
    assert found.lost == sum(one.lost for one in found.shares)
    assert sum(line.at_stake for line in found.lines) == sum(found.rows["at_stake"].to_pylist())
    assert sum(one.at_stake for one in found.shares) == sum(line.at_stake for line in found.lines)
    by = {line.reason: line for line in found.lines}
    summed = sum(row["recoverable"] for row in found.rows.to_pylist() if row["reason"] == "refused_flat")
    assert by["refused_flat"].recoverable is not None
    assert summed == pytest.approx(by["refused_flat"].recoverable.value)
    assert not by["compared"].is_looked_at
    weights = factors(found)
    assert {one.factor.name: one.lost for one in weights}["awareness"] == by["refused_flat"].lost + by[
        "objection"
    ].lost + by["not_asked"].lost
    assert {one.factor.name for one in weights if one.monthly is None} == {"climate", "incentive"}


@kills(
    "jinpai/diagnosis/ledger.py",
    "if name != UNPAID and LEAST <= there.sum() < size",
    "if name != UNPAID and 0 < there.sum() < size",
)
def test_of_too_little_evidence_nothing_is_said_in_yuan() -> None:
    drawn = world(Law(enquiries=500, background=0.01), 2)
    few = {name for name in REASONS if sum(drawn.sample[f"has_{name}"].to_pylist()) < 20}
    assert few
    assert all(line.recoverable is None for line in account(drawn).lines if line.reason in few)


@kills(
    "jinpai/diagnosis/ledger.py",
    "instead = np.full(size, 1 if one.name in better else 0)",
    "instead = np.full(size, 0)",
)
def test_an_objection_is_held_against_answered_ones() -> None:
    """Where answered objections convert as badly as others, an answer would have brought nothing."""
    holds = []
    for seed in range(10):
        drawn = world(Law(enquiries=3_000), seed)
        objects = np.arange(3_000) % 3 == 0
        worse = np.random.default_rng(seed).random(3_000) < 0.3
        converted = drawn.sample["converted"].to_numpy(zero_copy_only=False) & ~(objects & worse)
        rows = drawn.sample.set_column(
            drawn.sample.schema.get_field_index("converted"), "converted", pa.array(converted)
        )
        answered = objects & (np.arange(3_000) % 2 == 0)
        told = pa.table(
            {"enquiry_key": rows["enquiry_key"], "was_answered": answered, "has_objection": objects & ~answered}
        )
        line = next(one for one in ledger(rows, told, ("objection",)).lines if one.reason == "objection")
        assert line.recoverable is not None
        low, high = line.recoverable.interval
        holds.append(low < 0 < high)
    assert sum(holds) >= 8


@kills(
    "jinpai/diagnosis/ledger.py",
    "free, with_it = converted[reminded].mean(), converted[alone].mean()",
    "free, with_it = converted.mean(), converted[alone].mean()",
)
def test_an_unpaid_order_is_held_against_those_that_somebody_reminded_of() -> None:
    """Reminded 60 of 100 paid, not reminded 20 of 100: of 80 lost half would have paid; 80 × (0.6 − 0.2) / (1 − 0.2) = 40."""
    rows = world(Law(enquiries=1_000), 4).sample
    at = np.arange(1_000)
    reminded, alone = at < 100, (at >= 100) & (at < 200)
    converted = np.where(reminded, at < 60, np.where(alone, at < 120, rows["converted"].to_numpy(zero_copy_only=False)))
    amount = pa.array(np.where(converted, 10_000, 0))
    rows = rows.set_column(rows.schema.get_field_index("converted"), "converted", pa.array(converted))
    rows = rows.set_column(rows.schema.get_field_index("amount"), "amount", amount)
    told = pa.table({"enquiry_key": rows["enquiry_key"], "has_unpaid_not_reminded": alone, "was_reminded": reminded})
    line = next(
        one for one in ledger(rows, told, ("unpaid_not_reminded",)).lines if one.reason == "unpaid_not_reminded"
    )
    assert line.lost == 80
    assert line.recoverable is not None
    assert line.recoverable.value == pytest.approx(40 * 10_000)
    assert 5 * 10_000 < line.recoverable.error < 10 * 10_000


def test_an_enquiry_without_evidence_is_the_callers_mistake() -> None:
    drawn = world(Law(enquiries=100), 1)
    with pytest.raises(KeyError):
        ledger(drawn.sample, evidence(drawn).slice(1), REASONS)


@kills("jinpai/diagnosis/actions.py", "is_sure=bool(held)", "is_sure=True")
def test_where_nothing_costs_anything_hardly_an_action_is_sure() -> None:
    """Forty shops in which evidence stands in a twentieth of the talks and costs nothing."""
    sure = []
    for seed in range(40):
        drawn = world(Law(enquiries=2_000, background=0.05, points=0.0), seed)
        rng = np.random.default_rng(seed)
        told = {f"has_{name}": pa.array(rng.random(2_000) < 0.05) for name in REASONS}
        found = ledger(drawn.sample, pa.table({"enquiry_key": drawn.sample["enquiry_key"]} | told), REASONS)
        sure.append(any(one.is_sure for one in actions(found, [])))
    assert np.mean(sure) <= 0.15
