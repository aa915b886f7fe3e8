"""流失原因的定律 on drawn shops the evidence is what a slow reading of each enquiry, line by line, finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.computing import horizon_of
from jinpai.diagnosis.evidence import LATE_MS, NO_GOODS, REMIND_MS, REMINDERS, SERIOUS_SIGNALS, SERIOUS_TOPICS
from jinpai.diagnosis.reasons import NAMES, judge
from jinpai.engine import Engine
from jinpai.period import Window
from tests.laws.reckoning import counted, file, settings, wide
from tests.laws.shop import Drawn, shops
from tests.mutants import kills

pytestmark = pytest.mark.slow

WORDS = {
    "buyer": ("在吗", "什么材质的", "几天能到", "能便宜点吗", "别家才卖50", "怎么又没货了", "好的谢谢", "有什么颜色"),
    "agent": ("在的", "纯棉的亲", "黑色断货了", "亲，看到您那单还没付款呢", "喜欢可以拍下哦", "三天到的", "好的亲"),
}
READ = (
    "never_answered",
    "first_late",
    "left_waiting",
    "out_of_stock",
    "compared",
    "unpaid_not_reminded",
    "only_looking",
)
TABLES = (
    "message",
    "conversation",
    "enquiry",
    "enquiry_link",
    "topic",
    "tag",
    "orders",
    "settled",
    "round",
    "exchange",
)
Row = dict[str, Any]


def spoken(shop: Drawn) -> dict[str, list[Row]]:
    """The rows of a shop in which people say what means something."""
    rows = dict(shop.rows)
    rows["messages"] = [
        one | {"text": words[(number * 7 + number // 5) % len(words)]}
        if (words := WORDS.get(one["sender"])) and one["kind"] == "text" and one["order_id"] is None else one
        for number, one in enumerate(rows["messages"])
    ]  # fmt: skip
    return rows


class Reading:
    """The facts of a shop by buyer, as lists."""

    def __init__(self, engine: Engine, horizon: int) -> None:
        self.horizon = horizon
        self.of: dict[str, dict[int, list[Row]]] = {}
        for name in ("message", "conversation", "enquiry_link", "topic", "tag", "orders"):
            by_buyer: dict[int, list[Row]] = {}
            order = {"conversation": "conversation_seq", "enquiry_link": "day", "orders": "created_at"}.get(name, "seq")
            for row in engine.rows(f'select * from "{name}" order by buyer_key, {order}'):
                by_buyer.setdefault(row["buyer_key"], []).append(row)
            self.of[name] = by_buyer
        self.enquiries = engine.rows("select * from enquiry")

    def rows(self, name: str, buyer: int) -> list[Row]:
        return self.of[name].get(buyer, [])

    def mature(self, ends: str) -> Iterator[Row]:
        for one in self.enquiries:
            if (
                one["stage"] == "before_order"
                and one[ends] <= self.horizon
                and (not one["recent"] or one["main_ends_at"] <= self.horizon)
            ):
                until = min(at for at in (one[ends], one["ordered_at"], one["paid_at"]) if at is not None)
                yield one | {
                    "ends_at": one[ends],
                    "until": until,
                    "lost": one["paid_at"] is None or one["paid_at"] >= one[ends],
                }

    def talks(self, one: Row) -> list[Row]:
        days = {
            link["day"]
            for link in self.rows("enquiry_link", one["buyer_key"])
            if link["enquiry_key"] == one["enquiry_key"]
        }
        return [
            talk for talk in self.rows("conversation", one["buyer_key"])
            if talk["day"] in days and talk["stage"] in ("presales", "undecided") and talk["first_buyer_at"] <= one["until"]
        ]  # fmt: skip

    def rounds(self, one: Row) -> list[tuple[int, int, bool, int]]:
        """Conversation, seq, whether answered in time, and the milliseconds waited."""
        found = []
        for talk in self.talks(one):
            waiting: Row | None = None
            handed: int | None = None
            lines = [
                m
                for m in self.rows("message", one["buyer_key"])
                if talk["conversation_seq"] <= m["seq"] <= talk["last_seq"]
            ]
            for line in [*lines, None]:
                if waiting is not None and (line is None or line["by_person"]):
                    in_time = line is not None and line["sent_at"] < one["until"]
                    start = waiting["sent_at"]
                    waited = (
                        line["sent_at"] - (handed or start) if line is not None and in_time else one["until"] - start
                    )
                    if start < one["until"]:
                        found.append((talk["conversation_seq"], waiting["seq"], in_time, waited))
                    waiting = handed = None
                elif waiting is not None and line is not None and line["event"] == "handed_to_human" and handed is None:
                    handed = line["sent_at"]
                elif line is not None and line["sender"] == "buyer" and waiting is None:
                    waiting = line
        return found


def evidence(facts: Reading, one: Row) -> set[str]:
    """The reasons that a slow reading sees."""
    buyer, seqs = one["buyer_key"], {talk["conversation_seq"] for talk in facts.talks(one)}
    topics, tags = (
        [row for row in facts.rows(name, buyer) if row["conversation_seq"] in seqs and row["sent_at"] < one["until"]]
        for name in ("topic", "tag")
    )
    concerns = [row for row in topics if row["kind"] != "courtesy"]
    signals = {row["signal"] for row in tags}
    objections = {row["topic"] for row in concerns if row["kind"] == "objection"}
    asked = {row["topic"] for row in concerns if row["kind"] == "topic"}
    rounds = facts.rounds(one)
    answered = any(in_time for _, _, in_time, _ in rounds)
    found = set()
    if rounds and not answered and max(waited for *_, waited in rounds) >= LATE_MS:
        found.add("never_answered")
    if answered and rounds[0][3] >= LATE_MS:
        found.add("first_late")
    last = rounds[-1] if rounds else (0, 0, False, 0)
    if answered and len(rounds) > 1 and last[3] >= LATE_MS and any(row["seq"] >= last[1] for row in concerns):
        found.add("left_waiting")
    if "out_of_stock" in objections or signals & set(NO_GOODS):
        found.add("out_of_stock")
    if "compare_other_shop" in objections:
        found.add("compared")
    orders_unpaid = one["lost"] and one["ordered_at"] is not None and one["ordered_at"] < one["ends_at"]
    if not (
        objections or len(asked) > 1 or asked & set(SERIOUS_TOPICS) or signals & set(SERIOUS_SIGNALS) or orders_unpaid
    ):
        found.add("only_looking")
    if any(_is_forgotten(facts, one, order) for order in facts.rows("orders", buyer)):
        found.add("unpaid_not_reminded")
    return found


def _is_forgotten(facts: Reading, one: Row, order: Row) -> bool:
    if (
        order["created_at"] != one["ordered_at"]
        or order["created_at"] >= one["ends_at"]
        or order["deposit_paid_at"] is not None
    ):
        return False
    if not one["lost"] and order["paid_at"] is None:
        return False
    until = min(at for at in (one["ends_at"], order["paid_at"], order["closed_at"]) if at is not None)
    reminded = any(
        row["side"] == "agent" and row["signal"] in REMINDERS and order["created_at"] < row["sent_at"] <= until
        for row in facts.rows("tag", one["buyer_key"])
    )
    return until - order["created_at"] >= REMIND_MS and not reminded


@kills(
    "jinpai/diagnosis/evidence.py",
    "coalesce(r.answered_at < t.until_at, false) as answered",
    "r.answered_at is not null as answered",
)
@kills("jinpai/diagnosis/evidence.py", "and o.deposit_paid_at is null", "")
@kills("jinpai/diagnosis/evidence.py", "and c.seq <= t.until_seq", "")
@wide(30)
@given(shops(), st.sampled_from(("same_day", "next_day")), st.sampled_from((1, 3)))
def test_evidence_is_what_a_slow_reading_finds(shop: Drawn, window: str, span: int) -> None:
    chosen = settings(inspection=True, enquiry_span=span, after_sales_days=2)
    with counted([file(spoken(shop))], chosen, wanted=TABLES) as (engine, _):
        horizon = horizon_of(engine)
        told = judge(engine, chosen, Window.parse(window), horizon=horizon)
        rows = {row["enquiry_key"]: row for row in engine.rows(f"select * from {told.table}")}
        facts = Reading(engine, horizon)
    wanted = {
        one["enquiry_key"]: one for one in facts.mature("day_ends_at" if window == "same_day" else "next_ends_at")
    }
    assert rows.keys() == wanted.keys()
    for key, one in wanted.items():
        row = rows[key]
        assert row["lost"] == one["lost"]
        assert {name for name in READ if row[f"has_{name}"]} == evidence(facts, one)
        there = [name for name in NAMES[:-1] if row[f"has_{name}"]]
        assert row["reason"] == ((there or ["unexplained"])[0] if one["lost"] else None)
        assert row["has_unexplained"] == (not there)
