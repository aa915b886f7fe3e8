"""比人的测试 what is said of agents: intervals hold the truth, nobody is flagged where all are alike, parts add up to the gap."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jinpai.diagnosis.coding import coded
from jinpai.diagnosis.compare import compare, required
from jinpai.diagnosis.gap import gap
from jinpai.diagnosis.outcome import fit
from jinpai.diagnosis.shrinkage import shrunk
from jinpai.simulate.worlds import Law, world
from tests.mutants import kills

UNLIKE = Law(enquiries=3_000, agents=6, weeks=6, skill=0.2, slow=0.4, handling=0.15)
CONFOUNDED = Law(enquiries=4_000, agents=6, weeks=6, skill=0.15, confounding=1.2)


@kills(
    "jinpai/diagnosis/outcome.py",
    "return float(np.sqrt(np.sum(together * together)))",
    "return float(np.std(together))",
)
@kills("jinpai/diagnosis/gap.py", "gradient[at] = slope.sum()", "gradient[at] = 0")
def test_intervals_of_adjusted_conversions_hold_the_truth() -> None:
    """Forty shops of six agents: 95 % give or take three standard deviations of that many."""
    holds = []
    for seed in range(40):
        drawn = world(UNLIKE if seed % 2 else CONFOUNDED, seed)
        for one in gap(drawn.sample).gaps:
            low, high = one.adjusted.interval
            holds.append(low <= drawn.adjusted[int(one.agent[2:]) - 1] <= high)
    assert 0.90 <= np.mean(holds) <= 0.985


@kills("jinpai/diagnosis/gap.py", "(base, whole),", "(base * 0, whole),")
def test_parts_add_up_to_the_gap_and_gaps_to_nothing() -> None:
    found = gap(world(UNLIKE, 3).sample)
    assert found.blocks == ["mix", "load", "timeliness", "handling"]
    for one in found.gaps:
        assert sum(part.value for part in one.parts.values()) == pytest.approx(one.gap.value, abs=1e-12)
        assert one.gap.value == pytest.approx(one.paid / one.enquiries - found.team, abs=1e-12)
    for block in found.blocks:
        whole = sum(one.parts[block].value * one.enquiries for one in found.gaps) / found.enquiries
        assert whole == pytest.approx(0, abs=1e-4), f"what {block} adds to one it takes from another"


@kills("jinpai/diagnosis/gap.py", "effects[first:] = 0", "effects[first:] = effects[first:]")
def test_hard_buyers_are_mix_and_not_the_agents() -> None:
    """Where the best agents get the hardest buyers, what is said to be mix is what the law says, and the rest is skill."""
    error, blind = [], []
    for seed in range(10):
        drawn = world(CONFOUNDED, seed)
        for one in gap(drawn.sample).gaps:
            true = drawn.mix[int(one.agent[2:]) - 1]
            error.append(one.parts["mix"].value + one.parts["load"].value - true)
            blind.append(true)
    assert np.sqrt(np.mean(np.square(error))) < 0.6 * np.std(blind)
    assert abs(np.mean(error)) < 0.01


@kills(
    "jinpai/diagnosis/gap.py",
    "said = verdict(float(likely.below[at])",
    "said = verdict(float(one_sided(differences[at]))",
)
def test_where_all_are_alike_hardly_anybody_is_flagged() -> None:
    """Thirty shops of ten equal agents, both by adjusted and by counted conversion."""
    flags, counted = [], []
    for seed in range(30):
        found = gap(world(Law(enquiries=2_500), seed).sample).gaps
        flags += [one.verdict in ("below", "above") for one in found]
        raw = compare([one.agent for one in found], [one.enquiries for one in found], [one.paid for one in found])
        counted += [one.verdict in ("below", "above") for one in raw]
    assert np.mean(flags) <= 0.03
    assert np.mean(counted) <= 0.03


@kills("jinpai/diagnosis/shrinkage.py", "log_likelihood = -0.5 * (", "log_likelihood = 0 * (")
def test_what_looks_like_chance_is_drawn_to_the_team() -> None:
    """Ten agents who lie as far apart as their errors: nothing says that they differ, and most of it is taken for luck."""
    alike = shrunk(np.array([0.02, -0.02] * 5), np.full(10, 0.02))
    assert abs(alike.mean[0]) < 0.012
    assert 0.025 < alike.below[0] < 0.975


def test_one_who_is_far_below_is_found_though_drawn_to_the_team() -> None:
    alike = shrunk(np.array([0.0, 0.01, -0.01, 0.0, -0.15]), np.full(5, 0.02))
    assert alike.below[4] > 0.999
    assert -0.15 < alike.mean[4] < -0.1
    assert abs(alike.mean[1]) < 0.01


@kills(
    "jinpai/diagnosis/compare.py",
    "first, second = alpha[:, None] + successes,",
    "first, second = alpha[:, None] + 0 * successes,",
)
def test_few_enquiries_are_drawn_to_the_team_and_said_to_be_too_few() -> None:
    """Two of ten say little; four hundred of a thousand say what they say."""
    small, large, low = compare(["新人", "老手", "差的"], [10, 1000, 1000], [0, 400, 250])
    assert small.rate == 0
    assert 0.15 < small.likely < 0.4
    assert small.verdict == "too_few"
    assert small.needed == required((400 + 250) / 2010) - 10
    assert low.verdict == "below"
    assert large.verdict == "above"
    assert large.likely == pytest.approx(0.4, abs=0.01)
    assert low.likely_interval[0] < 0.25 < low.likely_interval[1]
    assert compare([], [], []) == []


@kills("jinpai/diagnosis/compare.py", "return ceil((Z95 + POWER80) ** 2", "return ceil((Z95) ** 2")
def test_how_many_are_needed_is_the_text_books_number() -> None:
    """For 5 points at 40 %: 7.849 × 0.24 / 0.0025 = 753.5."""
    assert required(0.4) == 754


def test_what_cannot_be_compared_has_no_gap() -> None:
    rows = world(Law(enquiries=300, agents=3, weeks=2), 1).sample
    alone = rows.filter(pa.array(np.array(rows["agent"].to_pylist()) == "客服01"))
    assert gap(alone).gaps == []
    assert gap(rows.slice(0, 0)).gaps == []
    nobody = rows.set_column(rows.schema.get_field_index("converted"), "converted", pa.array([False] * len(rows)))
    assert gap(nobody).gaps == []
    assert gap(nobody).team == 0.0


@kills(
    "jinpai/diagnosis/coding.py",
    'return [*(column.words for column in self.missing if column.block in ("mix", "load")), *UNSEEN]',
    "return [*UNSEEN]",
)
def test_what_was_not_adjusted_for_is_named() -> None:
    rows = world(Law(enquiries=500, agents=3, weeks=2), 1).sample
    assert [one.zh for one in gap(rows).unadjusted] == ["会员等级", "活动", "节假日", "下班后来问", "流量来源"]
    assert "价位" in [one.zh for one in coded(rows.drop_columns(["price"])).unadjusted()]


@kills("jinpai/diagnosis/outcome.py", "RIDGE = 0.1", "RIDGE = 50.0")
def test_the_model_is_the_maximum_likelihood_of_another_library() -> None:
    """statsmodels, on a design without the first class of each column."""
    from statsmodels.api import Logit

    rng = np.random.default_rng(5)
    first, second = rng.integers(0, 3, 4_000), rng.integers(0, 4, 4_000)
    chance = 1 / (1 + np.exp(-(-0.5 + 0.4 * (first == 1) - 0.3 * (second == 2))))
    converted = (rng.random(4_000) < chance).astype(float)
    ours = fit([first, second], converted)
    columns = [np.ones(4_000), *(first == one for one in (1, 2)), *(second == one for one in (1, 2, 3))]
    theirs = Logit(converted, np.column_stack(columns).astype(float)).fit(disp=0)
    assert ours.chance == pytest.approx(theirs.predict(), abs=2e-4)
    difference = np.zeros(ours.design.shape[1])
    difference[[1, 0]] = 1, -1
    assert float(ours.effects @ difference) == pytest.approx(theirs.params[1], abs=2e-3)
    robust = Logit(converted, np.column_stack(columns).astype(float)).fit(disp=0, cov_type="HC0")
    assert np.sqrt(np.sum(ours.weights(difference) ** 2)) == pytest.approx(robust.bse[1], rel=0.01)


@kills("jinpai/diagnosis/outcome.py", "effects = _of_all(design, effects, converted)", "pass")
def test_a_large_shop_is_fitted_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that begins with a part of the rows ends where one of all rows at once does."""
    rng = np.random.default_rng(8)
    first, second = rng.integers(0, 8, 30_000), rng.integers(0, 30, 30_000)
    converted = (rng.random(30_000) < 0.2 + 0.05 * (first % 4)).astype(float)
    whole = fit([first, second], converted)
    monkeypatch.setattr("jinpai.diagnosis.outcome.MANY", 3_000)
    begun = fit([first, second], converted)
    assert begun.chance == pytest.approx(whole.chance, abs=1e-5)
    assert begun.inverse == pytest.approx(whole.inverse, rel=1e-3, abs=1e-4)


def test_a_part_of_the_buyers_tells_how_uncertain_a_large_shop_is(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = world(Law(enquiries=20_000, agents=5, weeks=4), 2).sample
    whole = gap(rows).gaps
    monkeypatch.setattr("jinpai.diagnosis.outcome.MANY", 8_000)
    part = gap(rows).gaps
    for one, other in zip(whole, part, strict=True):
        assert other.adjusted.value == pytest.approx(one.adjusted.value, abs=1e-6)
        assert other.adjusted.error == pytest.approx(one.adjusted.error, rel=0.1)
        assert other.parts["mix"].error == pytest.approx(one.parts["mix"].error, rel=0.1)
