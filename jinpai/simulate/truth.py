"""真相 truth.json: what the play was made of, to hold results against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from jinpai.simulate.draw import Play
from jinpai.simulate.visits import OBJECTIONS, UNPAID
from jinpai.simulate.written import iso, yuan


def truth(play: Play, enquiries: bool = False) -> dict[str, Any]:
    """真相 skills and effects of the shop, counts and sums of the play; per enquiry when asked."""
    shop, order, visit = play.shop, play.orders, play.visits
    paid, silent = order.paid >= 0, order.visit < 0
    rows = np.flatnonzero(visit.kind < 2)
    found: dict[str, Any] = {
        "shop": shop.key, "name": shop.name, "seed": play.seed,
        "first_day": shop.first_day.isoformat(), "last_day": shop.last_day.isoformat(), "time_zone": "Asia/Shanghai",
        "visits": {"enquiries": len(rows), "aftersales": int((visit.kind == 2).sum()), "unpaid": int((visit.kind == UNPAID).sum())},
        "orders": {
            "orders": len(order), "paid": int(paid.sum()), "silent": int(silent.sum()), "deposits": int((order.deposit > 0).sum()),
            "paid_amount": yuan(int(order.amount[paid].sum())), "silent_paid_amount": yuan(int(order.amount[paid & silent].sum())),
            "refunded_amount": yuan(int(order.refund[order.refunded >= 0].sum())),
        },
        "conversion": round(float(play.probability[rows].mean()), 4),
        "agents": [_agent(play, number, rows) for number in range(len(shop.agents))],
        "products": [{"product_id": item.product_id, "title": item.title, "effect": item.effect} for item in shop.products],
        "promotions": [{"name": one.name, "effect": one.effect, "traffic": one.traffic} for one in shop.promotions],
        "plants": [{"what": one.what, "key": one.key, "effect": one.effect} for one in shop.plants],
    }  # fmt: skip
    if enquiries:
        found["enquiries"] = [_enquiry(play, row) for row in rows.tolist()]
    return found


def _agent(play: Play, number: int, rows: np.ndarray) -> dict[str, Any]:
    one = play.shop.agents[number]
    mine = rows[play.visits.agent[rows] == number]
    return {
        "agent": play.shop.sub_account(number), "name": one.name, "team": one.team, "shift": one.shift,
        "sell": round(one.sell * play.shop.skill_scale, 4), "speed": one.speed, "warmth": one.warmth,
        "reminder": one.reminder, "cross": one.cross, "knowledge": one.knowledge, "enquiries": len(mine),
        "conversion": round(float(play.probability[mine].mean()), 4) if len(mine) else None,
    }  # fmt: skip


def _enquiry(play: Play, row: int) -> dict[str, Any]:
    visit, why = play.visits, play.causes
    parts = {name: round(float(getattr(why, name)[row]), 4) for name in why.__dataclass_fields__}
    return {
        "at": iso(int(visit.start[row])), "buyer": int(visit.buyer[row]), "agent": play.shop.sub_account(int(visit.agent[row])),
        "product_id": play.shop.products[int(visit.product[row])].product_id, "load": int(visit.load[row]),
        "first_response": int(visit.first[row]) if visit.first[row] >= 0 else None,
        "objection": OBJECTIONS[int(visit.objection[row])],
        "probability": round(float(play.probability[row]), 4), "why": parts,
    }  # fmt: skip


def write_truth(play: Play, folder: Path, extra: dict[str, Any], enquiries: bool = False) -> Path:
    """真相文件 truth.json in `folder`, UTF-8."""
    file = folder / "truth.json"
    file.write_text(
        json.dumps(truth(play, enquiries) | extra, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n"
    )
    return file
