"""真正的原因 why an enquiry pays: every effect in log-odds, and the probability they add up to."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from jinpai.simulate.shop import Shop
from jinpai.simulate.visits import RETURN, Visits

PAYS_AT_ONCE = 0.85
PAYS_REMINDED, PAYS_ALONE = 0.75, 0.30
"""Chance that an order is paid at once, and later with or without a reminder 催付."""


@dataclass(slots=True)
class Causes:
    """原因 the parts of the log-odds of ordering, one element a visit."""

    base: np.ndarray
    agent: np.ndarray
    product: np.ndarray
    hour: np.ndarray
    load: np.ndarray
    wait: np.ndarray
    wrong: np.ndarray
    invited: np.ndarray
    price: np.ndarray
    objection: np.ndarray
    need: np.ndarray
    promotion: np.ndarray
    planted: np.ndarray

    def order_probability(self) -> np.ndarray:
        """下单概率 chance that the buyer orders in the main window."""
        total = np.sum([getattr(self, field.name) for field in fields(self)], axis=0)
        return np.asarray(1.0 / (1.0 + np.exp(-total)))


def causes(shop: Shop, visit: Visits) -> Causes:
    """原因 of every visit, computed from what was drawn; no chance in here."""
    answered = visit.first >= 0
    day = (visit.start - shop.begins) // 86400
    hour = (visit.start - shop.begins) % 86400 // 3600
    price = np.array([item.price for item in shop.products])[visit.product]
    gap = np.clip(price / np.maximum(visit.budget, 1) - 1, 0, 1.5)
    sell = np.array([one.sell for one in shop.agents]) * shop.skill_scale
    waited = np.clip(np.log(np.maximum(visit.first, 6) / 20.0), -1.2, 4.0)
    return Causes(
        base=np.asarray(shop.base + np.where(visit.kind == RETURN, 0.35, 0.0)),
        agent=np.where(answered, sell[visit.agent], 0.0),
        product=np.array([item.effect for item in shop.products])[visit.product],
        hour=np.where((hour >= 20) & (hour < 22), 0.08, np.where(hour < 8, -0.15, 0.0)),
        load=-0.08 * np.minimum(visit.load, 12) * answered,
        wait=np.where(answered, -0.18 * waited, -1.6),
        wrong=-0.5 * visit.wrong,
        invited=0.25 * visit.invited,
        price=-0.9 * gap,
        objection=np.array([0.0, -0.3, -0.3, -0.4, -0.5])[visit.objection],
        need=visit.need,
        promotion=shop.promoted()[day],
        planted=_planted(shop, visit, day, hour),
    )


def _planted(shop: Shop, visit: Visits, day: np.ndarray, hour: np.ndarray) -> np.ndarray:
    effect = np.zeros(len(visit))
    names = np.array([one.name for one in shop.agents])
    codes = np.array([item.code for item in shop.products])
    found = {"agent": names[visit.agent], "product": codes[visit.product], "week": day // 7, "hour": hour}
    for plant in shop.plants:
        effect += plant.effect * (found[plant.what] == plant.key)
    return effect


def paid_probability(shop: Shop, visit: Visits, ordering: np.ndarray) -> np.ndarray:
    """付款概率 chance that the buyer orders and pays in the main window, over the reminder's chance too."""
    reminds = np.array([one.reminder for one in shop.agents])[visit.agent] * (visit.first >= 0)
    later = reminds * PAYS_REMINDED + (1 - reminds) * PAYS_ALONE
    return np.asarray(ordering * (PAYS_AT_ONCE + (1 - PAYS_AT_ONCE) * later))
