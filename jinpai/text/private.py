"""隐私替换 private: phones, ID numbers, bank cards and addresses in a text become keyed tokens like `[手机 7f3a]`.

The same value gives the same token under the same key, however it is written (blanks, dashes, full-width digits);
without the key the value cannot be tried out. The token is short: two values may share one, so it is for reading and
counting, not for telling people apart. Order numbers and prices stay. Source: the architecture, §1.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

_D = "[0-9\uff10-\uff19]"
_GAP = r"[ \-\uff0d]?"
# 13800000001, 138-0000-0001, +86 138 0000 0001; not: a piece of a longer number
_MOBILE = re.compile(
    rf"(?<!{_D})(?:\+?86{_GAP})?([1\uff11][3-9\uff13-\uff19]{_D}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}})(?!{_D})"
)
# 010-12345678, 0571-1234567; not: 2020-12345678
_LANDLINE = re.compile(rf"(?<!{_D})(0{_D}{{2,3}}[-\uff0d ]{_D}{{7,8}})(?!{_D})")
# 17 digits and a check digit with a true date inside; not: an order number of 18 digits
_IDENTITY = re.compile(rf"(?<![A-Za-z]|{_D})({_D}{{17}}[0-9\uff10-\uff19Xx])(?![A-Za-z]|{_D})")
# 62… of 16 to 19 digits, 4… and 5… of 16, whose last digit checks; in fours too
_CARD = re.compile(rf"(?<!{_D})((?:62{_D}{{2}}|[45]{_D}{{3}})(?:{_GAP}{_D}{{4}}){{3}}(?:{_GAP}{_D}{{1,3}})?)(?!{_D})")
_ORDER_BEFORE = re.compile(r"(?:订单|单号|编号|快递|物流|运单)\D{0,6}$")
_HAN = "\u4e00-\u9fff"
# 浙江省杭州市余杭区测试街道示例路1号2幢301室, …测试街道示例花园; not: 广州市白云区发货 (no street), 市区5号到货 (no city)
_ADDRESS = re.compile(
    rf"((?:[{_HAN}]{{2,7}}(?:省|自治区)\s?)?[{_HAN}]{{2,7}}?(?:市|自治州|地区|盟)\s?(?:[{_HAN}]{{1,7}}?(?:区|县|市|旗)\s?)?"
    rf"[{_HAN}A-Za-z0-9\s]{{1,20}}?(?:街道|镇|乡|路|街|大道|巷|弄|胡同|村|小区|花园|公寓|大厦|苑)"
    rf"(?:[{_HAN}A-Za-z0-9\uff10-\uff19\-#()\uff08\uff09]{{0,24}}?{_D}{{1,5}}(?:号楼|号|栋|幢|座|单元|楼|层|室|房|户|弄|期)"
    rf"|[{_HAN}]{{2,10}}?(?:小区|花园|公寓|大厦|苑)"
    rf"|[{_HAN}]{{0,12}}?{_D}{{1,4}}-{_D}{{1,4}}(?:-{_D}{{1,4}})?)+(?:{_D}{{2,4}}(?!{_D}))?)"
)
# What any of them needs, for engines without look-around: seven digits in a row or in groups, or a place with a number or a housing estate.
_PREFILTER = (
    r"[0-9\x{ff10}-\x{ff19}][0-9\x{ff10}-\x{ff19} \-\x{ff0d}]{6,}[0-9\x{ff10}-\x{ff19}Xx]"
    r"|(市|自治州|地区|盟).{0,40}([0-9\x{ff10}-\x{ff19}]|小区|花园|公寓|大厦|苑)"
)
_CHECK = "10X98765432"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_KEY_BYTES = 16


class Private:
    """隐私替换 the tokens of one key (at least 16 bytes; else ValueError)."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes, at least {_KEY_BYTES} are needed")
        self._key = key

    def column(self, texts: pa.Array) -> pa.Array:
        """整列 a column of strings with tokens in place of private data; only suspicious texts are looked at."""
        suspicious = pc.match_substring_regex(texts, _PREFILTER).fill_null(False)
        if not suspicious.true_count:
            return texts
        told = [self.text(text) for text in texts.filter(suspicious).to_pylist()]
        return pc.replace_with_mask(texts, suspicious, pa.array(told, texts.type))

    def text(self, text: str) -> str:
        """一段文字 a text with tokens in place of private data; anything else stays to the letter."""
        text = _IDENTITY.sub(lambda found: self._token("身份证", found) if _is_identity(found[1]) else found[0], text)
        text = _CARD.sub(lambda found: self._token("银行卡", found) if _is_card(found) else found[0], text)
        text = _MOBILE.sub(lambda found: self._token("手机", found), text)
        text = _LANDLINE.sub(lambda found: self._token("电话", found), text)
        return _ADDRESS.sub(lambda found: self._token("地址", found), text)

    def _token(self, zh: str, found: re.Match[str]) -> str:
        value = _plain(found[1])
        code = hmac.new(self._key, f"{zh}:{value}".encode(), "sha256").hexdigest()
        return f"[{zh} {code[:4]}]"


def _plain(value: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value)).upper()


def _is_identity(value: str) -> bool:
    """Whether 18 characters are an ID number: a day of birth that exists, and the check digit of GB 11643."""
    digits = _plain(value)
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return 1900 <= born.year <= 2100 and _CHECK[total % 11] == digits[17]


def _is_card(found: re.Match[str]) -> bool:
    """Whether digits are a bank card: the Luhn digit is right, and no word before says that it is an order."""
    digits = _plain(found[1])
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    has_length = len(digits) == 16 or (digits.startswith("62") and 16 <= len(digits) <= 19)
    return has_length and total % 10 == 0 and not _ORDER_BEFORE.search(found.string[: found.start()][-12:])
