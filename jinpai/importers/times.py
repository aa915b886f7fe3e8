"""时间写法 times: columns of times in a declared format, rewritten as ISO 8601 so that they are read as any other.

A format is written with Python's codes (%Y-%m-%d %H:%M:%S, %a %b %d %H:%M:%S %z %Y), or is `unix_s` or `unix_ms`. What
does not look so stays as it stands. English names of months and days, whatever the system's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

UNIX_S, UNIX_MS = "unix_s", "unix_ms"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CODES = {
    "Y": r"(?P<Y>\d{4})", "m": r"(?P<m>\d{2})", "d": r"(?P<d>\d{2})", "H": r"(?P<H>\d{2})", "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})", "f": r"(?P<f>\d{1,6})", "z": r"(?P<z>Z|[+-]\d\d:?\d\d)", "a": r"[A-Za-z]{3}",
    "A": r"[A-Za-z]+", "b": rf"(?P<b>{'|'.join(_MONTHS)})", "%": "%",
}  # fmt: skip
"""A code -> what it may look like where every number has all its digits."""
_MORE = frozenset("yIpBj")
"""Codes that only the slow way reads."""


def is_readable(format_: str) -> bool:
    """能不能读 whether a format says at least year, month and day, in codes that are known."""
    if format_ in {UNIX_S, UNIX_MS}:
        return True
    codes = re.findall(r"%(.?)", format_)
    has_day = bool({"Y", "y"} & set(codes)) and (
        ({"d"} <= set(codes) and bool({"m", "b", "B"} & set(codes))) or "j" in codes
    )
    return has_day and all(code in _CODES or code in _MORE for code in codes)


def as_iso(values: pa.Array, formats: tuple[str, ...]) -> pa.Array:
    """改写成 ISO 8601 a column of strings; a value of none of the `formats` stays as it stands."""
    for one in formats:
        values = _seconds(values) if one == UNIX_S else values if one == UNIX_MS else _rewritten(values, one)
    return values


def _seconds(values: pa.Array) -> pa.Array:
    """Seconds since 1970 as milliseconds, which are read anyway."""
    return _each(values, r"^\d{9,10}(\.\d+)?$", lambda text: str(int(Decimal(text) * 1000)).rjust(13, "0"))


def _each(values: pa.Array, pattern: str, change: Callable[[str], str]) -> pa.Array:
    """The values that look like `pattern`, each distinct one changed once."""
    fits = pc.match_substring_regex(values, pattern).fill_null(False)
    if not fits.true_count:
        return values
    coded = values.filter(fits).dictionary_encode()
    changed = pa.array([change(text) for text in coded.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(values, fits, changed.take(coded.indices))


@cache
def _looks(format_: str) -> str | None:
    """The pattern of a format for the fast way; None where it needs the slow one."""
    parts = re.split(r"(%.)", format_)
    codes = [part[1] for part in parts if part.startswith("%") and part != "%%"]
    if not set(codes) <= _CODES.keys() or len(set(codes)) < len(codes):
        return None
    return "".join(_CODES[part[1]] if part.startswith("%") else re.escape(part) for part in parts)


def _rewritten(values: pa.Array, format_: str) -> pa.Array:
    looks = _looks(format_)
    if looks is not None:
        fits = pc.match_substring_regex(values, f"^{looks}$").fill_null(False)
        if fits.true_count:
            part = values if fits.true_count == len(values) else values.filter(fits)
            done = _iso(part, looks)
            values = done if fits.true_count == len(values) else pc.replace_with_mask(values, fits, done)
        if fits.true_count == len(values):
            return values
    return _each(values, r"\d", lambda text: _slowly(text, format_))


def _iso(part: pa.Array, looks: str) -> pa.Array:
    found = pc.extract_regex(part, f"^{looks}$")
    names = [field.name for field in found.type]

    def piece(name: str, absent: str) -> pa.Array | str:
        return found.field(name) if name in names else absent

    month = found.field("b") if "b" in names else piece("m", "01")
    if "b" in names:
        number = pa.array([f"{at:02}" for at in range(1, 13)])
        month = number.take(pc.index_in(month, value_set=pa.array(_MONTHS)))
    day = pc.binary_join_element_wise(piece("Y", "1970"), month, piece("d", "01"), "-")
    if "H" not in names:
        return day
    clock = pc.binary_join_element_wise(piece("H", "00"), piece("M", "00"), piece("S", "00"), ":")
    fraction = [pc.binary_join_element_wise(".", found.field("f"), "")] if "f" in names else []
    offset = [found.field("z")] if "z" in names else []
    return pc.binary_join_element_wise(day, " ", clock, *fraction, *offset, "")


def _slowly(text: str, format_: str) -> str:
    """One value by Python's own reading: one-digit numbers, am and pm, full names of months."""
    clean = text.strip().replace("上午", "AM").replace("下午", "PM")
    try:
        moment = datetime.strptime(clean, format_.replace("上午", "AM"))  # noqa: DTZ007
    except ValueError:
        return text
    if moment.tzinfo is not None and (moment.utcoffset() or timedelta()) % timedelta(minutes=1):
        return text
    has_clock = any(code in format_ for code in ("%H", "%I"))
    return moment.isoformat(sep=" ") if has_clock else moment.date().isoformat()
