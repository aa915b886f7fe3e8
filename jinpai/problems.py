"""没导进来的行 problems: every row that could not be read, or was read one of several ways: file, row, column, reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.errors import Words
from jinpai.workspace.raw import PROBLEMS

if TYPE_CHECKING:
    from jinpai.text.private import Private
    from jinpai.workspace import Workspace


def problems(workspace: Workspace) -> list[dict[str, Any]]:
    """没导进来的行 the rejected rows of every file, in the order of the files' names and rows.

    Row numbers are those of the file; the header is row 1. Private data in values are tokens. Each has
    shop, file, kept (true: imported under the best reading, 待核对), row, column, value and reason (Words).
    """
    from jinpai.text.private import Private

    private = Private(workspace.key_for("tokens"))
    found: list[dict[str, Any]] = []
    for one in workspace.stored():
        if PROBLEMS not in one.index.rows:
            continue
        for table, batch, places in one.tables():
            if table == PROBLEMS:
                rows = zip(places.tolist(), batch.to_pylist(), strict=True)
                found.extend(_told(one.shop, one.index.names[place], row, private) for place, row in rows)
    return sorted(found, key=lambda one: (one["shop"], one["file"], one["row"] or 0, one["column"] or ""))


def _told(shop: str, file: str, row: dict[str, Any], private: Private) -> dict[str, Any]:
    return {
        "shop": shop, "file": file, "kept": bool(row.get("kept")),
        "row": row["row"], "column": row["column"],
        "value": private.text(row["value"] or ""), "reason": Words(row["reason_zh"], row["reason_en"]),
    }  # fmt: skip
