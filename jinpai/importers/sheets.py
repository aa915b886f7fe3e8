"""工作表 sheets: tables of workbooks, delimited texts and web pages as rows of cells with their row numbers.

The header is row 1 of the numbers where it stands in the first row; a row is a record, not a line of the file.
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from jinpai.errors import JinpaiError

LARGEST_INFLATED = 1 << 30
"""Bytes that the parts of one workbook may unpack to."""
MOST_CELLS = 24_000_000
"""Cells (last row × last column) of one sheet: more do not fit in 2 GiB of memory."""
_CELL_COLUMN = re.compile(rb'<c [^>]{0,80}?\br="([A-Z]{1,3})\d')
_ROW_NUMBER = re.compile(rb'<row [^>]{0,80}?\br="(\d{1,7})"')

# A cell longer than this is a quote that was never closed.
csv.field_size_limit(1 << 24)


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


def _sheet(name: str, records: Callable[[], Iterator[list[object]]], delimiter: str = "") -> Sheet | None:
    """The sheet whose header is the first record that is not blank; None without any."""
    start, header = next(((n, cells) for n, cells in enumerate(records(), 1) if not _is_blank(cells)), (0, None))
    if header is None:
        return None

    def rows() -> Iterator[tuple[int, list[object]]]:
        for number, cells in enumerate(records(), 1):
            if number > start and not _is_blank(cells):
                yield number, cells

    return Sheet(name, tuple("" if cell is None else str(cell) for cell in header), start, delimiter, rows)


def csv_sheet(path: Path, encoding: str) -> Sheet | None:
    """分隔文本 a text with commas, or tabs where its first line has more of them; quoted cells may hold line ends."""
    with path.open(encoding=encoding, newline="") as file:
        first = next((line for line in iter(lambda: file.readline(1 << 16), "") if line.strip()), "")
    delimiter = "\t" if first.count("\t") > first.count(",") else ","

    def records() -> Iterator[list[object]]:
        with path.open(encoding=encoding, newline="") as file:
            number, last = 0, ""
            try:
                for cells in csv.reader(file, delimiter=delimiter):
                    number, last = number + 1, cells[-1] if cells else ""
                    yield list(cells)
            except csv.Error as error:
                raise unsound(path, error) from None
        if "\n" in last and has_open_quote(path):
            raise open_quote(path, number)

    try:
        return _sheet("", records, delimiter)
    except JinpaiError:
        return None  # A text whose first lines are no table.


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


def workbook_sheets(path: Path) -> Iterator[Sheet]:
    """工作簿 the sheets of an .xlsx or old .xls workbook, in order; sizes are checked before anything is unpacked."""
    import python_calamine

    if zipfile.is_zipfile(path):
        _check_sizes(path)
    try:
        with path.open("rb") as file, python_calamine.CalamineWorkbook.from_filelike(file) as book:
            for name in book.sheet_names:
                cells: list[list[object]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[assignment]
                found = _sheet(name, lambda cells=cells: iter(cells))  # type: ignore[misc]
                if found is not None:
                    yield found
    except python_calamine.PasswordError:
        raise JinpaiError(
            f"「{path.name}」设了打开密码。请在 Excel 里去掉密码，另存后再导入。",
            f"'{path.name}' is protected by a password. Remove it in Excel, save, and import again.",
        ) from None
    except python_calamine.CalamineError as error:
        raise JinpaiError(
            f"「{path.name}」不是完好的 Excel 文件({error})。请重新导出，或另存为 CSV 再导入。",
            f"'{path.name}' is not a sound workbook ({error}). Export it again, or save it as CSV.",
        ) from None


def _check_sizes(path: Path) -> None:
    """Refuses a workbook that would unpack to more than memory holds: a few MB can declare billions of cells."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST_INFLATED:
                raise _too_large(path)
            for part in parts:
                # Reading to the end also proves the declared size: zipfile stops there and then compares the checksum.
                with archive.open(part) as file:
                    _check_cells(path, iter(lambda file=file: file.read(1 << 20), b""), part.filename)  # type: ignore[misc]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, NotImplementedError) as error:
        raise JinpaiError(
            f"「{path.name}」已损坏或加了密({error})。请重新导出。",
            f"'{path.name}' is damaged or encrypted ({error}). Export it again.",
        ) from None


def _check_cells(path: Path, blocks: Iterator[bytes], part: str) -> None:
    is_sheet = part.startswith("xl/worksheets/") and part.endswith(".xml")
    widest, last, rest = 0, 0, b""
    columns: set[bytes] = set()
    for block in blocks:
        if is_sheet:
            text = rest + block
            columns.update(_CELL_COLUMN.findall(text))
            last = max(last, max(map(int, _ROW_NUMBER.findall(text)), default=0))
            rest = text[-120:]
    for letters in columns:
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        widest = max(widest, number)
    if widest * last > MOST_CELLS:
        raise _too_large(path)


def _too_large(path: Path) -> JinpaiError:
    return JinpaiError(
        f"「{path.name}」太大：解开后超过 {LARGEST_INFLATED >> 30} GB，或有一张表超过 {MOST_CELLS // 10_000} 万格。"
        "请另存为 CSV，或按月份分几次导出。",
        f"'{path.name}' is too large: over {LARGEST_INFLATED >> 30} GB unpacked, or a sheet of over {MOST_CELLS:,} "
        "cells. Save it as CSV, or export it in parts.",
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
        found = _sheet(f"表{position}" if len(page.tables) > 1 else "", lambda table=table: iter(table))  # type: ignore[misc]
        if found is not None:
            yield found
