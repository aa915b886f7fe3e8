"""前后 history: rows of whole groups in order, and what each row sees before and after it in its own group.

Rows are named by their place in the arrays, counted from 0; NONE where there is no such row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE = -1


class History:
    """前后 rows whose group begins wherever one of `keys` changes; each method takes one pass over them."""

    def __init__(self, *keys: Ints) -> None:
        count = len(keys[0])
        self.index = np.arange(count, dtype=np.int64)
        begins = np.zeros(count, dtype=bool)
        begins[:1] = True
        for key in keys:
            begins[1:] |= key[1:] != key[:-1]
        starts = np.flatnonzero(begins)
        sizes = np.diff(np.append(starts, count))
        self.first = np.repeat(starts, sizes)
        self.end = np.repeat(starts + sizes, sizes)

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


def taken(values: pa.Array, rows: Ints) -> pa.Array:
    """取值 the values at these rows; null where a row is NONE."""
    return values.take(pa.array(rows, pa.int64(), mask=rows == NONE))


def equals(column: pa.Array, value: str) -> Flags:
    """等于 where a column says `value`; a null says nothing."""
    found: Flags = pc.fill_null(pc.equal(column, value), False).to_numpy(zero_copy_only=False)
    return found
