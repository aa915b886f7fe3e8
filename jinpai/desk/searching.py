"""所搜 searching: what the address of a list of conversations asks for, and the way to put it into another address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.conversations import OUTCOMES, SORTS, Search
from jinpai.errors import Words, WrongUse

if TYPE_CHECKING:
    from jinpai.desk.page import Visit

NAMES = ("text", "buyer", "agent", "from", "to", "product", "topic", "failed", "below", "outcome", "unanswered", "sort")
"""What an address may ask for; also the names of the form's fields."""
LONGEST = 100
"""Characters of what is looked for."""
ENDED = {
    "bought": Words("已付款", "bought"), "lost": Words("没有付款", "not bought"), "open": Words("还没到统计期", "not yet known"),
    "none": Words("不算询单", "no enquiry"),
}  # fmt: skip


def asked(visit: Visit) -> dict[str, str]:
    """所搜 what the address says under the names that it may use."""
    return {name: said[:LONGEST] for name in NAMES if (said := visit.asked(name))}


def search(visit: Visit) -> Search:
    """搜什么 of the address; what cannot be is WrongUse."""
    said = asked(visit)
    below = said.get("below")
    if below is not None and not (below.isascii() and below.isdigit() and len(below) < 5):
        raise WrongUse(
            f"得分「{below}」不是一个整数，请写 60 这样的数。",
            f"Score '{below}' is no whole number; write one like 60.",
        )
    for name, known in (("outcome", OUTCOMES), ("unanswered", ("yes",)), ("sort", SORTS)):
        if name in said and said[name] not in known:
            raise WrongUse(
                f"没有「{said[name]}」这个选择，请在页面上选。",
                f"There is no '{said[name]}' to choose; choose on the page.",
            )
    return Search(
        said.get("text"), said.get("buyer"), said.get("agent"), said.get("from"), said.get("to"), said.get("product"), said.get("topic"),
        said.get("failed"), None if below is None else int(below), said.get("outcome"), said.get("unanswered"), said.get("sort", "time"),
    )  # fmt: skip
