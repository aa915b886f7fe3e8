"""重建的定律 facts deleted and rebuilt are the same facts; so are those of files imported in another order or twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries

from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.oracles.program import write_files

from .reckoning import KEPT, OF_THE_FILE, contents, same
from .shop import Drawn, shops, until

ALL = [*KEPT, "daily"]


def facts(workspace: Workspace) -> dict[str, list[str]]:
    with opened(workspace, "main") as engine:
        engine._connection.execute("set threads = 1")
        # files are the same, so a row's place in its file must be too
        return contents(engine, ALL, without=frozenset())


def facts_apart_from_files(workspace: Workspace) -> dict[str, list[str]]:
    with opened(workspace, "main") as engine:
        engine._connection.execute("set threads = 1")
        return contents(engine, ALL, without=OF_THE_FILE)


def exports(shop: Drawn, folder: Path) -> list[Path]:
    """Two exports of a shop: one taken in the middle of its history, one at the end."""
    middle = shop.rows["messages"][len(shop.rows["messages"]) // 2]["sent_at"]
    files = []
    for name, rows in (("中间", until(shop.rows, middle)), ("最后", shop.rows)):
        (folder / name).mkdir(parents=True)
        files += write_files(rows, folder / name)
    return files


@pytest.mark.slow
@kills("jinpai/sourcing.py", '"raw": raw.hexdigest()}', '"raw": ""}')
@kills(
    "jinpai/sourcing.py",
    "raw = workspace.stored(shop)",
    "raw = [file for file in workspace.stored(shop) if file.mark not in old]",
)
@tries(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(shop=shops())
def test_facts_deleted_and_rebuilt_are_equal(shop: Drawn, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    files = exports(shop, tmp_path / "files")
    workspace = Workspace.create(tmp_path / "workspace")
    for part in (files[: len(files) // 2], files[len(files) // 2 :]):
        import_files(workspace, part)
        build(workspace)
    first = facts(workspace)
    assert build(workspace) == []
    shutil.rmtree(tmp_path / "workspace" / "facts")
    assert build(workspace) == ["main"]
    same(first, facts(workspace))


@pytest.mark.slow
@kills("jinpai/tables/source.py", "return int(digest[:16], 16) >> 1", "return id(digest)")
@kills("jinpai/tables/message.py", "and coalesce(v.version, 1) = 1", "")
@tries(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(shop=shops())
def test_imported_twice_and_in_another_order_are_the_same_facts(shop: Drawn, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    files = exports(shop, tmp_path / "files")
    told = []
    for name, order in (("一", files), ("二", files[::-1])):
        workspace = Workspace.create(tmp_path / name)
        import_files(workspace, order)
        build(workspace)
        told.append(facts(workspace))
    same(*told)
    assert all(one.already for one in import_files(workspace, order))
    assert build(workspace) == []
    copied = tmp_path / "另一个名字.csv"
    shutil.copy(files[0], copied)
    # the same rows in other bytes: the header of the file with a blank line after it
    copied.write_bytes(files[0].read_bytes() + b"\n")
    assert [one.problems for one in import_files(workspace, [copied])] == [0]
    build(workspace)
    with opened(workspace, "main") as engine:
        many = {name: len(rows) for name, rows in contents(engine, ALL).items()}
    assert many == {name: len(rows) for name, rows in told[0].items()}
