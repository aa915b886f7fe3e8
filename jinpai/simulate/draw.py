"""抽样 one play of a shop: visits, their causes, orders, after-sales visits, evaluations.

The same shop and seed give the same play on every machine; each stage has its own stream of chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jinpai.simulate.causes import Causes, causes, paid_probability
from jinpai.simulate.duty import Duty, duty
from jinpai.simulate.shop import Shop
from jinpai.simulate.trade import Orders, orders
from jinpai.simulate.visits import AFTERSALES, FIRST, RETURN, UNPAID, Visits, arrivals, buyers, joined, visits

DAY = 86400
ORDER_BASE = 4_388_000_000_000_000_003
"""Ends in 3: a number that ends in zeros looks rounded by a spreadsheet."""


@dataclass(slots=True)
class Evaluations:
    """评价 invitations: the row of the visit, sent, evaluated (-1 for none), level 1–5, by invitation or not."""

    visit: np.ndarray
    sent: np.ndarray
    at: np.ndarray
    level: np.ndarray
    invited: np.ndarray


@dataclass(slots=True)
class Play:
    """一次模拟 everything that happened; `rows` maps a visit's number to its place in `visits`.

    `probability` is the true chance that the enquiry pays in the main window (next_day).
    """

    shop: Shop
    seed: int
    duty: Duty
    visits: Visits
    causes: Causes
    probability: np.ndarray
    orders: Orders
    order_row: np.ndarray
    evaluations: Evaluations

    def order_ids(self) -> np.ndarray:
        """订单号 of every order, growing in time; sub-orders are the numbers just above."""
        return ORDER_BASE + (self.seed % 997) * 10_000_000_000 + np.arange(len(self.orders), dtype=np.int64) * 10


def stream(seed: int, stage: int) -> np.random.Generator:
    """随机流 the stream of one stage."""
    return np.random.default_rng([seed, stage])


def play(shop: Shop, seed: int) -> Play:
    """一次模拟 draws a whole play of the shop."""
    roster = duty(shop)
    enquiries = _enquiries(shop, roster, seed)
    ordering = enquiries.luck < causes(shop, enquiries).order_probability()
    order = orders(shop, roster, stream(seed, 5), enquiries, ordering)
    whole = joined([enquiries, _helped(shop, roster, seed, order), _aftersales(shop, roster, seed, order)])
    why = causes(shop, whole)
    row = np.argsort(whole.number, kind="stable")
    place = np.searchsorted(whole.number, order.visit, sorter=row)
    order_row = np.where(order.visit >= 0, row[np.minimum(place, len(row) - 1)], -1)
    return Play(
        shop, seed, roster, whole, why, paid_probability(shop, whole, why.order_probability()), order, order_row,
        _evaluations(shop, seed, whole),
    )  # fmt: skip


def _enquiries(shop: Shop, roster: Duty, seed: int) -> Visits:
    """First visits, and those who did not order and come back one to six days later."""
    rng = stream(seed, 1)
    start = arrivals(shop, rng)
    first = visits(shop, roster, stream(seed, 2), start=start, buyer=buyers(start, rng), kind=FIRST)
    lost = first.luck >= causes(shop, first).order_probability()
    back = np.flatnonzero(lost & (rng.random(len(first)) < 0.14))
    day = first.start[back] // DAY + rng.integers(1, 7, len(back))
    start = day * DAY + rng.integers(9 * 3600, 23 * 3600, len(back))
    inside = start < shop.ends
    back, start = back[inside], start[inside]
    again = visits(
        shop, roster, stream(seed, 3), start=start, buyer=first.buyer[back], kind=RETURN, product=first.product[back],
    )  # fmt: skip
    return joined([first, again])


def _helped(shop: Shop, roster: Duty, seed: int, order: Orders) -> Visits:
    """Buyers who ordered, cannot or do not pay, and ask."""
    rows = np.flatnonzero(order.helped >= 0)
    return visits(
        shop, roster, stream(seed, 6), start=order.helped[rows], buyer=order.buyer[rows], kind=UNPAID,
        product=order.product[rows],
    )  # fmt: skip


def _aftersales(shop: Shop, roster: Duty, seed: int, order: Orders) -> Visits:
    """One in seven who paid asks afterwards, and most of those who want their money back."""
    rng = stream(seed, 7)
    asks = (order.paid >= 0) & (rng.random(len(order)) < np.where(order.applied >= 0, 0.7, 0.13))
    rows = np.flatnonzero(asks)
    day = order.paid[rows] // DAY + rng.integers(1, 10, len(rows))
    start = day * DAY + rng.integers(9 * 3600, 23 * 3600, len(rows))
    applied = order.applied[rows]
    start = np.where(applied >= 0, applied - rng.integers(120, 1800, len(rows)), start)
    start = np.maximum(start, order.paid[rows] + 120)
    inside = (start < shop.ends - 3600) & (start % DAY > 30600)
    rows, start = rows[inside], start[inside]
    return visits(
        shop, roster, stream(seed, 8), start=start, buyer=order.buyer[rows], kind=AFTERSALES, product=order.product[rows],
    )  # fmt: skip


def _evaluations(shop: Shop, seed: int, visit: Visits) -> Evaluations:
    rng = stream(seed, 9)
    many = len(visit)
    warmth = np.array([one.warmth for one in shop.agents])[visit.agent]
    invited = rng.random(many) < 0.35
    asked = (visit.first >= 0) & (visit.start < shop.ends - 7200) & (invited | (rng.random(many) < 0.02))
    rows = np.flatnonzero(asked)
    mood = 3.6 + 1.3 * warmth[rows] - 0.6 * visit.wrong[rows] - 0.002 * np.minimum(visit.first[rows], 600)
    level = np.clip(np.rint(mood + rng.normal(0, 0.7, len(rows))), 1, 5).astype(np.int64)
    sent = visit.start[rows] + visit.decide[rows] + 90
    answers = ~invited[rows] | (rng.random(len(rows)) < 0.45)
    return Evaluations(
        rows, sent, np.where(answers, sent + rng.integers(20, 1800, len(rows)), -1), level, invited[rows]
    )
