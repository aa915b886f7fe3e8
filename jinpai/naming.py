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
_NUMBERS = "(select cast(conversation_key as varchar) as number, conversation_key from span)"
_NEAR = f"""
select conversation_key, number, before, after from (
    select conversation_key, number, lag(number) over (order by number) as before, lead(number) over (order by number) as after
    from {_NUMBERS} as numbers) as near
where number = any($keys)
"""
_SPAN = "select s.buyer_key, s.conversation_seq, s.conversation_key, s.day, s.first_at, s.last_at, s.last_agent from span as s"
_BY_NUMBER = f"""
{_SPAN} inner join {_NUMBERS} as n on n.conversation_key = s.conversation_key
where substr(n.number, 1, $length) = $name and s.day >= $from and s.day <= $to
order by s.first_at desc limit {TOLD + 1}
"""
_BY_BUYER = f"""
{_SPAN} where s.buyer_key in (select buyer_key from source_messages where buyer = $name)
    and s.day >= $from and s.day <= $to
order by s.first_at desc limit {TOLD + 1}
"""


def short_keys(engine: Engine, keys: Iterable[int]) -> dict[int, str]:
    """短编号 the first digits of conversations' numbers, at least six, that no other conversation of the shop begins with."""
    wanted = [str(key) for key in keys]
    found = engine.rows(_NEAR, {"keys": wanted}) if wanted else []
    return {one["conversation_key"]: _own(one["number"], one["before"], one["after"]) for one in found}


def _own(number: str, *neighbours: str | None) -> str:
    length = FEWEST
    while any(one is not None and one.startswith(number[:length]) for one in neighbours) and length < len(number):
        length += 1
    return number[:length]


def conversation_named(engine: Engine, settings: Settings, name: str, first: int, last: int) -> dict[str, Any]:
    """按叫法找会话 the row of `span` of the one conversation that a name fits, of those on the days (yyyymmdd, both included).

    A name is the first digits of the number, or a buyer's. None or several are WrongUse, which tells which they are.
    """
    name = name.strip()
    values: dict[str, Any] = {"name": name, "from": first, "to": last}
    found = (
        engine.rows(_BY_NUMBER, values | {"length": len(name)})
        if not name or (name.isascii() and name.isdigit())
        else []
    )
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
