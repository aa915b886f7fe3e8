"""清单 listing: rows with headings as a table on the screen, as CSV or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinpai.commands.options import ListFormat
from jinpai.commands.output import console, hand_over, is_unicode
from jinpai.errors import Words


def written(
    columns: Mapping[str, Words], rows: Sequence[Mapping[str, Any]], format: ListFormat, output: Path | None, lang: str
) -> bool:
    """写清单 hands the rows over as CSV or JSON, as asked; False where a table on the screen is wanted."""
    if format is ListFormat.table:
        return False
    if format is ListFormat.json:
        from jinpai.render import json

        text = json.text({"rows": rows}, ascii_only=output is None and not is_unicode(sys.stdout))
    else:
        from jinpai.render import csv

        text = csv.table(list(columns), ([row[name] for name in columns] for row in rows))
        text = csv.BOM + text if output else text
    hand_over(output, text, lang)
    return True


def shown(
    columns: Mapping[str, Words], rows: Sequence[Mapping[str, Any]], lang: str, *, right: Collection[str] = (),
    whole: Collection[str] = (),
) -> None:  # fmt: skip
    """显示清单 the rows as a table; columns of figures stand `right`, those in `whole` are never broken."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    frame = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="")
    for name, words in columns.items():
        side = "right" if name in right else "left"
        frame.add_column(words.to(lang), justify=side, overflow="fold", no_wrap=name in whole)  # type: ignore[arg-type]
    for row in rows:
        frame.add_row(*(Text("" if row[name] is None else str(row[name])) for name in columns))
    console().print(frame, highlight=False)
