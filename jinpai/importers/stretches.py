"""一段段 the parts of one chat file (copies pasted below each other, pages, sheets): what a later one repeats of an
earlier one counts once, and whoever is hidden in two of them is two people. Source: formats, §7 cases 14 and 15.
"""

from __future__ import annotations

from collections import Counter

from jinpai.text.mask import is_masked


class Stretches:
    """一段段 the part that is being read, and what the parts before it held."""

    def __init__(self) -> None:
        self._here: Counter[int] = Counter()
        self._kept: Counter[int] = Counter()
        self._threads: dict[str | None, str] = {}
        self._begun: Counter[tuple[str | None, int]] = Counter()

    def start(self) -> None:
        """新的一段 another part begins."""
        self._here = Counter()
        self._threads = {}

    def change(self) -> None:
        """换人 somebody else is talked with: the same mask later on may hide another person."""
        self._threads = {}

    def thread(self, buyer: str | None, sent_at: int) -> str | None:
        """同名买家的序号 of a masked buyer when his stretch began, numbered where several did so at once; else None.

        The same stretch in another export has the same thread, and strangers hardly ever do.
        """
        if not is_masked(buyer):
            return None
        if buyer not in self._threads:
            self._begun[buyer, sent_at] += 1
            number = self._begun[buyer, sent_at]
            self._threads[buyer] = str(sent_at) if number == 1 else f"{sent_at}·{number}"
        return self._threads[buyer]

    def is_repeat(self, *said: object) -> bool:
        """重复的 whether an earlier part held these words as often already as this one does up to here.

        Equal words of one part are all kept: people do write 在 twice in a second.
        """
        same = hash(said)
        self._here[same] += 1
        if self._here[same] <= self._kept[same]:
            return True
        self._kept[same] = self._here[same]
        return False
