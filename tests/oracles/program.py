"""程序一侧 the program's side: a scenario as files to import, the built rows as the oracle's input, the report's rows."""

from __future__ import annotations

import csv
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinpai.canon import TABLES
from jinpai.workspace import Workspace

from .conversations import Row
from .orders import Data

# the oracle's tables, and the facts that hold them
FACTS = {
    "messages": "original",
    "orders": "orders",
    "refunds": "refund_row",
    "order_items": "order_item",
    "agents": "agent",
    "evaluations": "evaluation",
}


def write_files(data: Data, folder: Path) -> list[Path]:
    """The canonical rows as CSV files with the header of the contract."""
    files = []
    for name, rows in data.items():
        if not rows:
            continue
        columns = {column.name: column.kind for column in TABLES[name].columns if column.name in rows[0]}
        files.append(folder / f"{name}.csv")
        with files[-1].open("w", encoding="utf-8", newline="") as out:
            sheet = csv.writer(out)
            sheet.writerow(columns)
            sheet.writerows([said(row[column], kind) for column, kind in columns.items()] for row in rows)
    return files


def said(value: Any, kind: str) -> str:
    """A canonical value as a person would write it in a file."""
    if value is None:
        return ""
    if kind == "instant":
        return datetime.fromtimestamp(value // 1000, UTC).isoformat()
    if kind == "money":
        return f"{value // 100}.{value % 100:02d}"
    return str(value)


def built(data: Data, settings: dict[str, str], folder: Path) -> Workspace:
    """A workspace with these rows, set (file -> TOML), imported and built."""
    from jinpai.flow import build
    from jinpai.importing import import_files

    workspace = Workspace.create(folder / "workspace")
    changes: dict[str, object] = {}
    for file, text in settings.items():
        document = tomllib.loads(text)
        changes |= {"hours": document} if file == "hours.toml" else document
    if changes:
        workspace.write_settings(None, changes)
    import_files(workspace, write_files(data, folder))
    build(workspace)
    return workspace


def canonical(workspace: Workspace, shop: str) -> Data:
    """The canonical rows after de-duplication, as plain dicts, out of the built facts."""
    from jinpai.flow import opened

    data: Data = {}
    with opened(workspace, shop) as engine:
        for name, table in FACTS.items():
            wanted = [column.name for column in TABLES[name].columns]
            data[name] = [dict.fromkeys(wanted) | row for row in engine.rows(f"select * from {table}")]
    for row in data["messages"]:
        row["sender"] = row["sender"] or "system"
    return data


def reported(workspace: Workspace, shop: str, start: str, end: str, by: tuple[str, ...]) -> list[Row]:
    """The program's rows for the days, both included."""
    from jinpai.report import report

    return list(report(workspace, shop=shop, start=start, end=end, by=by)["rows"])
