"""认人 marks: whether an id is one that is being erased, or was; by the id itself or by its keyed hash."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.text.mask import is_masked, mask_nick
from jinpai.workspace.tombstones import Tombstones, hashed, spelt

_WORD = re.compile(r"[\w.\-]+")
_SHORTEST = 2
"""A name of one letter stands in too many words to be looked for inside a text; so does a number of less than:"""
_SHORTEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Marks:
    """认人 one shop's buyers and orders to leave out, the instants (ms UTC, 0: none) before which rows or words are out
    of keeping, and `told`: the words that settings look for and that stay (memo codes, advertising phrases).

    `plain` holds the ids themselves where they are known: at the erasure, not at a later import.
    """

    buyer: Callable[[str], bool]
    order: Callable[[str], bool]
    plain: tuple[str, ...] = ()
    rows_before: int = 0
    words_before: int = 0
    told: tuple[str, ...] = ()

    def names(self, text: str) -> bool:
        """提到 whether a text is, or has in it, the name of a buyer or the number of an order to leave out."""
        words = {text, *_WORD.findall(text)}
        numbers = (word for word in words if len(word) >= _SHORTEST_NUMBER)
        inside = (one in text for one in self.plain if len(one) >= _SHORTEST)
        return any(map(self.buyer, words)) or any(map(self.order, numbers)) or any(inside)

    def cleaned(self, text: str) -> str:
        """抹去名字 a file's name with what names a buyer masked."""
        for one in self.plain:
            text = text.replace(one, mask_nick(one)) if len(one) >= _SHORTEST else text
        return _WORD.sub(lambda found: mask_nick(found[0]) if self.buyer(found[0]) else found[0], text)

    def extra_of(self, text: str) -> str | None:
        """其他列 the JSON of a row's other columns without those that name a buyer; None when nothing is left."""
        told = json.loads(text)
        kept = {name: value for name, value in told.items() if not self.buyer(str(value))}
        return json.dumps(kept, ensure_ascii=False) if kept else None


def by_id(
    buyers: Iterable[str],
    orders: Iterable[str],
    rows_before: int = 0,
    words_before: int = 0,
    told: tuple[str, ...] = (),
) -> Marks:
    """按本名 marks of buyers and orders whose ids are at hand."""
    named, numbers = {spelt(one) for one in buyers}, {spelt(one) for one in orders}
    return Marks(
        lambda one: spelt(one) in named, lambda one: spelt(one) in numbers, tuple(sorted(named)), rows_before, words_before,
        told,
    )  # fmt: skip


def by_hash(key: bytes, shop: str, stones: Tombstones, told: tuple[str, ...] = ()) -> Marks:
    """按记号 marks of what was erased before, known by keyed hashes only."""
    buyer = _remembered(lambda one: hashed(key, shop, "buyer", one) in stones.buyers)
    order = _remembered(lambda one: hashed(key, shop, "order", one) in stones.orders)
    return Marks(buyer, order, (), stones.rows_before, stones.words_before, told)


def _remembered(asked: Callable[[str], bool]) -> Callable[[str], bool]:
    # a few hundred thousand ids come millions of times
    known: dict[str, bool] = {}

    def answer(one: str) -> bool:
        if one not in known:
            known[one] = asked(one)
        return known[one]

    return answer


def where(column: pa.Array, asked: Callable[[str], bool]) -> pa.Array:
    """哪些行 a flag for every value of a column; each distinct value is asked about once, null is no."""
    return _each(column, lambda one: one is not None and asked(one))


def hidden(column: pa.Array) -> pa.Array:
    """打了码的行 a flag for every buyer that is masked, hidden or missing."""
    return _each(column, is_masked)


def _each(column: pa.Array, asked: Callable[[str | None], bool]) -> pa.Array:
    coded = column.dictionary_encode(null_encoding="encode")
    return pa.array([asked(one) for one in coded.dictionary.to_pylist()], pa.bool_()).take(coded.indices)


def named_in_extra(extra: pa.Array, marks: Marks) -> pa.Array:
    """其他列里有他 a flag for every row one of whose other columns is, as a whole, the name of a buyer to leave out."""
    if extra.null_count == len(extra):
        return pa.repeat(pa.scalar(False), len(extra))
    maybe = pc.is_valid(extra)
    if marks.plain:
        found = [
            pc.match_substring(extra, json.dumps(one, ensure_ascii=False)[1:-1]).fill_null(False) for one in marks.plain
        ]
        for one in found[1:]:
            found[0] = pc.or_(found[0], one)
        maybe = found[0]
    texts = zip(extra.to_pylist(), maybe.to_pylist(), strict=True) if maybe.true_count else ()
    named = [look and any(marks.buyer(str(value)) for value in json.loads(text).values()) for text, look in texts]
    return pa.array(named, pa.bool_()) if named else pa.repeat(pa.scalar(False), len(extra))
