"""话里的数 numbers with their units as people write them, and what is no number."""

from __future__ import annotations

import pytest

from jinpai.text import values
from jinpai.text.subjects import SUBJECTS
from tests.mutants import kills


@kills("jinpai/text/values.py", "rest = last * unit // 10 if last and unit > 10", "rest = last if last and unit > 10")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [("24", 24), ("1.5", 1.5), ("十二", 12), ("二十四", 24), ("三百", 300), ("一千五", 1500), ("两千三百", 2300), ("一百零五", 105), ("三百五", 350),
     ("两", 2), ("甲", None), ("", None)],
)  # fmt: skip
def test_a_number(text: str, wanted: float | None) -> None:
    assert values.number(text) == wanted


@pytest.mark.parametrize(
    ("quote", "wanted"),
    [("24小时内就安排发出", 24), ("两天之内发", 48), ("质保一年", 8640), ("保修12个月", 8640), ("终身保修", values.LIFE), ("７天", 168), ("尽快", None)],
)  # fmt: skip
def test_a_duration(quote: str, wanted: int | None) -> None:
    assert values.hours(quote) == wanted


@pytest.mark.parametrize(
    ("quote", "wanted"),
    [("容量1.5升", "1500ml"), ("500ＭＬ的", "500ml"), ("宽80公分", "800mm"), ("长1.2米", "1200mm"), ("1.5kw", "1500w"), ("净重半斤", None), ("两斤", "1000g")],
)  # fmt: skip
def test_a_size(quote: str, wanted: str | None) -> None:
    assert values.size(quote) == wanted


@kills("jinpai/text/values.py", "amount * 11 // 10", "amount")
@pytest.mark.parametrize(
    ("quote", "wanted"),
    [("三百块以内", 30000), ("五百左右", 55000), ("200到300之间", 30000), ("1k5以内", 150000), ("2万", 2_000_000), ("不超过99.9", 9990), ("便宜点", None)],
)  # fmt: skip
def test_a_budget(quote: str, wanted: int | None) -> None:
    assert values.budget(quote) == wanted


def test_the_longest_word_of_a_choice_counts() -> None:
    assert SUBJECTS["material"].choice("都是白鹅绒的") == "鹅绒"
    assert SUBJECTS["courier"].choice("走ＥＭＳ") == "邮政"
    assert SUBJECTS["courier"].choice("走飞机") is None
