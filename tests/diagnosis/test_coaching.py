"""辅导前后的定律 coaching: the lowest are coached and get better by luck too; what is said of coaching is what coaching did."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jinpai.diagnosis.before_after import CONVERSION, Measured, Spread, change
from jinpai.diagnosis.coaching import SPAN, Plan, coached, points, span
from jinpai.diagnosis.reasons import REASONS
from jinpai.simulate.worlds import Law, world
from tests.mutants import kills

STARTS = 20260330
"""Four weeks after the first day of a world."""
TEAM = Law(enquiries=6_000, agents=8, weeks=8, skill=0.15)
SEEN = tuple(one.name for one in REASONS)


def _team(rng: np.random.Generator, effect: float, size: int = 250) -> tuple[Measured, list[Measured]]:
    """Eight agents of whom the lowest is coached, in a month that is four points worse for everybody."""
    before = rng.normal(0.3, 0.03, 8)
    after = before - 0.04 + rng.normal(0, 0.01, 8)
    first = rng.binomial(size, before) / size
    lowest = int(np.argmin(first))
    after[lowest] += effect
    second = rng.binomial(size, after) / size
    errors = [np.sqrt(share * (1 - share) / size) for share in (first, second)]
    told = [Measured(*one) for one in zip(first, errors[0], second, errors[1], strict=True)]
    return told[lowest], [one for at, one in enumerate(told) if at != lowest]


@kills("jinpai/diagnosis/before_after.py", "kept = level / alone", "kept = np.ones(len(level))")
@kills("jinpai/diagnosis/before_after.py", "np.stack([1 - kept, np.ones(len(level))])", "np.stack([1 - kept, np.zeros(len(level))])")  # fmt: skip
@pytest.mark.parametrize("effect", [0.0, 0.08])
def test_what_is_said_of_coaching_is_what_it_did(effect: float) -> None:
    rng = np.random.default_rng(7)
    found, by_itself = [], []
    for _ in range(200):
        own, others = _team(rng, effect)
        told = change(own, others, CONVERSION)
        assert told is not None
        found.append(told)
        by_itself.append(own.after - own.before + 0.04)
    assert np.mean([one.value for one in found]) == pytest.approx(effect, abs=0.012)
    assert np.mean(by_itself) > effect + 0.02, "the lowest get better by luck: before and after alone would say so"
    holds = np.mean([one.interval[0] <= effect <= one.interval[1] for one in found])
    assert 0.92 <= holds <= 0.995


@kills("jinpai/diagnosis/before_after.py", "unsure = level * (1 - kept) + own +", "unsure = level * (1 - kept) +")
def test_where_agents_change_by_themselves_an_interval_is_wide() -> None:
    rng = np.random.default_rng(3)
    own, others = _team(rng, 0.0, 4_000)
    calm = change(own, others, CONVERSION)
    moved = [
        Measured(one.before, one.before_error, one.after + by, one.after_error)
        for one, by in zip(others, (0.1, -0.1, 0.08, -0.08, 0.12, -0.12, 0.0), strict=True)
    ]
    wild = change(own, moved, CONVERSION)
    assert calm is not None
    assert wild is not None
    assert np.ptp(calm.interval) < 0.15
    assert np.ptp(wild.interval) > 0.25


def test_with_nobody_else_nothing_is_said() -> None:
    assert change(Measured(0.2, 0.02, 0.4, 0.02), [], Spread(0.1, 0.1)) is None


def _played(seed: int, *, does: float = 0.95) -> pa.Table:
    """A team in which 客服03 asks for the order from STARTS on."""
    rows = world(TEAM, seed).sample
    rng = np.random.default_rng(seed)
    mine = (rows["agent"].to_numpy(zero_copy_only=False) == "客服03") & (rows["day"].to_numpy() >= STARTS)
    done = np.where(mine, rng.random(len(rows)) < does, rows["did_E1"].to_numpy(zero_copy_only=False).astype(bool))
    return rows.set_column(rows.schema.get_field_index("did_E1"), "did_E1", pa.array(done))


def _evidence(rows: pa.Table) -> pa.Table:
    return rows.select(
        ["enquiry_key", *(name for name in rows.schema.names if name.startswith("has_")), "was_answered"]
    )


@kills("jinpai/diagnosis/coaching.py", "taught = {one.agent for one in near} | {plan.agent}", "taught = {plan.agent}")
@kills("jinpai/diagnosis/coaching.py", "if one.number != plan.number and first <= one.starts <= last", "if one.number != plan.number")  # fmt: skip
def test_a_habit_that_was_learnt_is_seen_beside_those_who_were_not_taught() -> None:
    rows = _played(1)
    asked = Plan(1, "客服03", "behaviour", "E1", STARTS)
    plans = [
        asked, Plan(2, "客服03", "reason", "not_asked", 20260402), Plan(3, "客服05", "behaviour", "E1", 20260410), Plan(4, "客服06", "behaviour", "E1", 20260120),
    ]  # fmt: skip
    found = coached(rows, _evidence(rows), SEEN, plans)[0]
    assert found.point.verdict == "better"
    assert found.point.change is not None
    low, high = found.point.change.interval
    assert 0.1 < low < high < 0.7
    assert found.compared == ("客服01", "客服02", "客服04", "客服06", "客服07", "客服08")
    assert found.beside == (2,)
    day, mine = rows["day"].to_numpy(), rows["agent"].to_numpy(zero_copy_only=False) == "客服03"
    done = rows["did_E1"].to_numpy(zero_copy_only=False)
    assert found.point.before.occasions == int((mine & (day < STARTS)).sum())
    assert found.point.before.share == pytest.approx(done[mine & (day < STARTS)].mean())
    assert found.point.after.share == pytest.approx(done[mine & (day >= STARTS)].mean())
    assert (found.point.before.first, found.point.before.last) == (20260302, 20260329)
    assert found.point.after.last == 20260426
    others = np.isin(rows["agent"].to_numpy(zero_copy_only=False), found.compared)
    assert found.point.others == pytest.approx((done[others & (day < STARTS)].mean(), done[others & (day >= STARTS)].mean()))  # fmt: skip


@kills("jinpai/diagnosis/coaching.py", 'return "better" if (low > 0) != is_low else "worse"', 'return "better" if low > 0 else "worse"')  # fmt: skip
@kills("jinpai/diagnosis/coaching.py", "held | flag(self.evidence, well)", "held")
def test_of_a_fault_less_is_better_and_of_objections_those_left_alone_count() -> None:
    rows = world(TEAM, 2).sample
    agent, day = rows["agent"].to_numpy(zero_copy_only=False), rows["day"].to_numpy()
    rng = np.random.default_rng(2)
    raised = rng.random(len(rows)) < 0.5
    left = raised & (rng.random(len(rows)) < np.where((agent == "客服02") & (day >= STARTS), 0.1, 0.8))
    evidence = pa.table({"enquiry_key": rows["enquiry_key"], "has_objection": left, "was_answered": raised & ~left})
    plan = Plan(1, "客服02", "reason", "objection", STARTS)
    (found,) = coached(rows, evidence, SEEN, [plan])
    assert found.point.verdict == "better"
    assert found.point.is_better_low
    assert found.point.change is not None
    assert found.point.change.value < -0.4
    mine = (agent == "客服02") & (day < STARTS)
    assert found.point.before.occasions == int((mine & raised).sum())
    assert coached(rows, evidence, ("first_late",), [plan])[0].point.verdict == "unseen"


@kills("jinpai/diagnosis/coaching.py", "if days < LEAST_DAYS:\n        return", "if False:\n        return")
def test_what_is_too_early_too_few_or_alone_is_said_to_be_so() -> None:
    rows = _played(4)
    evidence = _evidence(rows)
    few = rows["agent"].to_numpy(zero_copy_only=False) != "客服03"
    few[:30] = True

    def verdict(sample: pa.Table, starts: int) -> str:
        (found,) = coached(sample, evidence.filter(pc.is_in(evidence["enquiry_key"], sample["enquiry_key"])), SEEN, [Plan(1, "客服03", "behaviour", "E1", starts)])  # fmt: skip
        return f"{found.point.verdict} {found.point.wait}"

    assert verdict(rows, 20260423) == "too_early 3"
    assert verdict(rows, 20260420) == "inside 0", "it was learnt before"
    assert verdict(rows.filter(pa.array(few)), STARTS) == "too_few 0"
    assert verdict(rows.filter(pc.equal(rows["agent"], "客服03")), STARTS) == "alone 0"
    nothing = coached(rows.slice(0, 0), evidence.slice(0, 0), SEEN, [Plan(1, "客服03", "behaviour", "E1", STARTS)])
    assert nothing[0].point.verdict == "unseen"


@kills(
    "jinpai/diagnosis/coaching.py",
    "return np.asarray(converted - chance + chance.mean())",
    "return np.asarray(converted)",
)
def test_easier_enquiries_after_the_start_are_not_the_coachings_doing() -> None:
    """客服03 gets the products that sell by themselves from STARTS on: counted, that looks like a success."""
    rows = world(Law(enquiries=24_000, agents=6, weeks=8), 5).sample
    day, agent = rows["day"].to_numpy(), rows["agent"].to_numpy(zero_copy_only=False)
    product, paid = rows["product"].to_numpy(zero_copy_only=False), rows["converted"].to_numpy(zero_copy_only=False)
    best = sorted(set(product), key=lambda one: -paid[product == one].mean())[:6]
    kept = (agent != "客服03") | (np.isin(product, best) == (day >= STARTS))
    rows = rows.filter(pa.array(kept))
    (found,) = coached(rows, _evidence(rows), SEEN, [Plan(1, "客服03", "behaviour", "E1", STARTS)])
    mine, days = agent[kept] == "客服03", day[kept] >= STARTS
    counted = paid[kept][mine & days].mean() - paid[kept][mine & ~days].mean()
    assert counted > 0.12
    assert found.conversion.change is not None
    assert abs(found.conversion.change.value) < counted / 2


def test_what_can_be_taught_is_named_and_the_days_that_plans_need_are_theirs() -> None:
    known = points()
    assert ("behaviour", "E1") in known
    assert ("behaviour", "first_within_15s") in known
    assert ("reason", "objection") in known
    assert ("reason", "out_of_stock") not in known, "no agent brings goods into the stock"
    assert all(words.zh and words.en for words in known.values())
    assert span([Plan(1, "a", "behaviour", "E1", 20260330), Plan(2, "a", "behaviour", "E1", 20260401)]) == (20260302, 20260428)  # fmt: skip
    assert SPAN % 7 == 0
