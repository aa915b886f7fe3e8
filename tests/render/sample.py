"""An invented shop's report in the exact shape of `jinpai report --format json`, for the renderers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from random import Random
from typing import Any

AGENTS = ("晓晴", "阿杰", "小美", "大伟", "圆圆")
FIRST = date(2026, 10, 24)
DAYS = 28
SKILL = {"晓晴": 0.30, "阿杰": 0.31, "小美": 0.36, "大伟": 0.24, "圆圆": 0.17}


def wilson(paid: int, of: int) -> list[Any]:
    """Numerator, denominator and the 95 % Wilson interval, as the report gives them."""
    if not of:
        return [paid, of, None, None]
    z, p = 1.959964, paid / of
    middle, half = (
        (p + z * z / 2 / of) / (1 + z * z / of),
        z * sqrt(p * (1 - p) / of + z * z / 4 / of / of) / (1 + z * z / of),
    )
    return [paid, of, round(max(0.0, middle - half), 6), round(min(1.0, middle + half), 6)]


def _atoms() -> list[dict[str, Any]]:
    """One row a day and agent: plain sums, from which every grouping is added up."""
    draw = Random(20261111)
    atoms = []
    for at in range(DAYS):
        day = FIRST + timedelta(days=at)
        rush = 2.4 if day == date(2026, 11, 11) else 1.25 if day.weekday() > 4 else 1.0
        for agent in AGENTS:
            if (at + AGENTS.index(agent)) % 7 == 6:
                continue
            enquiries = int(draw.gauss(17, 3) * rush)
            mature = 0 if at >= DAYS - 2 else enquiries - enquiries // 9
            paid = sum(draw.random() < SKILL[agent] for _ in range(mature))
            atoms.append({
                "agent": agent, "day": day.isoformat(), "consulted": int(enquiries * 1.3), "enquiries": enquiries, "mature": mature,
                "waiting": enquiries if at >= DAYS - 2 else 0, "ordered": paid + sum(draw.random() < 0.06 for _ in range(mature - paid)), "paid": paid,
                "fen": paid * draw.randint(9000, 16000), "silent": draw.randint(60000, 160000) if agent == AGENTS[at % 5] else 0,
                "unreplied": draw.randint(0, 2), "answered": int(enquiries * 1.25), "median": draw.randint(11, 24),
            })  # fmt: skip
    return atoms


def _figures(atoms: list[dict[str, Any]]) -> dict[str, Any]:
    total = {name: sum(atom[name] for atom in atoms) for name in
             ("consulted", "enquiries", "mature", "waiting", "ordered", "paid", "fen", "unreplied", "answered")}  # fmt: skip
    median = sorted(atom["median"] for atom in atoms)[len(atoms) // 2] if atoms else None
    six, fifteen = int(total["answered"] * 0.31), int(total["answered"] * 0.64)

    def share(part: int, whole: int) -> float | None:
        return part / whole if whole else None

    return {
        "consulted_buyers": total["consulted"], "received_buyers": total["consulted"] - total["unreplied"],
        "conversations": int(total["consulted"] * 1.1), "enquiries": total["enquiries"],
        "conversion_next_day": share(total["paid"], total["mature"]), "order_rate_next_day": share(total["ordered"], total["mature"]),
        "paid_next_day": total["paid"], "ordered_next_day": total["ordered"], "immature_next_day": total["waiting"],
        "conversion_same_day": share(int(total["paid"] * 0.8), total["mature"]), "immature_same_day": 0,
        "attributed_amount": f"{Decimal(total['fen']) / 100:.2f}", "aov": f"{Decimal(total['fen']) / 100 / total['paid']:.2f}" if total["paid"] else None,
        "refunded_amount": "530.00", "first_response_seconds": 26.4, "first_response_seconds_p50": median,
        "first_response_within_6s": share(six, total["answered"]), "first_response_within_15s": share(fifteen, total["answered"]),
        "response_seconds": 41.7, "reply_rate": share(total["consulted"] - total["unreplied"], total["consulted"]),
        "unreplied_buyers": total["unreplied"], "answer_ratio": 1.46,
        "of": {
            "conversion_next_day": wilson(total["paid"], total["mature"]), "order_rate_next_day": wilson(total["ordered"], total["mature"]),
            "conversion_same_day": wilson(int(total["paid"] * 0.8), total["mature"]),
            "first_response_within_6s": wilson(six, total["answered"]), "first_response_within_15s": wilson(fifteen, total["answered"]),
            "reply_rate": wilson(total["consulted"] - total["unreplied"], total["consulted"]),
        },
    }  # fmt: skip


def meta(*, ranked: bool = True) -> dict[str, Any]:
    """The `meta` of the invented report; `ranked` false as under the least match rate."""
    atoms = _atoms()
    attributed, silent = sum(atom["fen"] for atom in atoms), sum(atom["silent"] for atom in atoms)
    money = [f"{Decimal(fen) / 100:.2f}" for fen in (attributed, silent, attributed + silent)]
    return {
        "shop": "禾小满旗舰店", "time_zone": "Asia/Shanghai", "from": "2026-10-24", "to": "2026-11-20",
        "as_of": "2026-11-20T23:58:41+08:00", "horizon": "2026-11-20T23:58:41+08:00", "rule": "order_first", "window": "next_day",
        "settings": {"preset": "ordinary", "window": "next_day", "enquiry_span": 1, "attribution_days": 2, "after_sales_days": 21,
                     "conversation_gap": "30m", "rule": "order_first", "assist_counts": False, "staff_buyers": []},
        "identity": {"match_rate": 0.982 if ranked else 0.71, "orders": 1420, "orders_unmatched": 26, "conversations": 2950,
                     "conversations_unmatched": 52, "min_match_rate": 0.9, "ranked": ranked,
                     "remedy": None if ranked else {"zh": "请导入带 open_uid 的订单表。", "en": "Import the order file with open_uid."}},
        "reconciliation": {"attributed": money[0], "silent": money[1], "shop": money[2], "difference": "0.00"},
        "unassigned": 3, "excluded": {"after_sales": 412, "outreach": 96, "staff_buyers": 4}, "missing": ["evaluations", "visitors"],
        "notes": [{"zh": "没有设置营业时间，首次响应按全天计算。", "en": "No opening hours are set; first response counts all day."}],
    }  # fmt: skip


def report(*by: str, ranked: bool = True) -> dict[str, Any]:
    """The report grouped by "shop", "agent", "day" or both "hour", "weekday"."""
    atoms = _atoms()
    rows: list[dict[str, Any]] = []
    if by == ("hour", "weekday"):
        for hour in range(24):
            for weekday in range(1, 8):
                load = max(0, 34 - 3 * abs(hour - 20), 22 - 3 * abs(hour - 11)) * (5 if weekday > 5 else 4) // 4
                rows.append({"hour": hour, "weekday": weekday, "consulted_buyers": load, "of": {}})
    elif by == ("shop",):
        rows.append({"shop": "禾小满旗舰店", **_figures(atoms)})
    else:
        for key in sorted({tuple(atom[name] for name in by) for atom in atoms}):
            rows.append(
                {
                    **dict(zip(by, key, strict=True)),
                    **_figures([a for a in atoms if tuple(a[name] for name in by) == key]),
                }
            )
    for row in rows:
        if row.get("day") in ("2026-11-11", "2026-11-10"):
            row["promotion"] = "双11"
    return {"meta": meta(ranked=ranked), "rows": rows}


def histogram() -> list[tuple[int, int]]:
    """Answered conversations by whole second of first response."""
    draw = Random(6)
    seconds = sorted(min(int(draw.lognormvariate(2.5, 0.9)), 400) for _ in range(2000))
    return [(second, seconds.count(second)) for second in sorted(set(seconds))]
