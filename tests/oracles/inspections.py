"""质检 inspection: scores and their figures out of single findings: which scorecard, weights, means. Inspection contract §1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .conversations import Conversation, Row
from .enquiries import Ruler, is_after_sales, paid_lately, why_none
from .figures import wilson
from .orders import Data, open_and_unpaid, orders_by_buyer

LETTERS = {
    "timeliness": "A", "knowledge": "B", "recommending": "C", "objections": "D", "closing": "E", "complaints": "F", "manner": "G",
    "aftercare": "I",
}  # fmt: skip
MET = 600


@dataclass(frozen=True)
class Scored:
    """What one agent (None: everybody) got in one conversation: thousandths, or None where nothing counted."""

    day: int
    hour: int
    product: str
    agent: str | None
    score: int | None
    passed: bool
    findings: Sequence[Row]


def scored(
    talks: Iterable[Conversation],
    findings: Iterable[Row],
    data: Data,
    ruler: Ruler,
    criteria: Any,
    cards: Sequence[Any],
) -> list[Scored]:
    """A row for every conversation as a whole, and for every agent with a finding in it."""
    by_talk: dict[int, list[Row]] = defaultdict(list)
    for one in findings:
        by_talk[one["conversation_key"]].append(one)
    categories = {row["product_id"]: row["category"] for row in data["products"]}
    found = []
    for talk in talks:
        mine = by_talk.get(talk.messages[0]["message_key"], [])
        if not mine:
            continue
        product = ([row["product_id"] for row in talk.messages if row["product_id"]] or ["unknown"])[-1]
        card = card_of(talk.day, stage_of(talk, data, ruler), categories.get(product) or "", cards)
        weights = dict(card.weights)
        hour = ruler.clock.hour(talk.start)
        for agent in [None, *sorted({one["agent"] for one in mine if one["agent"]})]:
            of = [one for one in mine if agent in (None, one["agent"])]
            counted = [
                (weights[one["criterion"]], one["result"]) for one in of if criteria[one["criterion"]].counts and weights[one["criterion"]]
            ]  # fmt: skip
            total = sum(weight for weight, _ in counted)
            score = sum(weight * result for weight, result in counted) // total if total else None
            passed = score is not None and score * card.full_mark >= card.pass_mark * 1000
            found.append(Scored(talk.day, hour, product, agent, score, passed, of))
    return found


def stage_of(talk: Conversation, data: Data, ruler: Ruler) -> str:
    """After-sales: by the orders before it, known or still waiting to be known, or since the after-sales team answered."""
    orders = orders_by_buyer(data).get(talk.buyer, [])
    teams = {row["agent"]: row["team"] for row in data["agents"]}
    why = why_none(talk, orders, teams, ruler)
    if why == "aftersales_agents":
        return "aftersales"
    t = int(talk.by_buyer()[0]["sent_at"])
    end = ruler.clock.window_end(ruler.settings.window, talk.day, t)
    is_waiting = paid_lately(orders, t, ruler.settings) and not any(
        open_and_unpaid(order, t) or t <= order["created_at"] < end for order in orders
    )
    return "aftersales" if is_after_sales(talk, orders, ruler) or is_waiting else "presales"


def card_of(day: int, stage: str, category: str, cards: Sequence[Any]) -> Any:
    """The card in force that says most: its category before its stage, the shop's own before the shipped one."""
    fitting = [
        one.card for one in cards
        if one.card.valid_from <= day < one.until and one.card.stage in (None, stage)
        and (not one.card.categories or category in one.card.categories)
    ]  # fmt: skip
    return max(fitting, key=lambda card: (len(card.categories) > 0, card.stage is not None, not card.is_shipped))


def figures(found: Iterable[Scored], criteria: Any, by: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The metrics of inspection by some of day, hour, product, agent: each figure, or with what it is a ratio of."""
    groups: dict[tuple[Any, ...], list[Scored]] = defaultdict(list)
    for one in found:
        if (one.agent is not None) == ("agent" in by):
            groups[tuple(getattr(one, name) for name in by)].append(one)
    return {key: _figures(rows, criteria) for key, rows in groups.items()}


def _figures(rows: list[Scored], criteria: Any) -> dict[str, Any]:
    scores = [one.score for one in rows if one.score is not None]
    findings = [finding for one in rows for finding in one.findings]
    hinted = sum(any(criteria[one["criterion"]].hint for one in row.findings) for row in rows)
    told: dict[str, Any] = {
        "inspected_conversations": len(rows),
        "inspection_hints": sum(criteria[one["criterion"]].hint for one in findings),
        "inspection_score": (float(Fraction(sum(scores), 10 * len(scores))) if scores else None, len(scores), None),
        "inspection_passed_rate": _rate(sum(one.passed for one in rows), len(scores)),
        "hinted_per_1000": _rate(hinted, len(rows), 1000),
    }
    for name, letter in LETTERS.items():
        mine = [
            one for one in findings if one["criterion"][0] == letter and criteria[one["criterion"]].counts and one["weight"] > 0
        ]  # fmt: skip
        told[f"inspection_{name}_rate"] = _rate(sum(one["result"] >= MET for one in mine), len(mine))
    return told


def _rate(top: int, bottom: int, times: int = 1) -> tuple[float | None, int, float | None]:
    low, _ = wilson(top, bottom)
    return (times * top / bottom if bottom else None), bottom, None if low is None else times * low
