"""Source files: small raw files share them, and what is gone from the raw rows is gone from them."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jinpai import erasure, flow
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from jinpai.workspace.withdrawing import chosen, withdraw
from tests.hostile.killing import snapshot
from tests.hostile.many import tiny
from tests.mutants import kills

COUNT = 9


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    import_files(made, tiny(tmp_path / "小文件", COUNT))
    flow.build(made)
    return made


def files(workspace: Workspace) -> list[Path]:
    facts = workspace.facts()
    assert facts is not None
    return facts.files("source_messages")


def said(workspace: Workspace) -> list[str]:
    return sorted(row["message_id"] for path in files(workspace) for row in pq.read_table(path).to_pylist())


def rebuilt(workspace: Workspace) -> dict[str, list[str]]:
    """The facts, built anew without those of before."""
    (workspace.root / "facts").rename(workspace.root / "old")
    flow.build(workspace)
    return snapshot(workspace.root)


@pytest.mark.parametrize("together", [1, 4, 4096])
@kills("jinpai/sourcing.py", "if name not in broken}", "if name}")
def test_what_is_gone_from_the_raw_rows_is_gone_from_the_files_that_it_shared(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr("jinpai.sourcing._MOST_TOGETHER", together)
    withdraw(workspace, chosen(workspace, "4.csv"))
    flow.build(workspace)
    assert said(workspace) == [f"m{number}" for number in range(COUNT) if number != 4]
    erasure.erase(workspace, erasure.Request("main", "买家7"))
    flow.build(workspace)
    assert said(workspace) == [f"m{number}" for number in range(COUNT) if number not in (4, 7)]
    assert len(files(workspace)) == {1: COUNT - 2, 4: 2, 4096: 1}[together]
    assert snapshot(workspace.root) == rebuilt(workspace)


@kills("jinpai/sourcing.py", "(self.files, self.new) if is_new else", "(self.files,) if is_new else")
def test_new_small_files_share_a_file_of_their_own(workspace: Workspace, tmp_path: Path) -> None:
    """An increment looks at them alone."""
    (before,) = files(workspace)
    import_files(workspace, tiny(tmp_path / "第二天", COUNT + 5))
    flow.build(workspace)
    assert files(workspace)[0] == before
    assert len(files(workspace)) == 2
    assert pq.read_metadata(files(workspace)[1]).num_rows == 5
    assert snapshot(workspace.root) == rebuilt(workspace)


def test_large_files_among_small_ones_leave_each_file_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Workspace.create(tmp_path / "店铺")
    paths = tiny(tmp_path / "小文件", COUNT + 1)
    for path in paths[1:COUNT:2]:
        more = (f"买家{n},小美,buyer,2025-11-10 10:00:00,{n},{path.stem}-{n}\n" for n in range(50))
        path.write_text(path.read_text(encoding="utf-8") + "".join(more), encoding="utf-8", newline="\n")
    import_files(made, paths[:COUNT])
    sizes = sorted(file.path.stat().st_size for file in made.raw_files())
    monkeypatch.setattr("jinpai.sourcing._SMALL_BYTES", sizes[COUNT // 2])
    flow.build(made)
    assert len(files(made)) == COUNT // 2 + 1
    import_files(made, paths[COUNT:])
    flow.build(made)
    assert len(files(made)) == len(set(files(made))) == COUNT // 2 + 2
