"""What several tests of this folder put into a workspace and read back from it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from jinpai.canon import TABLES
from jinpai.errors import Words
from jinpai.workspace import Workspace
from jinpai.workspace.landing import Landing


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be read."""

    row: int
    column: str
    value: str
    reason: Words
    kept: bool = False


def agents(*names: str) -> pa.RecordBatch:
    rows = [{"shop": "main", "agent": name, "row": number} for number, name in enumerate(names, 2)]
    return pa.RecordBatch.from_pylist(rows, schema=TABLES["agents"].schema)


def land(landing: Landing, digest: str, *names: str, shop: str = "main") -> None:
    with landing.file(name=f"名单 {digest}.csv", digest=digest, format="canonical", shop=shop) as sealed:
        sealed.rows("agents", agents(*names))


def landed(workspace: Workspace) -> dict[str, list[str]]:
    """digest -> agents, of every landed file."""
    return {
        raw.digest: [row["agent"] for table, batch in raw.tables() if table == "agents" for row in batch.to_pylist()]
        for raw in workspace.raw_files()
    }
