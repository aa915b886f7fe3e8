"""账本的定律 the book: only added to, on either database; who may say what, until when; what follows for the score."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai.book import appealing, drawing, judging, out
from jinpai.book.judging import Said
from jinpai.book.opening import book_file, opened_book
from jinpai.book.points import Points
from jinpai.computing import no_progress
from jinpai.errors import JinpaiError, WrongUse
from jinpai.flow import opened
from jinpai.inspection import inspected
from jinpai.workspace import Workspace
from tests.book.shop import DAY, at_points, conversation, made
from tests.mutants import kills


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return made(tmp_path_factory.mktemp("book"))


@pytest.fixture
def workspace(shop: Workspace, database: str) -> Iterator[Workspace]:
    """The shop with an empty book and no decisions."""
    yield shop
    for file in [*(shop.root / "decisions").rglob("*.parquet"), *(shop.root / "book").glob("book.sqlite3*")]:
        file.unlink()


@pytest.fixture
def points(workspace: Workspace) -> Iterator[Points]:
    with opened_book(workspace), at_points(workspace) as found:
        yield found


def score(workspace: Workspace, buyer: str) -> int | None:
    with inspected(workspace, "main", no_progress) as (engine, settings):
        key = conversation(Points(workspace, engine, settings), buyer)
        found = engine.rows(
            "select score from score where conversation_key = $key and scope = 'agent' and agent = '小美'", {"key": key}
        )
        return found[0]["score"] if found else None


def now(points: Points, days: float = 1) -> int:
    """So many days after the finding on 云边小鹿's bargain could be seen."""
    return points.one(conversation(points, "云边小鹿"), "D1").known_at + int(days * DAY)


# ---- what stands, stands


@kills("jinpai/book/migrations/_append_only.py", 'for act in ("UPDATE", "DELETE"):', "for act in ():")
@kills("jinpai/book/models/recorded.py", "        if self.pk is not None:\n            _refuse()", "")
def test_a_record_is_neither_altered_nor_removed(points: Points) -> None:
    from django.db import Error, connection, transaction

    from jinpai.book.models import Verdict
    from jinpai.book.models.recorded import AppendOnly

    point = points.one(conversation(points, "云边小鹿"), "D1")
    (one,) = judging.judge([Said(point, "overturn", "王主管", "有理由")], points.settings, now(points))
    one.why = "改了"
    for act in (one.save, one.delete, Verdict.objects.all().delete, lambda: Verdict.objects.update(why="x")):
        with pytest.raises(AppendOnly):
            act()
    for sql in ("update book_verdict set why = 'x'", "delete from book_verdict"):
        with pytest.raises(Error, match="never altered"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert [kept.why for kept in Verdict.objects.all()] == ["有理由"]


@kills(
    "jinpai/book/migrations/0005_coaching.py",
    'append_only("book_coachingplan", "book_coachingend")',
    'append_only("book_coachingplan")',
)
def test_the_database_itself_refuses_to_alter_any_record(points: Points) -> None:
    from django.apps import apps
    from django.db import connection

    from jinpai.book.models.recorded import Recorded

    alters = {"book_job"}
    wanted = {
        f"{model._meta.db_table}_no_{act}" for model in apps.get_models() if issubclass(model, Recorded) and model._meta.db_table not in alters for act in ("update", "delete")
    }  # fmt: skip
    listed = "select tgname from pg_trigger" if connection.vendor == "postgresql" else "select name from sqlite_master where type = 'trigger'"  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(listed)
        assert wanted - {name for (name,) in cursor.fetchall()} == set()


@kills("jinpai/book/models/coaching.py", "agent: str = models.CharField(max_length=200)", "agent: str = models.CharField(max_length=199)")  # fmt: skip
def test_migrations_make_what_the_models_say(points: Points) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "book", check=True, dry_run=True, verbosity=0)


@kills("jinpai/book/last_words.py", '.order_by("at", "id").iterator()', '.order_by("-at", "-id").iterator()')
def test_the_last_word_of_several_holds(points: Points) -> None:
    point = points.one(conversation(points, "云边小鹿"), "D1")
    for place, outcome in enumerate(("overturn", "na", "agree")):
        judging.judge([Said(point, outcome, "王主管", "再看一遍")], points.settings, now(points) + place)
        out.hand_over(points.workspace, "main")
        (row,) = out._verdicts("main")
        assert row["outcome"] == outcome


def test_four_writers_at_once_have_no_lock_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JINPAI_BOOK", raising=False)
    own = Workspace.create(tmp_path / "并发")
    with opened_book(own):
        pass
    failed: list[Exception] = []

    def write(number: int) -> None:
        from django.db import connection, transaction

        from jinpai.book.models import Appeal

        columns = {"shop": "main", "criterion": "D1", "finding": "x", "result": 0, "criterion_digest": "", "scorecard": "", "by": "小美", "why": "因"}  # fmt: skip
        try:
            for place in range(40):
                with transaction.atomic():
                    Appeal.objects.count()  # a reader that becomes a writer is what locks
                    Appeal.objects.create(conversation=number * 1000 + place, **columns)
        except Exception as error:  # noqa: BLE001 - whatever a thread meets is the test's
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    with sqlite3.connect(book_file(own.root)) as file:
        assert file.execute("pragma journal_mode").fetchone() == ("wal",)
        assert file.execute("select count(*) from book_appeal").fetchone() == (160,)


# ---- verdicts


@kills("jinpai/book/judging.py", "else 0 if said.point.result >= PASSED else FULL", "else 0")
def test_a_verdict_changes_the_score(workspace: Workspace) -> None:
    before = score(workspace, "云边小鹿")
    with opened_book(workspace), at_points(workspace) as points:
        point = points.one(conversation(points, "云边小鹿"), "D1")
        assert (point.result, point.quote) == (0, "不行，不讲价"), "what the test is about"
        judging.judge([Said(point, "overturn", "王主管", "后面给了赠品")], points.settings, now(points))
        assert out.hand_over(workspace, "main") == []
    after = score(workspace, "云边小鹿")
    assert before is not None
    assert after is not None
    assert after > before
    with opened(workspace, "main") as engine:
        assert engine.rows("select verdict, result from settled where verdict is not null") == [
            {"verdict": "overturn", "result": 1000}
        ]


@kills("jinpai/book/judging.py", "if same_person(said.by, point.agent):", "if False:")
@kills("jinpai/book/judging.py", 'if said.outcome == "agree" and lapsed(point, settings, at):', "if False:")
@kills("jinpai/book/judging.py", '    if said.outcome != "agree":\n        reason(said.why)', "")
def test_who_may_not_judge_is_told_why(points: Points) -> None:
    bargain = points.one(conversation(points, "云边小鹿"), "D1")
    red_line = points.one(conversation(points, "晴天里"), "H1")
    late = now(points, points.settings.red_line_days + 1)
    for said, at, words in (
        (Said(bargain, "agree", " 小 美 "), None, "自己"),
        (Said(bargain, "overturn", "王主管", "  "), None, "理由"),
        (Said(bargain, "maybe", "王主管"), None, "复核结果"),
        (Said(bargain, "agree", "　"), None, "--by"),
        (Said(bargain, "agree", "王主管", right=100), None, "--result"),
        (Said(bargain, "overturn", "王主管", "因", right=0), None, "--result"),
        (Said(red_line, "agree", "王主管"), late, "作废"),
    ):
        with pytest.raises(WrongUse, match=words):
            judging.judge([said], points.settings, at or now(points))
    with pytest.raises(WrongUse, match="没有结果"):
        points.one(12345, "D1")
    with pytest.raises(WrongUse, match="理由"):
        judging.judge([Said(red_line, "agree", "王主管"), Said(bargain, "na", "王主管")], points.settings, now(points))
    assert out._verdicts("main") == [], "of several none is recorded when one will not do"


def test_a_red_line_counts_once_confirmed_and_makes_the_score_nothing(workspace: Workspace) -> None:
    before = score(workspace, "晴天里")
    assert before, "an unconfirmed hit counts nowhere"
    with opened_book(workspace), at_points(workspace) as points:
        point = points.one(conversation(points, "晴天里"), "H1")
        assert point.is_critical
        judging.judge([Said(point, "agree", "王主管")], points.settings, now(points))
        out.hand_over(workspace, "main")
    assert score(workspace, "晴天里") == 0


# ---- appeals


def put_in(points: Points, days: float = 1, by: str = "小美") -> int:
    point = points.one(conversation(points, "云边小鹿"), "D1")
    return appealing.appeal(point, by, "我后面给了赠品", points.settings, now(points, days)).pk


@kills("jinpai/book/appealing.py", "if any(same_person(by, name) for name in setters):", "if False:")
@kills("jinpai/book/appealing.py", "if same_person(by, one.by) or same_person(by, one.agent):", "if False:")
def test_an_appeal_is_never_decided_by_who_set_the_point_nor_by_the_agent(points: Points) -> None:
    point = points.one(conversation(points, "云边小鹿"), "D1")
    judging.judge([Said(point, "agree", "王主管")], points.settings, now(points))
    number = put_in(points)
    for name, words in (
        ("王主管", "不能自己处理"),
        (" 王 主管", "不能自己处理"),
        ("小美", "自己提的"),
    ):
        with pytest.raises(WrongUse, match=words):
            appealing.decide(number, "overturn", name, "因", points.settings)
    appealing.decide(number, "overturn", "李主管", "有赠品", points.settings)
    with pytest.raises(WrongUse, match="定下来"):
        appealing.decide(number, "uphold", "赵主管", "因", points.settings)
    with pytest.raises(WrongUse, match="定下来"):
        judging.judge([Said(point, "na", "赵主管", "因")], points.settings, now(points))
    with pytest.raises(WrongUse, match="定下来"):
        put_in(points)


@kills("jinpai/book/appealing.py", "if at > since + settings.appeal_days * DAY_MS:", "if False:")
@kills(
    "jinpai/book/appealing.py", "max(point.known_at, word.at) if word is not None else point.known_at", "point.known_at"
)
def test_an_appeal_comes_in_time_once_and_from_the_agent(points: Points) -> None:
    with pytest.raises(WrongUse, match="7 天"):
        put_in(points, 7.01)
    with pytest.raises(WrongUse, match="只有本人"):
        put_in(points, by="小乙")
    good = points.one(conversation(points, "山里人"), "G1")
    with pytest.raises(WrongUse, match="没有扣分"):
        appealing.appeal(good, "小美", "因", points.settings, good.known_at)
    unconfirmed = points.one(conversation(points, "晴天里"), "H1")
    with pytest.raises(WrongUse, match="没有扣分"):
        appealing.appeal(unconfirmed, "小美", "因", points.settings, unconfirmed.known_at)
    point = points.one(conversation(points, "云边小鹿"), "D1")
    judging.judge([Said(point, "agree", "王主管")], points.settings, now(points, 5))
    put_in(points, 11.9)  # seven days from the verdict
    with pytest.raises(WrongUse, match="已经申诉过"):
        put_in(points, 1)


@kills(
    "jinpai/book/appealing.py",
    'return ("agree", None) if wanted == one.result else ("overturn", wanted)',
    'return "overturn", wanted',
)
def test_a_ruling_speaks_of_the_point_as_it_stands(points: Points) -> None:
    good = points.one(conversation(points, "山里人"), "G1")
    judging.judge([Said(good, "overturn", "王主管", "没有道别")], points.settings, now(points))
    number = appealing.appeal(good, "小美", "有的", points.settings, now(points)).pk
    made_ = appealing.decide(number, "overturn", "李主管", "有道别", points.settings)
    assert (made_.outcome, made_.right_result) == ("agree", None), "the machine was right in the first place"
    other = put_in(points)
    made_ = appealing.decide(other, "uphold", "李主管", "是回绝", points.settings)
    assert (made_.outcome, made_.right_result) == ("agree", None)
    assert appealing.waiting("main") == []


# ---- drawing


def test_red_lines_come_first_and_nothing_is_drawn_twice(points: Points) -> None:
    every: list[drawing.Drawn] = []
    while drawn := drawing.draw(points, 4, "王主管", share=0.25, now=now(points), dice=random.Random(1)):
        every += drawn
        if len(every) == len(drawn):
            assert (drawn[0].point.criterion, [one.task.how for one in drawn]) == ("H1", ["uncertain"] * 3 + ["random"])
    uncertain = [one.point.finding for one in every if one.task.how == "uncertain"]
    at_random = [one.point.finding for one in every if one.task.how == "random"]
    assert len(uncertain) == len(set(uncertain))
    assert len(at_random) == len(set(at_random))
    lost = points.engine.rows("select count(*) as n from finding where result < 1000")[0]["n"]
    assert len(at_random) == lost, "in the end every lost point was drawn at random"
    assert len(drawing.waiting("main")) == lost
    with pytest.raises(WrongUse, match="--draw"):
        drawing.draw(points, 0, "王主管", share=0.3)


def test_a_database_that_cannot_be_reached_is_said_without_its_password(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JINPAI_BOOK", "postgresql://shop:geheim@127.0.0.1:1/book")
    with pytest.raises(JinpaiError, match="账本读写出错") as caught, opened_book(workspace):
        pass
    assert "geheim" not in str(caught.value.words)
    monkeypatch.setenv("JINPAI_BOOK", "mysql://shop:geheim@x/y")
    with pytest.raises(JinpaiError, match="postgresql://") as caught, opened_book(workspace):
        pass
    assert "geheim" not in str(caught.value.words)
