"""后台任务的定律 jobs: figures are computed and chats inspected whole or not at all, whatever kills or stops it; each shop sees its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jinpai import flow, inspection
from jinpai.importing import import_files
from jinpai.sourcing import stale
from jinpai.workspace import Workspace
from tests.desk.serving import (
    MESSAGES,
    OTHER,
    PEOPLE,
    SHOP,
    Jobs,
    Visitor,
    address,
    job_number,
    made,
    serving,
    signed_in,
)
from tests.desk.test_imports import worker_of
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
PAGE = address(SHOP, "jobs")
LIST = address(SHOP, "jobs/now")
MANY = 30_000
"""So many buyers each say three things: their inspection can be cut off in the middle."""


def chats() -> str:
    rows = [MESSAGES.splitlines()[0]]
    for number in range(MANY):
        at = f"2026-11-{1 + number % 17:02d}T{9 + number % 12:02d}:{number % 60:02d}"
        told = [
            ("buyer", "00", f"这款{number % 97}厘米的能便宜吗"),
            ("agent", "20", "最低了，不议价，爱买不买"),
            ("buyer", "40", "那算了，太贵"),
        ]
        rows += [
            f"{SHOP},买家{number},小美,{who},{at}:{second}+08:00,text,{text},k{number}-{second}"
            for who, second, text in told
        ]
    return "\n".join([*rows, ""])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with many chats that nobody has inspected; each test takes a copy."""
    folder = tmp_path_factory.mktemp("large")
    root = made(folder)
    (folder / "很多.csv").write_text(chats(), encoding="utf-8")
    import_files(Workspace.open(root), [folder / "很多.csv"])
    flow.build(Workspace.open(root))
    return root


@pytest.fixture
def opened(large: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    root = tmp_path / "店铺 数据"
    shutil.copytree(large, root)
    with serving(root) as base:
        yield base, root


def found_in(root: Path) -> dict[str, list[dict[str, Any]]]:
    """All that inspection has written, and what is there when there is none."""
    with flow.opened(Workspace.open(root), SHOP) as engine:
        return {
            name: engine.rows(f"select * from {name} order by all") for name in ("finding", "score") if engine.has(name)
        }


def in_the_middle(job: str) -> bool:
    """Whether the job has begun to compute: chats are read by then."""
    step = re.search(r'max="\d+"', job)
    return step is not None and "计算" in job


@pytest.mark.skipif(os.name == "nt", reason="processes are looked up with ps")
@kills("jinpai/desk/jobs/inspect.py", "inspection.turn_on(task.workspace, task.shop)", "pass")
def test_a_killed_inspection_is_begun_again_and_finds_what_one_without_a_kill_finds(
    opened: tuple[str, Path], large: Path, tmp_path: Path
) -> None:
    base, root = opened
    owner = signed_in(base)
    assert found_in(root) == {}
    assert "打开质检，质检全部聊天" in owner.get(PAGE).text
    owner.post(PAGE, do="inspect")
    Jobs(owner, LIST).until("running", in_the_middle)
    os.kill(worker_of(root), signal.SIGKILL)
    assert found_in(root) == {}, "of a killed inspection nothing stands"
    job = Jobs(owner, LIST).until("done")
    assert f"质检了 {MANY + 3:,} 段会话" in job
    by_hand = tmp_path / "by hand"
    shutil.copytree(large, by_hand)
    inspection.turn_on(Workspace.open(by_hand), SHOP)
    flow.build(Workspace.open(by_hand))
    found = found_in(root)
    assert len(found["score"]) > MANY
    assert found == found_in(by_hand)
    assert stale(Workspace.open(root)) == []
    page = owner.get(PAGE).text
    assert "打开着" in page
    assert "看得分低的会话" in page


def test_a_stopped_inspection_says_what_stays_and_leaves_the_figures_of_before(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner = signed_in(base)
    owner.post(PAGE, do="inspect")
    job = Jobs(owner, LIST).until("running", in_the_middle)
    owner.post(PAGE, do="stop", job=job_number(job))
    told = Jobs(owner, LIST).until("stopped")
    assert "聊天质检是打开的" in told
    assert "后面的取消了；上面说的已经做好" in told
    assert found_in(root) == {}
    assert owner.get(address(SHOP, "today")).status == 200
    assert "要重算" in owner.get(PAGE).text
    assert "这个任务已经结束了" in owner.post(PAGE, do="stop", job=job_number(job)).text
    log = owner.get(address(SHOP, "log")).text
    assert "<td>开始后台任务</td><td>聊天质检</td>" in log
    assert "<td>改设置</td><td>聊天质检：否 → 是</td>" in log
    assert "<td>取消任务</td><td>聊天质检</td>" in log


@kills("jinpai/book/queue.py", "if waits is None else (waits, False)", "if True else (waits, False)")
@kills("jinpai/desk/pages/jobs.py", 'if do not in ("build", "inspect"):', "if not do:")
def test_figures_are_computed_anew_once_for_all_who_ask(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner, supervisor = signed_in(base), signed_in(base, "supervisor")
    Workspace.open(root).write_settings(SHOP, {"conversation_gap": "5m"})
    assert "数字还是改之前的" in owner.get(PAGE).text
    for one in (owner, supervisor, owner, supervisor):
        one.post(PAGE, do="build")
    Jobs(owner, LIST).until("done", lambda job: "数字" in job)
    listed = owner.get(PAGE).text.split('<ol class="jobs">')[1]
    # one runs, and one waits that reads what has changed since
    assert 1 <= listed.count("<li>") <= 2
    assert "数字和现在的数据、设置一致" in owner.get(PAGE).text
    assert stale(Workspace.open(root)) == []
    owner.post(PAGE, do="build")
    Jobs(owner, LIST).until("done", lambda job: "本来就是最新的" in job)
    assert "没有选要做什么" in owner.post(PAGE, do="erase").text
    assert "没有选要做什么" in owner.post(PAGE).text


@kills(
    "jinpai/book/queue.py",
    "found = Job.objects.filter(workspace=str(root), shop=shop)",
    "found = Job.objects.filter(workspace=str(root))",
)
def test_a_shop_sees_and_stops_its_own_jobs_alone(tmp_path: Path) -> None:
    from tests.desk.test_people import added

    root = made(tmp_path)
    with serving(root) as base:
        owner, there = signed_in(base), Visitor(base)
        there.sign_in(added(root, "隔壁的老板", "owner", OTHER))
        owner.post(PAGE, do="build")
        Jobs(owner, LIST).until("done")
        assert "还没有后台任务" in there.get(address(OTHER, "jobs")).text
        for role in ("agent", "accountant", "auditor"):
            other = signed_in(base, role)
            assert other.get(PAGE).status == 403
            assert other.post(PAGE, do="build").status == 403


@kills("jinpai/desk/pages/jobs.py", 'if do == "inspect" and not _has_chats(visit):', "if False:")
def test_without_a_chat_there_is_nothing_to_inspect(tmp_path: Path) -> None:
    from tests.desk.serving import PASSWORD, jinpai

    root = tmp_path / "w"
    Workspace.create(root, shop=SHOP)
    assert (
        jinpai(
            "people", "add", PEOPLE["owner"], "--role", "owner", "--shop", SHOP, "-w", root, said=PASSWORD + "\n"
        ).returncode
        == 0
    )
    with serving(root) as base:
        owner = signed_in(base)
        assert "还没有聊天记录" in owner.get(PAGE).text
        assert "还没有聊天可以质检" in owner.post(PAGE, do="inspect").text
        assert not Workspace.open(root).settings(SHOP).inspection
