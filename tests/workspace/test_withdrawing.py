"""Withdrawing: what was imported by mistake goes as if it had never come, whole or not at all, and may come again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jinpai import erasure, flow
from jinpai.errors import JinpaiError, WrongUse
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from jinpai.workspace.withdrawing import chosen, imports, withdraw
from tests.cli.small import files
from tests.hostile.killing import LATER, MORE_ORDERS, snapshot
from tests.mutants import kills
from tests.workspace.stored import landed
from tests.workspace.test_killed import NEW, OLD, killed_everywhere

WITHDRAWAL = """
from jinpai.workspace.withdrawing import imports, withdraw
for one in imports(workspace):
    if any(raw.digest == "a" * 32 for raw in one.files):
        withdraw(workspace, one)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    import_files(made, files(tmp_path / "前一天"))
    return made


def later(folder: Path) -> list[Path]:
    made = [folder / "聊天 2.csv", folder / "订单 2.csv"]
    for path, text in zip(made, (LATER, MORE_ORDERS), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return made


def names(workspace: Workspace) -> list[list[tuple[str, str]]]:
    """(file, shop) of every import."""
    return [[(raw.header.file, raw.shop) for raw in one.files] for one in imports(workspace)]


@pytest.mark.slow
@kills("jinpai/workspace/raw.py", "if one.path in withdrawn:", "if False:")
@kills("jinpai/workspace/raw.py", "    forget_withdrawn(workspace.root)\n", "")
def test_after_a_withdrawal_the_facts_are_those_of_a_workspace_that_never_imported_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    """And importing the same files again gives what the first import of them gave."""
    flow.build(workspace)
    never = tmp_path / "从没导入过"
    shutil.copytree(workspace.root, never)
    wrong = later(tmp_path)
    import_files(workspace, wrong)
    flow.build(workspace)
    with_it = snapshot(workspace.root)
    assert with_it != snapshot(never)
    gone = withdraw(workspace, imports(workspace)[-1])
    assert len(gone) == 4
    flow.build(workspace)
    left = {name: rows for name, rows in snapshot(workspace.root).items() if name.endswith("/main")}
    assert left == {name: rows for name, rows in snapshot(never).items() if name.endswith("/main")}
    assert {raw.path.relative_to(workspace.root) for raw in workspace.raw_files()} == {
        raw.path.relative_to(never) for raw in Workspace.open(never).raw_files()
    }
    assert not list((workspace.root / "raw").rglob("withdrawn.json"))
    assert not any(one.already for one in import_files(workspace, wrong))
    flow.build(workspace)
    assert snapshot(workspace.root) == with_it


def test_what_is_named_goes_and_nothing_else(workspace: Workspace, tmp_path: Path) -> None:
    chats, orders = later(tmp_path)
    import_files(workspace, [chats, orders])
    first, second = imports(workspace)
    assert names(workspace) == [
        [("messages.csv", "main"), ("orders.csv", "main")],
        [(chats.name, "main"), (chats.name, "二店"), (orders.name, "main"), (orders.name, "二店")],
    ]
    assert chosen(workspace, second.id).id == second.id
    renamed = shutil.copy(orders, tmp_path / "改了名.csv")
    for word in (orders.name, str(orders), str(renamed)):
        assert {raw.header.file for raw in chosen(workspace, word).files} == {orders.name}
    assert len(chosen(workspace, orders.name).files) == 2
    withdraw(workspace, chosen(workspace, orders.name, "二店"))
    assert names(workspace)[1] == [(chats.name, "main"), (chats.name, "二店"), (orders.name, "main")]
    withdraw(workspace, first)
    assert [one.id for one in imports(workspace)] == [second.id]


def test_what_cannot_be_told_apart_or_is_not_there_is_a_sentence(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "又一天").mkdir()
    again = tmp_path / "又一天" / "orders.csv"
    again.write_text(MORE_ORDERS, encoding="utf-8", newline="\n")
    import_files(workspace, [again])
    with pytest.raises(WrongUse, match="导入过 2 次") as caught:
        chosen(workspace, "orders.csv")
    assert all(one.id in caught.value.words.zh for one in imports(workspace))
    assert [raw.shop for raw in chosen(workspace, str(again)).files] == ["main", "二店"]
    with pytest.raises(JinpaiError, match=r"是不是要写 messages\.csv"):
        chosen(workspace, "mesages.csv")
    with pytest.raises(WrongUse, match="没有叫"):
        chosen(workspace, "orders.csv", "三店")
    (workspace.root / "raw" / "x").mkdir()
    (workspace.root / "raw" / "x" / "withdrawn.json").write_text("{", encoding="utf-8")
    with pytest.raises(JinpaiError, match="撤回清单"):
        workspace.raw_files()


@kills("jinpai/workspace/rewriting.py", "for one in every_file(self._workspace) if", "for one in files if")
def test_an_import_that_an_erasure_changed_is_withdrawn_whole_and_the_erasure_holds(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file of before the erasure still lies there, because a reader held it open."""
    (one,) = imports(workspace)
    old = {raw.path: raw.path.read_bytes() for raw in one.files}
    erasure.erase(workspace, erasure.Request("main", "云边小鹿"))
    for path, data in old.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    unlink = Path.unlink

    def held_open(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".sealed":
            raise PermissionError(13, "held open", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", held_open)
    (same,) = imports(workspace)
    assert same.id == one.id
    withdraw(workspace, same)
    assert workspace.raw_files() == []
    monkeypatch.undo()
    (chats, _) = import_files(workspace, files(tmp_path / "前一天"))
    assert chats.erased
    assert len(workspace.raw_files()) == 2


@pytest.mark.slow
@kills(
    "jinpai/workspace/rewriting.py",
    "write_withdrawn(self._folder,",
    "write_withdrawn(self._workspace.root / 'raw' / 'x',",
)
def test_a_killed_withdrawal_has_happened_whole_or_not_at_all(tmp_path: Path) -> None:
    seen = []

    def check(workspace: Workspace) -> None:
        state = landed(workspace)
        assert state in (OLD, {}), f"half a withdrawal can be seen: {state}"
        seen.append(state == {})

    assert killed_everywhere(tmp_path, WITHDRAWAL, check) >= 6
    assert NEW not in seen
    assert {True, False} == set(seen)
    for root in tmp_path.iterdir():
        with Workspace.open(root).importing():
            pass  # the next writer
        assert landed(Workspace.open(root)) == {}
        assert not list((root / "raw").rglob("withdrawn.json"))
