"""案例 dialogues: those of the criteria that ship, as the program reads them."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinpai.criteria.dialogues import Dialogue, canonical, read_dialogues
from tests.shape.source import ROOT

CASES = ROOT / "jinpai" / "criteria" / "cases"
HELD_OUT = ROOT / "tests" / "criteria" / "heldout"


@cache
def dialogues() -> tuple[Dialogue, ...]:
    """Every dialogue of every case file."""
    return tuple(one for file in sorted(CASES.glob("*.md")) for one in read_dialogues(file))


def rows() -> dict[str, list[dict[str, Any]]]:
    """All dialogues, a buyer each, as canonical rows by table."""
    return canonical(dialogues())
