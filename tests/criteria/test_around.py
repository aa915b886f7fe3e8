"""前后与对照 laws of the checks that look before, at whole talks and at a sheet; with their mutants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jinpai.criteria import criteria, fact_sheet
from jinpai.criteria.dialogues import Dialogue
from jinpai.criteria.factsheet import sheet_tables, topics
from jinpai.errors import JinpaiError
from jinpai.tables.claim import claims
from jinpai.text.signals import read_lexicon
from jinpai.text.subjects import SUBJECTS, of_signal
from jinpai.trying import findings
from tests.mutants import kills

from .dialogues import HELD_OUT, chosen, dialogues

FEWEST = 12
NEW = ("B1", "B3", "B4", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8")


@pytest.fixture(scope="module")
def results() -> dict[tuple[str, str], dict[str, Any]]:
    """Every finding of the dialogues of groups B and C by buyer and criterion."""
    return findings([one for one in dialogues() if one.criterion in NEW], chosen())


@kills("jinpai/tables/around.sql", "or x.seq < w.seq) then 1000", "or true) then 1000")
@kills("jinpai/tables/around.sql", "(not c.on_promotion or h.is_promoted = 1)", "true")
@kills("jinpai/tables/around.sql", "not (is_told or had_no_chance)", "not is_told")
@kills("jinpai/tables/around.sql", "case when s.number = a.number then 0 else 1 end, s.seq", "s.seq")
@kills("jinpai/tables/compared.sql", "order by amount, seq, is_card", "order by seq, is_card")
@kills("jinpai/tables/compared.sql", "and b.seq < n.seq", "")
@kills("jinpai/tables/compared.sql", "and t.turn < d.turn + d.turns", "")
@kills("jinpai/tables/claim.py", "& ~np.array(is_tail, bool)", "")
@pytest.mark.parametrize("dialogue", [one for one in dialogues() if one.criterion in NEW], ids=lambda one: one.buyer)
def test_a_dialogue_has_its_result(dialogue: Dialogue, results: dict[tuple[str, str], dict[str, Any]]) -> None:
    found = results.get((dialogue.buyer, dialogue.criterion))
    assert (None if found is None else found["result"]) == dialogue.result


def test_there_are_enough_held_out_dialogues_in_both_directions() -> None:
    told = dialogues(HELD_OUT)
    for name in NEW:
        mine = [one for one in told if one.criterion == name]
        assert len(mine) >= FEWEST, name
        assert {None, 0, 1000} <= {one.result for one in mine}, name


def test_what_is_suspended_says_why_in_both_languages() -> None:
    for name in NEW:
        why = criteria()[name].suspended
        assert why is None or (why.zh and why.en)
    assert {name for name in NEW if criteria()[name].suspended is None} == {"B3", "C5"}


def test_every_subject_has_its_signals_and_every_claiming_signal_a_subject() -> None:
    lexicon = read_lexicon()
    assert not [signal for signal in of_signal() if signal not in lexicon.places]
    claiming = [one.id for one in lexicon.signals if one.theme == "说法"]
    assert sorted(claiming) == sorted(of_signal())
    assert all(len(one.signals) == (2 if one.kind == "flag" else 1) for one in SUBJECTS.values())


def test_every_example_of_a_claim_can_be_read_as_a_value() -> None:
    import pyarrow as pa

    from jinpai.text.matching import matcher

    lexicon = read_lexicon()
    told = [(signal, text) for signal in of_signal() for text in lexicon[signal].matches if "-" not in text]
    hits = matcher(lexicon).match(pa.array([text for _, text in told])).to_pylist()
    rows = [
        {"shop": "x", "buyer_key": 1, "conversation_seq": 1, "seq": at, "turn": 1, "side": "agent", "agent": "a", "signal": told[at][0],
         "begins": hit["start"], "ends": hit["end"], "text": told[at][1]}
        for hit in hits if hit["signal"] == told[at := hit["text"]][0]
    ]  # fmt: skip
    assert {row["seq"] for row in claims(pa.Table.from_pylist(rows)).to_pylist()} == set(range(len(told)))


def test_points_are_topics_and_an_unknown_one_is_refused_with_its_file(tmp_path: Path) -> None:
    lexicon = read_lexicon()
    assert topics(lexicon)["材质成分"] == ("material",)
    (tmp_path / "facts.toml").write_text('[product.1]\nmust_tell = ["材质成份"]\n', encoding="utf-8")
    with pytest.raises(JinpaiError, match=r"材质成份"):
        sheet_tables(fact_sheet(tmp_path), lexicon)
    assert fact_sheet(tmp_path / "没有").digest == fact_sheet(tmp_path / "也没有").digest
