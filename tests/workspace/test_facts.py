"""Facts: a reader sees one build, whole; a build that fails changes nothing."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from jinpai.errors import JinpaiError
from jinpai.workspace import Workspace
from jinpai.workspace.facts import Facts
from tests.mutants import kills


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "店铺 数据")


def build(workspace: Workspace, grace_seconds: float = 0, **tables: str) -> None:
    with workspace.building(grace_seconds=grace_seconds) as under_way:
        for table, text in tables.items():
            under_way.path(table, "main").write_text(text, encoding="utf-8")
        under_way.meta["made"] = sorted(tables)


def texts(facts: Facts | None, table: str) -> list[str]:
    assert facts is not None
    return [file.read_text(encoding="utf-8") for file in facts.files(table)]


def on_disk(workspace: Workspace) -> int:
    return len(list((workspace.root / "facts" / "data").glob("*/*")))


def test_a_build_replaces_the_facts(workspace: Workspace) -> None:
    assert workspace.facts() is None
    build(workspace, message="1", round="1")
    facts = workspace.facts()
    assert (facts.tables, facts.shops("message"), facts.meta) == (
        ["message", "round"],
        ["main"],
        {"made": ["message", "round"]},
    )
    build(workspace, message="2")
    assert texts(workspace.facts(), "message") == ["2"]
    assert workspace.facts().tables == ["message"]
    assert workspace.facts().files("round") == []


def test_a_shop_has_its_own_files(workspace: Workspace) -> None:
    with workspace.building() as under_way:
        for shop in ("二店", "a[1]*", "二店"):
            under_way.path("message", shop).write_text(shop, encoding="utf-8")
    facts = workspace.facts()
    assert [file.read_text(encoding="utf-8") for file in facts.files("message", "二店")] == ["二店", "二店"]
    assert len(facts.files("message")) == 3
    assert not any(set("[]*?") & set(file.name) for file in facts.files("message"))


@kills("jinpai/workspace/facts.py", "(set(retired) - expired)", "set()")
def test_a_reader_keeps_its_state_within_the_grace_time(workspace: Workspace) -> None:
    build(workspace, message="1")
    held = workspace.facts()
    build(workspace, grace_seconds=3600, message="2")
    build(workspace, grace_seconds=3600, message="3")
    assert texts(held, "message") == ["1"]
    assert texts(workspace.facts(), "message") == ["3"]


@kills("jinpai/workspace/facts.py", "retired.get(name, now)", "now")
def test_old_files_go_after_the_grace_time(workspace: Workspace) -> None:
    for text in "123":
        build(workspace, grace_seconds=3600, message=text)
    assert on_disk(workspace) == 3
    time.sleep(0.3)
    build(workspace, grace_seconds=0.2, message="4")
    assert on_disk(workspace) == 2  # the two retired long ago are gone, the one retired just now is not
    build(workspace, grace_seconds=0, message="5")
    assert on_disk(workspace) == 1


def test_kept_files_are_shared_and_stay(workspace: Workspace) -> None:
    build(workspace, message="1", round="1")
    for text in "23":
        with workspace.building(grace_seconds=0) as under_way:
            under_way.keep("round", "main", workspace.facts().files("round"))
            under_way.path("message", "main").write_text(text, encoding="utf-8")
    assert texts(workspace.facts(), "round") == ["1"]
    assert texts(workspace.facts(), "message") == ["3"]
    assert on_disk(workspace) == 2


@kills(
    "jinpai/workspace/facts.py",
    "        shutil.rmtree(build.folder, ignore_errors=True)\n        raise",
    "        raise",
)
def test_a_failed_build_changes_nothing(workspace: Workspace) -> None:
    build(workspace, message="1")
    with pytest.raises(ZeroDivisionError), workspace.building(grace_seconds=0) as under_way:  # noqa: PT012
        under_way.path("message", "main").write_text("2", encoding="utf-8")
        raise ZeroDivisionError
    assert on_disk(workspace) == 1
    with pytest.raises(RuntimeError, match="promised"), workspace.building(grace_seconds=0) as under_way:
        under_way.path("message", "main")
    assert texts(workspace.facts(), "message") == ["1"]
    assert on_disk(workspace) == 1


def test_facts_can_be_deleted_whole(workspace: Workspace) -> None:
    build(workspace, message="1")
    shutil.rmtree(workspace.root / "facts")
    assert workspace.facts() is None
    build(workspace, message="2")
    assert texts(workspace.facts(), "message") == ["2"]


def test_damaged_facts_are_said_with_the_remedy(workspace: Workspace) -> None:
    build(workspace, message="1")
    workspace.facts().files("message")[0].unlink()
    with pytest.raises(JinpaiError, match="jinpai build"):
        workspace.facts()
    (workspace.root / "facts" / "CURRENT").write_text("{", encoding="utf-8")
    with pytest.raises(JinpaiError, match="jinpai build"):
        workspace.facts()


def test_a_workspace_can_be_moved(workspace: Workspace, tmp_path: Path) -> None:
    build(workspace, message="1")
    moved = tmp_path / "新 地方"
    workspace.root.rename(moved)
    assert texts(Workspace.open(moved).facts(), "message") == ["1"]
