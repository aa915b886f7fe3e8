"""假想店 worlds: samples of enquiries with known causes, drawn without chats, to judge the diagnosis by.

A world is a `sample` (the columns of `diagnosis.sample`) and what is true of it. Its law is written down before anything is
measured (docs/proof.md): log-odds of converting are the sum of effects of product, price, hour, load, wait, and how the
talk was led, of the agent, the week and a promotion; a planted cause takes whole points off the chance of the enquiries
that it touches. Truths are worked out from the law, not from the outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from jinpai.period import to_day
from jinpai.simulate.visits import HOURS

FIRST_DAY = date(2026, 3, 2)
"""A Monday."""
PRODUCTS = 20
REASONS = ("never_answered", "first_late", "wrong_information", "refused_flat", "objection", "not_asked")
"""Causes that can be planted, as the ledger names them and in its order."""


@dataclass(frozen=True, slots=True)
class Plant:
    """埋下的原因 `points` (shares of 1) are taken off the chance of `share` of the enquiries of `agent` (None: of everybody)."""

    reason: str
    agent: int | None
    share: float
    points: float


@dataclass(frozen=True, slots=True)
class Law:
    """规律 what a world is drawn by.

    `skill` is the standard deviation of agents' own effects in log-odds, `confounding` how strongly better agents are
    given harder enquiries (in log-odds an unit of hardness), `slow` and `handling` how far agents lie apart in speed and in leading a talk
    (0: all alike), `week` adds log-odds to one week, `season` makes weeks differ (standard deviation in log-odds).
    """

    enquiries: int = 5_000
    agents: int = 10
    weeks: int = 10
    base: float = -0.4
    skill: float = 0.0
    confounding: float = 0.0
    slow: float = 0.0
    handling: float = 0.0
    week: tuple[int, float] | None = None
    step: tuple[int, float] | None = None
    season: float = 0.0
    plants: tuple[Plant, ...] = ()
    background: float = 0.0
    """each of REASONS also touches this share of everybody's enquiries, at `points`"""
    points: float = 0.08


@dataclass(frozen=True, slots=True)
class World:
    """假想店 the sample, the true chance of every enquiry, and what is true of agents and causes.

    `adjusted` is by agent the mean chance with the whole team's enquiries, `mix` by agent how much better than the team's the
    agent's enquiries are in anybody's hands, `cost` by reason the fen that it took where it is the first reason, `asking` what
    asking for the order would have added to the chance of those that were not asked.
    """

    sample: pa.Table
    chance: np.ndarray
    adjusted: np.ndarray
    mix: np.ndarray
    cost: dict[str, float]
    asking: float


@dataclass(slots=True)
class _Parts:
    """Effects drawn for a world, and its enquiries before anybody answers them."""

    product: np.ndarray
    price: np.ndarray
    skill: np.ndarray
    speed: np.ndarray
    invites: np.ndarray
    warmth: np.ndarray
    weeks: np.ndarray


ASKING = 0.45
"""Log-odds that asking for the order adds; within reach of what shops report."""
WARM = 0.5
LOAD = -0.05
WAIT = -0.16


def world(law: Law, seed: int) -> World:
    """假想店 the world of a law and a seed; the same on every machine."""
    rng = np.random.default_rng([seed, 42])
    team = _drawn(law, rng)
    size = law.enquiries
    product = rng.choice(PRODUCTS, size, p=_heat())
    day = np.sort(rng.integers(0, law.weeks * 7, size))
    hour = rng.choice(24, size, p=HOURS / HOURS.sum())
    repeat = rng.random(size) < 0.15
    hard = -(team.product[product] + 0.3 * repeat)
    agent = _assigned(law, rng, hour, hard, team)
    load = rng.poisson(1.0 + 0.9 * (HOURS[hour] / HOURS.mean()), size)
    given = (
        law.base + team.product[product] + 0.3 * repeat + np.where((hour >= 20) & (hour < 22), 0.1, np.where(hour < 8, -0.15, 0.0))
        + LOAD * load + team.weeks[day // 7]
    )  # fmt: skip
    if law.step is not None:
        given = given + np.where(day >= law.step[0], law.step[1], 0.0)
    wait, asked, warm = _talks(team, agent, load, rng)
    chance = _chance(given + _own(team, agent, wait, asked, warm))
    plain = chance.copy()
    touched = {reason: _touched(law, rng, agent, reason) for reason in REASONS}
    for points in touched.values():
        chance = np.where(points > 0, np.maximum(chance - points, 0.005), chance)
    converted = rng.random(size) < chance
    rows = _rows(law, seed, team, product=product, day=day, hour=hour, repeat=repeat, agent=agent, load=load, wait=wait,
        asked=asked, warm=warm, converted=converted, touched=touched)  # fmt: skip
    ask = _chance(given + _own(team, agent, wait, np.ones(size, bool), warm)) - plain
    return World(
        rows, chance, _adjusted(law, team, given, load, plain - chance, agent, rng), _mix(team, given, load, agent, rng),
        _cost(touched, team.price[product]), asking=float(ask[~asked].mean()),
    )  # fmt: skip


def _touched(law: Law, rng: np.random.Generator, agent: np.ndarray, reason: str) -> np.ndarray:
    """By enquiry: how much this reason takes off its chance; what is planted counts before what everybody has."""
    points = np.where(rng.random(len(agent)) < law.background, law.points, 0.0)
    for plant in law.plants:
        if plant.reason == reason:
            mine = (rng.random(len(agent)) < plant.share) & (
                (agent == plant.agent) if plant.agent is not None else True
            )
            points = np.where(mine, plant.points, points)
    return points


def _cost(touched: dict[str, np.ndarray], price: np.ndarray) -> dict[str, float]:
    """By reason: what it took where it is the first of the reasons that are there, fen."""
    free, cost = np.ones(len(price), bool), {}
    for reason, points in touched.items():
        cost[reason] = float((points * price)[free].sum())
        free &= points == 0
    return cost


def _drawn(law: Law, rng: np.random.Generator) -> _Parts:
    weeks = rng.normal(0, law.season, law.weeks) if law.season else np.zeros(law.weeks)
    if law.week is not None:
        weeks[law.week[0]] += law.week[1]
    return _Parts(
        product=rng.normal(0, 0.4, PRODUCTS), price=np.round(np.exp(rng.normal(9.2, 0.6, PRODUCTS))).astype(np.int64),
        skill=rng.normal(0, 1, law.agents) * law.skill, speed=14.0 * np.exp(rng.normal(0, 1, law.agents) * law.slow),
        invites=np.clip(0.55 + rng.normal(0, 1, law.agents) * law.handling, 0.1, 0.95),
        warmth=np.clip(0.7 + rng.normal(0, 1, law.agents) * law.handling, 0.2, 0.98), weeks=weeks,
    )  # fmt: skip


def _heat() -> np.ndarray:
    heat = 1 / np.arange(2, PRODUCTS + 2)
    return np.asarray(heat / heat.sum())


def _assigned(law: Law, rng: np.random.Generator, hour: np.ndarray, hard: np.ndarray, team: _Parts) -> np.ndarray:
    """Who gets an enquiry: of two shifts by the hour, better agents the harder ones where there is confounding."""
    late = np.arange(law.agents) % 2 == 1
    on = np.where(late[None, :], (hour >= 15)[:, None], (hour < 17)[:, None])
    rank = np.argsort(np.argsort(team.skill)) / max(law.agents - 1, 1) - 0.5
    weight = on * np.exp(law.confounding * rank[None, :] * hard[:, None] / 0.4)
    place = rng.random(len(hour))[:, None] * weight.sum(1, keepdims=True)
    return np.asarray((np.cumsum(weight, 1) < place).sum(1))


def _talks(
    team: _Parts, agent: np.ndarray, load: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How long a buyer waits, whether the agent asks for the order, and is warm."""
    size = len(agent)
    wait = team.speed[agent] * np.exp(rng.normal(0, 0.6, size)) * (1 + 0.3 * load)
    return wait, rng.random(size) < team.invites[agent], rng.random(size) < team.warmth[agent]


def _own(team: _Parts, agent: np.ndarray, wait: np.ndarray, asked: np.ndarray, warm: np.ndarray) -> np.ndarray:
    """What an agent adds, in log-odds."""
    waited = np.clip(np.log(np.maximum(wait, 5) / 15), -1.1, 3.5)
    return np.asarray(team.skill[agent] + WAIT * waited + ASKING * asked + WARM * warm)


def _chance(log_odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _adjusted(
    law: Law,
    team: _Parts,
    given: np.ndarray,
    load: np.ndarray,
    taken: np.ndarray,
    agent: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """By agent: the mean chance if the agent had every enquiry, what is planted on the agent included."""
    found = []
    for one in range(law.agents):
        everyone = np.full(len(given), one)
        mean = np.mean(
            [_chance(given + _own(team, everyone, *_talks(team, everyone, load, rng))).mean() for _ in range(3)]
        )
        mine = agent == one
        found.append(mean - (taken[mine].mean() if mine.any() else 0.0))
    return np.array(found)


def _mix(team: _Parts, given: np.ndarray, load: np.ndarray, agent: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """By agent: how much better than the team's the agent's enquiries (with hours and load) are, in the hands of anybody of the team."""
    everyone = np.zeros(len(given))
    times = 6
    for _ in range(times):
        somebody = rng.permutation(agent)
        everyone += _chance(given + _own(team, somebody, *_talks(team, somebody, load, rng))) / times
    count = np.bincount(agent, minlength=len(team.skill))
    return np.asarray(np.bincount(agent, everyone, len(team.skill)) / np.maximum(count, 1) - everyone.mean())


def _rows(law: Law, seed: int, team: _Parts, *, product: np.ndarray, day: np.ndarray, hour: np.ndarray, repeat: np.ndarray,
          agent: np.ndarray, load: np.ndarray, wait: np.ndarray, asked: np.ndarray, warm: np.ndarray, converted: np.ndarray,
          touched: dict[str, np.ndarray]) -> pa.Table:  # fmt: skip
    """The sample as the shop's facts would give it."""
    days = [FIRST_DAY + timedelta(days=number) for number in range(law.weeks * 7)]
    size = len(product)
    none = np.zeros(size, bool)
    reached = touched["never_answered"] == 0
    return pa.table({
        "enquiry_key": np.arange(size) + seed * 10_000_000, "buyer_key": np.arange(size), "agent": pa.array([f"客服{one + 1:02d}" for one in range(law.agents)]).take(pa.array(agent)),
        "day": np.array([to_day(one) for one in days])[day], "number": np.array([one.toordinal() for one in days])[day],
        "week": pa.array([f"{one.isocalendar()[0]}-W{one.isocalendar()[1]:02d}" for one in days]).take(pa.array(day)),
        "weekday": np.array([one.isoweekday() for one in days])[day], "hour": hour, "is_holiday": none, "promotion": pa.nulls(size, pa.string()),
        "product": pa.array([f"P{one:02d}" for one in range(PRODUCTS)]).take(pa.array(product)), "category": pa.nulls(size, pa.string()),
        "price": team.price[product], "is_repeat": repeat, "answered": reached, "off_hours": none, "load": load,
        "first_ms": pa.array((wait * 1000).astype(np.int64), mask=~reached), "longest_ms": pa.nulls(size, pa.int64()),
        "ordered": converted, "converted": converted, "amount": np.where(converted, team.price[product], 0),
        "handling_E": asked * 1000, "handling_G": warm * 1000, "did_E1": asked, "did_G1": warm,
        # an objection costs what a good answer would have saved: answered ones are like those that never came
        "was_answered": (touched["objection"] == 0) & (np.arange(size) % 4 == 0),
        **{f"has_{reason}": points > 0 for reason, points in touched.items()},
    })  # fmt: skip
