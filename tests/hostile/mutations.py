"""What goes wrong with files, and what somebody may do to them on purpose: each mutation draws from one generator."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.hostile.seeds import Table

NASTY = (
    "", " ", "\u3000", "\t", "\r", "\n", "\r\n", '"', '""', "'", ",", "\\", "\0", "\x01\x02\x1b[31m", "\x7f", "\u2028", "\ufeff",
    "\u202e反", "\U0001f9e3", "\ufffd", "\ufffe", "null", "NULL", "None", "nan", "NaN", "inf", "-inf", "-Infinity", "1e308", "1e400", "-1e400",
    "1e-400", "9" * 19, "9" * 40, "9" * 400, "-9223372036854775808", "9223372036854775807", "9223372036854775808", "92233720368547758.07",
    "92233720368547758.08", "-0", "0.005", "1,2,3", "１２３", "²", "٣", "Ⅷ", "一百", "0x1F", "1_000", "+5", "--5", "5-", "1/0", "true", "FALSE",
    "9999-99-99", "9999-12-31", "9999-12-31 23:59:59", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01", "0001-01-01 00:00:00", "1582-10-10",
    "1969-12-31 23:59:59", "1986-05-04 00:30:00", "2023-02-30", "2023-02-29 25:61:61", "2024-02-29 24:00:00", "2023-06-05 10:02:60", "1900-01-00",
    "10000-01-01 00:00:00", "2023-06-05T10:02:11+99:99", "2023-06-05T10:02:11-23:59", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00",
    "2023-W23-1", "2023年6月5日", "昨天 10:00", "45082.4183", "-1", "1e9", "2958466", "1686017000", "1686017000000", "18446744073709551616",
    '=cmd|"/c calc"!A0', '=HYPERLINK("http://example.invalid","点我")', "=1+1", "+1+1", "-1+1", "@SUM(A1)", '="1988000000000901"', '="', "='",
    "<script>alert(1)</script>", "</td></tr></table>", "&amp;&#0;&#x110000;", "{{7*7}}", "%s%n%d", "$(id)", "../../../店", "..", ".", "con", "a/b",
    "main", "MAIN", "店铺\0", "甲" * 60, "溪谷旗舰店:小美", "溪谷旗舰店：小美", ":", "：", "::", "tb***", "*", "**", "匿名", "buyer", "agent", "event",
    "合计", "汇总", "全店", "(", "[", "(?:", "\\d+", "\\", "2023-06-05", "10:00:00", "-->", " --> ", "-" * 28, "=" * 64, "已读", "没有更多内容了",
)  # fmt: skip
TIMES = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?|\d\d:\d\d:\d\d")


def nasty(rng: Random) -> str:
    """One cell that no one wants; seldom a very long one."""
    if rng.random() < 0.04:
        return rng.choice(("长", "9", '"', "a,", "x\n", "\u0301")) * rng.choice((500, 33_000, 60_000))
    if rng.random() < 0.1:
        return "".join(chr(rng.choice((rng.randrange(32), rng.randrange(0x20, 0x3000), rng.randrange(0x4E00, 0x9FFF)))) for _ in range(rng.randrange(1, 30)))  # fmt: skip
    return rng.choice(NASTY)


# ---- tables


def _columns(table: Table, order: list[int]) -> Table:
    return [[row[at] for at in order if at < len(row)] for row in table]


def _swapped(table: Table, rng: Random) -> Table:
    order = list(range(len(table[0])))
    rng.shuffle(order)
    return _columns(table, order)


def _heads_swapped(table: Table, rng: Random) -> Table:
    heads = list(table[0])
    rng.shuffle(heads)
    return [heads, *table[1:]]


def _doubled(table: Table, rng: Random) -> Table:
    order = list(range(len(table[0])))
    for _ in range(rng.choice((1, 2, 300))):
        order.insert(rng.randrange(len(order) + 1), rng.randrange(len(table[0])))
    return _columns(table, order)


def _removed(table: Table, rng: Random) -> Table:
    gone = rng.randrange(len(table[0]))
    return _columns(table, [at for at in range(len(table[0])) if at != gone])


def _repeated(table: Table, rng: Random) -> Table:
    rows = [rng.choice(table) for _ in range(rng.choice((3, 30, 300)))]
    return [table[0], *rows]


def _uneven(table: Table, rng: Random) -> Table:
    rows = [
        [*row, *[nasty(rng)] * rng.randrange(5)][rng.randrange(3) : rng.randrange(1, len(row) + 6)] for row in table[1:]
    ]
    return [table[0], *rows, [], *rows]


def _spoiled(table: Table, rng: Random) -> Table:
    found = [list(row) for row in table]
    for _ in range(rng.choice((1, 1, 3, 12))):
        row = rng.choice(found[1:] if rng.random() < 0.85 else found)
        if row:
            row[rng.randrange(len(row))] = nasty(rng)
    return found


def _filled(table: Table, rng: Random) -> Table:
    """Every cell of one column is something else."""
    at = rng.randrange(len(table[0]))
    return [
        table[0],
        *([*row[:at], nasty(rng), *row[at + 1 :]] for row in table[1:] for _ in range(rng.choice((1, 20)))),
    ]


def _headless(table: Table, rng: Random) -> Table:
    return rng.choice(
        (table[1:], [[""] * len(table[0]), *table[1:]], [["合计"], ["x"], *table], table[:1], [*table[::-1]])
    )


TABLES: tuple[Callable[[Table, Random], Table], ...] = (
    _spoiled, _spoiled, _spoiled, _filled, _filled, _swapped, _heads_swapped, _doubled, _removed, _repeated, _uneven, _headless,
)  # fmt: skip


# ---- texts


def _lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    for _ in range(rng.choice((1, 2, 8))):
        at = rng.randrange(len(lines))
        what = rng.randrange(5)
        if what == 0:
            lines[at : at + 1] = [lines[at]] * rng.choice((2, 3, 200))
        elif what == 1 and len(lines) > 1:
            del lines[at]
        elif what == 2:
            lines.insert(at, nasty(rng))
        elif what == 3:
            lines[at] += nasty(rng)
        else:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


def _times(text: str, rng: Random) -> str:
    share = rng.choice((0.2, 1.0))
    return TIMES.sub(lambda found: nasty(rng) if rng.random() < share else found[0], text)


def _letters(text: str, rng: Random) -> str:
    for _ in range(rng.choice((1, 5, 40))):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice((nasty(rng)[:50], "", ":", "：", "\n", "-", " ")) + text[at + rng.randrange(3) :]
    return text


def _ends(text: str, rng: Random) -> str:
    return text.replace("\n", rng.choice(("\r", "\r\n", "\r\r\n", "\n\n", "\x85", "\u2028", "\x0b", "")))


TEXTS: tuple[Callable[[str, Random], str], ...] = (_lines, _lines, _times, _letters, _ends)


# ---- encodings and bytes


def encoded(text: str, encoding: str, rng: Random) -> bytes:
    """The text in its encoding, or in a wrong one, or in two at once."""
    drawn = rng.random()
    if drawn < 0.85:
        return text.encode(encoding, "replace")
    if drawn < 0.95:
        other = rng.choice(
            ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "big5", "shift_jis", "utf-8", "utf-7")
        )
        mark = rng.choice((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x84\x31\x95\x33"))
        return mark + text.encode(other, "replace")
    half = rng.randrange(len(text) + 1)
    return text[:half].encode(encoding, "replace") + text[half:].encode(
        rng.choice(("gb18030", "utf-8", "utf-16-le")), "replace"
    )


def _flipped(data: bytes, rng: Random) -> bytes:
    found = bytearray(data)
    for _ in range(rng.choice((1, 2, 10, 100))):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def _cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data))] if rng.random() < 0.8 else data[rng.randrange(len(data)) :]


def _holed(data: bytes, rng: Random) -> bytes:
    """A stretch is zeros, noise, missing or there twice."""
    start = rng.randrange(len(data))
    stop = min(len(data), start + rng.choice((1, 3, 16, 512)))
    piece = rng.choice((b"\0" * (stop - start), rng.randbytes(stop - start), b"", data[start:stop] * 2))
    return data[:start] + piece + data[stop:]


def _headed(data: bytes, rng: Random) -> bytes:
    magic = rng.choice(
        (
            b"PK\x03\x04",
            b"PAR1",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"<html><table>",
            b"\0" * 70_000,
            b"\n" * 300,
            b"{",
            b"%PDF-1.4",
            b"\x1f\x8b",
        )
    )
    return magic + (data if rng.random() < 0.5 else data[len(magic) :])


BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_flipped, _cut, _holed, _headed)


def spoiled(data: bytes, rng: Random) -> bytes:
    """Bytes changed in one of the ways, if there are any."""
    return rng.choice(BYTES)(data, rng) if data else data
