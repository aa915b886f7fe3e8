"""案例 dialogues: those of the criteria that ship, as the program reads them.

The shop that they are held in has the fact sheet `facts.toml` beside this file, and a promotion on 11 November: a first
line with [86400] is said then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinpai.criteria.dialogues import Dialogue, canonical, read_dialogues
from tests.shape.source import ROOT

CASES = ROOT / "jinpai" / "criteria" / "cases"
HELD_OUT = ROOT / "tests" / "criteria" / "heldout"
FACTS = Path(__file__).parent
"""Where the fact sheet of the dialogues' shop lies."""
PROMOTIONS = [{"name": "双11", "first": date(2025, 11, 11), "last": date(2025, 11, 11)}]


@cache
def dialogues(folder: Path = CASES) -> tuple[Dialogue, ...]:
    """Every dialogue of every case file."""
    return tuple(one for file in sorted(folder.glob("*.md")) for one in read_dialogues(file))


def shop(told: Iterable[Dialogue] | None = None) -> dict[str, list[dict[str, Any]]]:
    """The dialogues (None: all of the case files), a buyer each, as the rows of a shop."""
    return canonical(dialogues() if told is None else told)
