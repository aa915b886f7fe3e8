"""案例 dialogues: those of the criteria that ship, as the program reads them, and the shop in which they are said.

Its fact sheet is `facts.toml` beside this file. 11 November is a day of a promotion: a first line with [86400] is said then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinpai.criteria.dialogues import Dialogue, canonical, read_dialogues
from jinpai.workspace.settings import Settings
from tests.laws.reckoning import settings
from tests.shape.source import ROOT

CASES = ROOT / "jinpai" / "criteria" / "cases"
HELD_OUT = ROOT / "tests" / "criteria" / "heldout"
FACTS = Path(__file__).parent
"""Where the fact sheet of the dialogues' shop lies."""
PROMOTIONS = [{"name": "双11", "first": date(2025, 11, 11), "last": date(2025, 11, 11)}]


def chosen() -> Settings:
    """The settings of the dialogues' shop."""
    return replace(settings(inspection=True, promotions=PROMOTIONS), folder=FACTS)


@cache
def dialogues(folder: Path = CASES) -> tuple[Dialogue, ...]:
    """Every dialogue of every case file."""
    return tuple(one for file in sorted(folder.glob("*.md")) for one in read_dialogues(file))


def rows() -> dict[str, list[dict[str, Any]]]:
    """All dialogues, a buyer each, as canonical rows by table."""
    return canonical(dialogues())
