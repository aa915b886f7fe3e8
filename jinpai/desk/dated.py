"""日期和钟点 dated: opening hours and dated lines as people type them into a form, and as the settings hold them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

from jinpai.errors import JinpaiError
from jinpai.workspace.hours import WEEKDAYS

CLOSED = ("休息", "不营业", "closed", "off")
ALL_DAY = ("全天", "24小时", "allday")
SPAN = "00:00-24:00"
_BETWEEN = re.compile(r"[、,;/]|\s+(?=\d)|(?<=\d)\s+(?=\d)")
_DASH = re.compile(r"\s*(?:[-~–—−至到]+)\s*")


def spans(said: str) -> list[str]:
    """几段时间 "9:00～12:00、13:00-23:00" as the settings have them; what is no time stays as it is, to be refused there."""
    plain = unicodedata.normalize("NFKC", said).strip()
    if plain.replace(" ", "").casefold() in CLOSED:
        return []
    if plain.replace(" ", "").casefold() in ALL_DAY:
        return [SPAN]
    return [part.strip() for part in _BETWEEN.split(_DASH.sub("-", plain)) if part.strip()]


def told(times: list[str], closed: str) -> str:
    """写出来 spans of the settings as a form shows them."""
    return "、".join(times) or closed


def week(hours: Mapping[str, Any], closed: str) -> dict[str, str]:
    """一周 what stands in each field: `every_day` what most days have, a weekday only where it differs."""
    weekly: Mapping[str, list[str]] = hours.get("weekly") or {}
    if not weekly:
        return dict.fromkeys(("every_day", *WEEKDAYS), "")
    most = Counter(told(times, closed) for times in weekly.values()).most_common(1)[0][0]
    fields = {name: told(weekly[name], closed) for name in WEEKDAYS}
    return {"every_day": most} | {name: "" if one == most else one for name, one in fields.items()}


def exceptions(hours: Mapping[str, Any], closed: str) -> list[tuple[str, str, str]]:
    """特殊日期 first day, last day and times of each dated exception."""
    found = []
    for days, times in (hours.get("exceptions") or {}).items():
        first, _, last = days.partition("..")
        found.append((first, last or first, told(times, closed)))
    return found


def hours_of(fields: Mapping[str, str], dated: list[tuple[str, str, str]]) -> dict[str, Any]:
    """营业时间 as the settings take them; nothing typed at all is an empty table. What hangs together wrongly is a JinpaiError."""
    weekly = {name: spans(said) for name, said in fields.items() if said}
    days: dict[str, list[str]] = {}
    for first, last, times in dated:
        if not first:
            raise JinpaiError(
                f"「{times or last}」没有写是哪一天。请填日期，不要这一行就清空。",
                f"'{times or last}' has no day. Fill it in, or clear the line.",
            )
        if not times:
            raise JinpaiError(
                f"{first} 没有写营业时间。休息就写「休息」。", f"{first} has no times. Write 'closed' where it is."
            )
        name = first if last in ("", first) else f"{first}..{last}"
        if name in days:
            raise JinpaiError(f"{first} 写了两遍，请删掉一行。", f"{first} is there twice; remove a line.")
        days[name] = spans(times)
    if days and not weekly:
        raise JinpaiError(
            "只写了特殊日期，没写平常的营业时间。请先填「每天」。", "There are special days and no usual hours. Fill in 'Every day' first."
        )  # fmt: skip
    return {part: table for part, table in (("weekly", weekly), ("exceptions", days)) if table}


def promotions_of(lines: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    """活动 name, first and last day of each, as the settings take them; a line that is half filled in is a JinpaiError."""
    for name, first, last in lines:
        if not (name and first and last):
            raise JinpaiError(
                f"活动「{name or first or last}」没有填全：名字、开始、结束都要有，不要这一行就清空。",
                f"The promotion '{name or first or last}' is not whole: it has a name, a first and a last day. Or clear the line.",
            )
    return [{"name": name, "first": first, "last": last} for name, first, last in lines]
