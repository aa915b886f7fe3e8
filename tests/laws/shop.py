"""抽出来的店 drawn shops for the laws: canonical rows full of ties, midnights, deposits, events and late answers.

A buyer's history is a list of acts, each after a pause; what an act means depends on what went before (a payment
needs an order). Several buyers share three persons, a robot and three products.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.oracles.conversations import Row

SHOP = "main"
AGENTS = ("小美", "小乙", "小后")
ROBOT = "机器人"
PRODUCTS = ("P1", "P2", "P3")
# 2025-11-10 22:00 in Shanghai: two hours before a midnight
START = 1_762_783_200_000
PAUSES = (
    0, 0, 0, 1, 1, 5, 6, 15, 60, 119, 121, 180, 181, 599, 900, 1799, 1800, 1801, 1801, 3600, 3601, 7200, 20_000, 43_200,
    86_399, 86_400, 86_401, 172_800, 172_801,
)  # fmt: skip
TALK = ("buyer", "buyer", "buyer", "buyer", "agent", "agent", "agent", "agent", "auto", "assist", "note", "number")
EVENTS = ("assigned", "transferred", "accepted", "handed_to_human", "closed", "reopened")
TRADE = (*("order",) * 3, *("paid",) * 5, "deposit", "close", *("refund",) * 2, *("refund_row",) * 3, *("rated",) * 3)
ACTS = (*TALK, *TALK, *EVENTS, *TRADE)
TABLES = ("messages", "orders", "refunds", "order_items", "agents", "evaluations")
TEXTS = ("在吗", "好的", "好的", "多少钱")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens: after how long, what, and the die that settles the rest."""

    pause: int
    what: str
    die: int


@dataclass(slots=True, repr=False)
class Drawn:
    """Canonical rows by table, in the order in which they happened."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def __repr__(self) -> str:
        """Its rows without what they leave empty."""
        told = [
            f"{name} { ({k: v for k, v in row.items() if v is not None}) }"
            for name, rows in self.rows.items()
            for row in rows
        ]
        return "\n".join(["Drawn", *told])

    def add(self, table: str, **row: Any) -> Row:
        self.rows[table].append({"shop": SHOP} | row)
        return self.rows[table][-1]


ACT = st.builds(Act, st.sampled_from(PAUSES), st.sampled_from(ACTS), st.integers(0, 719))
HISTORY = st.lists(ACT, min_size=12, max_size=40)


@st.composite
def shops(draw: st.DrawFn, buyers: int = 6, masked: bool = False) -> Drawn:
    """A shop of some buyers. With `masked`, some of them stand in the files as one and the same mask."""
    shop = Drawn()
    histories = draw(st.lists(HISTORY, min_size=buyers, max_size=buyers + 2))
    moments: list[tuple[int, int, Act]] = []
    for number, history in enumerate(histories):
        at = START + 1000 * draw(st.sampled_from((0, 0, 1, 3600, 7199, 7200, 30_000)))
        for act in history:
            at += 1000 * act.pause
            moments.append((at, number, act))
    moments.sort(key=lambda one: one[0])  # stable: acts of one instant keep their order
    for at, number, act in moments:
        hidden = masked and number % 2 == 0
        _Teller(shop, f"买家{number}", "云**" if hidden else f"买家{number}", str(number) if hidden else None).tell(
            at, act
        )
    for agent, team in zip(AGENTS, ("presales", "both", "aftersales"), strict=True):
        shop.add("agents", agent=agent, name=agent, team=team)
    return shop


def until(rows: dict[str, list[Row]], end: int) -> dict[str, list[Row]]:
    """The files as they would have been exported at an instant: what happened after it is not there."""
    known = {name: list(found) for name, found in rows.items()}
    known["messages"] = [row for row in rows["messages"] if row["sent_at"] <= end]
    known["orders"] = [
        _order_until(row, end, _first_refund(rows["refunds"], row["order_id"]))
        for row in rows["orders"] if row["created_at"] <= end
    ]  # fmt: skip
    known["refunds"] = [_hidden(row, end, "refunded_at") for row in rows["refunds"] if row["applied_at"] <= end]
    known["evaluations"] = [
        _hidden(row, end, "evaluated_at", "level") for row in rows["evaluations"] if row["sent_at"] <= end
    ]
    there = {row["order_id"] for row in known["orders"]}
    known["order_items"] = [row for row in rows["order_items"] if row["order_id"] in there]
    return known


WAITING = (
    ("refunds", "applied_at", "refunded_at"),
    ("evaluations", "sent_at", "evaluated_at"),
    # twice: deposits are rare, and an instant before one counts for more
    ("orders", "created_at", "deposit_paid_at"),
    ("orders", "created_at", "deposit_paid_at"),
    ("orders", "paid_at", "refunded_at"),
)


def telling(rows: dict[str, list[Row]]) -> int:
    """The instant of a message at which the most kinds of acts have begun and not ended."""
    open_ = [
        [(row[since], row[end]) for row in rows[table] if row[since] is not None and row[end] is not None]
        for table, since, end in WAITING
    ]
    moments = sorted({row["sent_at"] for row in rows["messages"]})
    return max(moments, key=lambda at: sum(any(since <= at < end for since, end in kind) for kind in open_))


def _hidden(row: Row, end: int, instant: str, *more: str) -> Row:
    """The row without what happened at `instant`, if that was later."""
    later = row[instant] is not None and row[instant] > end
    return row | dict.fromkeys((instant, *more)) if later else row


def _first_refund(refunds: list[Row], order_id: str) -> int | None:
    return min((row["refunded_at"] for row in refunds if row["order_id"] == order_id), default=None)


def _order_until(row: Row, end: int, first_refund: int | None) -> Row:
    # an order's own refund without an instant is told by its refund rows, where it has some
    paid_back = row["refunded_at"] or first_refund or row["paid_at"]
    if paid_back is not None and paid_back > end:
        row = row | {"refund_amount": None, "refunded_at": None}
    row = _hidden(row, end, "paid_at", "paid_amount")
    return _hidden(_hidden(row, end, "closed_at"), end, "deposit_paid_at")


@dataclass(frozen=True, slots=True)
class _Teller:
    """Turns the acts of one buyer into rows."""

    shop: Drawn
    person: str
    buyer: str
    thread: str | None

    def tell(self, at: int, act: Act) -> None:
        if act.what in TALK:
            self.talk(at, act)
        elif act.what in EVENTS:
            agents = (*AGENTS, None, ROBOT)
            self.message(at, "system", agents[act.die % 5], text=None, kind="event", event=act.what,
                to_agent=agents[act.die // 5 % 4] if act.what in ("transferred", "accepted", "assigned") else None)  # fmt: skip
        elif act.what == "rated":
            rated = act.die % 3 != 0
            self.shop.add("evaluations", buyer=self.buyer, agent=AGENTS[act.die % 2], level=1 + act.die % 5 if rated else None,
                origin="invited", sent_at=at, evaluated_at=at + 1000 * (act.die % 4) * 40_000 if rated else None)  # fmt: skip
        else:
            self.trade(at, act)

    def talk(self, at: int, act: Act) -> None:
        agent = AGENTS[act.die % 3]
        if act.what == "number":
            # once in a while the number of somebody else's order
            mine = self.orders() if act.die % 5 else self.shop.rows["orders"]
            self.message(at, "buyer", None, text="单号", order_id=mine[-1]["order_id"] if mine else None)
            return
        addressed = agent if act.what != "buyer" or act.die % 4 == 0 else None
        card = PRODUCTS[act.die // 12 % 3] if act.die // 3 % 4 == 0 else None
        self.message(
            at, act.what, ROBOT if act.what == "auto" else addressed, text=TEXTS[act.die // 36 % 4], product_id=card
        )

    def message(self, at: int, sender: str, agent: str | None, **more: Any) -> None:
        number = len(self.shop.rows["messages"])
        self.shop.add("messages", **{
            "buyer": self.buyer, "thread": self.thread, "agent": agent, "sender": sender, "sent_at": at, "kind": "text",
            "text": None, "event": None, "to_agent": None, "product_id": None, "order_id": None,
            # a third of the buyers write through a platform that numbers messages
            "message_id": f"m{number}" if int(self.person[2:]) % 3 == 1 else None,
        } | more)  # fmt: skip

    def orders(self) -> list[Row]:
        return [order for order in self.shop.rows["orders"] if order["order_id"].startswith(self.person + "-")]

    def trade(self, at: int, act: Act) -> None:
        mine = self.orders()
        if act.what == "order" or not mine:
            self.order(at, act, f"{self.person}-{len(mine)}")
            return
        fits = [one for one in mine if (one["paid_at"] is None) == (act.what in ("paid", "deposit", "close"))]
        order = (fits or mine)[-1 - act.die % 2 * (len(fits) > 1)]
        live = order["closed_at"] is None and order["status"] is None
        if act.what == "paid" and order["paid_at"] is None and live:
            order |= {"paid_at": at, "paid_amount": order["payable_amount"] - act.die % 3}
        elif act.what == "deposit" and order["paid_at"] is None and order["deposit_paid_at"] is None and live:
            order |= {"deposit_paid_at": at, "deposit_amount": 100}
        elif act.what == "close" and order["paid_at"] is None and live:
            order |= {"closed_at": at} if act.die % 2 else {"status": "交易关闭"}
        elif act.what == "refund" and order["paid_at"] is not None and order["refund_amount"] is None:
            order |= {
                "refund_amount": 1 + act.die % max(1, order["paid_amount"]),
                "refunded_at": at if act.die % 4 else None,
            }
        elif act.what == "refund_row" and order["paid_at"] is not None:
            number = len(self.shop.rows["refunds"])
            self.shop.add("refunds", refund_id=f"R{number}", order_id=order["order_id"], sub_order_id=f"{order['order_id']}/0",
                amount=1 + act.die, applied_at=at, refunded_at=at + 1000 * 60_000 * (act.die % 5), reason=None, status=None)  # fmt: skip

    def order(self, at: int, act: Act, order_id: str) -> None:
        luck = random.Random(act.die)
        products = luck.sample(PRODUCTS, luck.choice((0, 1, 2, 2, 3)))
        quantities = [luck.randint(1, 3) for _ in products]
        for number, (product, quantity) in enumerate(zip(products, quantities, strict=True)):
            self.shop.add("order_items", order_id=order_id, sub_order_id=f"{order_id}/{number}", product_id=product,
                title=product, quantity=quantity, price=luck.choice((0, 99, 333, 1000)))  # fmt: skip
        self.shop.add("orders", order_id=order_id, buyer=self.buyer, created_at=at, paid_at=None, closed_at=None, status=None,
            payable_amount=luck.randint(3, 9999), paid_amount=None, refund_amount=None, refunded_at=None,
            quantity=sum(quantities) or 1, product_count=max(1, len(products)), deposit_amount=None, deposit_paid_at=None,
            remark=luck.choice((None, None, None, "甲", "甲乙", "乙")), exported_at=None)  # fmt: skip
