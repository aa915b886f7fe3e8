"""订单状态 what an order was at an instant, and what exports taken at an instant would have shown. Contract §5."""

from __future__ import annotations

from typing import Any

from .clock import DAY
from .conversations import Row

Data = dict[str, list[Row]]


def open_and_unpaid(order: Row, t: int) -> bool:
    """Created, not paid, its deposit not paid, not closed before t. What happens at t itself is still to come."""
    if order["created_at"] >= t:
        return False
    if order["paid_at"] is not None and order["paid_at"] < t:
        return False
    if order["deposit_paid_at"] is not None and order["deposit_paid_at"] < t:
        return False
    if order["closed_at"] is not None:
        return bool(order["closed_at"] > t)
    if order["paid_at"] is None and says_closed(order):
        return bool(order["created_at"] >= t - DAY)
    return True


def says_closed(order: Row) -> bool:
    """The status says closed, though no instant says when."""
    status = order["status"] or ""
    return "关闭" in status or "closed" in status.lower()


def paid_in(order: Row, start: int, end: int) -> bool:
    """Paid in [start, end)."""
    return order["paid_at"] is not None and start <= order["paid_at"] < end


def seen_at(data: Data, moment: int | None) -> Data:
    """The shop as exports taken at `moment` would have it; None hides nothing."""
    if moment is None:
        return data

    def later(value: int | None) -> bool:
        return value is not None and value > moment

    shown = dict(data)
    shown["messages"] = [row for row in data["messages"] if not later(row["sent_at"])]
    shown["orders"] = []
    having_rows = {row["order_id"] for row in data["refunds"]}
    for row in [dict(row) for row in data["orders"] if not later(row["created_at"])]:
        for name in ("paid_at", "deposit_paid_at"):
            if later(row[name]):
                row[name] = None
        if later(row["closed_at"]):
            row["closed_at"], row["status"] = None, None
        if later(row["refunded_at"]) or row["order_id"] in having_rows:  # its own amount tells of later refunds too
            row["refunded_at"], row["refund_amount"] = None, None
        shown["orders"].append(row)
    shown["refunds"] = [
        row for row in data["refunds"]
        if not later(row["refunded_at"]) and not (row["refunded_at"] is None and later(row["applied_at"]))
    ]  # fmt: skip
    shown["evaluations"] = [
        {**row, "level": None, "evaluated_at": None} if later(row["evaluated_at"]) else row
        for row in data["evaluations"]
        if not later(row["sent_at"])
    ]
    return shown


def horizon(data: Data) -> int | None:
    """Up to where we can see: the earlier of the newest message and the newest order instant."""
    messages: list[int] = [row["sent_at"] for row in data["messages"]]  # an event shows too how far the export reaches
    instants = [row[name] for row in data["orders"] for name in ("created_at", "paid_at", "refunded_at")]
    instants += [row["refunded_at"] for row in data["refunds"]]
    known: list[int] = [instant for instant in instants if instant is not None]
    if not messages:
        return max(known) if known else None
    return min(max(messages), max(known)) if known else max(messages)


def orders_by_buyer(data: Data) -> dict[Any, list[Row]]:
    """Each identified buyer's orders, by creation."""
    found: dict[Any, list[Row]] = {}
    for order in sorted(data["orders"], key=lambda row: (row["created_at"], row["order_id"])):
        if order["buyer_key"] is not None:
            found.setdefault(order["buyer_key"], []).append(order)
    return found
