"""抽复核 drawing: which findings a person should look at: uncertain ones first, and a random share.

The random share is drawn from all lost points that were not drawn at random before, reviewed or not, each criterion for
itself and those with the fewest random reviews first: so it tells how often a criterion is right, without bias. What is
uncertain: red lines that nobody confirmed, the next to lapse first; then criteria of which reviews do not yet say
whether they are right, and in them what rests on words that were *not* found. Source: the inspection contract, §3.
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from dataclasses import dataclass
from itertools import islice, zip_longest
from math import ceil
from typing import TYPE_CHECKING

from django.db import transaction

from jinpai.book.judging import lapsed, person
from jinpai.book.last_words import last_words
from jinpai.book.models import ReviewTask, Verdict
from jinpai.book.models.recorded import now_ms
from jinpai.errors import WrongUse
from jinpai.period import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinpai.book.points import Point, Points

MOST = 2000
_AT_ONCE = 1000
_AHEAD = 4
"""So many times the wanted uncertain findings are looked at before the most uncertain are taken."""
_LOST = """
select f.criterion, f.conversation_key, f.day from finding as f
where f.result < 1000 and f.day >= $from and f.day <= $to and (f.agent = $agent or $agent is null)
    and (f.criterion = $criterion or $criterion is null)
order by f.criterion, f.conversation_key
"""
_TIMED = ("first_response", "gap", "last_answer", "hold_return", "filler")


@dataclass(frozen=True, slots=True)
class Slice:
    """抽哪些 days (yyyymmdd, both included), an agent, a criterion; None is all."""

    first: int = FIRST_DAY
    last: int = LAST_DAY
    agent: str | None = None
    criterion: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """抽到的 a task and what it is about."""

    task: ReviewTask
    point: Point


def draw(
    points: Points, count: int, by: str, *, share: float, only: Slice | None = None, now: int | None = None,
    dice: random.Random | None = None, doubt: Callable[[Sequence[Point]], Sequence[bool]] | None = None,
) -> list[Drawn]:  # fmt: skip
    """抽 `count` findings for `by`, at least `share` of them at random; recorded in the book, uncertain ones first.

    `doubt` says which of some points a second reader reads otherwise: these are looked at first. Fewer come where the
    slice has no more.
    """
    if not 1 <= count <= MOST:
        raise WrongUse(f"--draw 写 1 到 {MOST} 的整数，收到的是 {count}。", f"--draw wants a whole number from 1 to {MOST}, not {count}.")  # fmt: skip
    drawing = _Drawing(
        points, person(by, "--by"), only or Slice(), now_ms() if now is None else now, dice or random.SystemRandom()
    )
    at_random = drawing.at_random(ceil(share * count))
    uncertain = drawing.uncertain(count - len(at_random), {one.finding for one in at_random}, doubt)
    with transaction.atomic():
        return [
            Drawn(task, point)
            for how, many in (("uncertain", uncertain), ("random", at_random))
            for point in many
            if (task := drawing.record(point, how)) is not None
        ]


class _Drawing:
    """One draw: the lost points of the slice, criterion by criterion."""

    def __init__(self, points: Points, by: str, only: Slice, now: int, dice: random.Random) -> None:
        self.points, self.by, self.now, self.dice = points, by, now, dice
        self.shop, self.batch = points.settings.shop, secrets.token_hex(6)
        values = {"from": only.first, "to": only.last, "agent": only.agent, "criterion": only.criterion}
        rows = points.engine.arrow(_LOST, values)
        self.lost: dict[str, dict[int, int]] = {}
        columns = (rows[name].to_pylist() for name in ("criterion", "conversation_key", "day"))
        for name, conversation, day in zip(*columns, strict=True):
            self.lost.setdefault(name, {})[conversation] = day

    def at_random(self, count: int) -> list[Point]:
        """So many findings, each of a criterion as likely as any other of it."""
        before: dict[str, set[int]] = {}
        for task in ReviewTask.objects.filter(
            shop=self.shop, how="random", criterion_digest__in=self.points.digests.values()
        ):
            before.setdefault(task.criterion, set()).add(task.conversation)
        left = {name: [one for one in many if one not in before.get(name, ())] for name, many in self.lost.items()}
        for many in left.values():
            self.dice.shuffle(many)
        had = Counter({name: len(many) for name, many in before.items()})
        chosen: list[tuple[int, str]] = []
        while len(chosen) < count and any(left.values()):
            name = min((one for one in left if left[one]), key=lambda one: (had[one], one))
            chosen.append((left[name].pop(), name))
            had[name] += 1
        return self.points.take(chosen)

    def uncertain(
        self, count: int, drawn: set[str], doubt: Callable[[Sequence[Point]], Sequence[bool]] | None
    ) -> list[Point]:
        """So many findings that nobody has looked at, the most uncertain first."""
        if count <= 0:
            return []
        waiting = self._hints(count, drawn)[:count]
        others = self._others(count - len(waiting), drawn | {one.finding for one in waiting})
        if doubt is not None and others:
            said = doubt(others)
            others = [one for _, one in sorted(zip(said, others, strict=True), key=lambda pair: not pair[0])]
        return [*waiting, *others[: count - len(waiting)]]

    def _open(self, wanted: list[tuple[int, str]], drawn: set[str]) -> list[Point]:
        """Those of these findings that nobody has judged and nobody is about to."""
        found = [one for one in self.points.take(wanted) if one.finding not in drawn]
        digests = [one.finding for one in found]
        closed = set(last_words(self.shop, digests))
        closed |= set(ReviewTask.objects.filter(shop=self.shop, finding__in=digests).values_list("finding", flat=True))
        return [one for one in found if one.finding not in closed]

    def _hints(self, count: int, drawn: set[str]) -> list[Point]:
        wanted = [
            (day, one, name)
            for name, many in self.lost.items()
            if self.points.criteria[name].hint
            for one, day in many.items()
        ]
        found: list[Point] = []
        for part in _parts([(one, name) for _, one, name in sorted(wanted)]):
            found += [one for one in self._open(part, drawn) if not lapsed(one, self.points.settings, self.now)]
            if len(found) >= count:
                break
        return sorted(found, key=lambda one: (not one.is_critical, one.known_at, one.criterion, one.conversation))

    def _others(self, count: int, drawn: set[str]) -> list[Point]:
        if count <= 0:
            return []
        names = [name for name in self.lost if not self.points.criteria[name].hint]
        pools = []
        for name in names:
            many = list(self.lost[name])
            self.dice.shuffle(many)
            pools.append([(one, name) for one in many])
        taken = set(Verdict.objects.filter(shop=self.shop).values_list("conversation", "criterion"))
        taken |= set(ReviewTask.objects.filter(shop=self.shop).values_list("conversation", "criterion"))
        turn_by_turn = (one for row in zip_longest(*pools) for one in row if one is not None and one not in taken)
        wanted = [one for one, _ in zip(turn_by_turn, range(_AHEAD * count), strict=False)]
        found, doubtful = self._open(wanted, drawn), self._doubtful()
        return sorted(found, key=lambda one: (_is_timed(one), doubtful[one.criterion], one.begins is not None))

    def _doubtful(self) -> dict[str, float]:
        """How far the reviews of a criterion are from even: 0 is nothing known, 0.5 all of one mind."""
        said, right = Counter[str](), Counter[str]()
        for word in last_words(self.shop).values():
            said[word.judged.criterion_digest] += 1
            right[word.judged.criterion_digest] += word.outcome == "agree"
        return {name: abs((right[one] + 1) / (said[one] + 2) - 0.5) for name, one in self.points.digests.items()}

    def record(self, point: Point, how: str) -> ReviewTask | None:
        """Writes the task down; None where it stands in the book already."""
        if ReviewTask.objects.filter(shop=self.shop, finding=point.finding, how=how).exists():
            return None
        population = len(self.lost[point.criterion])
        columns = point.columns() | {
            "how": how,
            "by": self.by,
            "batch": self.batch,
            "population": population,
            "at": self.now,
        }
        task: ReviewTask = ReviewTask.objects.create(**columns)
        return task


def _parts(many: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    left = iter(many)
    while part := list(islice(left, _AT_ONCE)):
        yield part


def _is_timed(point: Point) -> bool:
    """Whether a clock decides, which is never uncertain."""
    return all(check.measure in _TIMED for check in point.definition.checks)


def waiting(shop: str, by: str | None = None) -> list[ReviewTask]:
    """待复核 tasks whose finding has no verdict yet, oldest draw first; with `by`, that person's."""
    narrowed = {} if by is None else {"by": by}
    words = last_words(shop)
    found: dict[str, ReviewTask] = {}
    for one in ReviewTask.objects.filter(shop=shop, **narrowed).order_by("at", "id"):
        # drawn in both ways, it is looked at once
        if one.finding not in words:
            found.setdefault(one.finding, one)
    return list(found.values())
