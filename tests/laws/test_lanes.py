"""分段的定律: in how many pieces rows are walked, and by how many threads at once, changes no row of any table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai import simulate
from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.tables import tables
from jinpai.workspace import Workspace
from tests.mutants import kills

from .reckoning import KEPT, contents, same

MESSAGES = 9_000
SMALLEST = 2_048
"""The engine gives no fewer rows at once."""
INSPECTED = tuple(
    name for name, table in tables().items() if table.is_inspection and not (table.is_view or table.name == "verdict")
)


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
@kills("jinpai/engine.py", "waiting = [batch.slice(cut)]", "waiting = []")
@kills("jinpai/engine.py", "done = [*waiting, batch.slice(0, cut)]", "done = [batch.slice(0, cut)]")
def test_pieces_and_threads_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    simulate.canonical(exports, MESSAGES)
    files = sorted(exports.glob("*.parquet"))

    def facts(folder: Path, rows: int, lanes: int) -> dict[str, list[str]]:
        monkeypatch.setattr("jinpai.engine._ROWS_AT_ONCE", rows)
        monkeypatch.setattr("jinpai.engine._LANES", lanes)
        made = Workspace.create(folder)
        import_files(made, files)
        (shop,) = (one for one in made.shops() if one != "main")
        made.write_settings(shop, {"inspection": True})
        build(made)
        with opened(made, shop) as engine:
            return contents(engine, [*KEPT, *INSPECTED, "daily"], without=frozenset())

    at_once = facts(tmp_path / "一段", 1 << 20, 1)
    assert len(at_once["message"]) > 3 * SMALLEST
    assert at_once["topic"]
    same(at_once, facts(tmp_path / "许多段", SMALLEST, 8))
