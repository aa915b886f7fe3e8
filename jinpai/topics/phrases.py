"""词句 phrases: what the shipped models are trained on, written by this project, in files that can be read and edited.

A phrase is a pattern: (甲|乙) one of them, (甲|乙)? one of them or nothing. It stands for up to VARIANTS sentences, chosen
evenly from all that it can become, always the same ones.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import prod

from jinpai.text.classify import NONE

VARIANTS = 14
_STEP = 0.618_033_988_749_895
"""The golden section: multiples of it fall evenly, and never on a line."""
OBJECTIONS_FILE, NONE_FILE = "objections.toml", "none.toml"
_PART = re.compile(r"\(([^()]*)\)(\??)")


@dataclass(frozen=True, slots=True)
class Example:
    """例句 a sentence, its class, and the pattern that it comes from: sentences of one pattern are kept together."""

    text: str
    topic: str
    pattern: str


def variants(pattern: str, most: int = VARIANTS) -> tuple[str, ...]:
    """展开 the sentences that a pattern stands for, at most so many."""
    pieces = _PART.split(pattern)
    literal, inside, optional = pieces[0::3], pieces[1::3], pieces[2::3]
    choices = [[*one.split("|"), *([""] if mark else [])] for one, mark in zip(inside, optional, strict=True)]
    every = prod(map(len, choices))
    found: dict[str, None] = {}
    for number in range(min(every, most)):
        place = number if every <= most else int(every * (number * _STEP % 1))
        text = literal[0]
        for choice, after in zip(choices, literal[1:], strict=True):
            place, which = divmod(place, len(choice))
            text += choice[which] + after
        found[text] = None
    return tuple(found)


@cache
def titles() -> dict[str, dict[str, str]]:
    """名称 the Chinese name of each topic, and of each kind of objection, in the order of the files."""
    return {kind: {one: str(told["zh"]) for one, told in _written(kind).items()} for kind in ("topic", "objection")}


def examples(kind: str) -> Iterator[Example]:
    """例句 of one kind, topic or objection; what asks nothing belongs to both, topics are no objections."""
    other = "none" if kind == "topic" else "topic"
    for name, told in _written(kind).items():
        for pattern in told["phrases"]:
            yield from (Example(text, name, pattern) for text in variants(pattern))
    for name, told in (*_written(other).items(), *_written("none").items()):
        if kind == "topic" and name != NONE:
            continue
        for pattern in told["phrases"]:
            # fewer of them: of many topics one class is made
            yield from (Example(text, NONE, pattern) for text in variants(pattern, VARIANTS if name == NONE else 6))


def _written(kind: str) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted(files("jinpai.topics").joinpath("phrases").iterdir(), key=lambda one: one.name):
        is_kind = {OBJECTIONS_FILE: "objection", NONE_FILE: "none"}.get(file.name, "topic")
        if file.name.endswith(".toml") and is_kind == kind:
            found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found
