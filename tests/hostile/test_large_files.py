"""Files that are much larger than they should be, or say that they are: a sentence, in bounded memory and time."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from jinpai.errors import JinpaiError
from jinpai.importers import Probe, identify
from jinpai.workspace import Workspace
from tests.hostile.containers import BOMB, SHEET, zipped
from tests.hostile.many import many
from tests.hostile.program import Run, jinpai
from tests.hostile.seeds import MESSAGES, T1, T2, T3
from tests.importers.files import write_xlsx
from tests.mutants import kills

# A line of 100 MB is 200 MB as Chinese text in memory, and twice that while it is put together from what was read;
# the program itself takes a quarter.
MOST_MEBIBYTES = 1_228
LONG = 100 << 20


def tried(folder: Path, path: Path) -> Run:
    """Imports one file with the real program; it ends with a code of its own, without a traceback, within bounds."""
    Workspace.create(folder / "店铺 数据")
    done = jinpai("import", path, "--workspace", folder / "店铺 数据", "--lang", "zh", seconds=240)
    assert done.code in (0, 1, 2), done.err[-500:]
    assert "Traceback" not in done.err, done.err[-2000:]
    assert "程序的毛病" not in done.err, done.err[-500:]
    assert done.mebibytes is None or done.mebibytes < MOST_MEBIBYTES, f"{done.mebibytes} MiB"
    assert not (folder / "店铺 数据" / "raw" / "incoming").exists()
    return done


def one_line(path: Path, before: str, piece: str, after: str = "") -> Path:
    """A file whose last line has 100 MB."""
    block = (piece * (1 + (1 << 20) // len(piece.encode()))).encode()
    with path.open("wb") as file:
        file.write(before.encode())
        for _ in range(LONG // len(block) + 1):
            file.write(block)
        file.write(after.encode())
    return path


LINES: dict[str, tuple[str, str, str]] = {
    "a cell.csv": ("buyer,sender,sent_at,text\n小溪流水,buyer,2026-04-18 09:03:35,", "浴巾掉毛吗", "\n"),
    "cells.csv": ("buyer,sender,sent_at,text\n小溪流水,buyer,2026-04-18 09:03:35", ",浴巾", "\n"),
    "cells of a chat table.csv": (
        "会话ID,日期,时间,对象,发话者,消息\nS1,2026-04-18,09:03:35,客户,小溪流水",
        ",浴巾",
        "\n",
    ),
    "a header.csv": ("buyer,sender,sent_at,text", ",浴巾", "\n"),
    "an open quote.csv": ('buyer,sender,sent_at,text\n小溪流水,buyer,2026-04-18 09:03:35,"', "浴巾\n", ""),
    "nothing.txt": ("", "长", ""),
    "t1.txt": (T1, "长", ""),
    "t2.txt": (T2, "2023-06-05 10:02:11 ", "\n"),
    "t3.txt": (T3, "2026-4-18 9:03:36", "\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LINES)
def test_a_line_of_100_mb(tmp_path: Path, name: str, record_property: Callable[[str, object], None]) -> None:
    done = tried(tmp_path, one_line(tmp_path / name, *LINES[name]))
    record_property(
        "measured", f"100 MB in one line, {name}: {done.seconds:.1f} s, {done.mebibytes} MiB, code {done.code}"
    )


# ---- workbooks


def parts(folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(write_xlsx(folder / "sound.xlsx", messages=MESSAGES)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def inflating(found: dict[str, bytes]) -> bytes:
    """2 GB of blanks in a shared text, a few MB packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, body in found.items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(body)
                for _ in range(2 << 10 if name == "xl/sharedStrings.xml" else 0):
                    part.write(b" " * (1 << 20))
    return out.getvalue()


def lying(found: dict[str, bytes]) -> bytes:
    """Packed like 64 MB, declared as 100 bytes."""
    data = bytearray(zipped([*found.items(), ("xl/worksheets/sheet2.xml", b" " * (64 << 20))]))
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 100)
    return bytes(data)


def growing(found: dict[str, bytes]) -> bytes:
    """One shared text of 30,000 letters, named by 200,000 cells."""
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"x" * 30_000
        + b"</t></si></sst>"
    )
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 200_001))
    head, _, tail = found[SHEET].partition(b"<sheetData>")
    sheet = head + b"<sheetData>" + rows + b"</sheetData>" + tail.partition(b"</sheetData>")[2]
    return zipped(list((found | {"xl/sharedStrings.xml": shared, SHEET: sheet}).items()))


def changed(*changes: tuple[bytes, bytes], part: str = SHEET) -> Callable[[dict[str, bytes]], bytes]:
    def change(found: dict[str, bytes]) -> bytes:
        body = found[part]
        for old, new in changes:
            assert old in body
            body = body.replace(old, new)
        return zipped(list((found | {part: body}).items()))

    return change


WORKBOOKS: dict[str, tuple[Callable[[dict[str, bytes]], bytes], str]] = {
    "inflating": (inflating, "太大"),
    "lying about its size": (lying, "损坏"),
    "shared texts that grow": (growing, "太大"),
    "corners far apart": (
        changed(
            (b'r="4"', b'r="1048576"'),
            (b'"D4"', b'"XFD1048576"'),
            *((b'"%c4"' % at, b'"%c1048576"' % at) for at in b"BCEHIJ"),
        ),
        "太大",
    ),
    "rows out of order": (
        changed((b'r="1"', b'r="9"'), *((b'"%c1"' % letter, b'"%c9"' % letter) for letter in b"ABCDEFGHIJ")),
        "完好",
    ),
    "a cell out of order": (changed((b'"B2"', b'"B9"')), "完好"),
    "rows beyond the last": (changed((b'"D4"', b'"D99999999"')), "完好"),
    "columns beyond the last": (changed((b'"D4"', b'"ZZZZ4"')), "完好"),
    "entities in entities": (changed((b"<t>", b"<t>&a9;"), part="xl/sharedStrings.xml"), ""),
    "a bomb": (lambda found: zipped(list((found | {"xl/sharedStrings.xml": BOMB + b"<sst>&a9;</sst>"}).items())), ""),
    "another kind": (lambda found: zipped([*found.items(), ("content.xml", b"<x/>")]), "xlsb"),
}


@pytest.mark.parametrize("name", WORKBOOKS)
@kills("jinpai/importers/workbooks.py", "if is_sheet and is_disordered:", "if False:")
@kills("jinpai/importers/workbooks.py", "if number > _LAST_COLUMN:", "if False:")
def test_a_hostile_workbook_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    """Or read, where the trick has no effect: entities that a reader does not know stay words."""
    make, word = WORKBOOKS[name]
    path = tmp_path / "a.xlsx"
    path.write_bytes(make(parts(tmp_path)))
    done = tried(tmp_path, path)
    if word:
        assert done.code == 1
        assert word in done.err


@pytest.mark.slow
def test_a_workbook_of_thousands_of_sheets(tmp_path: Path) -> None:
    """Each is none that is known: two thousand problems, no hang."""
    rows = {f"s{number}": [["甲", "乙"], ["1", "2"]] for number in range(2_000)}
    done = tried(tmp_path, write_xlsx(tmp_path / "a.xlsx", messages=MESSAGES, **rows))
    assert done.code == 0
    assert "没导进来 2,000 行" in done.out


def test_an_old_workbook_that_kills_its_reader_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20)
    with pytest.raises(JinpaiError, match="完好"):
        identify(Probe(path))


# ---- many files


@pytest.mark.slow
def test_time_grows_with_the_number_of_tiny_files(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """3,000 take no more than six times what 750 take (four times and a margin), read and known again."""
    few, more = (many(tmp_path / str(count), count, build=False) for count in (750, 3_000))
    assert more.imported < few.imported * 6 + 1
    assert more.again < few.again * 6 + 1
    assert more.sealed == 1
    record_property("measured", str(more))
