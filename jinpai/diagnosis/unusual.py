"""少见 unusual: how seldom somebody would have so many hits if he were like the others, who differ among themselves too.

Agents differ more than dice do (shifts, products): the others' shares are taken as beta-binomial, their spread estimated
from them by moments, so that somebody stands out only against a team that does not spread so far by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, lgamma, log

Counts = tuple[int, int]
"""几次里有几次 hits and occasions."""


ALIKE = 1e-9
"""不比骰子散 a spread below this is none."""


def share_of(team: Sequence[Counts]) -> float:
    """大家的比例 hits over occasions of all, half a hit added on either side, so that it is never nought."""
    hits, occasions = (sum(column) for column in zip(*team, strict=True)) if team else (0, 0)
    return (hits + 0.5) / (occasions + 1)


def spread_of(team: Sequence[Counts]) -> float:
    """差异 how much the members' shares spread beyond chance: 0 as dice, towards 1 all or nothing.

    The moment estimator of the intra-class correlation, from Kleinman, JASA 68 (1973) 46–54, with weights by occasions.
    """
    counted = [(hits, of) for hits, of in team if of > 0]
    total = sum(of for _, of in counted)
    if len(counted) < 2 or total <= len(counted):
        return 0.0
    mean = sum(hits for hits, _ in counted) / total
    chance = mean * (1 - mean)
    if chance == 0:
        return 0.0
    found = sum(of * (hits / of - mean) ** 2 for hits, of in counted)
    expected = chance * sum(1 - of / total for _, of in counted)
    widest = chance * (sum(of * (1 - of / total) for _, of in counted) - sum(1 - of / total for _, of in counted))
    return min(0.99, max(0.0, (found - expected) / widest)) if widest > 0 else 0.0


def tail(hits: int, occasions: int, share: float, spread: float = 0.0) -> float:
    """这么多或更多的机会 chance of at least so many hits, binomial, or beta-binomial where the members spread."""
    if hits <= 0:
        return 1.0
    if spread <= ALIKE:
        return _added(
            _choose(occasions, k) + k * log(share) + (occasions - k) * log(1 - share)
            for k in range(hits, occasions + 1)
        )
    a, b = share * (1 / spread - 1), (1 - share) * (1 / spread - 1)
    return _added(
        _choose(occasions, k) + _beta(k + a, occasions - k + b) - _beta(a, b) for k in range(hits, occasions + 1)
    )


def tail_against(mine: Counts, other: Counts) -> float:
    """和另一组比 chance of at least so many hits in the first group, given the hits of both: Fisher's exact test, one side."""
    (hits, of), (others, rest) = mine, other
    together, every = hits + others, of + rest
    most = min(of, together)
    whole = _choose(every, of)
    return _added(_choose(together, k) + _choose(every - together, of - k) - whole for k in range(hits, most + 1))


def _added(logarithms: Iterable[float]) -> float:
    return min(1.0, sum(exp(one) for one in logarithms))


def _choose(n: int, k: int) -> float:
    """The logarithm of n over k; of what cannot be, minus infinity."""
    if not 0 <= k <= n:
        return float("-inf")
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
