"""走势的测试 weeks and levels: quiet where nothing happened, and what happened is found where it did."""

from __future__ import annotations

import numpy as np

from jinpai.diagnosis.drift import drift
from jinpai.period import to_date
from jinpai.simulate.worlds import FIRST_DAY, Law, world
from tests.mutants import kills


@kills(
    "jinpai/diagnosis/together.py",
    "LEVEL / np.arange(len(scores), 0, -1)",
    "LEVEL * 4 + 0 * np.arange(len(scores), 0, -1)",
)
@kills("jinpai/diagnosis/drift.py", "PRICE = 10.0", "PRICE = 3.0")
def test_quiet_weeks_are_called_quiet() -> None:
    """Forty shops of ten weeks in which nothing happened."""
    told, cuts = [], []
    for seed in range(40):
        found = drift(world(Law(enquiries=3_000), seed).sample)
        assert len(found.weeks) == 10
        told += [week.verdict != "inside" or week.change is not None for week in found.weeks]
        cuts.append(len(found.levels) > 1)
    assert np.mean(told) <= 0.04
    assert np.mean(cuts) <= 0.1


@kills("jinpai/diagnosis/drift.py", 'told = {-1.0: "below", 1.0: "above"', 'told = {-1.0: "above", 1.0: "below"')
@kills(
    "jinpai/diagnosis/drift.py",
    "of, model.surprise), np.bincount(of, model.slope)\n    # all",
    "of, model.converted), np.bincount(of, model.slope)\n    # all",
)
def test_an_odd_week_is_found_and_its_neighbours_are_not() -> None:
    found = [drift(world(Law(week=(6, -0.7)), seed).sample) for seed in range(8)]
    assert [one.weeks[6].verdict for one in found].count("below") >= 7
    others = [week.verdict for one in found for at, week in enumerate(one.weeks) if at != 6]
    assert others.count("inside") >= len(others) - 2
    assert sum(one.weeks[6].change == "down" for one in found) >= 5
    assert not any(week.change == "down" for one in found for at, week in enumerate(one.weeks) if at != 6)


@kills(
    "jinpai/diagnosis/drift.py",
    "score = surprise / np.sqrt(np.maximum(variance, 1e-9)) / dispersion",
    "score = surprise * 0 + dispersion",
)
def test_a_lasting_step_is_cut_near_its_day() -> None:
    near = []
    for seed in range(8):
        levels = drift(world(Law(step=(35, -0.5)), seed).sample).levels
        near.append(any(abs((to_date(one.first) - FIRST_DAY).days - 35) <= 5 for one in levels[1:]))
        assert levels[0].difference.value > levels[-1].difference.value
    assert sum(near) >= 7


@kills("jinpai/diagnosis/drift.py", "return max(1.0, float(np.sqrt(", "return min(1.0, float(np.sqrt(")
def test_where_weeks_differ_anyway_a_week_like_others_is_no_news() -> None:
    found = [drift(world(Law(season=0.2), seed).sample) for seed in range(12)]
    assert np.mean([one.dispersion for one in found]) > 1.5
    assert np.mean([week.verdict != "inside" for one in found for week in one.weeks]) <= 0.06


def test_nothing_is_said_of_nothing() -> None:
    rows = world(Law(enquiries=100, agents=2, weeks=1), 1).sample
    assert drift(rows.slice(0, 0)).weeks == []
    assert [week.verdict for week in drift(rows.slice(0, 20)).weeks] == ["too_few"]
