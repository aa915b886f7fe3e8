"""剧本与答案 a scenario and its figures, worked out by hand from the contract, for the oracle and for the program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Somebody asks and orders a month later: every window of November is over at the horizon.
LATER = """
2025-12-31
10:00:00 末: 你好
10:00:00 末 order Z 1.00
"""


@dataclass(frozen=True)
class Case:
    """A chat, settings (file -> TOML), and the wanted figures by group."""

    name: str
    text: str
    wanted: dict[tuple[Any, ...], dict[str, Any]]
    by: tuple[str, ...] = ("shop",)
    settings: dict[str, str] = field(default_factory=dict)
    later: str = LATER


SHOP = ("main",)
