"""打开任意表 the tables of a file as a mapping describes them: encoding, separator, header row or no header at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest

from jinpai.errors import JinpaiError
from jinpai.importers.mapping import Mapping
from jinpai.importers.parts import Part, column_names, parts
from jinpai.importers.probe import Probe
from jinpai.importers.sheets import Sheet, unsound

_WHOLE = re.compile(r"(-?\d+)\.0")


def tables(probe: Probe, mapping: Mapping) -> tuple[Part, ...]:
    """各张表 the tables of the file at `probe`; one whose sheet or encoding is not as declared is a JinpaiError."""
    if probe.shape == "text":
        if mapping.encoding is not None:
            _declare(probe, mapping.encoding)
        return (_text(probe, mapping),)
    if probe.shape == "parquet":
        return parts(probe)
    if probe.shape in {"empty", "zip"}:
        raise JinpaiError(
            f"「{probe.path.name}」不是表格（{probe.said()[0]}）。请解压，或重新导出。",
            f"'{probe.path.name}' is no table ({probe.said()[1]}). Unpack it, or export it again.",
        )
    found = [sheet for sheet in probe.sheets if mapping.sheet in {None, sheet.name}]
    if not found:
        names = "、".join(sheet.name for sheet in probe.sheets)
        raise JinpaiError(
            f"「{probe.path.name}」没有对照表里写的工作表「{mapping.sheet}」，有的是：{names}。请改对照表的 sheet。",
            f"'{probe.path.name}' has no sheet '{mapping.sheet}', only: {names}. Correct sheet in the mapping.",
        )
    return tuple(_sheet(sheet, mapping) for sheet in found)


def _declare(probe: Probe, encoding: str) -> None:
    """The encoding a mapping declares in place of the one found out, once the whole file is of it."""
    wrong = probe.first_wrong_byte(encoding)
    if wrong is not None:
        raise JinpaiError(
            f"「{probe.path.name}」不是 {encoding} 编码（第 {wrong + 1} 个字节读不出）。请改对照表的 encoding，或删掉它让程序自己认。",
            f"'{probe.path.name}' is not {encoding} (byte {wrong + 1} cannot be read). Correct encoding in the mapping, "
            "or take it out.",
        )
    probe.encoding = encoding


def _text(probe: Probe, mapping: Mapping) -> Part:
    delimiter = mapping.delimiter
    if delimiter is None:
        first = next((line for line in probe.lines() if line.strip()), "")
        delimiter = max(",\t;|", key=first.count)
    start, header = (0, mapping.header) if mapping.header else _first_row(probe, mapping, delimiter)
    sheet = Sheet("", header, start, delimiter, lambda: iter(()))
    return Part("", column_names(header), sheet, mapping.is_quoted)


def _first_row(probe: Probe, mapping: Mapping, delimiter: str) -> tuple[int, tuple[str, ...]]:
    """Number and cells of the header: the row the mapping says, else the first that is not blank; with the next, of two."""
    groups: list[str] | None = None
    with probe.text() as file:
        try:
            for number, cells in enumerate(
                csv.reader(
                    file, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if mapping.is_quoted else csv.QUOTE_NONE
                ),
                1,
            ):
                if groups is not None and any(cell.strip() for cell in cells):
                    return number, joined(groups, cells)
                if number == mapping.header_row or (not mapping.header_row and any(cell.strip() for cell in cells)):
                    if mapping.rows.header_rows == 1:
                        return number, tuple(cells)
                    groups = cells
        except csv.Error as error:
            raise unsound(probe.path, error) from None
    raise _no_header(probe.path.name, mapping)


def joined(groups: Sequence[object], names: Sequence[object]) -> tuple[str, ...]:
    """两行表头 headings of two rows as `组·列`: a group reaches over the columns to its right that have a heading below and
    no group of their own (merged cells hold their words in the first only); a heading over both rows is itself."""
    found, group = [], ""
    for above, below in zip_longest(groups, names, fillvalue=""):
        over, name = ("" if cell is None else str(cell).strip() for cell in (above, below))
        group = over or (group if name else "")
        found.append("·".join(part for part in (group, name) if part))
        group = group if name else ""
    return tuple(found)


def _no_header(name: str, mapping: Mapping) -> JinpaiError:
    if mapping.rows.header_rows > 1:
        return JinpaiError(
            f"「{name}」的表头不够两行。请改对照表的 header_row（第一行表头在第几行）和 header_rows。",
            f"'{name}' has no two rows of headings. Correct header_row and header_rows in the mapping.",
        )
    return JinpaiError(
        f"「{name}」没有第 {mapping.header_row} 行。请改对照表的 header_row（表头在第几行）。",
        f"'{name}' has no row {mapping.header_row}. Correct header_row in the mapping.",
    )


def _below(sheet: Sheet, start: int) -> Iterator[tuple[int, list[object]]]:
    return (row for row in sheet.rows() if row[0] > start)


def _sheet(sheet: Sheet, mapping: Mapping) -> Part:
    """A sheet of a workbook, whose first filled row is data where the mapping gives the names."""

    def records() -> Iterator[tuple[int, list[object]]]:
        # the reader has made text of the first row: a whole number came as 3.0
        yield sheet.start, [_WHOLE.sub(r"\1", cell) if _WHOLE.fullmatch(cell) else cell for cell in sheet.header]
        yield from sheet.rows()

    if mapping.header:
        return Part(sheet.name, column_names(mapping.header), Sheet(sheet.name, mapping.header, 0, "", records))
    groups: Sequence[object] | None = None
    if not mapping.header_row or mapping.header_row == sheet.start:
        if mapping.rows.header_rows == 1:
            return Part(sheet.name, column_names(sheet.header), sheet)
        groups = sheet.header
    for number, cells in sheet.rows():
        if groups is None and number == mapping.header_row and mapping.rows.header_rows > 1:
            groups = cells
        elif groups is not None or number == mapping.header_row:
            header = joined(groups, cells) if groups is not None else joined((), cells)
            return Part(
                sheet.name, column_names(header), Sheet(sheet.name, header, number, "", partial(_below, sheet, number))
            )
    raise _no_header(sheet.name, mapping)
