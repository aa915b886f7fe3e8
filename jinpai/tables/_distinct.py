"""不重复的话 distinct: what was found in a text is found once, however often people repeat it.

Pieces of a walk are read by several threads at once. What is known is therefore never changed, only replaced: a thread
goes on with what it has seen, whatever the others learn meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jinpai.coded import Ints, coded

Found = tuple[Ints, tuple[Ints, ...]]
"""Of some texts the place of each find's text, in order, and the columns of the finds."""
REMEMBERED = 200_000
"""So many distinct texts are kept from one piece of rows to the next."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Texts with the columns of their finds; the finds of text `n` are those of [first[n], first[n + 1])."""

    texts: pa.Array
    first: Ints
    columns: tuple[Ints, ...]

    def lacks(self, texts: pa.Array) -> npt.NDArray[np.bool_]:
        """Which of some texts are not here."""
        found: npt.NDArray[np.bool_] = pc.is_null(pc.index_in(texts, value_set=self.texts)).to_numpy(
            zero_copy_only=False
        )
        return found

    def only(self, stays: npt.NDArray[np.bool_]) -> _Known:
        """Some of the texts."""
        counts = np.diff(self.first)
        of_find = np.repeat(stays, counts)
        first = np.concatenate(([0], np.cumsum(counts[stays])))
        return _Known(self.texts.filter(pa.array(stays)), first, tuple(column[of_find] for column in self.columns))

    def with_more(self, more: _Known) -> _Known:
        """These and others, none of which is here."""
        first = np.concatenate((self.first, self.first[-1] + more.first[1:]))
        columns = tuple(np.concatenate(pair) for pair in zip(self.columns, more.columns, strict=True))
        return _Known(pa.concat_arrays([self.texts, more.texts]), first, columns)


class Distinct:
    """不重复的话 gives the finds of a column of texts; `find` is asked for each distinct text once. Threads may share it."""

    def __init__(self, find: Callable[[pa.Array], Found]) -> None:
        self._find = find
        self._lock = Lock()
        self._known = self._found(pa.array([], pa.string()))

    def read(self, texts: pa.ChunkedArray) -> Found:
        """读 the row of each find and its columns, in the order of rows; a null text has none."""
        words = coded(texts)
        known = self._knowing(words.dictionary)
        place: Ints = pc.index_in(words.dictionary, value_set=known.texts).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(words.indices.is_valid().to_numpy(zero_copy_only=False))
        of_row: Ints = place[words.indices.fill_null(0).to_numpy()[rows]].astype(np.int64) if len(rows) else rows
        counts = known.first[of_row + 1] - known.first[of_row]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        entry = np.repeat(known.first[of_row], counts) + within
        return np.repeat(rows, counts), tuple(column[entry] for column in known.columns)

    def _knowing(self, texts: pa.Array) -> _Known:
        """What is known, these texts among it."""
        known = self._known
        is_new = known.lacks(texts)
        if not is_new.any():
            return known
        new = self._found(texts.filter(pa.array(is_new)))
        with self._lock:
            # another thread may have learnt some of them meanwhile
            fresh = new.only(self._known.lacks(new.texts))
            is_full = len(self._known.texts) + len(fresh.texts) > REMEMBERED
            self._known = new if is_full else self._known.with_more(fresh)
        return known.with_more(new)

    def _found(self, texts: pa.Array) -> _Known:
        text, columns = self._find(texts)
        first = np.concatenate(([0], np.cumsum(np.bincount(text, minlength=len(texts)))))
        return _Known(texts, first, columns)
