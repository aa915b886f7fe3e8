"""话术库 the phrase bank: what buyers and agents say, read from the text files beside this module.

A file is a topic; `[buyer]`, `[agent]`, `[wrong]` and further names open a section; one phrase a line.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

ROOM = files("jinpai.simulate")
SECTION = re.compile(r"^\[(\w+)\]$")


def _sections(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    current: list[str] = found.setdefault("", [])
    for line in text.splitlines():
        opened = SECTION.match(line)
        if opened:
            current = found.setdefault(opened[1], [])
        elif line.strip() and not line.startswith("#"):
            current.append(line.replace("\\n", "\n"))
    return {name: tuple(lines) for name, lines in found.items() if lines}


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """话术 every phrase by `topic.section`, e.g. `size.buyer`."""
    bank: dict[str, tuple[str, ...]] = {}
    for page in sorted(ROOM.joinpath("phrases").iterdir(), key=lambda page: page.name):
        if page.name.endswith(".txt"):
            topic = page.name.removesuffix(".txt")
            for name, lines in _sections(page.read_text(encoding="utf-8")).items():
                bank[f"{topic}.{name}"] = lines
    return bank


@cache
def names() -> dict[str, tuple[str, ...]]:
    """虚构的名字 invented names by section; lines with blanks hold several, addresses one a line."""
    found = _sections(ROOM.joinpath("names.txt").read_text(encoding="utf-8"))
    return {
        name: lines if name == "address" else tuple(part for line in lines for part in line.split(" "))
        for name, lines in found.items()
    }


def shop_file() -> dict[str, Any]:
    """店铺文件 the invented shop as written in `shop.toml`."""
    return tomllib.loads(ROOM.joinpath("shop.toml").read_text(encoding="utf-8"))


def product_rows() -> list[list[str]]:
    """商品行 the cells of `products.txt`, one list a product."""
    lines = ROOM.joinpath("products.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("|") for line in lines if line.strip() and not line.startswith("#")]


class Speaker:
    """说话 picks phrases with one seeded stream and fills their braces."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def say(self, section: str, filling: dict[str, str]) -> str:
        """One phrase of `topic.section`, its braces filled; KeyError when a brace has no filling."""
        phrase = self.random.choice(phrases()[section])
        return phrase.format_map(filling) if "{" in phrase else phrase

    def chance(self, share: float) -> bool:
        """True in `share` of the calls."""
        return self.random.random() < share
