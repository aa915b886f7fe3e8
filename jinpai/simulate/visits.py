"""来访 buyers' visits: who comes when for what, whom the shop gives him, how long he waits.

Everything is arrays, one element a visit, so that ten thousand and ten million cost alike.
Instants are whole local seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from jinpai.simulate.duty import Duty
from jinpai.simulate.shop import EARLY_ENDS, OPENS, Shop

FIRST, RETURN, AFTERSALES, UNPAID = 0, 1, 2, 3
"""Kinds of visit: a new enquiry, the same buyer days later, after a purchase, with an unpaid order."""
ROUNDS = 6
OBJECTIONS = ("none", "price", "doubt", "compare", "timing")
HOURS = np.array(
    [
        0.9,
        0.5,
        0.3,
        0.2,
        0.1,
        0.1,
        0.2,
        0.5,
        1.8,
        3.4,
        4.6,
        4.4,
        4.0,
        3.8,
        4.2,
        4.4,
        4.2,
        4.0,
        3.8,
        5.4,
        9.0,
        9.4,
        5.0,
        2.0,
    ]
)
"""Arrivals by hour of the day; the evening peak is 20–22h."""


@dataclass(slots=True)
class Visits:
    """来访 the visits in time order; `agent` owns the talk, `first_agent` had it before a transfer.

    `ask[v, k]`, `answer[v, k]` are seconds after `start` of the k-th question and its answer;
    an unanswered visit has `first` -1; `number` is a visit's own name, `luck` decides whether he orders; `decide` is the second after `start` at which the buyer decides.
    """

    number: np.ndarray
    start: np.ndarray
    buyer: np.ndarray
    kind: np.ndarray
    product: np.ndarray
    first_agent: np.ndarray
    agent: np.ndarray
    load: np.ndarray
    first: np.ndarray
    rounds: np.ndarray
    ask: np.ndarray
    answer: np.ndarray
    decide: np.ndarray
    budget: np.ndarray
    objection: np.ndarray
    need: np.ndarray
    wrong: np.ndarray
    invited: np.ndarray
    luck: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: np.ndarray) -> Visits:
        """The visits at `rows` (indices or a mask), in that order."""
        return Visits(*(getattr(self, field.name)[rows] for field in fields(self)))


def joined(parts: list[Visits]) -> Visits:
    """合并 several groups of visits as one, in time order."""
    whole = Visits(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Visits)))
    return whole.take(np.argsort(whole.start, kind="stable"))


def arrivals(shop: Shop, rng: np.random.Generator) -> np.ndarray:
    """到店时间 sorted arrival instants by the shop's daily and hourly traffic."""
    counts = rng.poisson(shop.traffic() * shop.visits_per_day)
    day = np.repeat(np.arange(shop.days), counts)
    hour = rng.choice(24, size=len(day), p=HOURS / HOURS.sum())
    return np.sort(shop.begins + day * 86400 + hour * 3600 + rng.integers(0, 3600, len(day)))


def buyers(start: np.ndarray, rng: np.random.Generator, known: float = 0.12) -> np.ndarray:
    """买家 a number for each visit; `known` of those that can be are buyers of at least 25 days before."""
    own = np.arange(len(start))
    old = np.searchsorted(start, start - 25 * 86400)
    again = (rng.random(len(start)) < known) & (old > 0)
    return np.where(again, (rng.random(len(start)) * old).astype(np.int64), own)


def visits(
    shop: Shop, duty: Duty, rng: np.random.Generator, *, start: np.ndarray, buyer: np.ndarray, kind: int,
    product: np.ndarray | None = None,
) -> Visits:  # fmt: skip
    """来访 draws the talk of every arrival: agent, load, waits, rounds, budget, objection."""
    many = len(start)
    day, second = (start - shop.begins) // 86400, (start - shop.begins) % 86400
    if product is None:
        heat = np.array([item.heat for item in shop.products])
        product = rng.choice(len(shop.products), size=many, p=heat / heat.sum())
    first_agent = duty.pick(day, second, rng.random(many))
    moved = rng.random(many) < (0.04 if kind in (FIRST, RETURN) else 0.25)
    agent = np.where(moved, duty.pick(day, second, rng.random(many)), first_agent)
    if kind == AFTERSALES:
        agent = np.where(moved, _aftersales_agent(shop, duty, start, agent), agent)
    load = loads(first_agent, start, rng.lognormal(6.0, 0.5, many))
    price = np.array([item.price for item in shop.products])[product]
    knowledge = np.array([one.knowledge for one in shop.agents])[agent]
    reminder = np.array([one.reminder for one in shop.agents])[agent]
    rounds = np.minimum(1 + rng.poisson(1.5 + 0.7 * (price > 15000), many), ROUNDS)
    rounds = np.where(kind == UNPAID, 1, rounds)
    first, ask, answer, decide = _clock(shop, rng, start, agent=agent, load=load, rounds=rounds)
    return Visits(
        np.arange(many) + (kind << 40), start, buyer, np.full(many, kind, dtype=np.int8), product, first_agent, agent, load, first, rounds, ask,
        answer, decide,
        budget=(price * rng.lognormal(0.12, 0.35, many)).astype(np.int64),
        objection=rng.choice(len(OBJECTIONS), size=many, p=[0.55, 0.18, 0.12, 0.10, 0.05]).astype(np.int8),
        need=rng.normal(0.0, 0.6, many),
        wrong=(rng.random(many) > knowledge ** np.maximum(rounds, 1)) & (first >= 0),
        invited=(rng.random(many) < 0.25 + 0.65 * reminder) & (first >= 0),
        luck=rng.random(many),
    )  # fmt: skip


def _aftersales_agent(shop: Shop, duty: Duty, start: np.ndarray, agent: np.ndarray) -> np.ndarray:
    """An aftersales agent who is on duty, else the agent given."""
    day, second = (start - shop.begins) // 86400, (start - shop.begins) % 86400
    for number, one in enumerate(shop.agents):
        if one.team == "aftersales":
            there = duty.works[day, number] & (second >= OPENS) & (second < EARLY_ENDS)
            agent = np.asarray(np.where(there, number, agent))
    return agent


def loads(agent: np.ndarray, start: np.ndarray, stay: np.ndarray) -> np.ndarray:
    """同时接待 how many other talks the agent has open at each arrival, if a talk lasts `stay` seconds."""
    lane = agent.astype(np.int64) << 40
    begins, ends = np.sort(lane + start), np.sort(lane + start + stay.astype(np.int64))
    here = lane + start
    return np.asarray(np.searchsorted(begins, here, "left") - np.searchsorted(ends, here, "right"))


def _clock(
    shop: Shop, rng: np.random.Generator, start: np.ndarray, *, agent: np.ndarray, load: np.ndarray, rounds: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """First wait, question and answer instants, and the instant of decision."""
    many, second = len(start), (start - shop.begins) % 86400
    speed = np.array([one.speed for one in shop.agents])
    hour = second // 3600
    peak = np.where((hour >= 20) & (hour < 22), 1.25, 1.0)
    slow = np.where(rng.random(many) < 0.03, 6.0, 1.0)
    wait = speed[agent] * rng.lognormal(0.0, 0.5, many) * (1 + 0.65 * load) * peak * slow
    opens = shop.opening()[(start - shop.begins) // 86400]
    night = second < opens
    morning = (opens - second) + rng.exponential(900, many) + 20
    first = np.clip(np.where(night, morning, wait), 2, np.where(night, 43200, 1500)).astype(np.int64)
    missed = rng.random(many) < np.where(night, 0.3, np.minimum(0.012 + 0.008 * load, 0.2))
    lags = speed[agent][:, None] * rng.lognormal(0.15, 0.55, (many, ROUNDS)) * (1 + 0.45 * load)[:, None]
    lags = np.clip(lags, 2, 1200).astype(np.int64)
    lags[:, 0] = first
    thinks = np.clip(rng.lognormal(3.55, 0.8, (many, ROUNDS)), 3, 900).astype(np.int64)
    thinks[:, 0] = 0
    ask = np.cumsum(thinks, axis=1)
    ask[:, 1:] += np.cumsum(lags, axis=1)[:, :-1]
    answer = ask + lags
    last = answer[np.arange(many), rounds - 1]
    decide = last + np.clip(rng.lognormal(4.2, 0.8, many), 10, 1200).astype(np.int64)
    first = np.where(missed, -1, first)
    return first, ask, answer, np.where(missed, 60, decide)
