"""不重复的话 distinct: what was found in a text is found once, however often people repeat it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jinpai.coded import Ints, coded

Found = tuple[Ints, tuple[Ints, ...]]
"""Of some texts the place of each find's text, in order, and the columns of the finds."""
REMEMBERED = 200_000
"""So many distinct texts are kept from one piece of rows to the next."""


class Distinct:
    """不重复的话 gives the finds of a column of texts; `find` is asked for each distinct text once."""

    def __init__(self, find: Callable[[pa.Array], Found]) -> None:
        self._find = find
        self._forget()

    def read(self, texts: pa.ChunkedArray) -> Found:
        """读 the row of each find and its columns, in the order of rows; a null text has none."""
        words = coded(texts)
        place = self._places(words.dictionary)
        rows = np.flatnonzero(words.indices.is_valid().to_numpy(zero_copy_only=False))
        of_row: Ints = place[words.indices.fill_null(0).to_numpy()[rows]] if len(rows) else rows
        counts = self._first[of_row + 1] - self._first[of_row]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        entry = np.repeat(self._first[of_row], counts) + within
        return np.repeat(rows, counts), tuple(column[entry] for column in self._columns)

    def _forget(self) -> None:
        self._texts = pa.array([], pa.string())
        self._first: Ints = np.zeros(1, np.int64)
        _, self._columns = self._find(self._texts)

    def _places(self, texts: pa.Array) -> Ints:
        """Where the finds of each text stand among those remembered; new texts are read first."""
        found = pc.index_in(texts, value_set=self._texts)
        new = texts.filter(pc.is_null(found))
        if len(self._texts) + len(new) > REMEMBERED:
            self._forget()
            found, new = pc.index_in(texts, value_set=self._texts), texts
        if len(new):
            self._learn(new)
            found = pc.index_in(texts, value_set=self._texts)
        places: Ints = found.to_numpy(zero_copy_only=False).astype(np.int64)
        return places

    def _learn(self, new: pa.Array) -> None:
        text, columns = self._find(new)
        counts = np.bincount(text, minlength=len(new))
        self._texts = pa.concat_arrays([self._texts, new])
        self._first = np.concatenate((self._first, self._first[-1] + np.cumsum(counts)))
        self._columns = tuple(np.concatenate(pair) for pair in zip(self._columns, columns, strict=True))
