"""没导进来的行 `jinpai problems`: the rows that could not be read and why, and those that are to be checked."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.options import ListFormat
from jinpai.commands.output import console, hand_over, is_unicode, say
from jinpai.errors import Words

COLUMNS = {
    "file": Words("文件", "file"), "state": Words("情况", "state"), "row": Words("行号", "row"), "column": Words("列", "column"),
    "value": Words("内容", "value"), "reason": Words("原因", "reason"),
}  # fmt: skip
LOST, KEPT = Words("没导进来", "not imported"), Words("待核对", "to check")
"""情况 what became of a row: it could not be read, or it was imported under the best reading."""


def problems(
    workspace: options.Workspace,
    format: Annotated[ListFormat, typer.Option("--format", help="输出格式 || output format")] = ListFormat.table,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """没导进来的行，和导进来了但要人核对的行：文件、行号（表头是第 1 行）、列、内容、原因。 || Rows that were not imported, and imported ones to check: file, row (the header is 1), column, value, reason."""
    spoken = options.language(lang)
    from jinpai.problems import problems as listed
    from jinpai.workspace import Workspace

    rows = [_row(one, spoken) for one in listed(Workspace.open(workspace))]
    if format is ListFormat.json:
        from jinpai.render import json

        text = json.text({"rows": rows}, ascii_only=output is None and not is_unicode(sys.stdout))
    elif format is ListFormat.csv:
        from jinpai.render import csv

        text = csv.table(list(COLUMNS), ([row[name] for name in COLUMNS] for row in rows))
        text = csv.BOM + text if output else text
    else:
        _show(rows, spoken)
        return
    hand_over(output, text, spoken)


def _row(one: dict[str, Any], lang: str) -> dict[str, Any]:
    from jinpai.text.mask import mask_nick

    row = {name: (KEPT if one["kept"] else LOST).to(lang) if name == "state" else one[name] for name in COLUMNS}
    if row["column"] == "buyer" and row["value"]:
        row["value"] = mask_nick(str(row["value"]))
    row["reason"] = Words(*one["reason"]).to(lang)
    return row


def _show(rows: list[dict[str, Any]], lang: str) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say(Words("每一行都导进来了。", "Every row was imported."), lang)
        return
    frame = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="")
    for name, words in COLUMNS.items():
        frame.add_column(
            words.to(lang),
            justify="right" if name == "row" else "left",
            overflow="fold",
            no_wrap=name in {"row", "state"},
        )
    for row in rows:
        frame.add_row(*(Text("" if row[name] is None else str(row[name])) for name in COLUMNS))
    console().print(frame, highlight=False)
    kept = sum(row["state"] == KEPT.to(lang) for row in rows)
    lost = len(rows) - kept
    say(Words(f"没导进来 {lost:,} 行，待核对 {kept:,} 行", f"{lost:,} rows not imported, {kept:,} to check"), lang)
