"""The glossary and the choice of language."""

from __future__ import annotations

import re

import pytest

from jinpai import terms
from jinpai.canon import TABLES
from jinpai.errors import WrongUse
from jinpai.workspace.settable import SETTINGS
from tests.mutants import kills


@kills("jinpai/terms.py", 'return "zh" if language.startswith(("zh", "chinese")) else "en"', 'return "zh"')
@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "zh_CN.GBK"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
    ],
)
def test_language_follows_the_system_and_is_chinese_when_it_says_nothing(environ: dict[str, str], lang: str) -> None:
    assert terms.lang_of(None, environ) == lang
    assert terms.lang_of("en", environ) == "en"


def test_another_language_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="fr"):
        terms.lang_of("fr")


def test_every_term_has_both_languages_and_no_word_stands_for_two_ideas() -> None:
    for term in terms.TERMS.values():
        assert re.search("[\u4e00-\u9fff]", term.zh), term
        assert not re.search("[\u4e00-\u9fff]", term.en + term.meaning.en), term
        assert term.meaning.zh.endswith("。"), term
        assert term.meaning.en.endswith("."), term
    words = [term.zh for term in terms.TERMS.values()]
    assert len(words) == len(set(words))


def test_what_the_program_has_has_a_word() -> None:
    assert set(terms.BY_COLUMNS) <= set(terms.TERMS)
    assert set(TABLES) <= set(terms.TABLES)
    assert set(SETTINGS) <= set(terms.SETTINGS)


def test_windows_in_words() -> None:
    assert terms.window_label("same_day") == ("到当日", "same day")
    assert terms.window_label("36h") == ("36小时内", "within 36 hours")
    assert terms.window_label("7d").zh == "7天内"
