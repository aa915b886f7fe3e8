"""Row numbers begin anew on each sheet of a workbook: rows of two sheets are never taken for each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from tests.mutants import kills

HEADER = ["buyer", "agent", "sender", "sent_at", "text"]


def talk(buyer: str) -> list[list[str]]:
    return [
        [buyer, "小美", "buyer", "2025-11-10 10:00:00", "在吗"],
        [buyer, "小美", "agent", "2025-11-10 10:00:10", "在的"],
    ]


@pytest.mark.slow
@kills("jinpai/sourcing.py", "first = done.get(table, 0)", "first=0")
def test_two_sheets_hold_two_buyers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # as large files do, each sheet lies in a frame of its own
    monkeypatch.setattr("jinpai.workspace.sealing._FRAME_ROWS", 1)
    file = tmp_path / "聊天.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        for name, buyer in (("一", "云"), ("二", "雨")):
            sheet = book.add_worksheet(name)
            for number, row in enumerate([HEADER, *talk(buyer)]):
                sheet.write_row(number, 0, row)
    workspace = Workspace.create(tmp_path / "店铺 数据")
    import_files(workspace, [file])
    build(workspace)
    with opened(workspace, "main") as engine:
        rows = engine.rows("select * from original")
    assert sorted((row["buyer"], row["sender"], row["row"]) for row in rows) == [
        ("云", "agent", 3), ("云", "buyer", 2), ("雨", "agent", 3), ("雨", "buyer", 2),
    ]  # fmt: skip
