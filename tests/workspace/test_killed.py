"""Killed at any moment, a write has happened whole or not at all, and doing it again works.

A child process ends itself without any warning at its n-th change of the disk, for every n there is.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.workspace.stored import land, landed

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import os, signal, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from jinpai.workspace import Workspace
import jinpai.workspace.landing, jinpai.workspace.facts, filelock
from tests.workspace.stored import land

workspace, last, done = Workspace.open(sys.argv[1]), int(sys.argv[2]), 0

def count(event, arguments):
    global done
    if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir") and sys.argv[1] in str(arguments[0]):
        done += 1
        if done == last:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

sys.addaudithook(count)
"""
IMPORT = """
with workspace.importing() as landing:
    for digest, agent in (("b" * 32, "乙"), ("c" * 32, "丙")):
        if not landing.has("main", digest):
            land(landing, digest, agent)
"""
PACKED = "jinpai.workspace.landing.FEW_FILES = 0\n"
"""Said to the child alone: the tests that come after in this process know nothing of it."""
NEW_SHOP = """
with workspace.importing() as landing:
    if not landing.has("二店", "b" * 32):
        landing.add_shop("二店", "Asia/Tokyo")
        land(landing, "b" * 32, "乙", shop="二店")
"""
BUILD = """
with workspace.building(grace_seconds=0) as build:
    build.keep("kept", "main", workspace.facts().files("kept"))
    for table in ("message", "round"):
        build.path(table, "main").write_text("2", encoding="utf-8")
"""
OLD, NEW = {"a" * 32: ["甲"]}, {"a" * 32: ["甲"], "b" * 32: ["乙"], "c" * 32: ["丙"]}


def made(root: Path) -> Workspace:
    """A workspace with one landed file and one build."""
    workspace = Workspace.create(root)
    with workspace.importing() as landing:
        land(landing, "a" * 32, "甲")
    with workspace.building() as build:
        for table in ("message", "round", "kept"):
            build.path(table, "main").write_text("1", encoding="utf-8")
    return workspace


def run(workspace: Workspace, work: str, last: int) -> int:
    code = CHILD.format(root=str(ROOT)) + work
    return subprocess.run(
        [sys.executable, "-c", code, str(workspace.root), str(last)], cwd=ROOT, check=False
    ).returncode


def killed_everywhere(folder: Path, work: str, check: Callable[[Workspace], None], first: str = "") -> int:
    """Kills the work at each of its changes of the disk, checks, does it again, checks; how many deaths there were.

    `first` is what the child does before.
    """

    def one(last: int) -> bool:
        workspace = made(folder / f"店铺 {last}")
        survived = run(workspace, first + work, last) == 0
        check(workspace)
        if not survived:
            exec(work, {"workspace": workspace, "land": land})
            check(workspace)
        return survived

    deaths = 0
    with ThreadPoolExecutor(2) as pool:
        while not any(survived := list(pool.map(one, range(deaths + 1, deaths + 5)))):
            deaths += 4
    return deaths + survived.index(True)


@pytest.mark.slow
@kills("jinpai/workspace/landing.py", "    folder = waiting / ", "    folder = waiting.parent / ")
@pytest.mark.parametrize("first", ["", PACKED], ids=["each", "packed"])
def test_a_killed_import_has_landed_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    if first:
        monkeypatch.setattr("jinpai.workspace.landing.FEW_FILES", 0)
    seen = []

    def check(workspace: Workspace) -> None:
        state = landed(workspace)
        assert state in (OLD, NEW), f"half an import can be seen: {state}"
        seen.append(state == NEW)

    deaths = killed_everywhere(tmp_path, IMPORT, check, first)
    assert deaths >= 8
    assert True in seen
    assert False in seen
    for root in tmp_path.iterdir():
        assert landed(Workspace.open(root)) == NEW
        assert [entry.name for entry in (root / "raw").iterdir() if entry.name == "incoming"] == []


@pytest.mark.slow
@kills("jinpai/workspace/landing.py", "arrives_with=self.folder.name", "arrives_with=None")
def test_a_new_shop_and_its_first_import_are_there_together_or_not_at_all(tmp_path: Path) -> None:
    """No instant leaves a shop without the import that made it, or rows of a shop that is not there."""
    seen = set()

    def check(workspace: Workspace) -> None:
        shops, rows = workspace.shops(), {raw.shop for raw in workspace.raw_files()}
        assert set(shops) == {"main"} | rows, f"shops {shops}, rows of {sorted(rows)}"
        assert "二店" not in shops or workspace.settings("二店").time_zone == "Asia/Tokyo"
        seen.add(len(shops))

    assert killed_everywhere(tmp_path, NEW_SHOP, check) >= 16
    assert seen == {1, 2}
    for root in tmp_path.iterdir():
        assert Workspace.open(root).shops() == ["main", "二店"]
        left = [path.name for path in (root / "config").rglob(".*")]
        assert left == [], f"what a killed import left behind was not removed: {left}"


@pytest.mark.slow
@kills("jinpai/workspace/facts.py", '_sweep(folder / "data", old | set(retired))', '_sweep(folder / "data", set())')
def test_a_killed_build_has_replaced_the_facts_whole_or_not_at_all(tmp_path: Path) -> None:
    seen = set()

    def check(workspace: Workspace) -> None:
        facts = workspace.facts()
        state = "".join(
            file.read_text(encoding="utf-8") for name in ("message", "round", "kept") for file in facts.files(name)
        )
        assert state in ("111", "221"), f"two builds can be seen at once: {state}"
        seen.add(state)

    assert killed_everywhere(tmp_path, BUILD, check) >= 8
    assert seen == {"111", "221"}
    for root in tmp_path.iterdir():
        facts = Workspace.open(root).facts()
        wanted = {file for table in facts.tables for file in facts.files(table)}
        assert set((root / "facts" / "data").glob("*/*")) == wanted, "what a killed build left behind was not removed"
