"""剧本 scenario: canonical rows out of a chat written in a test.

    2025-11-10
    10:00:00 云: 你好 #P1                      the buyer 云 writes, with a card of product P1
    10:00:01 云 @小美: 在吗                    … to the sub-account 小美
    10:00:02 auto > 云: 欢迎                   also note; no name needed
    10:00:09 小美 > 云: 在的                   a person
    10:00:09 assist 小美 > 云: 在的            a robot under a person's name
    10:01:00 云 transferred 小美 小乙           event: agent, to_agent; `-` leaves one empty
    10:02:00 云 order A1 99.00                 created; then `paid A1`, `deposit A1`, `closed A1`, `refund A1 10.00`
                                               (`refund A1 10.00 R1`: a row of refunds)
    10:03:00 云 rated 小美 5 invited            an evaluation; `-` for one that was only sent
    item A1 P1 2 30.00                         an item of A1: pieces, price
    agent 小后 aftersales                      a team
    remark A1 code                             the seller's memo; also status, quantity, product_count

A line without a clock time takes none. Days may follow each other in one text.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .conversations import Row
from .orders import Data

ZONE = ZoneInfo("Asia/Shanghai")
SHOP = "main"
_EVENT = re.compile(r"(\S+) (assigned|transferred|accepted|handed_to_human|closed|reopened)(?: (\S+))?(?: (\S+))?")
_SAID = re.compile(r"(?:(auto|note|assist|agent) )?(\S*?)\s*(?:> (\S+)|@(\S+))?: (.*)")


def fen(text: str) -> int:
    """Yuan like 99.00 as fen."""
    yuan, cents = text.split(".")
    return int(yuan) * 100 + int(cents)


def scenario(text: str) -> Data:
    """All canonical rows of the chat."""
    data: Data = {name: [] for name in ("messages", "orders", "refunds", "order_items", "agents", "evaluations")}
    day = ""
    for line in (line.strip() for line in text.splitlines()):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", line):
            day = line
        elif re.match(r"\d\d:\d\d:\d\d ", line):
            clock, _, rest = line.partition(" ")
            moment = datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZONE)
            happened(data, int(moment.timestamp()) * 1000, rest.strip())
        elif line:
            stated(data, line.split())
    return data


def stated(data: Data, words: list[str]) -> None:
    """A line without a time: item, agent, remark, quantity."""
    if words[0] == "item":
        order, product, pieces, price = words[1:]
        data["order_items"].append({
            "shop": SHOP, "order_id": order, "sub_order_id": None, "product_id": product, "sku_id": None, "title": product,
            "quantity": int(pieces), "price": fen(price), "refund_amount": None,
        })  # fmt: skip
    elif words[0] == "agent":
        data["agents"].append({"shop": SHOP, "agent": words[1], "name": words[1], "team": words[2]})
    elif words[0] in ("remark", "status"):
        the_order(data, words[1])[words[0]] = words[2]
    elif words[0] in ("quantity", "product_count"):
        the_order(data, words[1])[words[0]] = int(words[2])
    else:
        raise ValueError(words)


def happened(data: Data, at: int, rest: str) -> None:
    """A line with a time."""
    words = rest.split()
    if words[0] in ("paid", "deposit", "closed", "refund"):
        order = the_order(data, words[1])
        if len(words) == 4:
            data["refunds"].append(new_refund(words, at))
        elif words[0] == "refund":
            order["refund_amount"], order["refunded_at"] = fen(words[2]), at
        else:
            order[{"paid": "paid_at", "deposit": "deposit_paid_at", "closed": "closed_at"}[words[0]]] = at
    elif len(words) == 4 and words[1] == "order":
        data["orders"].append(new_order(data, words[0], words[2], fen(words[3]), at))
    elif len(words) == 5 and words[1] == "rated":
        data["evaluations"].append(new_evaluation(data, words, at))
    elif event := _EVENT.fullmatch(rest):
        buyer, kind, agent, to_agent = event.groups()
        add(data, at, buyer, "system", agent=none(agent), text="", event=kind, to_agent=none(to_agent))
    elif said := _SAID.fullmatch(rest):
        sender, name, to_buyer, to_agent, text = said.groups()
        if to_buyer:
            add(data, at, to_buyer, sender or "agent", agent=name or None, text=text)
        else:
            add(data, at, name, "buyer", agent=to_agent, text=text)
    else:
        raise ValueError(rest)


def none(word: str | None) -> str | None:
    """`-` is nothing."""
    return None if word in (None, "-") else word


def key_of(data: Data, buyer: str) -> int | None:
    """A number for each buyer, in the order of appearance."""
    known = {row["buyer"]: row["buyer_key"] for row in data["messages"] + data["orders"] if row["buyer_key"]}
    return int(known.get(buyer, 1 + len(known)))


def add(data: Data, at: int, buyer: str, sender: str, *, agent: str | None, text: str, **more: Any) -> None:
    """One row of `messages`."""
    card = re.search(r"#(\S+)", text)
    position = len(data["messages"])
    row: Row = {
        "shop": SHOP, "buyer": buyer, "buyer_key": key_of(data, buyer), "agent": agent, "sender": sender, "sent_at": at,
        "kind": "event" if sender == "system" else "text", "text": text or None, "event": None, "to_agent": None,
        "product_id": card[1] if card else None, "order_id": None, "message_id": f"m{position:04d}", "position": position,
    }  # fmt: skip
    data["messages"].append(row | more)


def new_order(data: Data, buyer: str, order_id: str, amount: int, at: int) -> Row:
    """One row of `orders`; a masked buyer is nobody known."""
    return {
        "shop": SHOP, "order_id": order_id, "buyer": buyer, "buyer_key": None if "*" in buyer else key_of(data, buyer),
        "created_at": at, "paid_at": None, "closed_at": None, "status": None, "payable_amount": amount,
        "paid_amount": amount, "refund_amount": None, "refunded_at": None, "quantity": 1, "product_count": None,
        "remark": None, "deposit_amount": None, "deposit_paid_at": None, "balance_due_at": None,
    }  # fmt: skip


def new_refund(words: list[str], at: int) -> Row:
    """One row of `refunds`."""
    return {
        "shop": SHOP, "refund_id": words[3], "order_id": words[1], "sub_order_id": None, "amount": fen(words[2]),
        "applied_at": at, "refunded_at": at, "reason": None, "status": "退款成功",
    }  # fmt: skip


def new_evaluation(data: Data, words: list[str], at: int) -> Row:
    """One row of `evaluations`, sent and given in one instant."""
    level = None if words[3] == "-" else int(words[3])
    return {
        "shop": SHOP, "buyer": words[0], "buyer_key": key_of(data, words[0]), "agent": words[2], "level": level,
        "origin": words[4], "sent_at": None if words[4] == "self" else at, "evaluated_at": None if level is None else at,
    }  # fmt: skip


def the_order(data: Data, order_id: str) -> Row:
    """The order of that number."""
    return next(order for order in data["orders"] if order["order_id"] == order_id)
