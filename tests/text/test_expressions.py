"""The small language of signals: read as written, refused with a remedy where engines would differ."""

from __future__ import annotations

import re

import pytest

from jinpai.text.expressions import NotAnExpression, phrase, read_expression
from jinpai.text.normal import normal

LISTS = {"微信": ("微信", "v.x")}


@pytest.mark.parametrize(
    ("text", "pattern", "strings"),
    [("便宜", "便宜", ("便宜",)), ("在嗎？", r"在吗\?", ("在吗?",)), ("加[ｖV]x?", "加[vv]x?", ("加v", "加vx")),
     ("能.{0,6}少", "能[^\\n。!?;]{0,6}少", ()), ("^(好|行|可以)$", "^(?:[好行]|可以)$", ()), ("[^不没]要", "[^\\n不没]要", ()),
     ("加{微信}", r"加(?:微信|v\.x)", ("加微信", "加v.x")), (r"\d{2,3}元", "[0-9]{2,3}元", ()), (r"1\.5[+＋]", r"1\.5[\+\+]", ("1.5+",)),
     ("[a-c]{3}", "[a-c]{3,3}", ()), ("(亲|親){1}", "(?:亲)", ("亲",))],
)  # fmt: skip
def test_as_engines_take_it(text: str, pattern: str, strings: tuple[str, ...]) -> None:
    found = read_expression(text, LISTS)
    assert (found.pattern, tuple(dict.fromkeys(found.strings))) == (pattern, strings)
    assert all(re.fullmatch(found.pattern, one) for one in found.strings)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("退.*款", "写 {0,6} 这样的次数"), ("a+", "没有上限"), ("(?=不)要", "前后断言"), (r"(好)\1", "只能用 \\\\d"), (r"\b", "只能用"),
     ("x?", "什么都不写也算命中"), ("(a", "少了一个 )"), ("a)", "多了一个 )"), ("[a", "少了一个 ]"), ("[]", "没有字"), ("?a", "写 \\\\?"),
     ("a{0,31}", "最多 30 次"), ("a{3,2}", "次数 3 到 2 不行"), ("a{2}{3}", "两次次数"), ("a??", "两次次数"), ("^?a", "没有字"),
     ("{微}", "是不是要写 微信？"), ("[z-a]", "前后不对"), ("a{", "写 \\\\{"), ("", "什么都不写")],
)  # fmt: skip
def test_what_engines_would_differ_about_is_refused(text: str, remedy: str) -> None:
    with pytest.raises(NotAnExpression, match=re.escape(remedy).replace(r"\\\\", r"\\")) as caught:
        read_expression(text, LISTS)
    assert caught.value.words.en


@pytest.mark.parametrize("text", ["ＰＬＵＳ(1+1)", "[微笑]", "/:^_^", "3.5折？"])
def test_every_sign_of_a_phrase_is_literal(text: str) -> None:
    assert phrase(text).strings == (normal(text),)
    assert re.fullmatch(phrase(text).pattern, normal(text))


def test_a_phrase_of_nothing_is_refused() -> None:
    with pytest.raises(NotAnExpression, match="没有字"):
        phrase("\u200b ")
