"""交易 orders that follow from visits, and silent ones: created, reminded, paid, closed, refunded.

Instants are local seconds since 1970, -1 where it never happened; money is fen.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from jinpai.simulate.causes import PAYS_ALONE, PAYS_AT_ONCE, PAYS_REMINDED
from jinpai.simulate.duty import Duty
from jinpai.simulate.shop import Shop
from jinpai.simulate.visits import HOURS, Visits

DAY = 86400
DEPOSIT_FROM, DEPOSIT_TO, BALANCE_DAY = date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 9)
"""定金 deposits are taken in [from, to); the balance is due by the end of the promotion day."""
SILENT_SHARE = 0.12
"""静默 buyers who never talked; late orders after a talk come on top of them."""


@dataclass(slots=True)
class Orders:
    """订单 one element an order; `visit` is the number of the visit it grew from, -1 for silent ones 静默."""

    visit: np.ndarray
    agent: np.ndarray
    buyer: np.ndarray
    product: np.ndarray
    created: np.ndarray
    paid: np.ndarray
    closed: np.ndarray
    reminded: np.ndarray
    helped: np.ndarray
    quantity: np.ndarray
    extra: np.ndarray
    goods: np.ndarray
    amount: np.ndarray
    deposit: np.ndarray
    deposit_paid: np.ndarray
    refund: np.ndarray
    applied: np.ndarray
    refunded: np.ndarray

    def __len__(self) -> int:
        return len(self.created)

    def take(self, rows: np.ndarray) -> Orders:
        """The orders at `rows` (indices or a mask), in that order."""
        return Orders(*(getattr(self, field.name)[rows] for field in fields(self)))


def orders(shop: Shop, duty: Duty, rng: np.random.Generator, visit: Visits, ordering: np.ndarray) -> Orders:
    """订单 of the enquiries `visit`, of which `ordering` bought, with late, deposit and silent ones."""
    late = ~ordering & (rng.random(len(visit)) < 0.03)
    deposits = _depositors(shop, rng, visit, ordering | late)
    bought = np.flatnonzero(ordering | late | deposits)
    silent = rng.poisson(SILENT_SHARE / (1 - SILENT_SHARE) * ordering.sum())
    created = np.concatenate([_created(rng, visit, bought, late), _silent_instants(shop, rng, silent)])
    chat = np.arange(len(created)) < len(bought)
    many = len(created)
    fill = np.full(silent, -1, dtype=np.int64)
    known = rng.random(silent) < 0.3
    heat = np.array([item.heat for item in shop.products])
    stranger = np.arange(silent) + int(visit.buyer.max(initial=0)) + 1
    whole = Orders(
        visit=np.concatenate([visit.number[bought], fill]),
        agent=np.concatenate([visit.agent[bought], duty.pick(
            (created[~chat] - shop.begins) // DAY, created[~chat] % DAY, rng.random(silent))]),
        buyer=np.concatenate([visit.buyer[bought], np.where(known, rng.choice(visit.buyer, silent), stranger)]),
        product=np.concatenate([visit.product[bought], rng.choice(len(heat), size=silent, p=heat / heat.sum())]),
        created=created,
        **{name: np.full(many, -1, dtype=np.int64) for name in (
            "paid", "closed", "reminded", "helped", "extra", "deposit_paid", "applied", "refunded")},
        **{name: np.zeros(many, dtype=np.int64) for name in ("quantity", "goods", "amount", "deposit", "refund")},
    )  # fmt: skip
    _fill_basket(shop, rng, whole, chat)
    by_deposit = np.concatenate([deposits[bought] & ~ordering[bought], _silent_deposits(shop, rng, whole, chat)])
    base = np.where(late[bought], created[: len(bought)], visit.start[bought])
    ends = (np.concatenate([base, created[~chat]]) // DAY + 2) * DAY
    answered = ~chat | (np.concatenate([visit.first[bought], fill]) >= 0)
    _pay(shop, rng, whole, answered=answered, deposit=by_deposit, ends=ends)
    _refund(rng, whole)
    whole = whole.take((whole.created < shop.ends) & (whole.created >= shop.begins))
    whole = whole.take(np.argsort(whole.created, kind="stable"))
    _hide_the_future(shop, whole)
    return whole


def _depositors(shop: Shop, rng: np.random.Generator, visit: Visits, others: np.ndarray) -> np.ndarray:
    day = (visit.start - shop.begins) // DAY
    inside = (day >= shop.day_number(DEPOSIT_FROM)) & (day < shop.day_number(DEPOSIT_TO))
    return np.asarray(inside & ~others & (rng.random(len(visit)) < 0.08))


def _silent_deposits(shop: Shop, rng: np.random.Generator, order: Orders, chat: np.ndarray) -> np.ndarray:
    day = (order.created[~chat] - shop.begins) // DAY
    inside = (day >= shop.day_number(DEPOSIT_FROM)) & (day < shop.day_number(DEPOSIT_TO))
    return np.asarray(inside & (rng.random(len(day)) < 0.4))


def _created(rng: np.random.Generator, visit: Visits, bought: np.ndarray, late: np.ndarray) -> np.ndarray:
    """In the talk; one in ten sleeps over it and orders on the next day; late ones 2–6 days after."""
    start = visit.start[bought]
    many = len(bought)
    at_hour = rng.integers(9 * 3600, 23 * 3600, many)
    overnight = (start // DAY + 1) * DAY + at_hour
    days_after = (start // DAY + rng.integers(2, 7, many)) * DAY + at_hour
    in_talk = start + visit.decide[bought]
    return np.asarray(np.where(late[bought], days_after, np.where(rng.random(many) < 0.1, overnight, in_talk)))


def _silent_instants(shop: Shop, rng: np.random.Generator, many: int) -> np.ndarray:
    traffic = shop.traffic()
    day = rng.choice(shop.days, size=many, p=traffic / traffic.sum())
    hour = rng.choice(24, size=many, p=HOURS / HOURS.sum())
    return np.asarray(shop.begins + day * DAY + hour * 3600 + rng.integers(0, 3600, many))


def _fill_basket(shop: Shop, rng: np.random.Generator, order: Orders, chat: np.ndarray) -> None:
    """Quantity, a second product where the agent recommended one, promotions 满减, coupons, coins."""
    many = len(order)
    price = np.array([item.price for item in shop.products])
    heat = np.array([item.heat if item.price < 16000 else 0.0 for item in shop.products])
    own = price[order.product]
    more = np.where(own < 10000, 0.35, np.where(own < 30000, 0.08, 0.02))
    order.quantity[:] = 1 + (rng.random(many) < more) + (rng.random(many) < more * 0.3)
    cross = np.where(chat, np.array([one.cross for one in shop.agents])[order.agent], 0.15)
    other = rng.choice(len(price), size=many, p=heat / heat.sum())
    order.extra[:] = np.where((rng.random(many) < cross) & (other != order.product), other, -1)
    order.goods[:] = own * order.quantity + np.where(order.extra >= 0, price[order.extra], 0)
    off = np.where(order.goods >= 39900, 5000, np.where(order.goods >= 19900, 2000, 0))
    off += np.where(rng.random(many) < 0.2, 500, 0)
    off += np.where(rng.random(many) < 0.25, rng.integers(1, 200, many), 0)
    order.amount[:] = order.goods - off


def _pay(
    shop: Shop, rng: np.random.Generator, order: Orders, *, answered: np.ndarray, deposit: np.ndarray, ends: np.ndarray
) -> None:
    """Paid at once, later with or without a reminder or help, or closed a day after; deposits apart."""
    many = len(order)
    reminder = np.array([one.reminder for one in shop.agents])[order.agent]
    waits = rng.random(many) >= PAYS_AT_ONCE
    reminded = waits & answered & (rng.random(many) < reminder) & ~deposit
    at = order.created + rng.integers(35 * 60, 120 * 60, many)
    second = at % DAY
    at = np.where(second < 32400, at - second + 32400 + rng.integers(0, 3600, many), at)
    order.reminded[:] = np.where(reminded & (at < ends - 120), at, -1)
    reminded = order.reminded >= 0
    pays = rng.random(many) < np.where(reminded, PAYS_REMINDED, PAYS_ALONE)
    helped = waits & ~reminded & ~deposit & (rng.random(many) < 0.3) & (order.created % DAY < 82000)
    helped &= order.created % DAY > 31000
    order.helped[:] = np.where(helped, order.created + rng.integers(300, 3000, many), -1)
    soon = rng.exponential(1200, many).astype(np.int64) + 30
    later = np.where(reminded, at, np.where(helped, order.helped + 400, order.created + 4 * soon)) + soon
    order.paid[:] = np.where(
        waits,
        np.where(pays, np.maximum(np.minimum(later, ends - 60), order.created + 20), -1),
        order.created + soon % 90 + 5,
    )
    order.closed[:] = np.where(order.paid < 0, order.created + DAY, -1)
    last = (shop.begins // DAY + shop.day_number(BALANCE_DAY)) * DAY
    balance = np.where(rng.random(many) < 0.88, last + rng.integers(60, DAY - 60, many), -1)
    order.paid[:] = np.where(deposit, balance, order.paid)
    order.closed[:] = np.where(deposit, np.where(balance < 0, last + DAY + 600, -1), order.closed)
    order.deposit[:] = np.where(deposit, np.maximum(order.amount // 10000 * 1000, 1000), 0)
    order.deposit_paid[:] = np.where(deposit, order.created + 40, -1)


def _refund(rng: np.random.Generator, order: Orders) -> None:
    """退款 seven in a hundred paid orders, a fifth of them in part, some before the goods are sent."""
    many = len(order)
    back = (rng.random(many) < 0.07) & (order.paid >= 0)
    early = rng.random(many) < 0.3
    applied = order.paid + np.where(early, rng.integers(600, 20 * 3600, many), rng.integers(4 * DAY, 12 * DAY, many))
    part = (rng.random(many) < 0.2) & (order.amount > 3000)
    amount = np.where(part, order.amount * rng.integers(10, 45, many) // 100, order.amount)
    order.applied[:] = np.where(back, applied, -1)
    order.refund[:] = np.where(back, amount, 0)
    wait = np.where(early, rng.integers(300, 6 * 3600, many), rng.integers(3600, 5 * DAY, many))
    order.refunded[:] = np.where(back & (rng.random(many) < 0.94), applied + wait, -1)


def _hide_the_future(shop: Shop, order: Orders) -> None:
    """The exports are taken when the simulation ends: what happens later has not happened."""
    for name in ("paid", "closed", "reminded", "helped", "deposit_paid", "applied", "refunded"):
        when = getattr(order, name)
        when[when >= shop.ends] = -1
    order.refund[order.applied < 0] = 0
