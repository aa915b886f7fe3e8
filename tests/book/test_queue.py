"""任务队列的定律 queue: one job at a time in one hand; who is gone loses it, who has lost it says nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai.book import queue
from jinpai.book.models.recorded import now_ms
from jinpai.book.opening import opened_book
from jinpai.errors import Words
from jinpai.workspace import Workspace
from tests.mutants import kills


@pytest.fixture
def root(tmp_path: Path, database: str) -> Iterator[Path]:
    workspace = Workspace.create(tmp_path / "店铺 数据", shop="甲店")
    with opened_book(workspace):
        yield workspace.root


def asked(root: Path, shop: str = "甲店", **arguments: object):
    return queue.ask(root, shop, "import_files", "老王", arguments)


def gone(job) -> None:
    """Its process has not been heard of for longer than a lease."""
    type(job).objects.filter(pk=job.pk).update(leased_until=now_ms() - 1)


@kills("jinpai/book/queue.py", "if held.leased_until > now:", "if False:")
@kills(
    "jinpai/book/queue.py",
    'state="waiting", not_before__lte=now).order_by("id")',
    'state="waiting", not_before__lte=now).order_by("-id")',
)
def test_the_oldest_is_taken_and_no_second_beside_it(root: Path) -> None:
    first = asked(root)
    asked(root, "乙店")
    assert queue.claim(root, "a").pk == first.pk
    assert queue.claim(root, "b") is None
    assert queue.claim(root.parent, "b") is None, "of another workspace there is none"


@kills(
    "jinpai/book/queue.py",
    'filter(pk=job.pk, worker=job.worker, state="running").first()',
    'filter(pk=job.pk, state="running").first()',
)
@kills(
    "jinpai/book/queue.py",
    'held = Job.objects.filter(pk=job.pk, worker=job.worker, state="running")\n    told',
    'held = Job.objects.filter(pk=job.pk, state="running")\n    told',
)
def test_who_is_gone_loses_the_job_and_cannot_end_it_any_more(root: Path) -> None:
    asked(root)
    first = queue.claim(root, "a")
    gone(first)
    second = queue.claim(root, "b")
    assert second.pk == first.pk
    assert not queue.renew(first, None, 0, 0)
    queue.end(first, "failed", [Words("坏", "bad")])
    assert queue.renew(second, Words("导入", "Importing"), 3, 9)
    queue.end(second, "done", [Words("好", "good")])
    (job,) = queue.jobs_of(root, "甲店")
    assert (job.state, job.said, job.tries, job.step, job.done, job.total) == (
        "done",
        [["好", "good"]],
        2,
        ["导入", "Importing"],
        3,
        9,
    )


@kills("jinpai/book/queue.py", "elif job.tries >= MOST_TRIES:", "elif False:")
def test_a_job_that_kills_its_process_three_times_is_given_up_with_a_sentence(root: Path) -> None:
    asked(root)
    for _ in range(queue.MOST_TRIES):
        gone(queue.claim(root, "a"))
    assert queue.claim(root, "a") is None
    (job,) = queue.jobs_of(root, "甲店")
    assert job.state == "failed"
    assert "意外退出了 3 次" in job.said[0][0]


@kills("jinpai/book/queue.py", "tries=job.tries - 1", "tries=job.tries")
@kills("jinpai/book/queue.py", ", not_before__lte=now", "")
def test_what_is_put_back_waits_its_time_and_its_try_does_not_count(root: Path) -> None:
    asked(root)
    job = queue.claim(root, "a")
    queue.put_back(job, 60_000)
    assert queue.claim(root, "a") is None
    (waits,) = queue.jobs_of(root, "甲店")
    assert (waits.state, waits.tries) == ("waiting", 0)
    queue.put_back(job, -1)
    assert queue.claim(root, "a") is None, "who has put it back has no say any more"


@kills("jinpai/book/queue.py", "if job.stop_asked:", "if False:")
@kills("jinpai/book/queue.py", "held.filter(stop_asked=False).exists()", "held.exists()")
def test_a_stop_ends_what_waits_tells_what_runs_and_outlives_its_process(root: Path) -> None:
    running, waiting = asked(root), asked(root)
    job = queue.claim(root, "a")
    assert queue.stop(root, "甲店", waiting.pk).state == "stopped"
    assert queue.stop(root, "乙店", running.pk) is None, "a job of another shop is not one's own to stop"
    assert queue.renew(job, None, 0, 0)
    assert queue.stop(root, "甲店", running.pk).state == "running"
    assert not queue.renew(job, None, 0, 0)
    gone(job)
    assert queue.claim(root, "b") is None
    assert [one.state for one in queue.jobs_of(root, "甲店")] == ["stopped", "stopped"]
    assert queue.stop(root, "甲店", running.pk) is None


@kills("jinpai/book/queue.py", 'if job is None or job.state != "asking":', "if job is None:")
def test_a_job_that_asks_waits_for_a_yes(root: Path) -> None:
    asked(root, inbox="x")
    job = queue.claim(root, "a")
    assert queue.agree(root, "甲店", job.pk) is None
    queue.end(job, "asking", [Words("名单会变", "The list would change")])
    assert queue.claim(root, "a") is None
    assert queue.uploads(root) == {"x"}
    assert queue.agree(root, "甲店", job.pk).arguments == {"inbox": "x", "agreed": True}
    again = queue.claim(root, "a")
    assert (again.pk, again.said) == (job.pk, [])
    queue.end(again, "done", [])
    assert queue.uploads(root) == set()
