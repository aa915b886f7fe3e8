"""报表数字 the rows of a report out of facts: sums, rates with their interval, means, percentiles. Contract §8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from math import sqrt
from typing import Any

from . import enquiries, platforms, sales, workload
from .clock import Clock, calendar, number
from .conversations import conversations
from .facts import Fact, Facts
from .orders import Data, horizon, seen_at

WINDOWS = ["same_day", "next_day", "24h", "7d", "3d"]
Values = dict[str, list[int]]
COUNTS = (
    "consulted_buyers received_buyers conversations outreach_conversations buyer_messages agent_messages agent_chars "
    "unreplied_buyers assigned_buyers slow_buyers transferred_in transferred_out "
    "enquiries attributed_orders attributed_buyers repeat_buyers"
).split()
AMOUNTS = "attributed_amount refunded_amount assisted_amount silent_amount repeat_amount".split()
RATES = {
    "first_response_within_6s": ("first_within_6s", "firsts_answered"),
    "first_response_within_15s": ("first_within_15s", "firsts_answered"),
    "rounds_within_3min": ("rounds_within_180s", "rounds"),
    "message_reply_rate": ("offhours_answered", "offhours"),
    "jd_first_30s_rate": ("jd_in_time", "jd_n"),
    "pdd_3min_rate": ("pdd_in_time", "pdd_n"),
    "douyin_3min_rate": ("douyin_in_time", "douyin_n"),
    "answer_ratio": ("agent_messages", "buyer_messages"),
    "evaluations_sent_rate": ("evaluations_sent", "invitable"),
    "evaluated_rate": ("evaluations_sent_answered", "evaluations_sent"),
    "satisfied_rate": ("satisfied", "evaluated"),
    "items_per_buyer": ("attributed_items", "attributed_buyers"),
    "items_per_order": ("attributed_items", "attributed_orders"),
    "cross_sell_rate": ("cross_sold", "attributed_orders"),
}
WINDOW_COUNTS = ("ordered", "paid", "lost", "deposit", "immature")
WINDOW_RATES = {
    "conversion": ("paid_before", "mature_before"),
    "conversion_with_unpaid": ("paid", "mature"),
    "order_rate": ("ordered", "mature_before"),
    "unpaid_rescue": ("paid_unpaid", "mature_unpaid"),
    "payment_rate": ("paid_before", "ordered"),
}


def mark_robots(data: Data) -> None:
    """A sub-account that only ever wrote automatically is no person: it holds and gives away nothing."""
    wrote: dict[str, set[str]] = defaultdict(set)
    for row in data["messages"]:
        if row["agent"] and row["sender"] in ("agent", "assist", "auto"):
            wrote[row["agent"]].add(row["sender"])
    robots = {agent for agent, senders in wrote.items() if senders == {"auto"}}
    for row in data["messages"]:
        if row["sender"] == "system":
            row["by_robot"] = row["agent"] in robots
            for name in ("agent", "to_agent"):
                row[name] = None if row[name] in robots else row[name]


def all_facts(data: Data, settings: Any, as_of: int | None = None) -> list[Fact]:
    """Everything that can be counted in a shop."""
    mark_robots(data)
    data = seen_at(data, as_of)
    until = as_of if as_of is not None else horizon(data)
    clock = Clock(settings)
    facts = Facts(clock)
    talks, homeless = conversations(data["messages"], settings, clock)
    turns = workload.with_rounds(talks, settings)
    workload.responses(turns, facts)
    workload.message_replies(turns, facts)
    workload.workload(turns, homeless, settings, facts)
    workload.evaluations(data["evaluations"], facts)
    platforms.platforms(talks, settings, facts)
    ruler = enquiries.Ruler(settings, clock, until)
    found, _ = enquiries.enquiries(talks, data, ruler)
    enquiries.count(found, WINDOWS, ruler, facts)
    sales.count(sales.Ledger(talks, data, settings), data, facts)
    return facts.close()


def figures(
    data: Data, settings: Any, start_day: int, end_day: int, by: tuple[str, ...], *, as_of: int | None = None
) -> list[dict[str, Any]]:
    """Rows of a report over the shop days start_day to end_day, both included."""
    return rows(all_facts(data, settings, as_of), settings, start_day, end_day, by)


def rows(facts: list[Fact], settings: Any, start_day: int, end_day: int, by: tuple[str, ...]) -> list[dict[str, Any]]:
    """The facts of the days, grouped and turned into figures."""
    scope = "agent" if "agent" in by else "product" if "product" in by else "shop"
    groups: dict[tuple[Any, ...], Values] = defaultdict(lambda: defaultdict(list))
    shop_paid: dict[tuple[Any, ...], int] = defaultdict(int)
    for fact in facts:
        names = {"shop": settings.shop, "day": fact.day, "hour": fact.hour, "agent": fact.who, "product": fact.who}
        key = tuple(names[name] for name in by)
        # buyers of sales count once in each hour: else an hour could have an amount and no buyer
        mine = "hour" if by == ("hour",) and fact.name in ("attributed_buyers", "repeat_buyers") else scope
        if fact.scope == mine and start_day <= fact.day <= end_day:
            groups[key][fact.name].append(fact.value)
        is_paid = fact.name == "shop_amount" and fact.scope == ("product" if scope == "product" else "shop")
        if is_paid and start_day <= fact.day <= end_day:
            shop_paid[tuple(part for part, name in zip(key, by, strict=True) if name != "agent")] += fact.value
    month = monthly(facts, scope, by, end_day)
    found = []
    for key, values in sorted(groups.items(), key=lambda pair: str(pair[0])):
        paid = shop_paid[tuple(part for part, name in zip(key, by, strict=True) if name != "agent")]
        row = figure(values, paid, month(key))
        shown = dict(zip(by, key, strict=True))
        if "day" in shown:
            shown["day"] = calendar(shown["day"]).isoformat()
        found.append({**shown, **row})
    return found


def monthly(facts: list[Fact], scope: str, by: tuple[str, ...], end_day: int) -> Callable[[tuple[Any, ...]], Values]:
    """The tmall facts of the 30 days that end with a row's day, or with the report."""
    tmall = [fact for fact in facts if fact.scope == scope and fact.name.startswith("tmall_")]

    def of(key: tuple[Any, ...]) -> Values:
        wanted = dict(zip(by, key, strict=True))
        last = wanted.get("day", end_day)
        first = number(calendar(last) - timedelta(days=29))
        values: Values = defaultdict(list)
        for fact in tmall:
            here = {"hour": fact.hour, "agent": fact.who}
            if first <= fact.day <= last and all(wanted.get(name, value) == value for name, value in here.items()):
                values[fact.name].append(fact.value)
        return values

    return of


def figure(values: Values, shop_paid: int, month: Values) -> dict[str, Any]:
    """All figures of one row."""
    add = dict.fromkeys(COUNTS, 0)
    total = defaultdict(int, {name: sum(parts) for name, parts in values.items()})
    response_times(values, total)
    row: dict[str, Any] = {name: total[name] for name in add}
    row["max_concurrency"] = max(values.get("open", [0]))
    row |= {name: yuan(Fraction(total[name])) for name in AMOUNTS}
    row["net_amount"] = yuan(Fraction(total["attributed_amount"] - total["refunded_amount"]))
    row["aov"] = yuan(ratio(total["attributed_amount"], total["attributed_buyers"]))
    row["amount_per_item"] = yuan(ratio(total["attributed_amount"], total["attributed_items"]))
    of: dict[str, list[Any]] = {}

    def rate(name: str, top: int, bottom: int) -> None:
        share = ratio(top, bottom)
        row[name] = None if share is None else float(share)
        of[name] = [top, bottom, *wilson(top, bottom)]

    for suffix in ("", "_business"):
        row |= {name + suffix: value for name, value in times(values, suffix).items()}
    for name, (top, bottom) in RATES.items():
        rate(name, total[top], total[bottom])
    for name in ("first_response_within_6s", "first_response_within_15s", "rounds_within_3min"):
        top, bottom = RATES[name]
        rate(f"{name}_business", total[f"{top}_business"], total[f"{bottom}_business"])
    rate("reply_rate", total["consulted_buyers"] - total["unreplied_buyers"], total["consulted_buyers"])
    rate("service_share", total["attributed_amount"], shop_paid)
    row["tmall_response_seconds"] = mean(values.get("tmall_ms", []))
    rate("tmall_3min_rate", sum(month["tmall_in_time"]), sum(month["tmall_n"]))
    for window in WINDOWS:
        row[f"mature_enquiries_{window}"] = total[f"mature_{window}"]
        row |= {f"{name}_{window}": total[f"{name}_{window}"] for name in WINDOW_COUNTS}
        for name, (top, bottom) in WINDOW_RATES.items():
            rate(f"{name}_{window}", total[f"{top}_{window}"], total[f"{bottom}_{window}"])
    return {**row, "of": of}


def response_times(values: Values, total: dict[str, int]) -> None:
    """Counts what was answered, and how much of it in time."""
    for suffix in ("", "_business"):
        firsts, rounds = values.get(f"first_ms{suffix}", []), values.get(f"round_ms{suffix}", [])
        total[f"firsts_answered{suffix}"] = len(firsts)
        total[f"first_within_6s{suffix}"] = sum(waited <= 6_000 for waited in firsts)
        total[f"first_within_15s{suffix}"] = sum(waited <= 15_000 for waited in firsts)
        total[f"rounds_within_180s{suffix}"] = sum(waited <= 180_000 for waited in rounds)


def times(values: Values, suffix: str) -> dict[str, float | int | None]:
    """Means and percentiles of first responses and of all rounds."""
    found: dict[str, float | int | None] = {}
    for name, fact in (("first_response_seconds", "first_ms"), ("response_seconds", "round_ms")):
        waited = values.get(fact + suffix, [])
        found[name] = mean(waited)
        found[f"{name}_p50"] = nearest_rank(waited, 50)
        found[f"{name}_p90"] = nearest_rank(waited, 90)
    return found


def mean(waited: list[int]) -> float | None:
    """Mean of milliseconds, in seconds."""
    return float(Fraction(sum(waited), 1000 * len(waited))) if waited else None


def nearest_rank(waited: list[int], percent: int) -> int | None:
    """The smallest whole second that at least `percent` % do not exceed."""
    if not waited:
        return None
    seconds = sorted(one // 1000 for one in waited)
    rank = -(-percent * len(seconds) // 100)
    return seconds[rank - 1]


def ratio(top: int, bottom: int) -> Fraction | None:
    """A quotient; nothing to divide by is unknown."""
    return Fraction(top, bottom) if bottom else None


def yuan(fen: Fraction | None) -> str | None:
    """Fen as yuan with two places, half a fen rounded up."""
    if fen is None:
        return None
    whole = int(abs(fen) + Fraction(1, 2))
    return f"{'-' if fen < 0 and whole else ''}{whole // 100}.{whole % 100:02d}"


def wilson(top: int, bottom: int) -> tuple[float | None, float | None]:
    """95 % interval of a share."""
    if not 0 <= top <= bottom or not bottom:
        return None, None
    z, n, p = 1.959963984540054, bottom, top / bottom
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
