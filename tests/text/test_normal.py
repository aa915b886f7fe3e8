"""Normal texts: what makes no difference is gone, and every character knows where it came from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.text.normal import normal, normal_block
from tests.mutants import kills

PIECES = ["在嗎", "ＡＢＣ", "㏕", " ", "　", "\n", "\r\n", "\u200b", "①", "[微笑]", "/:^_^", "😊\ufe0f", "𠮷", "一三八零零零零零零零零", "1", "…", ""]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)


@pytest.mark.parametrize(
    ("text", "told"),
    [("ＰＬＵＳ会员１２３", "plus会员123"), ("妳們這個運費險還有沒有", "你们这个运费险还有没有"), ("等著瞭解", "等着了解"),
     ("V\u200bＸ：ABC", "vx:abc"), ("  好的　　呢 ", "好的 呢"), ("你好\r\n\r\n  在吗", "你好\n在吗"), ("❤\ufe0f", "❤"),
     ("加壹叁捌零零零零零零零零", "加13800000000"), ("电话幺三八〇〇〇〇〇〇〇一", "电话13800000001"), ("1三8零零0零零零零1", "13800000001"),
     ("买二送一", "买二送一"), ("三五天到", "三五天到"), ("订单12345一直没到", "订单12345一直没到"), ("二〇二六年", "二〇二六年"),
     ("[微笑]/:^_^😊", "[微笑]/:^_^😊"), ("⑴㎏…", "(1)kg..."), ("[手机 2b31][地址 0000] 2b31", "[手机 ffff][地址 ffff] 2b31"), ("", ""), ("\ud800x", "x")],
)  # fmt: skip
def test_what_makes_no_difference_is_gone(text: str, told: str) -> None:
    assert normal(text) == told


@given(TEXTS)
def test_normal_stays_normal(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@kills("jinpai/text/normal.py", "return codes[stays], places[stays]", "return codes[stays], places[: stays.sum()]")
@given(st.lists(TEXTS | st.none(), max_size=5))
def test_a_block_is_its_texts_and_knows_where_they_stood(texts: list[str | None]) -> None:
    block = normal_block(pa.array(texts, pa.string()))
    lines = [line for text in texts for line in normal(text or "").split("\n") if line]
    assert block.text.strip("\n").split("\n") == (lines or [""])
    place = np.array([n for n, one in enumerate(block.text) if one != "\n"], np.int64)
    for n, text, start, end in zip(place, *block.places(place, place + 1), strict=True):
        raw = (texts[text] or "")[start:end]
        assert end == start + 1
        assert block.text[n] in normal(raw) or raw.isspace() or block.text[n] in "0123456789"


def test_a_part_of_a_sign_is_the_whole_sign_in_the_raw_text() -> None:
    block = normal_block(pa.array([None, "重㎏  \u200b吗"]))
    start = np.array([block.text.index("g")])
    assert [int(one[0]) for one in block.places(start, start + 3)] == [1, 1, 6]


def test_chunks_make_no_difference() -> None:
    parts = pa.chunked_array([["在嗎", ""], [], ["ＯＫ "]])
    assert normal_block(parts).text == normal_block(parts.combine_chunks()).text
