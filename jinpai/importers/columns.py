"""列 columns: whole columns of text or of Arrow types as exact canonical values, vectorised.

What every value of a column looks like is cast at once; only what does not look so goes cell by cell, each
distinct value once, through `cells`. Both ways give the same values: a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.canon import TYPES, Kind
from jinpai.importers import cells
from jinpai.importers.cells import BadCell

Bad = dict[int, BadCell]
"""坏格子 position in the column -> why."""
Cast = tuple[pa.Array, Bad]

# Offsets of zones change on the quarter hour by the local clock, since 1970 everywhere.
_QUARTER_MS = 900_000
_LOCAL_TIME = r"^(199|20\d)\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?$"
_OFFSET_TIME = r"^(199|20\d)\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)$"
_MONEY = r"^\d{1,12}(\.\d{1,2})?$"
_COUNT = r"^\d{1,9}$"
# An id that needs a second look: wrapped, unknown, or written like 4.6E+18.
_ODD_ID = (
    r"""^[\s='"\x{feff}\x{3000}\x{a0}\x{200b}]|[\s"\x{3000}\x{a0}\x{200b}]$|^[-—]+$|^$"""
    r"""|^(?i:null|none|nan|n/a|#n/a)$|^(暂无数据|延迟统计)$|^[+-]?\d(\.\d+)?[eE][+-]?\d+$"""
)
_FEW = 8
"""So few cells are read sooner one by one than by patterns for a whole column."""
_ROUNDED_ID = r"^[1-9]\d{14}0{3,}$"
_LONG_ID = r"^\d{16,}$"


def cast(values: pa.Array, kind: Kind, zone: ZoneInfo, *, day_alone: bool = False) -> Cast:
    """转换一列 a column as the canonical type of `kind`, null where the cell is unknown or bad, and what was bad.

    Strings are read as `cells` says. Of Arrow types: a timestamp with a zone is an instant, one without is `zone`'s
    clock, whole numbers are ms UTC as an instant and yuan as money, floats are decimal numbers of at most nine places.
    """
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), TYPES[kind]), {}
    if pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        values = values.cast(pa.string())
    if pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type) or pa.types.is_binary_view(values.type):
        values = _decoded(values)
    if pa.types.is_float16(values.type):
        values = values.cast(pa.float32())
    if pa.types.is_timestamp(values.type):
        values = _microseconds(values)
    if kind == "text":
        return _text(values), {}
    slow = slow_reading(kind, zone, day_alone=day_alone)
    if pa.types.is_string(values.type):
        return _strings(values, kind, zone, slow)
    typed = _typed(values, kind, zone)
    return (typed, {}) if typed is not None else by_value(values, kind, slow)


def slow_reading(kind: Kind, zone: ZoneInfo, *, day_alone: bool = False) -> Callable[[object], object]:
    """逐格读法 the function of `cells` that reads one cell of this kind."""
    if kind == "instant":
        return lambda value: cells.instant(value, zone, day_alone=day_alone)
    return {"id": cells.identifier, "text": cells.words, "money": cells.fen, "count": cells.count,
            "day": cells.day, "flag": cells.flag}[kind]  # fmt: skip


def by_value(values: pa.Array, kind: Kind, slow: Callable[[object], object]) -> Cast:
    """逐值转换 each distinct value once through `slow`."""
    distinct, indices = _distinct(values)
    read: list[object] = []
    wrong: dict[int, BadCell] = {}
    for position, value in enumerate(map(python_value, distinct)):
        try:
            read.append(slow(_told(value)))
        except BadCell as bad:
            read.append(None)
            wrong[position] = bad
    result = pa.array(read, TYPES[kind]).take(indices)
    if not wrong:
        return result, {}
    places = pc.is_in(indices, value_set=pa.array(list(wrong), indices.type))
    positions = pc.indices_nonzero(places).to_pylist()
    return result, {place: wrong[indices[place].as_py()] for place in positions}


def _distinct(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The distinct values and where each stands; lists and records, which have no such order, each by itself."""
    try:
        encoded = values.dictionary_encode()
    except pa.ArrowNotImplementedError:
        return values, pa.array(range(len(values)), pa.int64())
    return encoded.dictionary, encoded.indices


def python_value(scalar: pa.Scalar) -> object:
    """取值 a scalar as Python has it; a moment or a span beyond Python's calendar as the number or the text it is."""
    try:
        return scalar.as_py()
    except (OverflowError, ValueError, pa.ArrowException):
        return str(scalar.value) if hasattr(scalar, "value") else str(scalar.type)


def _told(value: object) -> object:
    if isinstance(value, (bytes, list, dict, timedelta)):
        raise BadCell(
            "这一格不是文字、数字或时间，读不了。请重新生成文件，把这一列写成文字。",
            "This cell is no text, number or time. Write the file again with this column as text.",
        )
    return value


def _decoded(values: pa.Array) -> pa.Array:
    """Bytes as the texts that they are in UTF-8 (Hive writes them so); as they stand where one is none."""
    try:
        return values.cast(pa.string())
    except pa.ArrowInvalid:
        return values


def _microseconds(values: pa.Array) -> pa.Array:
    """Moments to the microsecond; as they stand where one is too far away."""
    try:
        return pc.cast(values, options=pc.CastOptions(pa.timestamp("us", values.type.tz), allow_time_truncate=True))
    except pa.ArrowInvalid:
        return values


def as_text(values: pa.Array) -> pa.Array:
    """成文字 a column of any type as text."""
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        found = [python_value(value) for value in values]
    texts = [
        None if one is None else one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in found
    ]
    return pa.array([None if one is None else one.encode("utf-8", "replace").decode() for one in texts], pa.string())


def _text(values: pa.Array) -> pa.Array:
    text = values if pa.types.is_string(values.type) else as_text(values)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _strings(values: pa.Array, kind: Kind, zone: ZoneInfo, slow: Callable[[object], object]) -> Cast:
    result = pa.nulls(len(values), TYPES[kind])
    rest = values.is_valid()
    if len(values) <= _FEW and not (kind == "id" and _may_be_rounded(values)):
        return (
            by_value(values, kind, slow) if rest.true_count == len(values) else _mend(result, rest, values, kind, slow)
        )
    for pattern, fast in _fast_ways(kind, zone):
        fits = pc.and_(rest, pc.match_substring_regex(values, pattern).fill_null(False))
        if kind == "id":
            fits = pc.and_(rest, pc.invert(fits))
        if fits.true_count:
            part = values if fits.true_count == len(values) else values.filter(fits)
            read = _cast_or_halve(part, fast)
            if read.null_count:
                # Looked right and was not: 30 February. Those places stay for the slow way.
                fits = pc.replace_with_mask(fits, fits, read.is_valid())
                read = read.drop_null()
            result = read if fits.true_count == len(values) else pc.replace_with_mask(result, fits, read)
            rest = pc.and_not(rest, fits)
    if kind == "id":
        rest = pc.or_(rest, _rounded(values, rest))
    return (result, {}) if not rest.true_count else _mend(result, rest, values, kind, slow)


def _mend(result: pa.Array, rest: pa.Array, values: pa.Array, kind: Kind, slow: Callable[[object], object]) -> Cast:
    """Fills the places in `rest` the slow way."""
    mended, bad = by_value(values.filter(rest), kind, slow)
    places = pc.indices_nonzero(rest)
    return pc.replace_with_mask(result, rest, mended), {places[at].as_py(): why for at, why in bad.items()}


def _may_be_rounded(values: pa.Array) -> bool:
    """Whether an id ends in zeros: whether a spreadsheet did that, the whole column tells."""
    return any(one is not None and re.match(_ROUNDED_ID, one, re.ASCII) for one in values.to_pylist())


def _rounded(values: pa.Array, rest: pa.Array) -> pa.Array:
    """Ids of 18 digits and more that a spreadsheet rounded: when all long ids here end in zeros, and several do.

    One id in a thousand ends so by itself, a whole column does not.
    """
    rounded = pc.match_substring_regex(values, _ROUNDED_ID).fill_null(False)
    if rounded.true_count < 2:
        return pc.and_(rest, False)
    long = pc.match_substring_regex(values, _LONG_ID).fill_null(False)
    alone = long.true_count == rounded.true_count and pc.count_distinct(values.filter(rounded)).as_py() > 1
    return rounded if alone else pc.and_(rest, False)


def _fast_ways(kind: Kind, zone: ZoneInfo) -> list[tuple[str, Callable[[pa.Array], pa.Array]]]:
    if kind == "id":
        return [(_ODD_ID, lambda part: part)]
    if kind == "instant":
        return [(_LOCAL_TIME, lambda part: _local(part.cast(pa.timestamp("us")), zone)),
                (_OFFSET_TIME, lambda part: _milliseconds(part.cast(pa.timestamp("us", "UTC"))))]  # fmt: skip
    if kind == "money":
        return [(_MONEY, lambda part: _fen(part.cast(pa.decimal128(18, 2))))]
    return [(_COUNT, lambda part: part.cast(pa.int64()))] if kind == "count" else []


def _cast_or_halve(part: pa.Array, fast: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The cast, with null where one value cannot be cast: halves until the culprits stand alone."""
    try:
        return fast(part)
    except pa.ArrowInvalid:
        if len(part) == 1:
            return pa.nulls(1, pa.int64())
        middle = len(part) // 2
        return pa.concat_arrays([_cast_or_halve(part[:middle], fast), _cast_or_halve(part[middle:], fast)])


def _milliseconds(moments: pa.Array) -> pa.Array:
    return pc.divide(moments.cast(pa.int64()), 1000)


def _local(moments: pa.Array, zone: ZoneInfo) -> pa.Array:
    """Local clock times (timestamps without zone) as instants: the offset is looked up once a quarter hour."""
    local = _milliseconds(moments)
    quarters = pc.divide(local, _QUARTER_MS).dictionary_encode()
    start = datetime(1970, 1, 1)  # noqa: DTZ001
    offsets = []
    for quarter in quarters.dictionary.to_pylist():
        if quarter is None:
            offsets.append(0)
            continue
        offset = (start + timedelta(milliseconds=quarter * _QUARTER_MS)).replace(tzinfo=zone, fold=0).utcoffset()
        offsets.append((offset or timedelta()) // timedelta(milliseconds=1))
    return pc.subtract(local, pa.array(offsets, pa.int64()).take(quarters.indices))


def _fen(amounts: pa.Array) -> pa.Array:
    return pc.multiply(amounts, pa.scalar(Decimal(100), pa.decimal128(3, 0))).cast(pa.int64())


def _typed(values: pa.Array, kind: Kind, zone: ZoneInfo) -> pa.Array | None:
    """A typed Parquet column cast at once; None where it must go cell by cell."""
    type_ = values.type
    is_whole = pa.types.is_integer(type_)
    try:
        if kind == "instant" and pa.types.is_timestamp(type_):
            read = _milliseconds(values)
            if type_.unit != "us" or not _within(read, 631_152_000_000, 4_102_444_800_000):
                return None
            return read if type_.tz else _local(values, zone)
        if kind == "instant" and is_whole:
            return values.cast(pa.int64()) if _within(values, 10**12, 9_999_999_999_999) else None
        if kind == "id" and is_whole:
            return values.cast(pa.string())
        if kind == "count" and is_whole and _within(values, 0, 10**12):
            return values.cast(pa.int64())
        if kind == "money" and pa.types.is_decimal(type_) and _within(values, 0, 10**12):
            return _fen(values.cast(pa.decimal128(18, 2)))
        if kind == "money" and is_whole and _within(values, 0, 10**12):
            return pc.multiply(values.cast(pa.int64()), 100)
        if kind == "money" and pa.types.is_floating(type_) and _within(values, 0, 10**12):
            # A float that is the nearest to a number of two places means that number.
            exact = pc.all(pc.equal(pc.round(values, 2), values)).as_py() in {True, None}
            return pc.round(pc.multiply(values, 100)).cast(pa.int64()) if exact else None
        if kind == "flag" and pa.types.is_boolean(type_):
            return values
    except pa.ArrowInvalid:
        pass
    return None


def _within(values: pa.Array, lowest: int, highest: int) -> bool:
    found = pc.min_max(values).as_py()
    return found["min"] is None or bool(lowest <= found["min"] and found["max"] <= highest)
