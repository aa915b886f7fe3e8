"""The slow way to the same rows: every beginning and every end of every expression, tried one by one with `re`.

It shares with the program what a pattern reads (the expression's `pattern`) and normal texts, nothing of the matching.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pyarrow as pa

from jinpai.text.normal import normal_block
from jinpai.text.signals import Lexicon

Row = tuple[int, str, int, int]
CLAUSE_ENDS = ",。!?;~ \n"


@cache
def ending(pattern: str, left: int) -> re.Pattern[str]:
    """The pattern, with so many characters of the text left behind it."""
    return re.compile(rf"(?:{pattern})(?=[\s\S]{{{left}}}\Z)", re.MULTILINE)


def covered(pattern: str, line: str) -> set[int]:
    """Every stretch (start, end) of the line that is the pattern from its first character to its last."""
    spans: set[tuple[int, int]] = set()
    if not re.search(pattern, line, re.MULTILINE):
        return spans
    for start in range(len(line)):
        for end in range(start + 1, len(line) + 1):
            found = ending(pattern, len(line) - end).match(line, start)
            if found and found.end() == end:
                spans.add((start, end))
    return spans


def joined(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that share a character as one."""
    told: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if told and start < told[-1][1]:
            told[-1] = (told[-1][0], max(told[-1][1], end))
        else:
            told.append((start, end))
    return told


def clauses(line: str, start: int, end: int) -> set[int]:
    """The clauses in which a span lies."""
    numbers, number = [], 0
    for one in line:
        numbers.append(number)
        number += one in CLAUSE_ENDS
    return set(numbers[start:end])


def match(lexicon: Lexicon, texts: list[str | None], senders: list[str] | None = None) -> list[Row]:
    """The rows of `Matcher.match`."""
    told: set[Row] = set()
    for place, text in enumerate(texts):
        block = normal_block(pa.array([text], pa.string()))
        offset = 0
        for line in block.text.split("\n"):
            for number, signal in enumerate(lexicon.signals):
                if senders is not None and signal.role not in ("any", senders[place]):
                    continue
                found: dict[bool, set[tuple[int, int]]] = {False: set(), True: set()}
                for pattern in lexicon.patterns:
                    if pattern.signal == number:
                        found[pattern.is_guard] |= covered(pattern.expression.pattern, line)
                guarded = {clause for span in found[True] for clause in clauses(line, *span)}
                for start, end in joined(found[False]):
                    if not clauses(line, start, end) & guarded:
                        _, first, last = block.places(np.array([offset + start]), np.array([offset + end]))
                        told.add((place, signal.id, int(first[0]), int(last[0])))
            offset += len(line) + 1
    return sorted(told, key=lambda row: (row[0], row[2], row[3], row[1]))
