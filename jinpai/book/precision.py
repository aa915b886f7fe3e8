"""准不准 precision: how often people found a criterion right, and when it is suspended.

Only findings drawn at random count: those drawn because they were uncertain are wrong more often, and pooling both
would tell less than the truth. Of each the last word counts, appeals included. A criterion that is edited begins anew:
reviews of what it was say nothing of what it is. Source: the inspection contract, §3.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinpai.book.last_words import last_words
from jinpai.book.models import ReviewTask
from jinpai.metrics.values import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

LOWEST, FEWEST = 0.7, 30
"""A criterion whose interval begins under LOWEST with at least FEWEST random reviews is suspended."""


@dataclass(frozen=True, slots=True)
class Precision:
    """准确率 of one criterion as it is now: random reviews and how many of them were right, with the interval; every
    review, drawn in whatever way, beside it; random ones that still wait for a person."""

    criterion: str
    digest: str
    reviewed: int
    right: int
    low: float | None
    high: float | None
    every_reviewed: int
    every_right: int
    waiting: int

    @property
    def share(self) -> float | None:
        """准确率 right ÷ reviewed; None without any."""
        return self.right / self.reviewed if self.reviewed else None

    @property
    def suspended(self) -> bool:
        """暂停计分 whether people overturned it too often."""
        return self.reviewed >= FEWEST and self.low is not None and self.low < LOWEST


def precisions(shop: str, digests: Mapping[str, str]) -> list[Precision]:
    """准确率 of every criterion in `digests` (its digest as it is now), in that order."""
    words = last_words(shop)
    now = set(digests.values())
    random = {
        one.finding: one
        for one in ReviewTask.objects.filter(shop=shop, how="random", criterion_digest__in=now).iterator()
    }
    reviewed, right, every, every_right, waiting = (Counter[str]() for _ in range(5))
    for finding, task in random.items():
        word = words.get(finding)
        if word is None:
            waiting[task.criterion_digest] += 1
            continue
        reviewed[task.criterion_digest] += 1
        right[task.criterion_digest] += word.outcome == "agree"
    for word in words.values():
        every[word.judged.criterion_digest] += 1
        every_right[word.judged.criterion_digest] += word.outcome == "agree"
    found = []
    for name, digest in digests.items():
        low, high = wilson(right[digest], reviewed[digest]) or (None, None)
        counts = every[digest], every_right[digest], waiting[digest]
        found.append(Precision(name, digest, reviewed[digest], right[digest], low, high, *counts))
    return found
