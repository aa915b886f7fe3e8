"""聊天里的提示行 lines of copied chats that nobody wrote: notices, read marks, item links with their price.

Source: formats, §2.3, §2.8.
"""

from __future__ import annotations

import re

from jinpai.importers.qianniu import understood
from jinpai.importers.qianniu_clips import READ_MARKS

# `https://item.taobao.com/item.htm?id=700000012345`, in backticks
_LINK = re.compile(r"`((?:https?:)?//[^\s`]+)`")
# ¥139.00; not: ¥139.00包邮吗
_PRICE = re.compile(r"[¥￥]\s*\d+(?:,\d{3})*(?:\.\d{1,2})?")
_LONGEST = 200
_ORIGIN = re.compile(r"当前用户来自\s.*")


def is_origin(line: str) -> bool:
    """来源提示 the client's line about where the buyer comes from."""
    return _ORIGIN.fullmatch(line) is not None


def is_notice(line: str, *, is_apart: bool) -> bool:
    """转接等提示 a notice of the platform: a transfer; below a blank line any other one that `understood` knows."""
    if len(line) > _LONGEST or is_origin(line):
        return False
    said = understood(line)
    return said.is_system and (is_apart or said.event is not None)


def is_card(line: str) -> bool:
    """商品链接或价格 a line of an item card that was copied along: its link in backticks, or its price alone."""
    return _LINK.fullmatch(line) is not None or _PRICE.fullmatch(line) is not None


def parted(lines: list[str], *, has_mark: bool) -> tuple[str, str | None, str | None, int]:
    """分开一条消息 the text of a message, its read mark, the product of its item card, and how many lines were left out.

    A card's lines are left out where there are other words; a card alone is the message, its link the text. A price
    belongs to a card only right below its link: a price that somebody typed stays.
    """
    kept = list(lines)
    mark = _taken_mark(kept) if has_mark else None
    links = [found[1] for line in kept if (found := _LINK.fullmatch(line.strip()))]
    product = next((said for link in links if (said := understood(link).product_id)), None)
    if not links:
        return _joined(kept), mark, None, 0
    words = _without_cards(kept)
    if any(line.strip() for line in words):
        return _joined(words), mark, product, len(kept) - len(words)
    return links[0], mark, product, len(kept) - len(words) - 1


def _taken_mark(lines: list[str]) -> str | None:
    while lines and not lines[-1].strip():
        lines.pop()
    return lines.pop().strip() if lines and lines[-1].strip() in READ_MARKS else None


def _without_cards(lines: list[str]) -> list[str]:
    kept: list[str] = []
    is_below_link = False
    for line in lines:
        is_link = _LINK.fullmatch(line.strip()) is not None
        if not is_link and not (is_below_link and _PRICE.fullmatch(line.strip())):
            kept.append(line)
        is_below_link = is_link
    return kept


def _joined(lines: list[str]) -> str:
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    return "\n".join(lines[:last])
