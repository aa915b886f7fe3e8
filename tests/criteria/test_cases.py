"""案例的测试 every dialogue of every criterion's case file has the result, and rests on the words, that the file says."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from jinpai.criteria import criteria
from jinpai.criteria.dialogues import Dialogue
from jinpai.trying import findings as found_in
from tests.mutants import kills

from .dialogues import chosen, dialogues

FEWEST = 6


@pytest.fixture(scope="module")
def findings() -> dict[tuple[str, str], dict[str, Any]]:
    """Every finding by buyer and criterion: all dialogues are buyers of one shop, whose tables run once."""
    return found_in(dialogues(), chosen())


@kills("jinpai/tables/judged.sql", "where l.seq > b.seq and l.turn < b.turn + b.turns and", "where l.seq > b.seq and")
@kills("jinpai/tables/timed.sql", "case when c.ms > k.zero_ms", "case when c.ms >= k.zero_ms")
@kills("jinpai/tables/finding.sql", "min(place) // 1099511627776", "max(place) // 1099511627776")
@pytest.mark.parametrize("dialogue", dialogues(), ids=lambda one: one.buyer)
def test_a_dialogue_has_its_result(dialogue: Dialogue, findings: dict[tuple[str, str], dict[str, Any]]) -> None:
    found = findings.get((dialogue.buyer, dialogue.criterion))
    assert (None if found is None else found["result"]) == dialogue.result, found
    if dialogue.quote is not None:
        assert found is not None
        assert found["quote"] == dialogue.quote


def test_every_criterion_has_enough_dialogues() -> None:
    told = Counter(one.criterion for one in dialogues())
    assert not {name: told[name] for name in criteria() if told[name] < FEWEST}
    assert told.keys() <= criteria().keys()
    assert len({one.buyer for one in dialogues()}) == len(dialogues())


def test_every_criterion_is_told_in_both_directions() -> None:
    for name, one in criteria().items():
        results = {dialogue.result for dialogue in dialogues() if dialogue.criterion == name}
        assert None in results or name == "G2", f"{name} has no dialogue to which it does not apply"
        assert 0 in results, f"{name} has no dialogue that fails"
        assert one.hint or 1000 in results, f"{name} has no dialogue that passes"
