"""业绩归属 whose sale: owners of orders, amounts, refunds, assists, reconciliation. Contract §6."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .clock import DAY, MINUTE
from .conversations import Conversation, Row, is_person, order_key
from .facts import Facts
from .orders import Data


class Ledger:
    """The shop's conversations by buyer, and who owns an order by the rules."""

    def __init__(self, talks: list[Conversation], data: Data, settings: Any) -> None:
        self.settings = settings
        self.talks: dict[Any, list[Conversation]] = defaultdict(list)
        for talk in talks:
            self.talks[talk.buyer].append(talk)
        for mine in self.talks.values():
            mine.sort(key=lambda talk: order_key(talk.messages[0]))
        self.items: dict[str, list[Row]] = defaultdict(list)
        for item in data["order_items"]:
            self.items[item["order_id"]].append(item)

    def persons(self, talk: Conversation, before: int) -> list[Row]:
        """Messages of known persons before an instant."""
        return [row for row in talk.by_persons(self.settings) if row["agent"] and row["sent_at"] < before]

    def reach(self, order: Row, act: int, outreach_from: int | None) -> list[tuple[Conversation, list[Row]]]:
        """Conversations that can give ownership of an act, latest last, each with what persons wrote before it.

        They contain the act or ended within `attribution_days` before it. Outreach only where `outreach_from`
        is given, and of it only what was sent from then on.
        """
        found = []
        for talk in self.talks.get(order["buyer_key"], []) if order["buyer_key"] is not None else []:
            contains = talk.start <= act <= talk.end
            ended = talk.end < act and act - talk.end <= self.settings.attribution_days * DAY
            said = self.persons(talk, act)
            if talk.is_outreach():
                said = [row for row in said if outreach_from is not None and row["sent_at"] >= outreach_from]
            if (contains or ended) and said:
                found.append((talk, said))
        return found

    def last_person(self, order: Row, act: int, outreach_from: int | None = None) -> str | None:
        """Who wrote last in the latest such conversation."""
        reach = self.reach(order, act, outreach_from)
        return str(reach[-1][1][-1]["agent"]) if reach else None

    # ---- rules ----

    def at_creation(self, order: Row) -> str | None:
        """下单判定."""
        return self.last_person(order, order["created_at"])

    def at_payment(self, order: Row) -> str | None:
        """付款判定; of an order that nobody owned at creation, a reminder sent late enough counts too."""
        if order["paid_at"] is None:
            return None
        late_enough = order["created_at"] + self.settings.silent_reminder_minutes * MINUTE
        silent = self.at_creation(order) is None
        return self.last_person(order, order["paid_at"], late_enough if silent else None)

    def first(self, order: Row) -> str | None:
        """The first person inside `attribution_days` before creation."""
        created = order["created_at"]
        for talk in self.talks.get(order["buyer_key"], []):
            for row in self.persons(talk, created):
                if not talk.is_outreach() and row["sent_at"] >= created - self.settings.attribution_days * DAY:
                    return str(row["agent"])
        return None

    def by_product(self, order: Row) -> str | None:
        """京东促成: the last person who handled a conversation naming a product of the order, else the last one."""
        wanted = {item["product_id"] for item in self.items[order["order_id"]] if item["product_id"]}
        created = order["created_at"]
        owner: str | None = None
        for talk, said in self.reach(order, created, None):
            named = {row["product_id"] for row in talk.messages if row["sent_at"] < created}
            if named & wanted:
                owner = said[-1]["agent"]
        return owner or self.at_creation(order)

    def owner(self, order: Row) -> str | None:
        """The order's one owner, or None: silent."""
        for given in self.settings.given:
            if given.order_id == order["order_id"]:
                return str(given.agent)
        for code, agent in self.settings.memo_codes.items():
            if code in (order["remark"] or ""):
                return str(agent)
        if self.settings.rule == "order":
            return self.at_creation(order)
        if self.settings.rule == "payment":
            return self.at_payment(order)
        if self.settings.rule == "order_first":
            return self.at_creation(order) or self.at_payment(order)
        if self.settings.rule == "first":
            return self.first(order)
        return self.by_product(order)

    def assistants(self, order: Row, owner: str | None) -> list[str]:
        """Other persons who wrote between `attribution_days` before creation and the payment."""
        since = order["created_at"] - self.settings.attribution_days * DAY
        wrote = [
            row["agent"]
            for talk in (self.talks.get(order["buyer_key"], []) if order["buyer_key"] is not None else [])
            for row in talk.messages
            if is_person(row, self.settings.assist_counts) and since <= row["sent_at"] < order["paid_at"]
        ]
        return sorted({agent for agent in wrote if agent and agent != owner})

    # ---- parts of an order ----

    def quantity(self, order: Row) -> int:
        """Pieces: the order's own number, else its items'."""
        if order["quantity"] is not None:
            return int(order["quantity"])
        return sum(pieces(item) for item in self.items[order["order_id"]])

    def products(self, order: Row) -> list[str]:
        """The order's products by its items."""
        return sorted({item["product_id"] or "unknown" for item in self.items[order["order_id"]]}) or ["unknown"]

    def product_count(self, order: Row) -> int:
        """Kinds of products: the order's own number, else its items'."""
        if order["product_count"] is not None:
            return int(order["product_count"])
        return len({item["product_id"] for item in self.items[order["order_id"]] if item["product_id"]})

    def shares(self, order: Row, amount: int) -> dict[str, int]:
        """An amount of the order by product, by largest remainder over quantity × price."""
        items = self.items[order["order_id"]]
        if not items:
            return {"unknown": amount}
        weights = [pieces(item) * (item["price"] or 0) for item in items]
        if not sum(weights):
            weights = [1 for _ in items]
        whole = [amount * weight // sum(weights) for weight in weights]
        rest = [amount * weight % sum(weights) for weight in weights]
        ranked = sorted(range(len(items)), key=lambda at: (-rest[at], items[at]["product_id"] or "unknown", at))
        for at in ranked[: amount - sum(whole)]:
            whole[at] += 1
        found: dict[str, int] = defaultdict(int)
        for item, part in zip(items, whole, strict=True):
            found[item["product_id"] or "unknown"] += part
        return dict(found)


def buyer_of(order: Row) -> Any:
    """The buyer, where known; else each order's buyer is another."""
    return order["buyer_key"] if order["buyer_key"] is not None else ("order", order["order_id"])


def pieces(item: Row) -> int:
    """Pieces of one item; a row without a number is one piece."""
    return 1 if item["quantity"] is None else int(item["quantity"])


# ---- figures ----


def count(ledger: Ledger, data: Data, facts: Facts) -> dict[str, str | None]:
    """Sales and refunds as facts; returns each paid order's owner."""
    first_paid: dict[Any, int] = {}
    paid = [order for order in data["orders"] if order["paid_at"] is not None]
    for order in paid:
        buyer = order["buyer_key"]
        if buyer is not None:
            first_paid[buyer] = min(first_paid.get(buyer, order["paid_at"]), order["paid_at"])
    owners: dict[str, str | None] = {}
    for order in paid:
        owner = owners[order["order_id"]] = ledger.owner(order)
        is_repeat = order["buyer_key"] is not None and first_paid[order["buyer_key"]] < order["paid_at"]
        one_order(ledger, order, owner, is_repeat, facts)
    refunds(ledger, data, owners, facts)
    return owners


def one_order(ledger: Ledger, order: Row, owner: str | None, is_repeat: bool, facts: Facts) -> None:
    """One paid order, at its payment."""
    when, amount = facts.at(order["paid_at"]), order["paid_amount"] or 0
    assistants = ledger.assistants(order, owner)
    facts.shop("shop_amount", when, amount)
    for product, share in ledger.shares(order, amount).items():
        facts.product("shop_amount", when, product, share)
        if assistants:
            facts.product("assisted_amount", when, product, share)
        if owner is None:
            facts.product("silent_amount", when, product, share)
    if assistants:
        facts.shop("assisted_amount", when, amount)
    for agent in assistants:
        facts.agent("assisted_amount", when, agent, amount)
    if owner is None:
        facts.shop("silent_amount", when, amount)
        return
    buyer = buyer_of(order)
    numbers = {
        "attributed_orders": 1,
        "attributed_amount": amount,
        "attributed_items": ledger.quantity(order),
        "cross_sold": int(ledger.product_count(order) >= 2),
        "repeat_amount": amount if is_repeat else 0,
    }
    for name, number in numbers.items():
        facts.shop(name, when, number)
        facts.agent(name, when, owner, number)
    for name in ("attributed_buyers", "repeat_buyers") if is_repeat else ("attributed_buyers",):
        facts.person(name, "shop", when, None, buyer=buyer, at=order["paid_at"])
        facts.person(name, "agent", when, owner, buyer=buyer, at=order["paid_at"])
        facts.person(name, "hour", when, str(when.hour), buyer=buyer, at=order["paid_at"])
    of_products(ledger, order, numbers, is_repeat, facts)


def of_products(ledger: Ledger, order: Row, numbers: dict[str, int], is_repeat: bool, facts: Facts) -> None:
    """One attributed order by product: amounts in shares, the order and the buyer once for each product."""
    when, buyer = facts.at(order["paid_at"]), buyer_of(order)
    for product, share in ledger.shares(order, numbers["attributed_amount"]).items():
        facts.product("attributed_amount", when, product, share)
        facts.product("repeat_amount", when, product, share if is_repeat else 0)
    for product in ledger.products(order):
        items = [item for item in ledger.items[order["order_id"]] if (item["product_id"] or "unknown") == product]
        facts.product("attributed_orders", when, product)
        facts.product("cross_sold", when, product, numbers["cross_sold"])
        number = sum(map(pieces, items)) if items else ledger.quantity(order)
        facts.product("attributed_items", when, product, number)
        for name in ("attributed_buyers", "repeat_buyers") if is_repeat else ("attributed_buyers",):
            facts.person(name, "product", when, product, buyer=buyer, at=order["paid_at"])


def refunds(ledger: Ledger, data: Data, owners: dict[str, str | None], facts: Facts) -> None:
    """Refunds of attributed orders, on their own day; an order's own amount only where it has no refund rows."""
    orders = {order["order_id"]: order for order in data["orders"]}
    having_rows = {row["order_id"] for row in data["refunds"]}
    found = [
        (row["order_id"], row["amount"], row["refunded_at"], row["sub_order_id"])
        for row in data["refunds"]
        if row["refunded_at"] is not None  # still asked for: nothing is paid back yet
    ]
    for order in data["orders"]:
        if order["order_id"] not in having_rows and order["refund_amount"]:
            found.append((order["order_id"], order["refund_amount"], order["refunded_at"], None))
    for order_id, amount, refunded_at, sub_order in found:
        owner = owners.get(order_id)
        if owner is None:
            continue
        order = orders[order_id]
        when = facts.at(refunded_at if refunded_at is not None else order["paid_at"])
        facts.shop("refunded_amount", when, amount)
        facts.agent("refunded_amount", when, owner, amount)
        named = [i["product_id"] for i in ledger.items[order_id] if sub_order and i["sub_order_id"] == sub_order]
        parts = {named[0]: amount} if named and named[0] else ledger.shares(order, amount)
        for product, share in parts.items():
            facts.product("refunded_amount", when, product, share)
