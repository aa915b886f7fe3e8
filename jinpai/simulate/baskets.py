"""购物篮 the rows of orders that every writer needs: identity, items, memo, state at an export."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from jinpai.simulate.bank import names, phrases
from jinpai.simulate.draw import Play
from jinpai.simulate.scene import mask, nicks
from jinpai.simulate.shop import Product
from jinpai.simulate.written import shares

DAY = 86400


@dataclass(frozen=True, slots=True)
class Item:
    """明细 one product in an order; `price` a piece, `paid` and `refund` for the whole line, in fen."""

    sub_order_id: str
    product: Product
    quantity: int
    price: int
    paid: int
    refund: int
    color: str


@dataclass(frozen=True, slots=True)
class Basket:
    """订单 one order as a writer sees it; instants local seconds, -1 never; money fen."""

    row: int
    order_id: str
    buyer: str
    masked: str
    created: int
    paid_at: int
    closed: int
    goods: int
    amount: int
    deposit: int
    deposit_paid: int
    refund: int
    applied: int
    refunded: int
    memo: str
    items: tuple[Item, ...]

    @property
    def quantity(self) -> int:
        """件数 pieces in the order."""
        return sum(item.quantity for item in self.items)

    def at(self, taken: int) -> tuple[int, int, bool, bool]:
        """导出时的样子 (paid_at, refund, wholly refunded, closed) as an export taken then shows them."""
        paid = self.paid_at if 0 <= self.paid_at < taken else -1
        refund = self.refund if 0 <= self.refunded < taken else 0
        return paid, refund, refund > 0 and refund == self.amount, 0 <= self.closed < taken

    def status(self, taken: int) -> str:
        """订单状态 the status words of an export taken then."""
        paid, _, all_back, closed = self.at(taken)
        if closed or all_back:
            return "交易关闭"
        if paid < 0:
            return "等待买家付款"
        age = taken - paid
        if age > 12 * DAY:
            return "交易成功"
        return "卖家已发货，等待买家确认" if age > DAY else "买家已付款，等待卖家发货"


def memo_codes(play: Play) -> dict[str, str]:
    """备忘代码 the code that, written in a seller's memo, gives the order to a sub-account."""
    return {f"KF{number + 1:02d}": play.shop.sub_account(number) for number in range(len(play.shop.agents))}


def baskets(play: Play) -> list[Basket]:
    """订单 every order of the play, in time order."""
    order, random = play.orders, Random(play.seed * 7 + 3)
    colors, notes, codes = names()["color"], phrases()["reminder.memo"], list(memo_codes(play))
    nick = nicks(order.buyer, play.seed)
    found = []
    for row, order_id in enumerate(play.order_ids().tolist()):
        one = {name: int(getattr(order, name)[row]) for name in (
            "created", "closed", "goods", "amount", "deposit", "deposit_paid", "refund", "applied", "refunded")}  # fmt: skip
        memo, gift = "", random.choice(names()["gift"])
        color = random.choice(colors)
        if random.random() < 0.12:
            memo = random.choice(notes).format(gift=gift, color=color)
        elif random.random() < 0.012:
            memo = f"{random.choice(codes)} 电话下单"
        found.append(Basket(
            row, str(order_id), nick[row], mask(nick[row]), paid_at=int(order.paid[row]), memo=memo,
            items=_items(play, row, order_id, color), **one,
        ))  # fmt: skip
    return found


def _items(play: Play, row: int, order_id: int, color: str) -> tuple[Item, ...]:
    order, shop = play.orders, play.shop
    lines = [(shop.products[int(order.product[row])], int(order.quantity[row]))]
    if order.extra[row] >= 0:
        lines.append((shop.products[int(order.extra[row])], 1))
    paid = shares(int(order.amount[row]), [item.price * many for item, many in lines])
    back = shares(int(order.refund[row]), paid)
    ids = [order_id] if len(lines) == 1 else [order_id + 1, order_id + 2]
    return tuple(
        Item(str(sub), item, many, item.price, paid[place], back[place], color)
        for place, (sub, (item, many)) in enumerate(zip(ids, lines, strict=True))
    )
