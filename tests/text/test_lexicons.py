"""The lexicons that ship: every example sentence is a test, and every signal has enough of them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from jinpai.text.matching import matcher, rows
from jinpai.text.signals import Signal, examples, read_lexicon
from tests.text import oracle

# One worker compiles what ships, once.
pytestmark = pytest.mark.xdist_group("lexicons")
LEXICONS = {language: read_lexicon(language=language) for language in ("zh", "en")}
EXAMPLES = [(lexicon, *one) for lexicon in LEXICONS.values() for one in examples(lexicon)]
SIGNALS = [one for lexicon in LEXICONS.values() for one in lexicon.signals]


@pytest.fixture(scope="module")
def heard() -> dict[str, set[str]]:
    """What is found in each example, all of them tagged in one pass."""
    told: dict[str, set[str]] = {}
    for lexicon in LEXICONS.values():
        texts = sorted({text for _, text, _ in examples(lexicon)})
        for place, signal, _, _ in rows(matcher(lexicon).match(pa.array(texts, pa.string()))):
            told.setdefault(texts[place], set()).add(signal)
    return told


@pytest.mark.parametrize(
    ("signal", "text", "is_there"),
    [one[1:] for one in EXAMPLES],
    ids=[f"{signal.id}-{'yes' if is_there else 'no'}-{text}" for _, signal, text, is_there in EXAMPLES],
)
def test_examples(heard: dict[str, set[str]], signal: Signal, text: str, is_there: bool) -> None:
    assert (signal.id in heard.get(text, ())) is is_there, f"{signal.zh}: {text}"


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda one: one.id)
def test_a_signal_has_examples_of_both_kinds(signal: Signal) -> None:
    assert len(signal.matches) >= 2
    assert len(signal.does_not_match) >= 1
    assert len(signal.matches) + len(signal.does_not_match) >= 4


def test_there_are_many_signals_and_they_say_much() -> None:
    lexicon = LEXICONS["zh"]
    assert len(lexicon.signals) >= 150
    assert sum(not one.is_guard for one in lexicon.patterns) >= 15 * len(lexicon.signals)


@pytest.mark.slow
@pytest.mark.parametrize("language", LEXICONS)
def test_the_slow_way_finds_the_same_in_all_examples(language: str) -> None:
    lexicon = LEXICONS[language]
    texts = sorted({text for _, text, _ in examples(lexicon)})[::150]
    assert list(rows(matcher(lexicon).match(pa.array(texts, pa.string())))) == oracle.match(lexicon, list(texts))
