"""试算任务的定律 trial: other days are computed by a job, whatever kills or stops it, and what it left is the report's, a day long."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from jinpai import flow
from jinpai.desk.jobs import Kind, Task
from jinpai.desk.working import Hand, _outcome
from jinpai.errors import Words
from jinpai.importing import import_files
from jinpai.report import report
from jinpai.workspace import Workspace, outbox
from tests.desk.serving import AGENT, SHOP, Jobs, Visitor, address, job_number, made, serving, signed_in
from tests.desk.test_imports import worker_of
from tests.desk.test_jobs import chats
from tests.desk.test_periods import rows_of
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
DAYS = {"start": "2026-11-01", "end": "2026-11-18"}
ASKED = "?from=2026-11-01&to=2026-11-18&attribution_days=7&enquiry_span=3"
PAGE, LIST = address(SHOP, "numbers/what-if"), address(SHOP, "jobs/now")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tried")
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


def shown(visitor: Visitor, asked: str = ASKED) -> str:
    """The page once it has the result."""
    for _ in range(600):
        text = visitor.get(PAGE + asked).text
        if 'id="rows"' in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text[-2000:])


@pytest.mark.skipif(os.name == "nt", reason="processes are looked up with ps")
@kills("jinpai/desk/trial.py", "overrides=overrides, progress", "progress")
@kills("jinpai/desk/pages/what_if.py", "visit.only_agent in (None, one)", "True")
def test_a_killed_trial_is_begun_again_and_says_what_the_report_says(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner, agent = signed_in(base), signed_in(base, "agent")
    asking = owner.get(PAGE + ASKED).text
    assert 'id="rows"' not in asking
    assert 'hx-trigger="load"' in asking, "the page begins by itself; the address alone does nothing"
    assert "还没有后台任务" in owner.get(LIST).text
    owner.post(PAGE + ASKED, do="start")
    Jobs(owner, LIST).until("running")
    now = owner.get(f"{PAGE}/now{ASKED}").text
    assert 'hx-trigger="every 1s"' in now
    assert "<progress" in now
    os.kill(worker_of(root), signal.SIGKILL)
    Jobs(owner, LIST).until("done")
    assert owner.get(f"{PAGE}/now{ASKED}").headers["HX-Refresh"] == "true"
    told = rows_of(shown(owner))
    over = {"attribution_days": "7", "enquiry_span": "3"}
    workspace = Workspace.open(root)
    for column, at in (({}, 0), (over, 1)):
        (row,) = report(workspace, SHOP, metrics=["enquiries", "attributed_amount"], overrides=column, **DAYS)["rows"]
        assert told["询单人数"][at].replace(",", "") == str(row["enquiries"])
        assert told["客服销售额"][at] == str(row["attributed_amount"])
    assert "阿杰" in told
    mine = shown(agent)
    assert AGENT in rows_of(mine)
    assert "阿杰" not in mine
    (file,) = (root / "outbox").iterdir()
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
        assert file.parent.stat().st_mode & 0o077 == 0


@kills("jinpai/desk/pages/what_if.py", "job.by == visit.person.name or", "True or")
@kills("jinpai/desk/pages/what_if.py", "            queue.stop(root, visit.shop, job.pk)\n", "            pass\n")
def test_who_asked_stops_it_and_another_trial_of_the_same_person_ends_the_one_before(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner, agent = signed_in(base), signed_in(base, "agent")
    owner.post(PAGE + ASKED, do="start")
    Jobs(owner, LIST).until("running")
    assert "取消</button>" not in agent.get(PAGE + ASKED).text
    agent.post(PAGE + ASKED, do="stop")
    assert "正在停下" not in owner.get(PAGE + ASKED).text
    owner.post(PAGE + ASKED.replace("=7", "=5"), do="start")
    first, second = owner.get(LIST).text.split("<li>\n")[2], owner.get(LIST).text.split("<li>\n")[1]
    assert job_number(second) != (job_number(first) if 'name="job"' in first else "")
    owner.post(PAGE + ASKED.replace("=7", "=5"), do="stop")
    told = ""
    for _ in range(300):
        told = owner.get(PAGE + ASKED).text
        if "已取消，什么也没有改" in told:
            break
        time.sleep(0.1)
    assert "已取消，什么也没有改" in told
    assert 'hx-trigger="load"' not in told, "what was cancelled does not begin again by itself"
    assert not list((root / "outbox").glob("*"))


@kills(
    "jinpai/desk/working.py",
    "if hand.is_told or isinstance(error, KeyboardInterrupt)",
    "if isinstance(error, KeyboardInterrupt)",
)
def test_an_error_that_an_interrupt_became_in_a_library_is_the_interrupt(capsys: pytest.CaptureFixture[str]) -> None:
    def do(_: Task) -> None:
        raise RuntimeError("Query interrupted")

    job = SimpleNamespace(pk=1, kind="what_if")
    for is_told, state in ((True, "stopped"), (False, "failed")):
        hand = Hand(job, threading.Event())  # type: ignore[arg-type]
        hand.is_told = is_told
        task = SimpleNamespace(said=[])
        assert _outcome(Kind("what_if", Words("试算", "trial"), do), task, hand)[0] == state  # type: ignore[arg-type]
    assert capsys.readouterr().err.count("RuntimeError: Query interrupted") == 1


@kills("jinpai/desk/trial.py", "facts.build if facts else None", "None")
@kills("jinpai/workspace/workspace.py", "        outbox.sweep(self, 0)\n", "")
def test_a_result_is_of_its_facts_and_goes_with_the_erased(large: Path, tmp_path: Path) -> None:
    from jinpai.desk.trial import Trial

    root = tmp_path / "w"
    shutil.copytree(large, root)
    workspace = Workspace.open(root)
    trial = Trial(SHOP, 20261101, 20261118, {"attribution_days": "7"})
    before = trial.place(workspace)
    assert trial.place(workspace) == before
    outbox.put(workspace, before, b"{}")
    more = tmp_path / "more.csv"
    more.write_text(chats().splitlines()[0] + f"\n{SHOP},新来的,小美,buyer,2026-11-18T22:00:00+08:00,text,在吗,z1\n")
    import_files(workspace, [more])
    flow.build(workspace)
    assert trial.place(workspace) != before
    workspace.purge()
    assert not outbox.has(workspace, before)


@kills("jinpai/workspace/outbox.py", "        return None\n    content", "        pass\n    content")
def test_what_is_fetched_is_gone_and_what_is_old_goes(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", shop=SHOP)
    outbox.put(workspace, "a", b"1")
    outbox.put(workspace, "b", b"2")
    os.utime(tmp_path / "w" / "outbox" / "b", (1, 1))
    outbox.sweep(workspace)
    assert outbox.read(workspace, "b") is None
    assert outbox.take(workspace, "a") == b"1"
    assert outbox.take(workspace, "a") is None
    assert list((tmp_path / "w" / "outbox").iterdir()) == []
