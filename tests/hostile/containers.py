"""Tables as files of each form: delimited texts, web pages, and workbooks and Parquet files with something wrong inside."""

from __future__ import annotations

import csv
import html
import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.hostile.mutations import nasty
from tests.hostile.seeds import Table


def delimited(table: Table, form: str, rng: Random) -> str:
    """A CSV as programs write it, or as somebody pasted it together: without quotes, or with one too many."""
    delimiter = "\t" if form == "tsv" else ","
    if rng.random() < 0.12:
        return "\n".join(delimiter.join(row) for row in table)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=rng.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))).writerows(table)
    text = out.getvalue()
    if rng.random() < 0.12:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(('"', '""', "\r", "'", "\\")) + text[at:]
    return text


def page(table: Table, rng: Random) -> str:
    """A table as a web page."""
    cells = [[f"<td>{html.escape(cell) if rng.random() < 0.95 else cell}</td>" for cell in row] for row in table]
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    broken = rng.choice(("", "", "", "<table>" * 50, "<td>" * 200, "</table>", "<!--", "<![CDATA[", "<script>"))
    return f"<html><body><table>{broken}{rows}</table></body></html>"


# ---- workbooks


def workbook(table: Table, rng: Random) -> bytes:
    """A workbook whose cells may be numbers, dates, truths and formulas."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": True, "strings_to_urls": False}) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name in rng.choice((("a",), ("a",), ("a", "b"), [f"s{n}" for n in range(40)])):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(table):
                for column, cell in enumerate(row[:16_000]):
                    _cell(sheet, at, column, cell, dated, rng)
    return out.getvalue()


def _cell(sheet: object, at: int, column: int, cell: str, dated: object, rng: Random) -> None:
    write: Callable[..., object] = sheet.write_string  # type: ignore[attr-defined]
    drawn = rng.random() if at else 1.0
    if drawn < 0.06:
        sheet.write_number(
            at, column, rng.choice((0, -1, 1e300, 1e-300, 2**53 + 1, 1988000000000901, 45082.418, 0.1, -0.0))
        )  # type: ignore[attr-defined]
    elif drawn < 0.09:
        sheet.write_number(at, column, rng.choice((-5.0, 0.0, 60.0, 45082.4, 2958465.9, 2958466.0, 1e9)), dated)  # type: ignore[attr-defined]
    elif drawn < 0.12:
        sheet.write_formula(at, column, rng.choice(('=cmd|"/c calc"!A0', '=HYPERLINK("http://example.invalid")', "=1/0", "=A1")), None, rng.choice((0, "1", "#DIV/0!", "x")))  # type: ignore[attr-defined]  # fmt: skip
    elif drawn < 0.14:
        sheet.write_boolean(at, column, True)  # type: ignore[attr-defined]
    else:
        write(at, column, cell[:32_767].replace("\0", ""))


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts; names may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # a name twice is what is wanted
                archive.writestr(info, body)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "aaaaaaaaaaaaaaaaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 20) for n in range(1, 10))
    + b"]>"
)


def _declared(body: bytes, rng: Random) -> bytes:
    """References, counts and entities that promise more than there is."""
    changes = (
        (b'r="A', b'r="XFD'), (b'r="1"', b'r="1048576"'), (b'r="A2"', b'r="ZZZZ99999999"'), (b'r="A1"', b'r="A0"'), (b' r="', b' q="'),
        (b't="s"', b't="b"'), (b't="s"', b't="d"'), (b"<v>0</v>", b"<v>99999999</v>"), (b"<v>1</v>", b"<v>-1</v>"), (b"<v>", b"<v>&a9;"),
        (b"<t>", b"<t>&a9;"), (b"<row", b"<row><row"), (b"</c>", b""), (b"count=", b'count="4294967295" x='), (b"<dimension", b'<dimension ref="A1:XFD1048576" x'),
        (b"numFmtId=", b'numFmtId="99999" x='), (b"Target=", b'Target="../../../x" x='), (b"spreadsheetml.sheet.main", b"spreadsheetml.nothing"),
        (b"UTF-8", b"UTF-16"), (b"UTF-8", b"gb2312"), (b"<c ", b"<c <c "),
    )  # fmt: skip
    old, new = rng.choice(changes)
    body = body.replace(old, new, rng.choice((1, -1)))
    return BOMB + body.partition(b"?>")[2] if b"&a9;" in body else body


def damaged_workbook(data: bytes, rng: Random) -> bytes:
    """A workbook with a part that is damaged, missing, there twice, empty or lies; or a lie in the archive's list."""
    parts = _parts(data)
    names = list(parts)
    name = rng.choice([one for one in names if one.startswith(("xl/", "[Content"))])
    what = rng.randrange(7)
    if what == 0:
        body = bytearray(parts[name])
        for _ in range(rng.choice((1, 5, 50))):
            body[rng.randrange(len(body))] = rng.randrange(256)
        parts[name] = bytes(body)
    elif what == 1:
        del parts[name]
    elif what == 2:
        parts[name] = rng.choice(
            (
                b"",
                b"\0",
                b"<",
                b"<a/>",
                BOMB + b"<a>&a9;</a>",
                parts[name][: len(parts[name]) // 2],
                nasty(rng).encode("utf-8", "replace"),
            )
        )
    elif what == 3:
        return zipped([*parts.items(), (name, parts[rng.choice(names)])])
    elif what == 4:
        return _lying(data, rng)
    else:
        for _ in range(rng.choice((1, 3))):
            name = rng.choice([one for one in names if one.startswith(("xl/w", "xl/s"))])
            parts[name] = _declared(parts[name], rng)
    return zipped(
        list(parts.items()), rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    )


def _lying(data: bytes, rng: Random) -> bytes:
    """Sizes, methods and flags in the list at the end that are not so."""
    found = bytearray(data)
    at = found.find(b"PK\x01\x02")
    entries = []
    while at >= 0:
        entries.append(at)
        at = found.find(b"PK\x01\x02", at + 4)
    for entry in rng.sample(entries, rng.randrange(1, len(entries) + 1)):
        offset, form = rng.choice(((24, "<I"), (20, "<I"), (10, "<H"), (8, "<H"), (42, "<I"), (28, "<H"), (16, "<I")))
        value = rng.choice((0, 1, 8, 12, 99, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)) & (
            0xFFFF if form == "<H" else 0xFFFFFFFF
        )
        struct.pack_into(form, found, entry + offset, value)
    return bytes(found)


# ---- Parquet


def parquet(table: Table, rng: Random) -> bytes:
    """A Parquet file of texts, some of whose columns may be of another type; names may come twice."""
    header, rows = table[0], table[1:]
    arrays = [_array([row[at] if at < len(row) else None for row in rows], rng) for at in range(len(header))]
    out = io.BytesIO()
    options = {
        "compression": rng.choice(("snappy", "zstd", "none", "gzip")),
        "row_group_size": rng.choice((1, 2, 1000)),
    }
    pq.write_table(
        pa.Table.from_arrays(arrays, names=[name.encode("utf-8", "replace").decode() for name in header]),
        out,
        **options,
    )
    return out.getvalue()


def _array(cells: list[str | None], rng: Random) -> pa.Array:
    many, now = len(cells), datetime(2023, 6, 5, 10, 2, 11)
    texts = [None if cell is None else cell.encode("utf-8", "replace").decode() for cell in cells]
    if rng.random() < 0.7:
        return pa.array(texts, pa.string())
    makers: tuple[Callable[[], pa.Array], ...] = (
        lambda: pa.nulls(many), lambda: pa.array([rng.choice((0, -(2**63), 2**63 - 1, 1686017000000)) for _ in range(many)], pa.int64()),
        lambda: pa.array([2**64 - 1] * many, pa.uint64()), lambda: pa.array([rng.choice((0.1, 1e308, float("nan"), float("inf"), None)) for _ in range(many)]),
        lambda: pa.array([True, None][:1] * many), lambda: pa.array([b"\xff\xfe\0"] * many, pa.binary()), lambda: pa.array(texts, pa.string()).dictionary_encode(),
        lambda: pa.array([["a", None]] * many), lambda: pa.array([{"a": 1, "b": ["c"]}] * many), lambda: pa.array([[("k", 1)]] * many, pa.map_(pa.string(), pa.int64())),
        lambda: pa.array([now] * many, pa.timestamp("ns")), lambda: pa.array([now] * many, pa.timestamp("us", "America/New_York")), lambda: pa.array([2**62] * many, pa.timestamp("us")),
        lambda: pa.array([-(2**62)] * many, pa.timestamp("s" if rng.random() < 0.0 else "ms")), lambda: pa.array([now.date()] * many, pa.date32()),
        lambda: pa.array([2**31 - 1] * many, pa.date32()), lambda: pa.array([now.time()] * many, pa.time64("us")), lambda: pa.array([timedelta(1)] * many, pa.duration("us")),
        lambda: pa.array([Decimal("9" * 30 + ".99")] * many, pa.decimal128(38, 2)), lambda: pa.array([Decimal("12.345")] * many, pa.decimal256(60, 3)),
        lambda: pa.array(texts, pa.large_string()), lambda: pa.array(texts, pa.string_view()), lambda: pa.array([1.5] * many, pa.float16()), lambda: pa.array([b"ab"] * many, pa.binary(2)),
    )  # fmt: skip
    return rng.choice(makers)()


def damaged_parquet(data: bytes, rng: Random) -> bytes:
    """A Parquet file whose list of contents at the end, or whose pages, are not sound."""
    found = bytearray(data)
    start = rng.choice((4, max(4, len(found) - 400), len(found) - 8))
    for _ in range(rng.choice((1, 3, 20))):
        found[rng.randrange(start, len(found))] = rng.randrange(256)
    return bytes(found)
