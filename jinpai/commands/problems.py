"""没导进来的行 `jinpai problems`: the rows that could not be read and why, and those that are to be checked."""

from __future__ import annotations

from typing import Any

from jinpai.commands import options
from jinpai.commands.listing import shown, written
from jinpai.commands.options import ListFormat
from jinpai.commands.output import say
from jinpai.errors import Words
from jinpai.render import problems as problems_as


def problems(
    workspace: options.Workspace,
    format: options.ListForm = ListFormat.table,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """没导进来的行，和导进来了但要人核对的行：文件、行号（表头是第 1 行）、列、内容、原因。 || Rows that were not imported, and imported ones to check: file, row (the header is 1), column, value, reason."""
    spoken = options.language(lang)
    from jinpai.problems import problems as listed
    from jinpai.workspace import Workspace

    rows = [problems_as.row(one, spoken) for one in listed(Workspace.open(workspace))]
    if not written(problems_as.COLUMNS, rows, format, output, spoken):
        _show(rows, spoken)


def _show(rows: list[dict[str, Any]], lang: str) -> None:
    if not rows:
        say(Words("每一行都导进来了。", "Every row was imported."), lang)
        return
    shown(problems_as.COLUMNS, rows, lang, right={"row"}, whole={"row", "state"})
    kept = sum(row["state"] == problems_as.KEPT.to(lang) for row in rows)
    lost = len(rows) - kept
    say(Words(f"没导进来 {lost:,} 行，待核对 {kept:,} 行", f"{lost:,} rows not imported, {kept:,} to check"), lang)
