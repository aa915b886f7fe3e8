"""Money: whole fen, nothing rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.errors import JinpaiError
from jinpai.money import format_fen, parse_fen, to_decimal
from tests.mutants import kills


@kills("jinpai/money.py", 'ljust(2, "0")', 'rjust(2, "0")')
@given(st.integers(-(10**15), 10**15))
def test_an_amount_comes_back_from_its_text(fen: int) -> None:
    assert parse_fen(format_fen(fen)) == fen
    assert parse_fen(to_decimal(fen)) == fen
    assert parse_fen(format_fen(fen).removesuffix("0")) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("123.4", 12340),
        ("¥99", 9900),
        ("¥1,234,567.89", 123456789),
        ("12.5000", 1250),
        ("-0.05", -5),
        ("8 元", 800),
        ("\uffe55", 500),
        (Decimal("1E+2"), 10000),
    ],
)
def test_amounts_as_shops_write_them(text: str | Decimal, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text", ["", "-", "1.234", "1,23.00", "12.", "nan", "Infinity", "1e3", "１２", "12.3.4", Decimal("NaN")]
)
def test_what_is_no_amount_is_said(text: str | Decimal) -> None:
    with pytest.raises(JinpaiError, match=r"123\.40"):
        parse_fen(text)


def test_unknown_stays_unknown() -> None:
    assert format_fen(None) is None
    assert format_fen(-5) == "-0.05"
