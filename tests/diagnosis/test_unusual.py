"""少见的测试 the chances are those of scipy, and a team that spreads makes fewer stand out."""

from __future__ import annotations

import random

import pytest

from jinpai.diagnosis.unusual import share_of, spread_of, tail, tail_against
from tests.mutants import kills


@kills(
    "jinpai/diagnosis/unusual.py",
    "range(hits, occasions + 1)\n    )\n\n\ndef tail_against",
    "range(hits + 1, occasions + 1)\n    )\n\n\ndef tail_against",
)
@pytest.mark.parametrize(
    ("hits", "occasions", "share", "spread"),
    [(3, 20, 0.05, 0.0), (30, 200, 0.1, 0.02), (200, 5000, 0.03, 0.3), (1, 1, 0.5, 0.0)],
)
def test_tails_are_scipys(hits: int, occasions: int, share: float, spread: float) -> None:
    from scipy.stats import betabinom, binom

    if spread:
        a, b = share * (1 / spread - 1), (1 - share) * (1 / spread - 1)
        wanted = betabinom.sf(hits - 1, occasions, a, b)
    else:
        wanted = binom.sf(hits - 1, occasions, share)
    assert tail(hits, occasions, share, spread) == pytest.approx(wanted, rel=1e-6)
    assert tail(0, occasions, share, spread) == 1.0


def test_fisher_is_scipys() -> None:
    from scipy.stats import fisher_exact

    for mine, other in (((8, 8), (2, 22)), ((1, 8), (2, 22)), ((30, 90), (10, 100))):
        table = [[mine[0], mine[1] - mine[0]], [other[0], other[1] - other[0]]]
        assert tail_against(mine, other) == pytest.approx(fisher_exact(table, alternative="greater")[1], rel=1e-6)


@kills("jinpai/diagnosis/unusual.py", "(found - expected) / widest", "found / widest")
def test_the_spread_is_found_again() -> None:
    luck = random.Random(5)
    for spread in (0.0, 0.05, 0.2):
        team = []
        for _ in range(3000):
            share = 0.2 if spread == 0 else luck.betavariate(0.2 * (1 / spread - 1), 0.8 * (1 / spread - 1))
            team.append((sum(luck.random() < share for _ in range(40)), 40))
        assert spread_of(team) == pytest.approx(spread, abs=0.012)
        assert share_of(team) == pytest.approx(0.2, abs=0.01)
    assert spread_of([]) == spread_of([(1, 5)]) == spread_of([(0, 5), (0, 9)]) == 0.0
