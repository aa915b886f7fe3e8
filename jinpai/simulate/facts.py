"""询单事实 one row an enquiry with what was seen and why: for proofs over many seeds, without any files."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jinpai.simulate.arrows import instants, picked
from jinpai.simulate.causes import Causes
from jinpai.simulate.draw import Play, play
from jinpai.simulate.shop import Shop, hexiaoman
from jinpai.simulate.visits import OBJECTIONS

DAY = 86400


def paid_in_window(drawn: Play) -> np.ndarray:
    """次日付款 by visit: the order that grew from it was paid before the end of the day after it."""
    order, visit = drawn.orders, drawn.visits
    rows = np.flatnonzero((drawn.order_row >= 0) & (order.paid >= 0) & (order.deposit == 0))
    place = drawn.order_row[rows]
    soon = order.paid[rows] < (visit.start[place] // DAY + 2) * DAY
    paid = np.zeros(len(visit), dtype=bool)
    paid[place[soon]] = True
    return paid


def enquiries(shop: Shop | None = None, seed: int = 7) -> pa.Table:
    """询单事实 of one play: observed columns, `converted`, the true `probability`, and its parts `why_…`.

    `converted` is paid in the main window (next_day); `is_mature` is false where that window runs past the end.
    `first_response` is seconds, null where nobody answered; `price` and `budget` are fen.
    """
    drawn = play(shop or hexiaoman(), seed)
    rows = np.flatnonzero(drawn.visits.kind < 2)
    visit, place = drawn.visits.take(rows), drawn.shop
    day = (visit.start - place.begins) // DAY
    goods = place.products
    columns = {
        "at": instants(visit.start), "day": pa.array(day), "week": pa.array(day // 7),
        "hour": pa.array((visit.start - place.begins) % DAY // 3600), "buyer": pa.array(visit.buyer),
        "agent": picked([one.name for one in place.agents], visit.agent),
        "product": picked([item.code for item in goods], visit.product),
        "category": picked([item.category for item in goods], visit.product),
        "price": pa.array(np.array([item.price for item in goods])[visit.product]), "budget": pa.array(visit.budget),
        "load": pa.array(visit.load), "first_response": pa.array(visit.first, mask=visit.first < 0),
        "rounds": pa.array(visit.rounds), "objection": picked(OBJECTIONS, visit.objection.astype(np.int64)),
        "is_wrong": pa.array(visit.wrong), "is_invited": pa.array(visit.invited),
        "is_promotion": pa.array(place.promoted()[day] > 0), "is_return": pa.array(visit.kind == 1),
        "is_mature": pa.array((visit.start // DAY + 2) * DAY <= place.ends),
        "converted": pa.array(paid_in_window(drawn)[rows]), "probability": pa.array(drawn.probability[rows]),
    }  # fmt: skip
    why = {
        f"why_{name}": pa.array(np.asarray(getattr(drawn.causes, name))[rows]) for name in Causes.__dataclass_fields__
    }
    return pa.table(columns | why)
