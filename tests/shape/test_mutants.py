"""Every mutant that a law names can still be applied: its line stands once in its file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutants import Mutant, judge, kills, recorded
from tests.shape.source import ROOT


def test_each_recorded_line_stands_once_in_its_file() -> None:
    stale = []
    for mutant in recorded():
        path = ROOT / mutant.file
        times = path.read_text(encoding="utf-8").count(mutant.old) if path.exists() else 0
        if times != 1:
            stale.append(f"{mutant.test}: {mutant.old!r} stands {times} times in {mutant.file}")
        if mutant.old == mutant.new:
            stale.append(f"{mutant.test}: {mutant.old!r} is changed into itself")
    assert not stale, "\n".join(stale)


def test_a_changed_module_is_still_a_program() -> None:
    for mutant in recorded():
        if mutant.file.endswith(".py"):
            text = (ROOT / mutant.file).read_text(encoding="utf-8").replace(mutant.old, mutant.new)
            try:
                ast.parse(text)
            except SyntaxError as error:
                pytest.fail(f"{mutant.test}: with {mutant.new!r}, {mutant.file} is no program: {error}")


@kills("jinpai/errors.py", 'return self.en if lang == "en" else self.zh', "return self.zh")
def test_words_speak_both_languages() -> None:
    from jinpai.errors import Words

    assert (Words("店", "shop").to("zh"), Words("店", "shop").to("en")) == ("店", "shop")


@pytest.mark.slow
def test_a_mutant_is_judged_by_a_test_that_ran_and_failed() -> None:
    here = Path(__file__).relative_to(ROOT).as_posix()
    test = f"{here}::test_words_speak_both_languages"
    line = 'return self.en if lang == "en" else self.zh'
    assert judge(Mutant(test, "jinpai/errors.py", line, "return self.zh"))[0] == "killed"
    assert judge(Mutant(test, "jinpai/errors.py", line, f"{line}  # the same"))[0] == "SURVIVED"
    assert judge(Mutant(f"{here}::test_no_such", "jinpai/errors.py", line, "return self.zh"))[0] == "BROKEN"
