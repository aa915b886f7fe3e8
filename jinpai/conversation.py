"""会话 conversation: one conversation as it was written, with what became of it and its buyer's orders around it.

Days are the shop's; instants ISO 8601 in the shop's zone; amounts yuan as text. The buyer's name is masked. With `only` nothing
is told but of a conversation in which that sub-account took part. Source: the page of the desk, §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.computing import horizon_of
from jinpai.conversations import ENDED, OUTCOME, Search, beside
from jinpai.money import format_fen
from jinpai.naming import begun_with
from jinpai.period import DAY_MS, format_instant
from jinpai.standing import titles
from jinpai.transcript import told

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

Row = dict[str, Any]
_AROUND = 30 * DAY_MS
"""Orders so long before and after a conversation stand beside it."""
_MAY = """
select 1 as yes from reception where agent = $only and buyer_key = $buyer and conversation_seq = $conversation
union all
select 1 from conversation where addressed_to = $only and buyer_key = $buyer and conversation_seq = $conversation
"""
_OUTCOME = f"""
select {ENDED} as outcome from conversation as c {OUTCOME}
where c.buyer_key = $buyer and c.conversation_seq = $conversation
"""
_ORDERS = """
select order_key, order_id, created_at, paid_at, refunded_at, payable_amount, paid_amount, refund_amount from orders
where buyer_key = $buyer and created_at >= $since and created_at <= $until order by created_at, order_key limit 20
"""
_GOODS = """
select i.order_key, i.product_id, i.title from order_item as i inner join orders as o on o.order_key = i.order_key
where o.buyer_key = $buyer order by i.order_key, i.line
"""


def one(workspace: Workspace, shop: str, number: str, search: Search, only: str | None = None) -> Row | None:
    """一段会话 `{"told", "orders", "outcome", "before", "after", "inspected"}` of the one whose number begins so; None without.

    `told` is what `jinpai.transcript.conversation` tells; `before` and `after` are numbers in the list of the search.
    """
    settings = workspace.settings(shop)
    with flow.opened(workspace, shop) as engine:
        spans = begun_with(engine, number)
        if len(spans) != 1:
            return None
        span = spans[0]
        here = {"buyer": span["buyer_key"], "conversation": span["conversation_seq"], "only": only}
        if only is not None and not engine.rows(_MAY, here):
            return None
        ended = engine.rows(_OUTCOME, here | {"horizon": horizon_of(engine)})
        return {
            "told": _own(told(engine, settings, workspace, span), only), "inspected": engine.has("settled"),
            "outcome": ended[0]["outcome"] if ended else "none", "orders": _timeline(engine, settings, span),
        } | beside(workspace, shop, search, span["conversation_key"], only)  # fmt: skip


def _own(talk: Row, only: str | None) -> Row:
    """What an agent is told of a talk: of what colleagues did in it no score and no finding."""
    if only is None:
        return talk
    own = {name: [one for one in talk[name] if one["agent"] in (None, only)] for name in ("scores", "findings")}
    return talk | own


def _timeline(engine: Engine, settings: Settings, span: Mapping[str, Any]) -> list[Row]:
    """What became of the buyer's orders around the conversation, in the order of time; the talk itself stands among it."""
    here = {"buyer": span["buyer_key"], "since": span["first_at"] - _AROUND, "until": span["last_at"] + _AROUND}
    names = titles(engine)
    goods: dict[int, list[str]] = {}
    for one in engine.rows(_GOODS, here) if engine.has("order_item") else []:
        goods.setdefault(one["order_key"], []).append(names.get(one["product_id"], one["title"] or one["product_id"]))
    steps: list[tuple[int, Row]] = [(span["first_at"], {"what": "talk", "order": None, "amount": None, "goods": []})]
    for order in engine.rows(_ORDERS, here):
        for what, at, amount in (
            ("created", order["created_at"], order["payable_amount"]), ("paid", order["paid_at"], order["paid_amount"]),
            ("refunded", order["refunded_at"] or order["paid_at"], order["refund_amount"]),
        ):  # fmt: skip
            if at is not None and (what != "refunded" or amount):
                shown = None if amount is None else format_fen(amount)
                steps.append(
                    (
                        at,
                        {
                            "what": what,
                            "order": order["order_id"],
                            "amount": shown,
                            "goods": goods.get(order["order_key"], []),
                        },
                    )
                )
    return [step | {"at": format_instant(at, settings.zone)} for at, step in sorted(steps, key=lambda step: step[0])]
