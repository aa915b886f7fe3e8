"""话里的数 values: what a number with its unit comes to, as people write it: 24小时, 两天之内, 三百以内, 1.5升, 二十四个月.

Durations are whole hours (a day 24, a week 168, a month 720, a year 8,640, so that 十二个月 is 一年), money fen, sizes
the small unit of their kind. Of a range (200到300) the upper end counts. What holds no number is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from jinpai.text.normal import normal

LIFE = 1 << 40
"""终身: longer than any number of years."""
_DIGITS = {letter: at for at, letter in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HALF = {"半": 5}
_NUMBER = r"(\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
_HOURS = {"小时": 1, "h": 1, "个小时": 1, "工作日": 24, "个工作日": 24, "天": 24, "日": 24, "周": 168, "星期": 168, "个星期": 168,
    "个月": 720, "月": 720, "年": 8640}  # fmt: skip
_SIZES = {
    "ml": ("ml", 1), "毫升": ("ml", 1), "升": ("ml", 1000), "l": ("ml", 1000), "w": ("w", 1), "瓦": ("w", 1), "kw": ("w", 1000),
    "千瓦": ("w", 1000), "g": ("g", 1), "克": ("g", 1), "kg": ("g", 1000), "公斤": ("g", 1000), "千克": ("g", 1000), "斤": ("g", 500),
    "mm": ("mm", 1), "毫米": ("mm", 1), "cm": ("mm", 10), "厘米": ("mm", 10), "公分": ("mm", 10), "m": ("mm", 1000), "米": ("mm", 1000),
}  # fmt: skip
_TIMES = {"千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "百": 100}
_ABOUT = ("左右", "上下", "来块", "来元", "多块", "多元", "大概", "差不多")


def _units(of: Iterable[str]) -> str:
    return "|".join(sorted(of, key=len, reverse=True))


_DURATION = re.compile(f"{_NUMBER} ?({_units(_HOURS)})")
_SIZE = re.compile(f"{_NUMBER} ?({_units(_SIZES)})")
_MONEY = re.compile(f"{_NUMBER}(k|w|万)?(\\d)?")


@cache
def number(text: str) -> float | None:
    """一个数 24, 1.5, 十二, 三百, 一千五, 两千三百; None where the characters are none."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    total, last, unit = 0, 0, 1
    for letter in text:
        if letter in _DIGITS:
            last = last * 10 + _DIGITS[letter] if last and unit == 1 else _DIGITS[letter]
        elif letter in _TENS:
            unit = _TENS[letter]
            total, last = total + (last or 1) * unit, 0
        else:
            return None
    # 一千五 is 1,500, 一百零五 is 105
    rest = last * unit // 10 if last and unit > 10 and "零" not in text else last
    return float(total + rest) if text else None


@cache
def hours(quote: str) -> int | None:
    """多少小时 the duration in a quote; 终身 is LIFE."""
    plain = normal(quote)
    if "终身" in plain:
        return LIFE
    found = _DURATION.search(plain)
    amount = number(found[1]) if found else None
    return None if found is None or amount is None else round(amount * _HOURS[found[2]])


@cache
def size(quote: str) -> str | None:
    """多大 the size in a quote in the small unit of its kind, as 500ml, 1200mm, 1500w, 250g."""
    found = _SIZE.search(normal(quote))
    amount = number(found[1]) if found else None
    if found is None or amount is None:
        return None
    kind, times = _SIZES[found[2]]
    return f"{round(amount * times)}{kind}"


@cache
def fen(quote: str) -> int | None:
    """多少钱 the amount in a quote in fen: the upper end of a range."""
    found = []
    for one in _MONEY.finditer(normal(quote)):
        amount = number(one[1])
        if amount is not None:
            amount *= _TIMES.get(one[2] or "", 1)
            # 1k5 and 两万三: the digit after the unit is a tenth of it
            amount += int(one[3]) * _TIMES[one[2]] / 10 if one[2] and one[3] else 0
            found.append(round(amount * 100))
    return max(found) if found else None


@cache
def budget(quote: str) -> int | None:
    """预算 the amount in a quote, in fen, with a tenth more where it is only about so much (500左右)."""
    amount = fen(quote)
    if amount is None:
        return None
    return amount * 11 // 10 if any(word in normal(quote) for word in _ABOUT) else amount
