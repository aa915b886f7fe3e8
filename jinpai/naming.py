"""会话怎么叫 naming: how a person names a conversation: by the first digits of its number, or by the buyer's name and day.

A conversation's number has up to 19 digits; so many of its first digits as are its own among the shop's are enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from jinpai.errors import WrongUse
from jinpai.period import format_instant

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace import Settings

FEWEST, TOLD = 6, 8
"""Digits shown at least; conversations told at most where a name fits several."""
LONGEST = 19
"""Digits of the largest number."""
_FIRST_DIGITS = " ".join([
    "case", *(f"when conversation_key >= {10 ** length} then conversation_key // {10 ** (length + 1 - FEWEST)}"
              for length in range(LONGEST - 1, FEWEST - 1, -1)), "else conversation_key end",
])  # fmt: skip
"""The first FEWEST digits of a number, as a number."""
_NEAR = f"select conversation_key, {_FIRST_DIGITS} as first from span where {_FIRST_DIGITS} in (select cast(unnest($firsts) as bigint))"
_SPAN = "select s.buyer_key, s.conversation_seq, s.conversation_key, s.day, s.first_at, s.last_at, s.last_agent from span as s"
_BY_NUMBER = f"""
{_SPAN} where {{begins}} and s.day >= $from and s.day <= $to order by s.first_at desc limit {TOLD + 1}
"""
_BEGUN = f"{_SPAN} where {{begins}} order by s.conversation_key limit 2"
_BY_BUYER = f"""
{_SPAN} where s.buyer_key in (select buyer_key from source_messages where buyer = $name)
    and s.day >= $from and s.day <= $to
order by s.first_at desc limit {TOLD + 1}
"""


def short_keys(engine: Engine, keys: Iterable[int]) -> dict[int, str]:
    """短编号 the first digits of conversations' numbers, at least six, that no other conversation of the shop begins with."""
    wanted = set(keys)
    firsts = sorted({str(key)[:FEWEST] for key in wanted})
    near: dict[str, list[str]] = {}
    for one in engine.rows(_NEAR, {"firsts": firsts}) if wanted else []:
        near.setdefault(str(one["first"]), []).append(str(one["conversation_key"]))
    return {key: _own(str(key), near[str(key)[:FEWEST]]) for key in wanted}


def _own(number: str, near: Iterable[str]) -> str:
    others = [one for one in near if one != number]
    length = FEWEST
    while any(one.startswith(number[:length]) for one in others) and length < len(number):
        length += 1
    return number[:length]


def begun_with(engine: Engine, digits: str) -> list[dict[str, Any]]:
    """这样开头的会话 the rows of `span`, at most two, of the conversations whose number begins so; none of what is no number."""
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST and engine.has("span")
    return engine.rows(_BEGUN.format(begins=_begins(digits))) if is_number else []


def _begins(digits: str) -> str:
    """The condition that a number begins with these digits: it lies in one range for each length that it may have."""
    ranges = (
        f"s.conversation_key between {int(digits) * 10**more} and {(int(digits) + 1) * 10**more - 1}"
        for more in range(LONGEST - len(digits) + 1) if int(digits) * 10**more < 1 << 63
    )  # fmt: skip
    return f"({' or '.join(ranges) or 'false'})" if digits and digits[0] != "0" else "false"


def conversation_named(engine: Engine, settings: Settings, name: str, first: int, last: int) -> dict[str, Any]:
    """按叫法找会话 the row of `span` of the one conversation that a name fits, of those on the days (yyyymmdd, both included).

    A name is the first digits of the number, or a buyer's. None or several are WrongUse, which tells which they are.
    """
    name = name.strip()
    values: dict[str, Any] = {"name": name, "from": first, "to": last}
    is_number = name.isascii() and name.isdigit() and len(name) <= LONGEST
    begins = "true" if not name else _begins(name) if is_number else "false"
    found = engine.rows(_BY_NUMBER.format(begins=begins), values)
    found = [one for one in found if str(one["conversation_key"]) == name] or found or engine.rows(_BY_BUYER, values)
    if len(found) == 1:
        return found[0]
    if not found:
        raise WrongUse(
            f"店铺 {settings.shop} 没有叫「{name}」的会话。可以写编号的前几位，或买家的名字；编号看 jinpai inspect 的“得分最低的会话”。",
            f"Shop {settings.shop} has no conversation '{name}'. Write the first digits of its number, or the buyer's name; "
            "jinpai inspect lists some numbers.",
        )
    short = short_keys(engine, [one["conversation_key"] for one in found])
    told = [
        f"{short[one['conversation_key']]}（{format_instant(one['first_at'], settings.zone)[:16].replace('T', ' ')}"
        f"{' ' + one['last_agent'] if one['last_agent'] else ''}）"
        for one in found[:TOLD]
    ]
    more = ("，还有更多", ", and more") if len(found) > TOLD else ("", "")
    raise WrongUse(
        f"「{name}」不止一段会话：{'、'.join(told)}{more[0]}。请写其中一个编号。",
        f"'{name}' fits several conversations: {', '.join(told)}{more[1]}. Write one of these numbers.",
    )
