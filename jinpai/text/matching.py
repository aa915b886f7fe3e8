"""匹配 matching: the signals of a column of texts, with the characters on which each rests.

What counts: every stretch that a phrase or expression of a signal covers; stretches of one signal that overlap are one.
A stretch that shares a clause with a guard of its signal is cancelled, whole. Rows come in the order of text, start, end
and signal, and depend on nothing but texts, senders and lexicon. Give each distinct text once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jinpai.text.automaton import Automaton, Hits
from jinpai.text.normal import Block, normal_block
from jinpai.text.signals import CLAUSE_MARKS, ROLES, Lexicon

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = npt.NDArray[np.int64]
_ROWS = 1 << 15
_MARKS = [ord(mark) for mark in CLAUSE_MARKS]


class Matcher:
    """匹配器 finds the signals of one lexicon; threads may share it, processes make their own."""

    def __init__(self, lexicon: Lexicon) -> None:
        patterns = lexicon.patterns
        self.lexicon = lexicon
        self.signals = np.array([one.signal for one in patterns], np.int64)
        self.is_guard = np.array([one.is_guard for one in patterns], bool)
        self.roles = np.array([ROLES.index(one.role) for one in lexicon.signals], np.int64)
        self.automaton = Automaton([one.expression for one in patterns])

    def __reduce__(self) -> tuple[object, ...]:
        return matcher, (self.lexicon,)

    def match(self, texts: pa.Array | pa.ChunkedArray, senders: pa.Array | pa.ChunkedArray | None = None) -> pa.Table:
        """匹配 the signals of `texts`: columns `text` (place in the column), `signal`, `start`, `end`.

        Offsets count characters of the raw text, half-open. With `senders` ("buyer", "agent"; anything else is neither)
        a signal of the other role is left out; without them all are told. A null text has no signals.
        """
        import pyarrow as pa

        parts = [self._part(texts.slice(first, _ROWS), first) for first in range(0, len(texts), _ROWS)]
        text, signal, start, end = (np.concatenate(part) for part in zip(_none(), *parts, strict=True))
        if senders is not None:
            stays = self._heard(senders)[text, self.roles[signal]]
            text, signal, start, end = text[stays], signal[stays], start[stays], end[stays]
        names = pa.array([one.id for one in self.lexicon.signals], pa.string())
        return pa.table(
            {"text": text, "signal": names.take(pa.array(signal)), "start": start, "end": end}, schema=schema()
        )

    def _heard(self, senders: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
        """Which roles of signals each text's sender can emit."""
        import pyarrow.compute as pc

        heard = [np.asarray(pc.fill_null(pc.equal(senders, role), False)) for role in ROLES[:2]]
        return np.stack([*heard, np.ones(len(senders), bool)], axis=1)

    def _part(self, texts: pa.Array | pa.ChunkedArray, first: int) -> tuple[Numbers, ...]:
        block = normal_block(texts)
        codes = np.frombuffer(block.text.encode("utf-32-le"), np.uint32)
        hits = _in_characters(self.automaton.scan(block.text.encode()), codes)
        signal, is_guard = self.signals[hits.pattern], self.is_guard[hits.pattern]
        signals, starts, ends = _joined(signal[~is_guard], hits.start[~is_guard], hits.end[~is_guard])
        if is_guard.any():
            guards = signal[is_guard], hits.start[is_guard], hits.end[is_guard]
            stays = ~_cancelled((signals, starts, ends), guards, codes)
            signals, starts, ends = signals[stays], starts[stays], ends[stays]
        return _ordered(block, first, signals, starts, ends)


@lru_cache(maxsize=4)
def matcher(lexicon: Lexicon) -> Matcher:
    """匹配器 the matcher of a lexicon, made once in a process."""
    return Matcher(lexicon)


def schema() -> pa.Schema:
    """匹配结果的列 the columns that `Matcher.match` gives."""
    import pyarrow as pa

    fields = (("text", pa.int64()), ("signal", pa.string()), ("start", pa.int64()), ("end", pa.int64()))
    return pa.schema([pa.field(*one, nullable=False) for one in fields])


def _none() -> tuple[Numbers, ...]:
    return tuple(np.zeros(0, np.int64) for _ in range(4))


def _in_characters(hits: Hits, codes: npt.NDArray[np.uint32]) -> Hits:
    """Hits in bytes as hits in characters."""
    ascii_, two, three = codes < 0x80, codes < 0x800, codes < 0x10000
    begins = np.concatenate(([0], np.cumsum(4 - ascii_.astype(np.int64) - two - three)))
    return Hits(hits.pattern, np.searchsorted(begins, hits.start), np.searchsorted(begins, hits.end))


def _joined(key: Numbers, start: Numbers, end: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Stretches of one key that share a character as one, in the order of key and start."""
    order = np.lexsort((start, key))
    key, start, end = key[order], start[order], end[order]
    if not len(key):
        return key, start, end
    # keys apart by more than any offset: one running maximum does for all
    apart = key * (int(end.max()) + 1)
    reach = np.maximum.accumulate(end + apart)
    begins = np.flatnonzero(np.concatenate(([True], (start + apart)[1:] >= reach[:-1])))
    return key[begins], start[begins], np.maximum.reduceat(end, begins)


def _cancelled(
    hits: tuple[Numbers, Numbers, Numbers], guards: tuple[Numbers, Numbers, Numbers], codes: npt.NDArray[np.uint32]
) -> npt.NDArray[np.bool_]:
    """Which hits share a clause with a guard of their signal; a mark belongs to the clause that it ends."""
    marks = np.isin(codes, _MARKS)
    clause: Numbers = np.cumsum(marks) - marks
    signal = hits[0]
    first: Numbers = clause[hits[1]]
    last: Numbers = clause[hits[2] - 1]
    key, begin, end = _joined(guards[0], clause[guards[1]], clause[guards[2] - 1] + 1)
    # guards of one signal lie apart: the last one that begins in time reaches furthest
    apart = len(codes) + 2
    place = np.searchsorted(key * apart + begin, signal * apart + last, side="right") - 1
    is_cancelled: npt.NDArray[np.bool_] = (place >= 0) & (key[place] == signal) & (end[place] > first)
    return is_cancelled


def _ordered(block: Block, first: int, signals: Numbers, starts: Numbers, ends: Numbers) -> tuple[Numbers, ...]:
    text, start, end = block.places(starts, ends)
    order = np.lexsort((signals, end, start, text))
    return text[order] + first, signals[order], start[order], end[order]


def rows(table: pa.Table) -> Iterator[tuple[int, str, int, int]]:
    """逐行 the rows of a table of matches as tuples, for few of them."""
    yield from zip(*(table[name].to_pylist() for name in schema().names), strict=True)
