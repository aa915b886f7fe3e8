"""工作簿 workbooks: the sheets of .xlsx and old .xls files, looked through before a library lays them out in memory.

The library reserves room for every cell between the first and the last one that a sheet names, and ends the whole
program where there is no such room: a few bytes may name two corners, or rows out of order. So references, sizes and
what shared texts grow to are counted first. An old .xls cannot be looked through like that and is read by a second
process, which may die of it.
"""

from __future__ import annotations

import lzma
import pickle
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from jinpai.errors import JinpaiError
from jinpai.importers.sheets import Sheet, sheet_of

LARGEST_INFLATED = 1 << 30
"""Bytes that the parts of one workbook may unpack to, and that its texts may take once every cell has its own."""
MOST_CELLS = 24_000_000
"""Cells (last row × last column) of all sheets together: more do not fit in 2 GiB of memory."""
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_BLOCK = 1 << 20
# Of a cell (letters and digits) or of a row (digits), in any part: a sheet may have any name.
_REFERENCE = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_SHARED_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)""")
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, NotImplementedError, ValueError,
    KeyError, IndexError, MemoryError,
)  # fmt: skip
_OLD_SECONDS = 600
_OLD_BYTES = 4 << 30
_CHILD = """
import pickle, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
import python_calamine
try:
    with open(sys.argv[1], "rb") as file, python_calamine.CalamineWorkbook.from_filelike(file) as book:
        found = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
except python_calamine.PasswordError:
    sys.exit(3)
pickle.dump(found, sys.stdout.buffer, protocol=5)
"""
Cells = list[list[object]]


def workbook_sheets(path: Path) -> Iterator[Sheet]:
    """工作簿 the sheets of an .xlsx or old .xls workbook, in order; sizes are checked before anything is unpacked."""
    for name, cells in _modern(path) if zipfile.is_zipfile(path) else _old(path):
        found = sheet_of(name, lambda cells=cells: iter(cells))  # type: ignore[misc]
        if found is not None:
            yield found


def _modern(path: Path) -> Iterator[tuple[str, Cells]]:
    import python_calamine

    _check(path)
    try:
        with path.open("rb") as file, python_calamine.CalamineWorkbook.from_filelike(file) as book:
            for name in book.sheet_names:
                yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[misc]
    except python_calamine.PasswordError:
        raise _locked(path) from None
    except BaseException as error:
        # what the library did not expect in a file comes as a BaseException of its own
        if type(error).__name__ == "PanicException" or isinstance(error, (python_calamine.CalamineError, ValueError, OverflowError)):  # fmt: skip
            raise _unsound(path, str(error)) from None
        raise


def _old(path: Path) -> list[tuple[str, Cells]]:
    """The sheets of an .xls, read by a process of its own."""
    command = [sys.executable, "-c", _CHILD, str(path), str(_OLD_BYTES)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_OLD_SECONDS, check=False)  # noqa: S603 - our own words
    except subprocess.TimeoutExpired:
        raise _unsound(path, f"> {_OLD_SECONDS} s") from None
    if done.returncode == 3:
        raise _locked(path)
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise _unsound(path, last.rpartition("Error: ")[2][:200])
    found: list[tuple[str, Cells]] = pickle.loads(done.stdout)  # noqa: S301 - our own process wrote it
    return found


# ---- looking an archive through


def _check(path: Path) -> None:
    """Refuses a workbook that would unpack to more than memory holds, or whose references are no sheet's."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.bin" in names or "content.xml" in names:
                raise _other_kind(path)
            if sum(part.file_size for part in parts) > LARGEST_INFLATED:
                raise _too_large(path)
            cells = 0
            for part in parts:
                # Reading to the end also proves the declared size: zipfile stops there and then compares the checksum.
                with archive.open(part) as file:
                    cells += _cells(path, file, part.filename)
                if cells > MOST_CELLS:
                    raise _too_large(path)
            if _texts(archive, parts, cells) > LARGEST_INFLATED:
                raise _too_large(path)
    except _BROKEN_ARCHIVE as error:
        raise JinpaiError(
            f"「{path.name}」已损坏或加了密({error})。请重新导出。",
            f"'{path.name}' is damaged or encrypted ({error}). Export it again.",
        ) from None


def _cells(path: Path, file: IO[bytes], part: str) -> int:
    """How many cells a part would be laid out to, 0 for one that is no sheet; rows must come in order."""
    columns: set[bytes] = set()
    last, rest, is_sheet, is_disordered = 0, b"", False, False
    for block in iter(lambda: file.read(_BLOCK), b""):
        text = rest + block
        # a reference that the end of the block cuts in two is seen whole with the next
        cut = max(text.rfind(b"<"), len(text) - _BLOCK) if len(block) == _BLOCK else len(text)
        found = _REFERENCE.findall(text, 0, cut)
        columns.update(map(itemgetter(0), found))
        rows = [last, *(_number(path, digits) for digits, _ in groupby(map(itemgetter(1), found)))]
        is_sheet |= b"sheetData" in text
        is_disordered |= any(above > below for above, below in pairwise(rows))
        if is_sheet and is_disordered:
            raise _unsound(path, f"{part}: rows out of order")
        last, rest = max(rows), text[cut:]
    widest = max((_column(path, letters) for letters in columns), default=0)
    return last * widest if is_sheet else 0


def _number(path: Path, digits: bytes) -> int:
    number = int(digits) if len(digits) <= 9 else 1 << 30
    if number > _LAST_ROW:
        raise _unsound(path, f"row {digits[:20].decode()}")
    return number


def _column(path: Path, letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    if number > _LAST_COLUMN:
        raise _unsound(path, f"column {letters[:20].decode()}")
    return number


def _texts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], cells: int) -> int:
    """Bytes of the shared texts once every cell that names one has its own copy."""
    shared = [part for part in parts if part.filename.lower().endswith("sharedstrings.xml")]
    lengths = [len(one) for part in shared for one in re.split(rb"<(?:\w+:)?si\b", archive.read(part))[1:]]
    if not lengths or cells * max(lengths) <= LARGEST_INFLATED:
        return 0
    grown = 0
    for part in parts:
        with archive.open(part) as file:
            rest = b""
            for block in iter(lambda file=file: file.read(_BLOCK), b""):  # type: ignore[misc]
                text = rest + block
                cut = max(text.rfind(b"<c"), 0) if len(block) == _BLOCK else len(text)
                grown += sum(lengths[int(at)] for at in _SHARED_CELL.findall(text, 0, cut) if len(at) < 10 and int(at) < len(lengths))  # fmt: skip
                rest = text[cut:][-_BLOCK:]
    return grown


# ---- sentences


def _too_large(path: Path) -> JinpaiError:
    return JinpaiError(
        f"「{path.name}」太大：解开后超过 {LARGEST_INFLATED >> 30} GB，或表格加起来超过 {MOST_CELLS // 10_000} 万格。"
        "请另存为 CSV，或按月份分几次导出。",
        f"'{path.name}' is too large: over {LARGEST_INFLATED >> 30} GB unpacked, or sheets of over {MOST_CELLS:,} "
        "cells together. Save it as CSV, or export it in parts.",
    )


def _other_kind(path: Path) -> JinpaiError:
    return JinpaiError(
        f"「{path.name}」是 .xlsb 或 .ods 表格，这里只读 .xlsx 和 .xls。请在 Excel 里另存为 .xlsx 或 CSV 再导入。",
        f"'{path.name}' is an .xlsb or .ods workbook; only .xlsx and .xls are read. Save it as .xlsx or CSV.",
    )


def _locked(path: Path) -> JinpaiError:
    return JinpaiError(
        f"「{path.name}」设了打开密码。请在 Excel 里去掉密码，另存后再导入。",
        f"'{path.name}' is protected by a password. Remove it in Excel, save, and import again.",
    )


def _unsound(path: Path, why: Any) -> JinpaiError:
    said = f"({why})" if why else ""
    return JinpaiError(
        f"「{path.name}」不是完好的 Excel 文件{said}。请重新导出，或另存为 CSV 再导入。",
        f"'{path.name}' is not a sound workbook {said}. Export it again, or save it as CSV.",
    )
