"""单元格 cells: one cell of an export as an exact value, None when it says "unknown", BadCell when it is malformed.

Money is whole fen, instants are whole ms UTC, days are yyyymmdd, ids are text. Nothing is guessed: an id that a
spreadsheet rounded, an amount finer than a fen, a day that no calendar has, are refused with a sentence.
Source: formats, §7 cases 2–4, 8, 20.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from jinpai.errors import Words
from jinpai.period import to_day, to_ms

UNKNOWN = frozenset({"", "-", "--", "—", "——", "null", "NULL", "None", "nan", "NaN", "N/A", "#N/A",
                     "暂无数据", "延迟统计"})  # fmt: skip
"""不知道 words that mean unknown, never 0."""
# Databases and Excel print these where there is no time at all.
_NO_TIME = ("0001-01-01", "0001/1/1", "0001/01/01", "0000-00-00", "1900-01-00", "1900/1/0")
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100
_LARGEST_FEN = 10**15

_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d+", re.ASCII)
_ROUNDED = re.compile(r"[1-9]\d{14}0{3,}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_TIME = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})", re.ASCII)
_TRUE, _FALSE = frozenset({"true", "1", "是", "y", "yes", "可退"}), frozenset({"false", "0", "否", "n", "no", "不可退"})

Cell = object
"""格子里的值 what a reader hands over: str, int, float, bool, Decimal, date, datetime, time or None."""


class BadCell(ValueError):
    """读不懂的单元格 a malformed cell, with the sentence that says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.words = Words(zh, en)


def shown(value: Cell, longest: int = 200) -> str:
    """原值 a cell as the list of problems shows it, cut at `longest` characters."""
    text = "" if value is None else str(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def plain(value: Cell) -> str:
    """去壳 the text of a cell without what spreadsheets wrap around it: ="123", leading ', tabs, blanks, BOM.

    A whole float loses its ".0". Words that mean unknown stay as they are.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    text = str(value).strip(" \t\r\n\u3000\xa0\ufeff\u200b")
    if text.startswith("="):
        text = text[1:].strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('""', '"')
    return text.removeprefix("'").strip(" \t\r\n\u3000\xa0")


def clean(value: Cell) -> str | None:
    """清洗 the plain text of a cell, or None where it is empty or a word that means unknown."""
    text = plain(value)
    return None if text in UNKNOWN else text


def words(value: Cell) -> str | None:
    """文字 free text as it stands (titles, remarks): only its shell goes; empty and "null" are None."""
    text = plain(value)
    return None if text in {"", "null", "NULL"} else text


def identifier(value: Cell) -> str | None:
    """编号 an id as text; one that a spreadsheet damaged is refused, for its digits cannot be brought back.

    Damaged: written like 4.599E+18, a number cell of more than 15 digits, or 18 and more digits of which
    all after the 15th are zeros.
    """
    text = clean(value)
    if text is None:
        return None
    is_rounded = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**15
    if is_rounded or _SCIENTIFIC.fullmatch(text) or _ROUNDED.fullmatch(text):
        raise BadCell(
            "编号被表格软件改成了科学计数法或只剩前 15 位，后面的数字已经丢了。请从后台重新导出，不要用 Excel 另存。",
            "A spreadsheet turned this id into scientific notation or kept only 15 digits; the rest is lost. "
            "Export it again and do not save it with Excel.",
        )
    return text


def _decimal(value: Cell, text: str) -> Decimal:
    said = unicodedata.normalize("NFKC", text).removeprefix("¥").removesuffix("元").removesuffix("件").strip()
    if isinstance(value, float):
        # A number cell holds a binary float: 0.1 + 0.2 comes as 0.30000000000000004. Nine places are its honest ones.
        try:
            return round(Decimal(repr(value)), 9)
        except InvalidOperation:
            pass
    elif _NUMBER.fullmatch(said):
        return Decimal(said.replace(",", ""))
    elif said.endswith("%"):
        raise BadCell(
            "这是百分比，标准表里没有百分比的列。请导入它背后的件数或金额，比率由程序自己算。",
            "This is a percentage, which no canonical table has. Import the counts or amounts behind it.",
        )
    raise BadCell(
        "不是一个数。请改成 123.40 这样再导入。", "This is not a number. Write it like 123.40 and import again."
    )


def fen(value: Cell) -> int | None:
    """金额 an amount in yuan ("1,234.50", "129.00元", "¥99") as whole fen, exactly; unknown is None.

    Negative, finer than a fen, of 10^13 yuan and more: BadCell.
    """
    text = clean(value)
    if text is None:
        return None
    exact = _decimal(value, text) * 100
    if exact != exact.to_integral_value():
        raise BadCell("金额比一分钱还细，不能取整。", "The amount is finer than one fen; it is not rounded.")
    if not 0 <= exact < _LARGEST_FEN:
        raise BadCell("金额是负数或大得不合理。", "The amount is negative or unreasonably large.")
    return int(exact)


def count(value: Cell) -> int | None:
    """件数 a whole number of things, 0 or more ("2", "2.0", "2件"); unknown is None, anything else BadCell."""
    text = clean(value)
    if text is None:
        return None
    number = _decimal(value, text)
    if number != number.to_integral_value() or not 0 <= number < 10**12:
        raise BadCell("应当是不小于 0 的整数。", "This must be a whole number, 0 or more.")
    return int(number)


def flag(value: Cell) -> bool | None:
    """是否 yes or no: true/false, 1/0, 是/否; unknown is None, anything else BadCell."""
    text = clean(value)
    if text is None:
        return None
    if text.lower() in _TRUE or text.lower() in _FALSE:
        return text.lower() in _TRUE
    raise BadCell("应当写 true 或 false（是/否也可以）。", "Write true or false.")


def day(value: Cell) -> int | None:
    """日期 a calendar day as yyyymmdd: 2025-11-11, 2025/11/1, 20251111, a date cell; a time of day is cut off."""
    if isinstance(value, date):
        return to_day(value)
    text = clean(value)
    if text is None:
        return None
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _TIME.fullmatch(text)
    if found is None:
        raise _no_time()
    return to_day(_moment(found).date())


def instant(value: Cell, zone: ZoneInfo, *, day_alone: bool = False) -> int | None:
    """时刻 a point in time as whole ms UTC; without an offset it is `zone`'s clock; unknown is None.

    Read: 2023-06-05 10:02:11, 2023/6/5 9:02, ISO 8601 with or without offset, 2023年6月5日, yyyymmddHHMMSS,
    ms since 1970 (13 digits), Excel's day numbers (rounded to the second), date cells. One column may mix them.
    `0001-01-01` and its like are None. A day without a time of day is BadCell, or midnight with `day_alone`.
    A local time that a change of summer time skips is read with the offset before the change; one that comes
    twice is the first of the two (fold = 0). Finer than a millisecond is cut off.
    """
    if isinstance(value, datetime):
        return _instant_of(value, zone)
    if isinstance(value, date):
        return _instant_of(_midnight(value, day_alone=day_alone), zone)
    text = clean(value)
    # A date cell of Excel that holds 0 comes as the time of day 00:00.
    if text is None or text.startswith(_NO_TIME) or value == time():
        return None
    if found := _TIME.fullmatch(unicodedata.normalize("NFKC", text)):
        moment = _moment(found)
        if found["hour"] is None:
            moment = _midnight(moment, day_alone=day_alone)
        return _instant_of(moment, zone)
    return _instant_of(_from_number(text, day_alone=day_alone), zone)


def _midnight(day_: date, *, day_alone: bool) -> datetime:
    if not day_alone:
        raise BadCell(
            "只有日期，没有几点几分。请导出带时间的一列。", "A day without a time of day. Export the time too."
        )
    return datetime(day_.year, day_.month, day_.day)  # noqa: DTZ001


def _moment(found: re.Match[str]) -> datetime:
    """The moment a match of _TIME says: aware where it has an offset."""
    parts = [int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    microsecond = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    zone = _offset(found["offset"])
    try:
        return datetime(*parts, microsecond, tzinfo=zone)  # type: ignore[misc,arg-type]
    except ValueError:
        raise _no_time() from None


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise _no_time()
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _from_number(text: str, *, day_alone: bool) -> datetime:
    if found := _STAMP.fullmatch(text):
        try:
            return datetime(*map(int, found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            raise _no_time() from None
    if re.fullmatch(r"\d{13}", text, re.ASCII):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
    if not re.fullmatch(r"\d{5}(?:\.\d+)?", text, re.ASCII):
        raise _no_time()
    number = Decimal(text)
    seconds = int((number * 86_400).to_integral_value())
    moment = datetime(1899, 12, 30) + timedelta(seconds=seconds)  # noqa: DTZ001
    return _midnight(moment, day_alone=day_alone) if "." not in text else moment


def _instant_of(moment: datetime, zone: ZoneInfo) -> int | None:
    if moment.year <= 1:
        return None
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        raise BadCell(
            f"年份不在 {_EARLIEST_YEAR} 到 {_LATEST_YEAR} 之间。",
            f"The year is not between {_EARLIEST_YEAR} and {_LATEST_YEAR}.",
        )
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _no_time() -> BadCell:
    return BadCell(
        "不是一个时间。请写成 2023-06-05 10:02:11 这样。", "This is not a time. Write it like 2023-06-05 10:02:11."
    )
