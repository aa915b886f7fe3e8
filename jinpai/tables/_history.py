"""前后 history: rows of whole groups in order, and what each row sees before and after it in its own group.

Rows are named by their place in the arrays, counted from 0; NONE where there is no such row.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jinpai.coded import NONE, Flags, Ints


def _runs(keys: tuple[Ints, ...]) -> tuple[Ints, Ints]:
    """Where rows with the same keys, which lie together, begin and end."""
    begins = np.zeros(len(keys[0]), dtype=bool)
    begins[:1] = True
    for key in keys:
        begins[1:] |= key[1:] != key[:-1]
    starts = np.flatnonzero(begins)
    return starts, np.append(starts[1:], len(begins)) if len(starts) else starts


class History:
    """前后 rows whose group begins wherever one of `keys` changes; each method takes one pass over them."""

    def __init__(self, *keys: Ints) -> None:
        self.index = np.arange(len(keys[0]), dtype=np.int64)
        starts, ends = _runs(keys)
        self.first, self.end = np.repeat(starts, ends - starts), np.repeat(ends, ends - starts)

    def before(self, which: Flags) -> Ints:
        """之前最后一条 the last row that is `which` before each row of its group."""
        found = np.full(len(self.index), NONE)
        np.maximum.accumulate(np.where(which, self.index, NONE)[:-1], out=found[1:])
        return np.where(found >= self.first, found, NONE)

    def so_far(self, which: Flags) -> Ints:
        """到此最后一条 as `before`, the row itself included."""
        found = np.maximum.accumulate(np.where(which, self.index, NONE))
        return np.where(found >= self.first, found, NONE)

    def after(self, which: Flags) -> Ints:
        """之后第一条 the first row that is `which` after each row of its group."""
        count = len(self.index)
        found = np.full(count, count)
        found[:-1] = np.minimum.accumulate(np.where(which, self.index, count)[:0:-1])[::-1]
        return np.where(found < self.end, found, NONE)


class Groups:
    """组 the groups of rows that lie together: a group begins wherever one of `keys` changes.

    The methods give one row a group: NONE where it has no such row.
    """

    def __init__(self, *keys: Ints) -> None:
        self.starts, self.ends = _runs(keys)
        self.of_row = np.repeat(np.arange(len(self.starts)), self.ends - self.starts)

    def first(self, which: Flags) -> Ints:
        """第一条 the first row that is `which`."""
        return self._settled(np.flatnonzero(which)[::-1])

    def last(self, which: Flags) -> Ints:
        """最后一条 the last row that is `which`."""
        return self._settled(np.flatnonzero(which))

    def count(self, which: Flags) -> Ints:
        """条数 how many rows are `which`."""
        return np.bincount(self.of_row[which], minlength=len(self.starts))

    def _settled(self, rows: Ints) -> Ints:
        """Of each group the row that comes last in `rows`: of values given to one place, numpy keeps the last."""
        found = np.full(len(self.starts), NONE)
        found[self.of_row[rows]] = rows
        return found


class Sums:
    """合计 rows that share a key, wherever they lie: one sum a key, in the order of the keys."""

    def __init__(self, key: Ints) -> None:
        order = np.argsort(key, kind="stable")
        runs = Groups(key[order])
        self.first, self.last = order[runs.starts], order[runs.ends - 1]
        self.count = runs.ends - runs.starts
        self._order, self._runs = order, runs

    def total(self, values: Ints) -> Ints:
        """总和 of the values of each key's rows."""
        if not len(values):
            return values
        found: Ints = np.add.reduceat(values[self._order], self._runs.starts)
        return found


def firsts(key: Ints, place: Ints, counts: Flags) -> Flags:
    """最先的 which of the rows that count has the least place of those with the same key."""
    rows = np.flatnonzero(counts)
    rows = rows[np.argsort(place[rows], kind="stable")]
    found = np.zeros(len(key), bool)
    if len(rows):
        found[rows[Sums(key[rows]).first]] = True
    return found


def taken(values: pa.Array, rows: Ints) -> pa.Array:
    """取值 the values at these rows; null where a row is NONE."""
    if pa.types.is_int64(values.type) and not values.null_count and len(values):
        # plain numbers go through numpy in half the time; NONE takes the last row's, which is not shown
        return pa.array(values.to_numpy()[rows], mask=rows == NONE)
    return values.take(pa.array(rows, pa.int64(), mask=rows == NONE))


def is_known(column: pa.Array) -> Flags:
    """有值 where a column says anything."""
    found: Flags = column.is_valid().to_numpy(zero_copy_only=False)
    return found
