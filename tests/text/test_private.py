"""Private data become tokens; everything else stays to the letter."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.text.private import Private
from tests.mutants import kills

PRIVATE = Private(b"a key only tests know of")
PIECES = ["13800000001", "138 0000 0001", "订单1988000000000101", "在的亲", "11010519491231002X", "6222020000000000000",
          "示例省示例市例子区测试路1号2幢301室", "0571-12345678", "129.00元", " ", "，", "\n", "7", "2023-06-05 10:02:11", "转账"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [("电话13800000001谢谢", r"电话\[手机 [0-9a-f]{4}\]谢谢"), ("身份证11010519491231002x", r"身份证\[身份证 [0-9a-f]{4}\]"),
     ("卡 6222 0200 0000 0000 000", r"卡 \[银行卡 [0-9a-f]{4}\]"), ("座机0571-12345678", r"座机\[电话 [0-9a-f]{4}\]"),
     ("地址湖南省长沙市岳麓区测试街道示例花园2期", r"\[地址 [0-9a-f]{4}\]"),
     ("寄到深圳市南山区测试路示例小区 快点", r"寄到\[地址 [0-9a-f]{4}\] 快点"),
     ("寄到浙江省杭州市余杭区测试街道示例路1号2幢301室，谢谢", r"\[地址 [0-9a-f]{4}\]，谢谢"),
     ("杭州市余杭区示例小区3-2-301", r"\[地址 [0-9a-f]{4}\]"), ("江苏省 南京市 鼓楼区 示例巷3号", r"\[地址 [0-9a-f]{4}\]")],
)  # fmt: skip
def test_private_data_become_tokens(text: str, told: str) -> None:
    assert re.fullmatch(told.replace("寄到", ""), PRIVATE.text(text).removeprefix("寄到"))


@pytest.mark.parametrize(
    "text",
    ["订单号1988000000000101到哪了", "订单 448800000000000201", "单号3388000000000000301", "店铺满120减20", "2023-06-05 10:02:11",
     "发广州市白云区，明天到", "上海市的花园阳台用可以吗", "我在苏州市区，小区楼下能自提吗", "我在杭州市这边已经拍了3条", "http://item.taobao.com/item.htm?id=700000012345", "尺寸70*140cm 12345678",
     "市面上100号的都有吗", "11010519491331002X", "6222020000000000001"],
)  # fmt: skip
def test_what_is_not_private_stays(text: str) -> None:
    assert PRIVATE.text(text) == text


def test_one_value_has_one_token_however_it_is_written() -> None:
    tokens = {
        PRIVATE.text(text)
        for text in ("13800000001", "138-0000-0001", "138 0000 0001", "+8613800000001", "１３８００００００01")
    }
    assert len(tokens) == 1
    assert PRIVATE.text("13800000002") not in tokens
    assert Private(b"quite another key of tests").text("13800000001") not in tokens


def test_short_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="16"):
        Private(b"short")


@given(
    st.lists(
        st.one_of(st.none(), st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text(max_size=20)),
        max_size=20,
    )
)
@kills("jinpai/text/private.py", "{6,}[0-9", "{16,}[0-9")
def test_a_column_is_told_as_its_texts_are(texts: list[str | None]) -> None:
    told = PRIVATE.column(pa.array(texts, pa.string())).to_pylist()
    assert told == [None if text is None else PRIVATE.text(text) for text in texts]
