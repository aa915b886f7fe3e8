"""天气 a cluster that fails: a master that is not there, workers killed in the middle of a build, none left at all.

Each build is the real command in a process of its own; the facts are those of before or those of a build that nothing
disturbed, and it ends within a bounded time.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jinpai import flow
from jinpai.cluster import expect_answer, master_by_default
from jinpai.errors import JinpaiError
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from tests.cli.small import files
from tests.hostile.killing import Snapshot, snapshot
from tests.hostile.program import ROOT, command
from tests.lacking import lacking
from tests.mutants import kills
from tests.spark.cluster import cluster, java, killed

SECONDS = 900
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("spark")]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Built, and due to be built anew from the same rows, since a setting has changed."""
    if java() is None:
        lacking("Java 17 or newer", "apt-get install default-jre-headless, or set JAVA_HOME")
    made = Workspace.create(tmp_path / "店铺 数据")
    import_files(made, files(tmp_path / "files"))
    flow.build(made)
    made.write_settings(None, {"conversation_gap": "10m"})
    return made


@pytest.fixture
def wanted(workspace: Workspace, tmp_path: Path) -> Snapshot:
    """What an undisturbed build makes."""
    other = tmp_path / "没人打扰"
    import shutil

    shutil.copytree(workspace.root, other)
    flow.build(Workspace.open(other))
    return snapshot(other)


def build(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, master: str) -> subprocess.Popen[str]:
    """`jinpai build` on a cluster, under way."""
    monkeypatch.setenv("JINPAI_ENGINE", master)
    words = command("build", "--workspace", workspace.root, "--lang", "zh")
    return subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )


def written(workspace: Workspace, many: int, under_way: subprocess.Popen[str]) -> Iterator[float]:
    """Waits until a build has written so many tables, or is done."""
    before, until = set((workspace.root / "facts" / "data").iterdir()), time.monotonic() + SECONDS
    while under_way.poll() is None and time.monotonic() < until:
        new = set((workspace.root / "facts" / "data").iterdir()) - before
        if sum(len(list(folder.glob("*.parquet"))) for folder in new) >= many:
            break
        time.sleep(0.1)
    yield time.monotonic()


@kills("jinpai/spark.py", '            expect_answer(master or master_by_default() or "")\n', "            0\n")
def test_a_master_that_is_not_there_is_said_at_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before, started = snapshot(workspace.root), time.monotonic()
    with build(workspace, monkeypatch, "spark://127.0.0.1:9") as under_way:
        said, _ = under_way.communicate(timeout=SECONDS)
    assert under_way.returncode
    assert "连不上 Spark 主节点 spark://127.0.0.1:9" in said
    assert "Traceback" not in said
    assert time.monotonic() - started < 55, "Spark gives up only after a minute"
    assert snapshot(workspace.root) == before


def test_which_master_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPARK_HOME", raising=False)
    monkeypatch.delenv("SPARK_CONF_DIR", raising=False)
    assert master_by_default() is None
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    assert master_by_default() is None
    (tmp_path / "spark-defaults.conf").write_text(
        "# spark.master spark://no:1\nspark.master   spark://a:1\n", encoding="utf-8"
    )
    assert master_by_default() == "spark://a:1"
    for other in ("local[2]", "yarn", "k8s://https://a", ""):
        expect_answer(other)
    for wrong in ("spark://a", "spark://127.0.0.1:99999", "spark://127.0.0.1:9,127.0.0.1:10"):
        with pytest.raises(JinpaiError, match="连不上"):
            expect_answer(wrong, 1)


@pytest.mark.parametrize("tables", [1, 12])
def test_a_worker_killed_in_the_middle_costs_a_second_run_at_most(
    workspace: Workspace, wanted: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tables: int,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    before, started = snapshot(workspace.root), []
    with cluster(tmp_path / "cluster", 2, started) as master:
        with build(workspace, monkeypatch, master) as under_way:
            [at] = written(workspace, tables, under_way)
            assert under_way.poll() is None, "the build was done before a worker could be killed"
            killed(started.pop())
            said, _ = under_way.communicate(timeout=SECONDS)
        record_property("measured", f"{time.monotonic() - at:.0f} s after the death: exit code {under_way.returncode}")
        assert "Traceback" not in said
        if under_way.returncode:
            assert "Spark 没有算完" in said
            assert snapshot(workspace.root) == before
            with build(workspace, monkeypatch, master) as again:
                said, _ = again.communicate(timeout=SECONDS)
            assert not again.returncode, said
        assert snapshot(workspace.root) == wanted


@kills("jinpai/cluster.py", "                self._context.cancelAllJobs()\n", "                0\n")
def test_where_no_worker_is_left_it_ends_with_a_sentence(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark would wait for ever."""
    before, started = snapshot(workspace.root), []
    with cluster(tmp_path / "cluster", 1, started, spark_jinpai_patience="5s") as master:
        with build(workspace, monkeypatch, master) as under_way:
            [at] = written(workspace, 1, under_way)
            killed(started.pop())
            said, _ = under_way.communicate(timeout=SECONDS)
        assert under_way.returncode
        assert "Spark 没有算完" in said
        assert "Traceback" not in said
        assert time.monotonic() - at < 120
    assert snapshot(workspace.root) == before
