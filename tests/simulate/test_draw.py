"""Laws of the draw: it repeats for a seed, its parts agree, and what it says is likely happens that often."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from jinpai import simulate
from jinpai.simulate.facts import paid_in_window
from jinpai.simulate.shop import CLOSES, EARLY_ENDS
from jinpai.simulate.visits import loads
from tests.mutants import kills

DAY = 86400


def same(one: object, other: object) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))  # type: ignore[arg-type]


def test_a_seed_repeats_and_another_differs(drawn: simulate.Play) -> None:
    again, other = simulate.play(drawn.shop, 7), simulate.play(drawn.shop, 8)
    assert same(drawn.visits, again.visits)
    assert same(drawn.orders, again.orders)
    assert len(other.visits) != len(drawn.visits) or not same(drawn.visits, other.visits)


def test_an_order_of_a_visit_has_its_buyer_agent_and_product(drawn: simulate.Play) -> None:
    chat = np.flatnonzero(drawn.order_row >= 0)
    row = drawn.order_row[chat]
    assert np.array_equal(drawn.visits.number[row], drawn.orders.visit[chat])
    for name in ("buyer", "agent", "product"):
        assert np.array_equal(getattr(drawn.visits, name)[row], getattr(drawn.orders, name)[chat])
    assert (drawn.orders.created[chat] >= drawn.visits.start[row]).all()


def test_nothing_happens_to_an_order_before_it_exists_nor_after_the_exports(drawn: simulate.Play) -> None:
    order = drawn.orders
    for name in ("paid", "closed", "reminded", "helped", "deposit_paid", "applied", "refunded"):
        when = getattr(order, name)
        happened = when >= 0
        assert (when[happened] >= order.created[happened]).all(), name
        assert (when[happened] < drawn.shop.ends).all(), name
    assert not ((order.paid >= 0) & (order.closed >= 0)).any()
    assert (order.applied[order.applied >= 0] > order.paid[order.applied >= 0]).all()


@kills(
    "jinpai/simulate/trade.py",
    "amount = np.where(part, order.amount * rng",
    "amount = 2 * np.where(part, order.amount * rng",
)
def test_money_is_positive_and_refunds_stay_within_it(drawn: simulate.Play) -> None:
    order = drawn.orders
    assert (order.amount > 0).all()
    assert (order.amount <= order.goods).all()
    assert (order.refund <= order.amount).all()
    assert (order.refund[order.applied < 0] == 0).all()
    assert (order.deposit < order.amount).all()


def test_agents_are_on_duty_when_buyers_come_to_them(drawn: simulate.Play) -> None:
    visit, shop = drawn.visits, drawn.shop
    day, second = (visit.start - shop.begins) // DAY, (visit.start - shop.begins) % DAY
    assert drawn.duty.works[day, visit.first_agent].all()
    assert drawn.duty.works[day, visit.agent].all()
    late = drawn.duty.late[visit.first_agent]
    assert (second[~late] < EARLY_ENDS).all()
    assert (second < CLOSES).all()
    gone = next(number for number, agent in enumerate(shop.agents) if agent.left)
    assert visit.start[visit.agent == gone].max() < shop.begins + shop.day_number(shop.agents[gone].left) * DAY  # type: ignore[arg-type]


def test_load_counts_the_talks_open_at_the_same_agent() -> None:
    agent, start = np.array([0, 0, 1, 0, 0]), np.array([100, 130, 131, 140, 500])
    stay = np.array([60.0, 5.0, 60.0, 60.0, 60.0])
    assert loads(agent, start, stay).tolist() == [0, 1, 0, 1, 0]


@kills("jinpai/simulate/causes.py", "PAYS_AT_ONCE + (1 - PAYS_AT_ONCE) * later", "1.0")
def test_enquiries_convert_as_often_as_their_true_probability_says() -> None:
    gaps, sizes = [], []
    for seed in range(6):
        drawn = simulate.play(simulate.hexiaoman(), seed)
        here = (drawn.visits.kind < 2) & ((drawn.visits.start // DAY + 2) * DAY <= drawn.shop.ends)
        paid, truth = paid_in_window(drawn)[here], drawn.probability[here]
        gaps.append((paid - truth).sum())
        sizes.append((truth * (1 - truth)).sum())
    assert abs(sum(gaps)) < 3.3 * sum(sizes) ** 0.5


def test_agents_convert_by_their_true_skill_and_no_scale_means_no_difference(drawn: simulate.Play) -> None:
    flat = simulate.play(replace(drawn.shop, skill_scale=0.0), 7)
    assert not flat.causes.agent.any()
    rows = drawn.visits.kind < 2
    by_agent = {
        agent.name: drawn.probability[rows & (drawn.visits.agent == number)].mean()
        for number, agent in enumerate(drawn.shop.agents)
        if agent.team != "aftersales"
    }
    assert max(by_agent, key=by_agent.__getitem__) == "小美"
    assert min(by_agent, key=by_agent.__getitem__) == "果果"


@pytest.mark.parametrize(("what", "key"), [("agent", "豆豆"), ("product", "HXM-YJ-01"), ("week", 5), ("hour", 21)])
def test_a_planted_cause_moves_only_its_own_enquiries(drawn: simulate.Play, what: str, key: str | int) -> None:
    planted = simulate.play(replace(drawn.shop, plants=(simulate.Plant(what, key, -1.0),)), 7)  # type: ignore[arg-type]
    visit = planted.visits
    day, second = (visit.start - drawn.shop.begins) // DAY, visit.start % DAY
    names = {
        "agent": np.array([one.name for one in drawn.shop.agents])[visit.agent],
        "product": np.array([one.code for one in drawn.shop.products])[visit.product],
        "week": day // 7,
        "hour": second // 3600,
    }
    assert np.array_equal(planted.causes.planted == -1.0, names[what] == key)


def test_the_figures_are_those_of_a_real_shop(drawn: simulate.Play) -> None:
    visit, order = drawn.visits, drawn.orders
    enquiry, answered = visit.kind < 2, visit.first >= 0
    hour = (visit.start % DAY) // 3600
    assert 0.25 < drawn.probability[enquiry].mean() < 0.35
    by_day = enquiry & answered & (hour >= 10) & (hour < 16)
    by_peak = enquiry & answered & (hour >= 20) & (hour < 22)
    assert 14 < np.median(visit.first[by_day]) < 25 < np.median(visit.first[by_peak]) < 40
    paid = order.paid >= 0
    assert 12000 < order.amount[paid].mean() < 18500
    assert 0.08 < (order.visit < 0).mean() < 0.2
    assert (order.deposit > 0).any()
    assert (order.closed >= 0).any()
    assert (order.refunded >= 0).any()
