"""清单 listing: rows of texts as a workbook. Nothing in it can run: what begins like a formula is marked as quoted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinpai.render.xlsx import marked, put

_NARROWEST, _WIDEST = 10, 60


def write(path: Path, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], mark: str = "") -> None:
    """写清单 one sheet of that title, its heads and rows, with a filter above; `mark` says who exported it."""
    import xlsxwriter
    from rich.cells import cell_len

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(title)
        quoted, bold = book.add_format({"quote_prefix": True}), book.add_format({"bold": True, "bg_color": "#F7F6F3"})
        for at, head in enumerate(heads):
            put(sheet, 0, at, head, bold, quoted)
            longest = max((cell_len(row[at]) for row in rows), default=0)
            sheet.set_column(at, at, min(max(longest, cell_len(head), _NARROWEST) + 2, _WIDEST))
        for line, row in enumerate(rows, start=1):
            for at, text in enumerate(row):
                put(sheet, line, at, text, None, quoted)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        marked(book, mark)
