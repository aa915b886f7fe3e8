"""准确率的定律 the random share tells how often a criterion is right; what was drawn because it is uncertain does not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, stdev

import pytest

from jinpai.book import drawing, judging
from jinpai.book.judging import Said
from jinpai.book.opening import opened_book
from jinpai.book.points import Point, Points
from jinpai.book.precision import Precision, precisions
from jinpai.workspace import Workspace
from tests.book.shop import at_points, made
from tests.mutants import kills

BUYERS, WORLDS, EACH, DRAWS = 160, 12, 24, 2
TRUE_SHARE = 0.65


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Points]:
    with at_points(made(tmp_path_factory.mktemp("many"), BUYERS)) as found:
        yield found


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.delenv("JINPAI_BOOK", raising=False)
    return Workspace(tmp_path, "book alone")


def reviewed(points: Points, book: Workspace, dice: random.Random) -> Precision:
    """A world: which findings on D1 are right is drawn; a second reader doubts most of the wrong ones; people review."""
    lost = [row["conversation_key"] for row in points.engine.rows("select conversation_key from finding where criterion = 'D1' and result = 0 order by 1")]  # fmt: skip
    right = set(dice.sample(lost, round(TRUE_SHARE * len(lost))))

    def doubt(many: list[Point]) -> list[bool]:
        return [one.conversation not in right and dice.random() < 0.9 for one in many]

    only = drawing.Slice(criterion="D1")
    with opened_book(book):
        for _ in range(DRAWS):
            drawing.draw(points, EACH, "王主管", share=0.5, only=only, dice=dice, doubt=doubt)  # type: ignore[arg-type]
            tasks = drawing.waiting("main")
            now = points.take((one.conversation, one.criterion) for one in tasks)
            said = [Said(one, "agree" if one.conversation in right else "na", "王主管", "不是回绝") for one in now]
            judging.judge(said, points.settings, now=now[0].known_at)
        (found,) = (one for one in precisions("main", points.digests) if one.criterion == "D1")
    return found


@pytest.mark.slow
@kills(
    "jinpai/book/precision.py",
    'shop=shop, how="random", criterion_digest__in=now',
    "shop=shop, criterion_digest__in=now",
)
def test_the_random_share_is_unbiased_where_the_pool_is_not(points: Points, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.delenv("JINPAI_BOOK", raising=False)
    random_ones, pooled = [], []
    for world in range(WORLDS):
        (tmp_path / str(world)).mkdir()
        found = reviewed(points, Workspace(tmp_path / str(world), "book alone"), random.Random(world))
        assert found.reviewed == EACH * DRAWS // 2
        random_ones.append(found.right / found.reviewed)
        pooled.append(found.every_right / found.every_reviewed)
    error = stdev(random_ones) / WORLDS**0.5
    assert abs(mean(random_ones) - TRUE_SHARE) < 2.5 * error, (mean(random_ones), error)
    assert mean(pooled) < TRUE_SHARE - 5 * stdev(pooled) / WORLDS**0.5, "what is uncertain is wrong more often"
    assert mean(pooled) < TRUE_SHARE - 0.1


@kills(
    "jinpai/book/drawing.py",
    'shop=self.shop, how="random", criterion_digest__in',
    "shop=self.shop, criterion_digest__in",
)
def test_what_was_looked_at_because_it_is_uncertain_may_be_drawn_at_random_too(points: Points, book: Workspace) -> None:
    dice, only = random.Random(1), drawing.Slice(criterion="D1")
    with opened_book(book):
        seen = {
            one.point.conversation
            for one in drawing.draw(points, drawing.MOST, "王主管", share=0.0, only=only, dice=dice)
        }
        drawn = drawing.draw(points, 5, "王主管", share=1.0, only=only, dice=dice)
    assert [one.task.how for one in drawn] == ["random"] * 5
    assert {one.point.conversation for one in drawn} <= seen


@kills("jinpai/book/precision.py", "self.reviewed >= FEWEST and", "")
@kills("jinpai/book/precision.py", "LOWEST, FEWEST = 0.7, 30", "LOWEST, FEWEST = 0.3, 30")
def test_a_criterion_overturned_too_often_is_suspended_once_enough_was_reviewed(
    points: Points, book: Workspace
) -> None:
    dice, only = random.Random(3), drawing.Slice(criterion="D1")
    with opened_book(book):
        for more, suspended in ((29, []), (1, ["D1"])):
            drawn = drawing.draw(points, more, "王主管", share=1.0, only=only, dice=dice)
            assert [one.task.how for one in drawn] == ["random"] * more
            judging.judge(
                [Said(one.point, "agree" if place % 2 else "overturn", "王主管", "因") for place, one in enumerate(drawn)],
                points.settings, now=drawn[0].point.known_at,
            )  # fmt: skip
            now = {one.criterion: one for one in precisions("main", points.digests)}
            assert [name for name, one in now.items() if one.suspended] == suspended
        edited = points.digests | {"D1": "0" * 32}
        (fresh,) = (one for one in precisions("main", edited) if one.criterion == "D1")
        assert (fresh.reviewed, fresh.suspended) == (0, False), "an edited criterion begins anew"
