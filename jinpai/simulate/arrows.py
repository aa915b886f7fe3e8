"""箭头列 numpy arrays as Arrow columns: instants, exact money, texts taken from a pool."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jinpai.simulate.shop import OFFSET

INSTANT = pa.timestamp("ms", tz="UTC")
MONEY = pa.decimal128(12, 2)


def instants(local: np.ndarray) -> pa.Array:
    """时间 local seconds as UTC instants; -1 is null."""
    return pa.array((local - OFFSET) * 1000, mask=local < 0, type=pa.int64()).view(INSTANT)


def money(fen: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """元 fen as decimal yuan, exact: the fen are the decimal's own digits; null where not `known`."""
    low = fen.astype("<i8")
    digits = np.stack([low, np.where(low < 0, -1, 0).astype("<i8")], axis=1)
    column = pa.Array.from_buffers(MONEY, len(fen), [None, pa.py_buffer(np.ascontiguousarray(digits).tobytes())])
    return column if known is None else pc.if_else(pa.array(known), column, pa.scalar(None, MONEY))


def picked(pool: Sequence[str], places: np.ndarray) -> pa.Array:
    """取词 the texts of `pool` at `places`; a negative place is null."""
    return pa.array(pool, pa.string()).take(pa.array(places, mask=places < 0, type=pa.int64()))


def numbers(values: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """编号 whole numbers as text; null where not `known`."""
    column = pa.array(values, mask=None if known is None else ~known, type=pa.int64())
    return column.cast(pa.string())


def constant(value: str, many: int) -> pa.Array:
    """同一个值 one text repeated."""
    return pa.repeat(pa.scalar(value, pa.string()), many)


def table(name: str, columns: dict[str, pa.Array], many: int) -> pa.Table:
    """标准表 the canonical table `name` with these columns, the others null, in the table's own types of file."""
    from jinpai.canon import TABLES

    kinds = {"instant": INSTANT, "money": MONEY}
    from_canon = {column.name: column for column in TABLES[name].columns}
    unknown = set(columns) - set(from_canon)
    if unknown:
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    fields = {one: TABLES[name].schema.field(one).type for one in from_canon}
    filled = {one: columns.get(one, pa.nulls(many, kinds.get(from_canon[one].kind, fields[one]))) for one in from_canon}
    return pa.table(filled)
