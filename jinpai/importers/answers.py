"""谁回谁 answers: of which buyer message a row is the answer, where a table gives each message a number.

An answer to another of the shop's own messages goes on to what that one answered. The numbers of the whole file are
kept in memory: about 300 bytes a message.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_LONGEST = 1000
"""Messages of the shop in a row; a longer chain is a circle."""


def _numbers(values: pa.Array) -> pa.Array:
    # programs that keep numbers as decimals write 3.0 for 3
    return pc.replace_substring_regex(values, r"^(\d+)\.0$", r"\1")


class Answers:
    """谁回谁 what the buyers' messages say in some columns, by the number of whatever answers them."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._buyers: dict[str, tuple[str | None, ...]] = {}
        self._others: dict[str, str | None] = {}

    def add(self, own: pa.Array, to: pa.Array, sender: pa.Array, columns: Sequence[pa.Array]) -> None:
        """记下 the messages of one batch: own number, number answered, sender, and the columns asked for."""
        told = zip(*(values.to_pylist() for values in columns), strict=True) if columns else iter([()] * len(own))
        for number, answered, who, values in zip(
            _numbers(own).to_pylist(), _numbers(to).to_pylist(), sender.to_pylist(), told, strict=True
        ):
            if number is not None and who == "buyer":
                self._buyers[number] = values
            elif number is not None:
                self._others[number] = answered

    def values(self, to: pa.Array, column: str) -> pa.Array:
        """被回的那条 `column` of the buyer's message that each row answers; null where it is not in the file."""
        place = self._columns.index(column)
        coded = _numbers(to).dictionary_encode()
        found = [self._found(number, place) for number in coded.dictionary.to_pylist()]
        return pa.array(found, pa.string()).take(coded.indices)

    def _found(self, number: str | None, place: int) -> str | None:
        for _ in range(_LONGEST):
            if number is None or number in self._buyers:
                break
            number = self._others.get(number)
        return self._buyers[number][place] if number in self._buyers else None
