"""模拟店铺 the invented shop with its known causes: agents' true skill, products, promotions, plants.

Days are calendar days in Asia/Shanghai, money is fen, effects are added log-odds of paying.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

import numpy as np

from jinpai.simulate.bank import product_rows, shop_file

ZONE = "Asia/Shanghai"
OFFSET = 8 * 3600
"""Seconds by which Asia/Shanghai is ahead of UTC; it has had no summer time since 1991."""
EPOCH = date(1970, 1, 1)
OPENS, EARLY_ENDS, LATE_BEGINS, CLOSES = 30600, 59400, 57600, 86400
"""Seconds after midnight: 08:30, 16:30, 16:00, 24:00."""
LATE_OPENING = {date(2026, 10, 1): 36000}
"""Dated exceptions: the shop opens at 10:00 on the first day of 国庆."""


@dataclass(frozen=True, slots=True)
class Agent:
    """客服 one agent with the true skill: `sell` in log-odds, `speed` in seconds, the rest shares of 1."""

    name: str
    team: Literal["presales", "aftersales", "both"]
    shift: Literal["early", "late"]
    sell: float
    speed: float
    warmth: float
    reminder: float
    cross: float
    knowledge: float
    joined: date
    left: date | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """商品 one product: numeric id, merchant code, price in fen, `heat` its share of enquiries."""

    product_id: str
    code: str
    title: str
    short: str
    category: str
    price: int
    kind: Literal["plain", "complex", "expensive", "custom"]
    heat: float
    effect: float
    size: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """活动 days [first, end): traffic is multiplied, `effect` is added to the log-odds."""

    name: str
    first: date
    end: date
    kind: str
    traffic: float
    effect: float


@dataclass(frozen=True, slots=True)
class Plant:
    """埋下的原因 a planted cause: enquiries where `what` equals `key` get `effect` more log-odds.

    `what` is agent (name), product (merchant code), week (number from 0) or hour (0–23).
    """

    what: Literal["agent", "product", "week", "hour"]
    key: str | int
    effect: float


@dataclass(frozen=True, slots=True)
class Shop:
    """店铺 what one simulation plays; `skill_scale` 0 makes all agents sell equally well."""

    key: str
    name: str
    first_day: date
    last_day: date
    visits_per_day: float
    agents: tuple[Agent, ...]
    products: tuple[Product, ...]
    promotions: tuple[Promotion, ...]
    plants: tuple[Plant, ...] = ()
    skill_scale: float = 1.0
    base: float = -0.62

    @property
    def days(self) -> int:
        """Number of calendar days, both ends counted."""
        return (self.last_day - self.first_day).days + 1

    @property
    def begins(self) -> int:
        """Local seconds since 1970 of the first day's midnight."""
        return (self.first_day - EPOCH).days * 86400

    @property
    def ends(self) -> int:
        """Local seconds since 1970 of the midnight after the last day."""
        return self.begins + self.days * 86400

    def sub_account(self, agent: int) -> str:
        """子账号 as canonical tables name it: the part of the nick after the shop."""
        return self.agents[agent].name

    def nick(self, agent: int) -> str:
        """客服昵称 the agent's whole nick on the platform, `店铺:子账号`."""
        return f"{self.name}:{self.agents[agent].name}"

    def day_number(self, day: date) -> int:
        """Days since the first day; may lie outside the simulation."""
        return (day - self.first_day).days

    def opening(self) -> np.ndarray:
        """Opening second of every day, dated exceptions included."""
        days = (self.first_day + timedelta(days=number) for number in range(self.days))
        return np.array([LATE_OPENING.get(day, OPENS) for day in days], dtype=np.int64)

    def traffic(self) -> np.ndarray:
        """Expected share of enquiries by day: weekends and promotions bring more."""
        weight = np.ones(self.days)
        for number in range(self.days):
            day = self.first_day + timedelta(days=number)
            weight[number] = 1.15 if day.weekday() >= 5 else 1.0
            for promotion in self.promotions:
                if promotion.first <= day < promotion.end:
                    weight[number] *= promotion.traffic
        return weight

    def promoted(self) -> np.ndarray:
        """Log-odds that the running promotions add, by day."""
        effect = np.zeros(self.days)
        for promotion in self.promotions:
            first, end = self.day_number(promotion.first), self.day_number(promotion.end)
            effect[max(first, 0) : max(end, 0)] += promotion.effect
        return effect

    def larger(self, visits_per_day: float) -> Shop:
        """The same shop with more traffic and as many more agents as keep the load per agent."""
        copies = max(1, round(visits_per_day / self.visits_per_day / 2))
        agents = tuple(
            replace(agent, name=f"{agent.name}{copy}" if copy else agent.name)
            for copy in range(copies)
            for agent in self.agents
        )
        return replace(self, visits_per_day=visits_per_day, agents=agents)


@cache
def hexiaoman() -> Shop:
    """禾小满旗舰店 the demo shop of `shop.toml` and `products.txt`."""
    page = shop_file()
    return Shop(
        page["key"], page["name"], page["first_day"], page["last_day"], page["visits_per_day"],
        tuple(Agent(**agent) for agent in page["agents"]),
        tuple(_product(number, cells) for number, cells in enumerate(product_rows())),
        tuple(Promotion(**promotion) for promotion in page["promotions"]),
    )  # fmt: skip


def _product(number: int, cells: list[str]) -> Product:
    code, title, short, category, price, kind, heat, effect, size = cells
    if kind not in ("plain", "complex", "expensive", "custom"):
        raise ValueError(f"{code}: kind {kind!r}")
    return Product(
        str(700000012301 + number * 11), code, title, short, category, round(float(price) * 100), kind,  # type: ignore[arg-type]
        float(heat), float(effect), size,
    )  # fmt: skip
