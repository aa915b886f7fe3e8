"""二读复核 doubting: which findings a second reader reads otherwise, so that people look at these first.

It decides nothing: a finding that it doubts is only looked at earlier, and never counts among the random ones for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinpai.book.points import Point
    from jinpai.text.second_reader import SecondReader


def doubted(reader: SecondReader, points: Sequence[Point]) -> list[bool]:
    """拿不准的 whether the second reader says of a lost point that it was none; False where it says nothing."""
    said: dict[str, str | None] = {}
    for name in dict.fromkeys(one.criterion for one in points):
        mine = [one for one in points if one.criterion == name]
        title, definition = mine[0].definition.title.zh, mine[0].definition
        choices = {
            "right": f"「{title}」没做到，例如：{definition.bad}", "wrong": f"「{title}」做到了，或者说不上，例如：{definition.good}",
        }  # fmt: skip
        names = [[who for line in one.lines for who in (line.buyer, line.agent)] for one in mine]
        answers = reader.read(["\n".join(one.around) for one in mine], choices, names)
        said |= {one.finding: answer for one, answer in zip(mine, answers, strict=True)}
    return [said[one.finding] == "wrong" for one in points]
