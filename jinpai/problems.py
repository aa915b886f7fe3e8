"""没导进来的行 problems: every row that could not be read, or was read one of several ways: file, row, column, reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.errors import Words

if TYPE_CHECKING:
    from jinpai.text.private import Private
    from jinpai.workspace import Workspace
    from jinpai.workspace.raw import RawFile


def problems(workspace: Workspace) -> list[dict[str, Any]]:
    """没导进来的行 the rejected rows of every file, in the order of the files' names and rows.

    Row numbers are those of the file; the header is row 1. Private data in values are tokens. Each has
    shop, file, kept (true: imported under the best reading, 待核对), row, column, value and reason (Words).
    """
    from jinpai.text.private import Private

    private = Private(workspace.key_for("tokens"))
    found: list[dict[str, Any]] = []
    for file in workspace.raw_files():
        for table, batch in file.tables():
            if table == "problems":
                found.extend(_told(file, row, private) for row in batch.to_pylist())
    return sorted(found, key=lambda one: (one["shop"], one["file"], one["row"] or 0, one["column"] or ""))


def _told(file: RawFile, row: dict[str, Any], private: Private) -> dict[str, Any]:
    return {
        "shop": file.header.shop, "file": file.header.file, "kept": bool(row.get("kept")),
        "row": row["row"], "column": row["column"],
        "value": private.text(row["value"] or ""), "reason": Words(row["reason_zh"], row["reason_en"]),
    }  # fmt: skip
