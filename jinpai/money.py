"""金额 money: whole fen (1/100 yuan) inside, Decimal and "123.40" at the rim; never a binary float."""

from __future__ import annotations

import re
from decimal import Decimal

from jinpai.errors import JinpaiError

_YUAN = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(?P<cents>\d{1,2})0*)?", re.ASCII)


def parse_fen(text: str | Decimal | int) -> int:
    """元→分 "123.40", "1,234.5", "¥99" or Decimal (yuan) as whole fen.

    A value finer than one fen, not a number, or of 10^15 yuan and more is a JinpaiError: nothing is rounded.
    """
    said = format(text, "f") if isinstance(text, Decimal) and text.is_finite() else str(text)
    found = _YUAN.fullmatch(said.strip().removeprefix("¥").removeprefix("\uffe5").removesuffix("元").strip())
    if found is None:
        raise JinpaiError(
            f"金额「{said}」不是以元为单位、最多两位小数的数。请写成 123.40 这样。",
            f"The amount '{said}' is not a number of yuan with at most two decimals. Write it like 123.40.",
        )
    fen = int(found["whole"].replace(",", "")) * 100 + int((found["cents"] or "0").ljust(2, "0"))
    return -fen if found["sign"] == "-" else fen


def to_decimal(fen: int) -> Decimal:
    """分→元 whole fen as Decimal yuan with two places."""
    return Decimal(fen).scaleb(-2)


def format_fen(fen: int | None) -> str | None:
    """分→元 whole fen as "123.40" (no thousands separator, "-0.05" when negative); unknown stays None."""
    if fen is None:
        return None
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{cents:02d}"
