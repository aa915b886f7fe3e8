"""设置值 checks: what a setting's value may be, read from TOML or from the text after --set KEY=."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from jinpai.catalogue import suggestion
from jinpai.errors import JinpaiError, Words
from jinpai.period import Window, format_clock, parse_clock, parse_day

Plain = str | int | float | bool | list[object] | dict[str, object] | date
_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000}
_LONGEST_GAP_MS = 24 * 3_600_000
_BEIJING = {"utc+8", "gmt+8", "+08:00", "cst", "prc", "beijing", "asia/beijing", "北京", "北京时间", "中国", "china"}


class Refused(Exception):
    """不行 a value that a setting cannot have; `words` say what it may be."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.words = Words(zh, en)


@dataclass(frozen=True, slots=True)
class Check:
    """检查 `accept` turns a TOML value into the setting's value or raises Refused; `read` turns text
    from the command line into the TOML value (None: this setting is only set in its file)."""

    accept: Callable[[object], object]
    read: Callable[[str], object] | None = str


def _integer(text: str) -> object:
    return int(text) if text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() else text


def whole(low: int, high: int) -> Check:
    """整数 a whole number from `low` to `high`, both included."""

    def accept(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Refused(f"要写 {low} 到 {high} 的整数", f"a whole number from {low} to {high} is wanted")
        return value

    return Check(accept, _integer)


def share() -> Check:
    """比例 a number from 0 to 1; on the command line also "90%"."""

    def accept(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise Refused("要写 0 到 1 的小数，例如 0.9", "a number from 0 to 1 is wanted, like 0.9")
        return float(value)

    def read(text: str) -> object:
        try:
            return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
        except ValueError:
            return text

    return Check(accept, read)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused("要写 true（是）或 false（否），不加引号", "true or false is wanted, without quotes")
    return value


def flag() -> Check:
    """是否 true or false."""
    return Check(_truth, lambda text: {"true": True, "false": False, "是": True, "否": False}.get(text.lower(), text))


def choice(*names: str) -> Check:
    """选一个 one of `names`."""

    def accept(value: object) -> str:
        if value not in names:
            hint = suggestion(str(value), names)
            listed = "、".join(names)
            raise Refused(
                f"只能是 {listed} 之一。{hint.zh}" if "可以写" not in hint.zh else f"只能是 {listed} 之一",
                f"one of {', '.join(names)} is wanted. {hint.en}"
                if not hint.en.startswith("Known")
                else f"one of {', '.join(names)} is wanted",
            )
        return str(value)

    return Check(accept)


def text(value: object) -> str:
    """文字 a text that is not blank, outer blanks removed; else Refused."""
    if not isinstance(value, str) or not value.strip():
        raise Refused("要写带引号的文字，不能空着", "a text in quotes is wanted, not an empty one")
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Refused('要写成一列文字，例如 ["甲", "乙"]', 'a list of texts is wanted, like ["a", "b"]')
    return tuple(dict.fromkeys(text(item) for item in value))


def texts() -> Check:
    """一列文字 texts, repeats dropped; on the command line separated by commas."""
    return Check(_texts, lambda said: [part.strip() for part in said.replace("\uff0c", ",").split(",") if part.strip()])


def _gap(value: object) -> int:
    said = value.strip() if isinstance(value, str) else ""
    number, unit = said[:-1].strip(), said[-1:]
    span = int(number) * _UNIT_MS.get(unit, 0) if number.isascii() and number.isdigit() else 0
    if not 0 < span <= _LONGEST_GAP_MS:
        raise Refused(
            '要写时长："30s" 秒、"30m" 分、"2h" 小时，最长 24h', 'a time like "30s", "30m", "2h" is wanted, at most 24h'
        )
    return span


def duration() -> Check:
    """时长 "30s", "30m" or "2h", at most 24h, as whole milliseconds."""
    return Check(_gap)


def show_duration(span_ms: int) -> str:
    """时长 whole milliseconds in the form of the file: "30m", "90s", "2h"."""
    unit = next(unit for unit in ("h", "m", "s") if span_ms % _UNIT_MS[unit] == 0)
    return f"{span_ms // _UNIT_MS[unit]}{unit}"


def _window(value: object) -> str:
    try:
        return Window.parse(value if isinstance(value, str) else repr(value)).name
    except JinpaiError as error:
        raise Refused(*error.words) from None


def window() -> Check:
    """统计期 same_day, next_day, <N>h or <N>d."""
    return Check(_window)


def clock(value: object) -> str:
    """钟点 "HH:MM" before 24:00, on five minutes; else Refused."""
    try:
        minutes = parse_clock(value if isinstance(value, str) else repr(value), latest=1439)
    except JinpaiError as error:
        raise Refused(*error.words) from None
    on_five_minutes(minutes)
    return format_clock(minutes)


def on_five_minutes(*minutes: int) -> None:
    """五分钟 clock times of days and hours stand on five minutes, as the calendar's slots do; else Refused."""
    for one in minutes:
        if one % 5:
            near = format_clock(one - one % 5)
            raise Refused(
                f"{format_clock(one)} 要取整到 5 分钟，例如 {near}",
                f"{format_clock(one)} must be a multiple of five minutes, like {near}",
            )


def _zone(value: object) -> str:
    said = value.strip() if isinstance(value, str) else repr(value)
    try:
        ZoneInfo(said)
        if said not in ("", "localtime"):
            return said
    except (KeyError, ValueError, OSError):
        pass
    hint = Words("是不是要写 Asia/Shanghai？", "Did you mean Asia/Shanghai?")
    if said.casefold().replace(" ", "") not in _BEIJING:
        near = suggestion(said, available_timezones())
        hint = near if near.en.startswith("Did") else Words("", "")
    raise Refused(
        f"要写时区名，中国大陆写 Asia/Shanghai。{hint.zh}",
        f"a time zone is wanted, like Asia/Shanghai. {hint.en}".strip(),
    )


def zone() -> Check:
    """时区 the name of a time zone, like Asia/Shanghai."""
    return Check(_zone)


def _country(value: object) -> str:
    if value != "none" and not (isinstance(value, str) and len(value) == 2 and value.isascii() and value.isupper()):
        raise Refused(
            '要写两个大写字母的国家代码，例如 "CN"；不算节假日写 "none"',
            'a country code like "CN", or "none", is wanted',
        )
    return str(value)


def country() -> Check:
    """节假日 a country code in two capitals, or "none"."""
    return Check(_country)


def day(value: object) -> int:
    """日期 a TOML date or "2025-11-11" as yyyymmdd; else Refused."""
    try:
        return parse_day(value) if isinstance(value, (str, date)) else parse_day(repr(value))
    except JinpaiError as error:
        raise Refused(*error.words) from None


def fields(value: object, wanted: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, object]:
    """小表 a TOML table with exactly the `wanted` keys and any of the `optional` ones; else Refused."""
    if not isinstance(value, dict):
        raise Refused(f"要写成一张小表，含 {'、'.join(wanted)}", f"a table with {', '.join(wanted)} is wanted")
    for name in value:
        if name not in wanted + optional:
            hint = suggestion(str(name), wanted + optional)
            raise Refused(f"没有叫 {name} 的项。{hint.zh}", f"there is no '{name}' in it. {hint.en}")
    missing = [name for name in wanted if name not in value]
    if missing:
        raise Refused(f"缺少 {'、'.join(missing)}，请补上", f"{', '.join(missing)} is missing; add it")
    return value
