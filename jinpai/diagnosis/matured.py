"""已满统计期的询单 matured: every enquiry that had no order yet and whose window has ended, with its talks up to its order.

`matured` is a row an enquiry: `until_at` is the buyer's first order or payment since, else the end of the window. What came
after it explains nothing. `matured_talk` is a row for each of its pre-sales conversations begun by then: `until_seq` is the
last message before `until_at`. Both are tables of one reader. Source: the metrics contract, §5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.computing import horizon_of
from jinpai.metrics.definition import end_of
from jinpai.period import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value
    from jinpai.period import Window

_MATURED = """
select e.enquiry_key, e.buyer_key, e.day, e.owner as agent, e.product, e.t0, e.ordered_at, {end} as ends_at,
    coalesce(e.paid_at < {end}, false) as paid, least({end}, coalesce(e.ordered_at, {end}), coalesce(e.paid_at, {end})) as until_at
from enquiry as e
where e.stage = 'before_order' and {end} <= $horizon and (not e.recent or e.main_ends_at <= $horizon)
    and e.day >= $from and e.day <= $to
"""
_TALK = """
with linked as (
    select m.enquiry_key, m.until_at, c.buyer_key, c.conversation_seq, c.conversation_key, c.first_buyer_seq, c.last_at, c.last_seq
    from matured as m
    inner join enquiry_link as l on l.enquiry_key = m.enquiry_key
    inner join conversation as c on c.buyer_key = l.buyer_key and c.day = l.day and c.stage in ('presales', 'undecided')
    where c.first_buyer_at <= m.until_at
), cut as (
    -- message by message only where an order falls into a talk
    select t.buyer_key, t.conversation_seq, max(m.seq) as until_seq
    from linked as t
    inner join line as m on m.buyer_key = t.buyer_key and m.conversation_seq = t.conversation_seq and m.sent_at < t.until_at
    where t.last_at >= t.until_at
    group by t.buyer_key, t.conversation_seq
)
select t.enquiry_key, t.until_at, t.buyer_key, t.conversation_seq, t.conversation_key, t.first_buyer_seq,
    coalesce(c.until_seq, case when t.last_at < t.until_at then t.last_seq else t.conversation_seq - 1 end) as until_seq
from linked as t
left join cut as c on c.buyer_key = t.buyer_key and c.conversation_seq = t.conversation_seq
"""


def mature(
    engine: Engine, window: Window, *, first: int = FIRST_DAY, last: int = LAST_DAY, horizon: int | None = None
) -> None:
    """算出来 makes `matured` and `matured_talk` of the days, both included; `horizon` is that of the facts unless told."""
    values: dict[str, Value] = {
        "from": first, "to": last, "horizon": horizon_of(engine) if horizon is None else horizon,
    }  # fmt: skip
    engine.make("matured", _MATURED.format(end=f"({end_of(window)})"), values)
    engine.make("matured_talk", _TALK)
