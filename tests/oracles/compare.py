"""比对 what differs between two sets of rows, said so that a person can look for the cause."""

from __future__ import annotations

from typing import Any

from .conversations import Row

FAMILIES = {
    "response": ("first_response", "response_seconds", "rounds_within", "message_reply"),
    "platform": ("tmall_", "jd_", "pdd_", "douyin_"),
    "satisfaction": ("evaluat", "satisfied"),
    "workload": (
        "consulted_buyers", "received_buyers", "conversations", "outreach", "buyer_messages", "agent_messages", "agent_chars",
        "answer_ratio", "unreplied", "reply_rate", "assigned_buyers", "slow_buyers", "max_concurrency", "transferred",
    ),
    "conversion": (
        "enquiries", "mature_", "ordered_", "paid_", "lost_", "deposit_", "immature_", "conversion_", "order_rate", "unpaid_rescue",
        "payment_rate",
    ),
    "sales": (
        "attributed_", "refunded_", "net_", "assisted_", "silent_", "repeat_", "aov", "amount_per", "items_per", "cross_sell",
        "service_share",
    ),
}  # fmt: skip
TOLERANCE = 0.0005  # the program prints seconds to the millisecond and shares to four places
ROLLING = ("tmall_3min_rate",)  # over 30 days: known, too, for a day on which nothing happened
NOT_BY = {
    "product": ("response", "platform", "satisfaction", "workload"),
}


def family_of(metric: str) -> str | None:
    """The family whose names begin so."""
    return next((family for family, heads in FAMILIES.items() if metric.startswith(heads)), None)


def differences(ours: list[Row], theirs: list[Row], by: tuple[str, ...], family: str) -> list[str]:
    """One sentence for each figure of a family that is not the same."""
    left, right = ({tuple(row[name] for name in by): row for row in rows} for rows in (ours, theirs))
    names = sorted({name for row in ours for name in row if family_of(name) == family})
    known = {name for row in theirs for name in row}
    found = []
    for key in sorted(left.keys() | right.keys(), key=str):
        for name in names:
            if name not in known or (name in ROLLING and key not in left):
                continue
            one, other = left.get(key, {}).get(name), right.get(key, {}).get(name)
            of = [parts(row.get(key, {}), name) for row in (left, right)]
            if not same(one, other) or (one is not None and of[0] and of[0] != of[1]):
                found.append(f"{'/'.join(map(str, key))} {name}: oracle {one!r}, program {other!r}, of {of}")
    return found


def parts(row: Row, name: str) -> list[int]:
    """Numerator and denominator of a rate; money in fen."""
    said = (row.get("of", {}).get(name) or [])[:2]
    return [round(float(one) * 100) if isinstance(one, str) else one for one in said]


def missing(ours: list[Row], theirs: list[Row]) -> list[str]:
    """Figures that the oracle knows and the program does not print."""
    known = {name for row in theirs for name in row}
    return sorted({name for row in ours for name in row if family_of(name)} - known)


def same(one: Any, other: Any) -> bool:
    """Equal; a row that is not there is empty; money to the fen; means and shares as they are printed."""
    one, other = (None if value in (0, "0.00") else value for value in (one, other))
    if one is None or other is None:
        return one is other
    if isinstance(one, str) or isinstance(other, str):
        return str(one) == str(other)
    return bool(abs(one - other) <= TOLERANCE)
