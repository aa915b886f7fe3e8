"""抽出来的店 drawn shops: small random chats full of edges (equal instants, gaps to the second), as scenario text."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

BUYERS = ["云", "雨", "雪", "风**"]
AGENTS = ["小美", "小乙", "小后"]
PRODUCTS = ["P1", "P2", "P3"]
SECONDS = [0, 0, 1, 2, 5, 6, 7, 14, 15, 16, 20, 29, 30, 31, 60, 119, 120, 121, 179, 180, 181, 599, 600, 601]
PAUSES = [1799, 1800, 1801, 3599, 3600, 3601, 7200, 20_000, 43_200, 86_399, 86_400, 86_401, 172_799, 172_800, 172_801]
MONTHS = [300_000, 604_800, 1_000_000, 1_814_399, 1_814_400, 1_814_401]

SETTINGS: list[dict[str, str]] = [
    {},
    {"rules.toml": 'rule = "payment"\n'},
    {"rules.toml": 'rule = "order"\nassist_counts = true\n'},
    {"rules.toml": 'rule = "first"\nconversation_gap = "10m"\n'},
    {"rules.toml": 'rule = "by_product"\n'},
    {"hours.toml": '[weekly]\nevery_day = ["09:00-18:00", "20:00-02:00"]\n[exceptions]\n"2025-11-11" = []\n'},
    {"shop.toml": 'day_start = "04:00"\n'},
    {"shop.toml": 'window = "24h"\nattribution_days = 5\nafter_sales_days = 7\n'},
    {"shop.toml": 'window = "same_day"\n', "rules.toml": "slow_rounds = 1\nsilent_reminder_minutes = 10\n"},
    {"shop.toml": "enquiry_span = 3\n"},
    {
        "rules.toml": 'enquiry_agents = "all"\nmin_agent_lines = 2\nadvertising_phrases = ["广告"]\nstaff_buyers = ["雪"]\n'
    },
]
"""One for each seed, in turn."""


def drawn(seed: int) -> tuple[str, dict[str, str]]:
    """A shop's chat and its settings."""
    luck = Random(seed)
    start = datetime(2025, 11, 10, 8)
    lines: list[tuple[datetime, str]] = []
    stated = ["agent 小美 presales", "agent 小乙 both", "agent 小后 aftersales"]
    for buyer in luck.sample(BUYERS, luck.choice([1, 2, 3])):
        lines += history(luck, buyer, start + timedelta(seconds=luck.choice([0, 0, 60, 54_000, 57_599])), stated)
    lines.sort(key=lambda line: line[0])  # stable: lines of one instant keep their order
    text, day = [], ""
    for at, line in lines:
        if f"{at:%F}" != day:
            day = f"{at:%F}"
            text.append(day)
        text.append(f"{at:%T} {line}")
    return "\n".join([*text, *stated]), SETTINGS[seed % len(SETTINGS)]


def history(luck: Random, buyer: str, at: datetime, stated: list[str]) -> list[tuple[datetime, str]]:
    """One buyer's months: talk, events and orders."""
    lines: list[tuple[datetime, str]] = []
    orders: list[str] = []
    for _ in range(luck.randint(3, 25)):
        waits = luck.choices([SECONDS, PAUSES, MONTHS], [12, 6, 1])[0]
        at += timedelta(seconds=luck.choice(waits))
        draw = luck.random()
        if draw < 0.72:
            lines.append((at, talk(luck, buyer)))
        elif draw < 0.8 or not orders:
            orders.append(f"{buyer.strip('*')}{len(orders) + 1}")
            lines.append((at, f"{buyer} order {orders[-1]} {luck.randint(1, 300)}.{luck.randint(0, 99):02d}"))
            stated += about(luck, orders[-1])
            lines += later(luck, orders[-1], at)
        else:
            lines.append((at, event(luck, buyer)))
    return lines


def talk(luck: Random, buyer: str) -> str:
    """A message."""
    sender = luck.choices(["buyer", "agent", "auto", "assist", "note"], [10, 10, 3, 2, 1])[0]
    text = luck.choice(["你好", "在吗", "好的", "广告", f"看 #{luck.choice(PRODUCTS)}"])
    agent = luck.choice(AGENTS)
    if sender == "buyer":
        return f"{buyer}{luck.choice(['', '', f' @{agent}'])}: {text}"
    if sender == "auto":
        return f"auto > {buyer}: {text}"
    return f"{sender} {agent} > {buyer}: {text}"


def event(luck: Random, buyer: str) -> str:
    """A platform event."""
    kind = luck.choice(["assigned", "transferred", "transferred", "accepted", "handed_to_human", "closed", "reopened"])
    one, other = luck.choice([*AGENTS, "-"]), luck.choice(AGENTS)
    if kind in ("transferred", "accepted"):
        return f"{buyer} {kind} {one} {other}"
    return f"{buyer} assigned {other}" if kind == "assigned" else f"{buyer} {kind}"


def about(luck: Random, order: str) -> list[str]:
    """Items of an order, and what its file says of it."""
    items = [(product, luck.randint(1, 3)) for product in luck.sample(PRODUCTS, luck.choice([0, 1, 1, 2, 3]))]
    price = [f"{luck.choice([0, 1, 5, 9])}.{luck.choice(['00', '33'])}" for _ in items]
    lines = [f"item {order} {one} {pieces} {cost}" for (one, pieces), cost in zip(items, price, strict=True)]
    lines.append(f"quantity {order} {sum(pieces for _, pieces in items) or luck.randint(1, 5)}")
    lines.append(f"product_count {order} {max(1, len(items))}")
    if luck.random() < 0.1:
        lines.append(f"status {order} 交易关闭")
    return lines


def later(luck: Random, order: str, created: datetime) -> list[tuple[datetime, str]]:
    """What became of an order: deposit, payment, closing, refund."""

    def wait() -> timedelta:
        return timedelta(seconds=luck.choice(luck.choice([SECONDS, PAUSES])))

    lines = []
    at = created + wait()
    if luck.random() < 0.15:
        lines.append((at, f"deposit {order}"))
        at += wait()
    if luck.random() < 0.75:
        lines.append((at, f"paid {order}"))
        if luck.random() < 0.3:
            lines.append((at + wait(), f"refund {order} 0.{luck.randint(10, 99)}" + luck.choice(["", f" R{order}"])))
    elif luck.random() < 0.5:
        lines.append((at, f"closed {order}"))
    return lines
