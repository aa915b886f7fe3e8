"""待付款订单 unpaid: orders of the last days that are neither paid nor closed, newest first, with the buyer's last conversation.

Days are the shop's, both included. Buyers' names are masked; amounts are yuan as text. Facts are read as they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.money import format_fen
from jinpai.period import add_days, format_instant
from jinpai.text.mask import mask_nick

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

Row = dict[str, Any]
DAYS = 3
"""Orders of so many days: an older one that nobody paid is past reminding."""
_UNPAID = """
with waiting as (
    select order_key, order_id, buyer, buyer_key, created_at, payable_amount from orders
    where created_day >= $from and created_day <= $to and paid_at is null and closed_at is null
), talked as (
    select c.buyer_key, arg_max(c.conversation_key, c.first_at) filter (where c.first_at is not null) as number
    from conversation as c
    inner join (select distinct buyer_key from waiting) as w on w.buyer_key = c.buyer_key
    group by c.buyer_key
)
select w.order_id, w.buyer, w.created_at, w.payable_amount, t.number
from waiting as w
left join talked as t on t.buyer_key = w.buyer_key
order by w.created_at desc, w.order_key
"""


def unpaid(workspace: Workspace, shop: str, day: int, most: int) -> Row:
    """待付款 `{"rows", "total", "amount"}` of the DAYS days up to `day`, at most so many rows.

    `amount` is what all of them together would bring, None where an order does not say.
    """
    settings = workspace.settings(shop)
    with flow.opened(workspace, shop) as engine:
        if not engine.has("orders") or not engine.has("conversation"):
            return {"rows": [], "total": 0, "amount": None}
        found = engine.rows(_UNPAID, {"from": add_days(day, 1 - DAYS), "to": day})
    amounts = [one["payable_amount"] for one in found]
    rows = [
        {"order": one["order_id"], "buyer": mask_nick(one["buyer"] or ""), "at": format_instant(one["created_at"], settings.zone),
         "amount": None if one["payable_amount"] is None else format_fen(one["payable_amount"]), "number": one["number"]}
        for one in found[:most]
    ]  # fmt: skip
    return {"rows": rows, "total": len(found), "amount": None if None in amounts else format_fen(sum(amounts))}
