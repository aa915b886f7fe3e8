"""工作表 sheets: tables of delimited texts and web pages as rows of cells with their row numbers.

The header is row 1 of the numbers where it stands in the first row; a row is a record, not a line of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import TextIO

from jinpai.errors import JinpaiError

LONGEST_LINE = 1 << 24
"""Letters of the longest line that is read: what is longer is no table and no chat, and would fill the memory."""
MOST_COLUMNS = 1 << 14
"""Columns of the widest header, which is what a spreadsheet has at most."""

# A cell longer than this is a quote that was never closed.
csv.field_size_limit(LONGEST_LINE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """工作表 one table: its name (empty in a text), its header cells as they stand, the header's row, and its rows.

    `rows` streams (row number, cells) below the header; blank rows are left out, for they hold nothing.
    """

    name: str
    header: tuple[str, ...]
    start: int
    delimiter: str
    rows: Callable[[], Iterator[tuple[int, list[object]]]]


def _is_blank(cells: list[object]) -> bool:
    return not any(cell is not None and str(cell).strip() for cell in cells)


def sheet_of(name: str, records: Callable[[], Iterator[list[object]]], delimiter: str = "") -> Sheet | None:
    """成表 the sheet whose header is the first record that is not blank; None without any."""
    start, header = next(((n, cells) for n, cells in enumerate(records(), 1) if not _is_blank(cells)), (0, None))
    if header is None:
        return None

    def rows() -> Iterator[tuple[int, list[object]]]:
        for number, cells in enumerate(records(), 1):
            if number > start and not _is_blank(cells):
                yield number, cells

    return Sheet(name, tuple("" if cell is None else str(cell) for cell in header), start, delimiter, rows)


def whole_lines(file: TextIO, path: Path) -> Iterator[str]:
    """逐行 the lines of a text with their ends; one that is too long is a JinpaiError before it is in memory."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), 1):
        if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
            raise JinpaiError(
                f"「{path.name}」第 {number} 行超过 {LONGEST_LINE // 10_000} 万字，不像表格也不像聊天记录。请确认导出的是原文件。",
                f"Line {number} of '{path.name}' has over {LONGEST_LINE:,} letters and is no table and no chat. "
                "Check that it is the file as exported.",
            )
        yield line


def csv_sheet(path: Path, encoding: str) -> Sheet | None:
    """分隔文本 a text with commas, or tabs where its first line has more of them; quoted cells may hold line ends."""
    with path.open(encoding=encoding, newline="") as file:
        first = next((line for line in iter(lambda: file.readline(1 << 16), "") if line.strip()), "")
    delimiter = "\t" if first.count("\t") > first.count(",") else ","

    def records() -> Iterator[list[object]]:
        with path.open(encoding=encoding, newline="") as file:
            number, last = 0, ""
            try:
                for cells in csv.reader(whole_lines(file, path), delimiter=delimiter):
                    number, last = number + 1, cells[-1] if cells else ""
                    yield list(cells)
            except csv.Error as error:
                raise unsound(path, error) from None
        if "\n" in last and has_open_quote(path):
            raise open_quote(path, number)

    try:
        found = sheet_of("", records, delimiter)
    except JinpaiError:
        return None  # A text whose first lines are no table.
    return None if found is None or len(found.header) > MOST_COLUMNS else found


def has_open_quote(path: Path) -> bool:
    """引号没配对 whether a text has an odd number of quotes: then the last cell may hold all rows below it."""
    with path.open("rb") as file:
        return sum(block.count(b'"') for block in iter(lambda: file.read(1 << 20), b"")) % 2 == 1


def open_quote(path: Path, row: int) -> JinpaiError:
    """引号没配对 the sentence for a quote that is not closed to the end of the file."""
    return JinpaiError(
        f"「{path.name}」第 {row} 行有一个引号没有配对，后面的行都被并进了那一格。请补上或删掉那个引号再导入。",
        f"A quote in row {row} of '{path.name}' is not closed and takes in all rows below it. Close or remove it.",
    )


def unsound(path: Path, error: Exception) -> JinpaiError:
    """不是完好的表 the sentence for a delimited text that cannot be read on."""
    return JinpaiError(
        f"「{path.name}」不是完好的 CSV({error})。多半有一个引号没有配对，请检查后再导入。",
        f"'{path.name}' is not a sound CSV ({error}). Most likely a quote is not closed.",
    )


class _Tables(HTMLParser):
    """The cells of every table row of a web page."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[object]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A table, a row, a cell, a line end inside a cell."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_data(self, data: str) -> None:
        """Text inside a cell."""
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        """The end of a cell puts it into its row."""
        if tag in {"td", "th"} and self._cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("".join(self._cell).strip())
            self._cell = None


def html_sheets(text: str) -> Iterator[Sheet]:
    """网页表格 the tables of a web page that a back office named .xls."""
    page = _Tables()
    page.feed(text)
    for position, table in enumerate(page.tables, 1):
        found = sheet_of(f"表{position}" if len(page.tables) > 1 else "", lambda table=table: iter(table))  # type: ignore[misc]
        if found is not None:
            yield found
