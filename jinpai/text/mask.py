"""昵称打码 mask: nicks as screens show them, and buyers that the platform itself has hidden.

A masked nick is shared by many people, so it never identifies anyone. Source: formats, §7 case 15.
"""

from __future__ import annotations

HIDDEN = "账号信息保护显示"
"""What Qianniu's web page prints in place of every hidden buyer."""


def mask_nick(nick: str) -> str:
    """打码昵称 a nick with all but its ends hidden, the same width whatever its length: 云边小鹿 → 云**鹿.

    Of two characters the first stays, of one none. A masked nick stays as it is.
    """
    if is_masked(nick):
        return nick
    if len(nick) <= 2:
        return nick[:-1] + "*"
    return f"{nick[0]}**{nick[-1]}"


def is_masked(buyer: str | None) -> bool:
    """打过码的买家 whether an id tells nobody apart: it holds `*`, is the hidden-buyer notice, or is empty."""
    return buyer is None or not buyer.strip() or "*" in buyer or "＊" in buyer or HIDDEN in buyer
