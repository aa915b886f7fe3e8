"""规范文本 normal: texts in the form in which they are compared, with the way back to the raw characters.

Full-width and traditional characters, letter case, invisible characters and runs of blanks make no difference; a run of
five digits or more of which three are Chinese (一三八零零…) reads as digits. Emoji and emoji codes ([微笑], /:^_^) stay.
Many texts are made normal at once, as one block of lines; offsets count characters (code points), spans are half-open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jinpai.text.characters import DIGITS, become, characters

if TYPE_CHECKING:
    import pyarrow as pa

Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
_BLANK, _BREAK = ord(" "), ord("\n")
_LONG_RUN, _CHINESE_IN_RUN = 5, 3
_LONG_RUNS = re.compile(f"[0-9{''.join(DIGITS)}]{{{_LONG_RUN},}}")
_BLANKS = re.compile(r"[ \n]{2,}")
TOKEN = re.compile(r"\[(手机|电话|身份证|银行卡|地址) [0-9a-f]{4}\]")
"""What stands in a text for private data."""
_OPAQUE = r"[\1 ffff]"
_one = cache(become)


@dataclass(frozen=True, slots=True)
class Block:
    """一块规范文本 the normal texts of a column as lines of one text.

    `raw` gives for each normal character the place of its raw one in all raw texts, one line break before each;
    `starts` is where each raw text starts there, and the end.
    """

    text: str
    raw: Places
    starts: Places

    def places(self, starts: Places, ends: Places) -> tuple[Places, Places, Places]:
        """原文位置 text index, start and end in the raw text of normal spans that lie inside one text."""
        first, last = self.raw[starts], self.raw[ends - 1] + 1
        texts = np.searchsorted(self.starts, first, side="right") - 1
        return texts, first - self.starts[texts], last - self.starts[texts]


def normal(text: str) -> str:
    """规范写法 one text in the form in which it is compared; line breaks inside stay as one line break."""
    plain = _LONG_RUNS.sub(_as_digits, "".join(map(_one, TOKEN.sub(_OPAQUE, text))))
    return _BLANKS.sub(lambda found: "\n" if "\n" in found[0] else " ", plain).strip()


def _as_digits(found: re.Match[str]) -> str:
    chinese = sum(one in DIGITS for one in found[0])
    return "".join(DIGITS.get(one, one) for one in found[0]) if chinese >= _CHINESE_IN_RUN else found[0]


def normal_block(texts: pa.Array | pa.ChunkedArray) -> Block:
    """整列规范 a column of strings as one block; nulls are empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    column = column.cast(pa.string()).fill_null("")
    lengths = pc.utf8_length(column).to_numpy(zero_copy_only=False)
    starts = np.concatenate(([1], 1 + np.cumsum(lengths + 1)))
    joined = TOKEN.sub(_OPAQUE, "\n".join(["", *column.to_pylist(), ""]))
    raw = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    codes, places = _blanked(*_became(raw))
    return Block(_text(codes), places, starts)


def _text(codes: Codes) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def _became(raw: Codes) -> tuple[Codes, Places]:
    """What each character becomes, and the place of each new character's raw one."""
    table = characters()
    small = raw < len(table.first)
    at = np.where(small, raw, 0)
    codes, width = table.first[at], table.width[at]
    several = {int(code): become(chr(code)) for code in np.unique(raw[~small | (width > 1)])}
    if not several and (width == 1).all():
        return _digits(codes), np.arange(len(raw))
    for code, plain in several.items():
        width[raw == code] = len(plain)
    places = np.repeat(np.arange(len(raw)), width)
    codes, begins = codes[places], np.cumsum(width, dtype=np.int64) - width
    for code, plain in several.items():
        for place in np.flatnonzero(raw == code):
            codes[begins[place] : begins[place] + len(plain)] = [ord(one) for one in plain]
    return _digits(codes), places


def _digits(codes: Codes) -> Codes:
    """Long runs of Chinese digits as ASCII digits."""
    table = characters().digit
    kinds = table[np.where(codes < len(table), codes, 0)]
    edges = np.flatnonzero(np.diff(kinds > 0, prepend=False, append=False))
    runs = edges.reshape(-1, 2)
    for start, end in runs[runs[:, 1] - runs[:, 0] >= _LONG_RUN]:
        if (kinds[start:end] == 2).sum() >= _CHINESE_IN_RUN:
            codes[start:end] = [ord(DIGITS.get(chr(one), chr(one))) for one in codes[start:end]]
    return codes


def _blanked(codes: Codes, places: Places) -> tuple[Codes, Places]:
    """Runs of blanks as one blank, those with a line break as one line break."""
    is_break = codes == _BREAK
    is_blank = is_break | (codes == _BLANK)
    doubled = is_blank[1:] & is_blank[:-1]
    if not doubled.any():
        return codes, places
    begins = is_blank & np.concatenate(([True], ~is_blank[:-1]))
    run = np.cumsum(begins)
    with_break = np.bincount(run[is_break], minlength=run[-1] + 1) > 0
    codes = np.where(is_blank & with_break[run], _BREAK, codes).astype(np.uint32)
    stays = ~is_blank | begins
    return codes[stays], places[stays]
