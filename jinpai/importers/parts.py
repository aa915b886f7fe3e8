"""标准表的部分 parts: the tables that a canonical file holds, each as Arrow batches with row numbers.

A CSV or a Parquet file is one part, a workbook has one a sheet. Text columns stay text; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.errors import JinpaiError
from jinpai.importers.probe import Probe, header_name
from jinpai.importers.protocol import Problem
from jinpai.importers.sheets import Sheet, has_open_quote, open_quote, unsound
from jinpai.importers.uneven import Uneven, too_many

ROWS = 131_072
_BLOCK_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """一部分 one table in a file: its title (a sheet's name), its column names, the sheet it stands on if any, and
    whether a text's cells may stand in quotes."""

    title: str
    names: tuple[str, ...]
    sheet: Sheet | None
    is_quoted: bool = True


def column_names(cells: tuple[str, ...]) -> tuple[str, ...]:
    """列名 the column names of a header in small letters; a name that comes again gets its position, one that is empty too."""
    names: dict[str, None] = {}
    for position, cell in enumerate(cells, 1):
        name = header_name(cell).casefold()
        name = name if name and name not in names else f"{name}_{position}"
        while name in names:  # a column that is called like that by itself
            name += "_"
        names[name] = None
    return tuple(names)


def parts(probe: Probe) -> tuple[Part, ...]:
    """各部分 the parts of the file, in its order."""
    if probe.shape == "parquet":
        return (Part("", column_names(tuple(_parquet(probe).schema_arrow.names)), None),)
    return tuple(Part(sheet.name, column_names(sheet.header), sheet) for sheet in probe.sheets)


def batches(probe: Probe, part: Part) -> Iterator[tuple[pa.RecordBatch, pa.Array] | Problem]:
    """一批批 batches of a part with the number of each row, the header being row 1; rows of blanks left out."""
    if part.sheet is None:
        return _of_parquet(probe, part)
    return _of_text(probe, part, part.sheet) if probe.shape == "text" else _of_sheet(part, part.sheet)


def _parquet(probe: Probe):  # type: ignore[no-untyped-def]  # noqa: ANN202
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(probe.path)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise JinpaiError(
            f"「{probe.path.name}」不是完好的 Parquet 文件({error})。请重新生成。",
            f"'{probe.path.name}' is not a sound Parquet file ({error}). Write it again.",
        ) from None


def _of_parquet(probe: Probe, part: Part) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
    number = 2
    with _parquet(probe) as file:
        try:
            for batch in file.iter_batches(batch_size=ROWS):
                batch.validate(full=True)  # texts that are not UTF-8
                rows = pa.array(range(number, number + batch.num_rows), pa.int64())
                number += batch.num_rows
                yield pa.RecordBatch.from_arrays(batch.columns, names=list(part.names)), rows
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise JinpaiError(
                f"「{probe.path.name}」读到第 {number} 行出错({error})。请重新生成这个 Parquet 文件。",
                f"'{probe.path.name}' cannot be read at row {number} ({error}). Write the Parquet file again.",
            ) from None


def _of_text(probe: Probe, part: Part, sheet: Sheet) -> Iterator[tuple[pa.RecordBatch, pa.Array] | Problem]:
    import pyarrow.csv as pc_csv

    uneven = Uneven(part.names, sheet.start + 1, sheet.delimiter, is_quoted=part.is_quoted)
    uneven.look(probe, sheet.start)
    encoding = {"utf-8": "utf8", "utf-8-sig": "utf8"}.get(probe.encoding, probe.encoding)
    try:
        reader = pc_csv.open_csv(
            probe.path,
            read_options=pc_csv.ReadOptions(
                use_threads=False, block_size=_BLOCK_BYTES, encoding=encoding,
                column_names=list(uneven.names), skip_rows_after_names=sheet.start),
            parse_options=pc_csv.ParseOptions(
                delimiter=sheet.delimiter, newlines_in_values=part.is_quoted, ignore_empty_lines=False,
                quote_char='"' if part.is_quoted else False,
                invalid_row_handler=uneven.refuse),
            convert_options=pc_csv.ConvertOptions(
                column_types=dict.fromkeys(uneven.names, pa.string()), strings_can_be_null=True, null_values=[""]),
        )  # fmt: skip
        swallowed = (0, False)
        for batch in reader:
            for item in uneven.batches(batch):
                yield from [item] if isinstance(item, Problem) else _without_blanks(*item)
            if batch.num_rows:
                swallowed = (uneven.even, "\n" in str(batch.columns[-1][-1].as_py()))
        if uneven.last[0] > swallowed[0]:
            swallowed = uneven.last
        if part.is_quoted and swallowed[1] and has_open_quote(probe.path):
            raise open_quote(probe.path, swallowed[0])
    except pa.ArrowInvalid as error:
        raise unsound(probe.path, error) from None
    for item in uneven.rest():
        yield from [item] if isinstance(item, Problem) else _without_blanks(*item)


def _without_blanks(batch: pa.RecordBatch, numbers: pa.Array) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
    filled = pa.array([False] * batch.num_rows, pa.bool_())
    for column in batch.columns:
        filled = pc.or_(filled, column.is_valid())
        if filled.true_count == batch.num_rows:
            break
    if filled.true_count == batch.num_rows:
        yield batch, numbers
    elif filled.true_count:
        yield batch.filter(filled), numbers.filter(filled)


def _of_sheet(part: Part, sheet: Sheet) -> Iterator[tuple[pa.RecordBatch, pa.Array] | Problem]:
    rows = sheet.rows()
    width = len(part.names)
    while read := list(islice(rows, ROWS)):
        chunk = []
        for number, cells in read:
            # a web page's row may have more cells than its header
            if any(cell is not None and str(cell).strip() for cell in cells[width:]):
                yield too_many(number, str(cells[-1]), len(cells), width)
            else:
                chunk.append((number, cells))
        columns = [
            pa.array([_as_text(cells[place]) if place < len(cells) else None for _, cells in chunk], pa.string())
            for place in range(width)
        ]
        numbers = pa.array([number for number, _ in chunk], pa.int64())
        yield pa.RecordBatch.from_arrays(columns, names=list(part.names)), numbers


def _as_text(cell: object) -> str | None:
    """A workbook's cell as the text that a CSV of it would hold, exactly; a rounded id shows as 4.599E+18."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        if abs(cell) >= 10**15:
            return f"{cell:.14E}"
        return format(round(Decimal(repr(cell)), 9).normalize(), "f")
    return str(cell)
