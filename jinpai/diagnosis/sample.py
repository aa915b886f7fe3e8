"""样本 sample: one row for each mature enquiry that stood before an order, with what could be known before its outcome.

Everything that the diagnosis says of conversion is said of these rows. What lies after the buyer's order is left out:
waits, and findings that rest on later words, since an outcome must not explain itself.

`day` is yyyymmdd and `number` counts days; both are the shop's. `price` and `amount` are fen, `*_ms` are milliseconds on
the shop's working clock, and on the plain one where no hours are set; null: nobody answered, or not known. `load` is how many other talks the
agent had open when this one began. `handling_B` to `handling_G` are mean results of the groups of criteria in
thousandths, `did_E1` and its like whether a criterion was met, null where none applied; these columns are there only where inspection is on, `level` only where buyers were imported. `converted`: paid in the
window, `amount` what was paid then. Source: the metrics contract, §5; the diagnosis contract, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.criteria import criteria
from jinpai.diagnosis.matured import mature
from jinpai.metrics.inspection import PASSED
from jinpai.period import add_days

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.engine import Engine
    from jinpai.period import Days, Window

GROUPS = ("B", "C", "D", "E", "F", "G")
"""Groups of criteria that are handling 接待; A is timeliness, H and I come after or beside the sale."""
AFTER_THE_ORDER = ("E3", "E4")
"""Criteria whose occasion is the outcome itself: an order that was not paid, a day without one."""
_WAITS = """
select t.enquiry_key,
    arg_min(coalesce(r.shop_business_ms, r.shop_ms), r.round_seq) filter (where r.shop_first) as first_ms,
    max(coalesce(r.shop_business_ms, r.shop_ms)) filter (where not r.shop_first) as longest_ms
from matured_talk as t
inner join round as r on r.buyer_key = t.buyer_key and r.conversation_seq = t.conversation_seq
where not r.gave_away and r.round_seq <= t.until_seq
group by t.enquiry_key
"""
_LOADS = """
select t.enquiry_key, arg_min(k.open_at_once, k.seq) - 1 as load, bool_or(c.off_hours) as off_hours
from matured_talk as t
inner join matured as m on m.enquiry_key = t.enquiry_key
inner join conversation as c on c.buyer_key = t.buyer_key and c.conversation_seq = t.conversation_seq
left join concurrency as k on k.buyer_key = t.buyer_key and k.seq = t.conversation_seq and k.scope = 'agent' and k.agent = m.agent
group by t.enquiry_key
"""
_DEALS = """
select m.enquiry_key, cast(coalesce(sum(o.paid_amount), 0) as bigint) as amount
from matured as m
inner join orders as o on o.buyer_key = m.buyer_key and o.paid_at >= m.t0 and o.paid_at < m.ends_at
    and (o.created_at >= m.t0 or coalesce(o.deposit_paid_at >= m.t0, true))
where m.paid
group by m.enquiry_key
"""
_EARLIER = """
select distinct m.enquiry_key from matured as m inner join orders as o on o.buyer_key = m.buyer_key and o.paid_at < m.t0
"""
_LEVELS = """
select s.buyer_key, max(b.level) as level from source_buyers as b
inner join (select distinct buyer, buyer_key from source_messages) as s on s.buyer = b.buyer
group by s.buyer_key
"""
_LEVEL = "left join sampled_level as v on v.buyer_key = m.buyer_key\n"
_FOUND = "left join sampled_handling as h on h.enquiry_key = m.enquiry_key\n"
_HANDLING = """
select t.enquiry_key, {groups}
from matured_talk as t
inner join settled as f on f.buyer_key = t.buyer_key and f.conversation_seq = t.conversation_seq
where not f.is_hint and f.criterion not in ({after}) and coalesce(f.seq, -1) <= t.until_seq
group by t.enquiry_key
"""
_ROWS = """
select
    m.enquiry_key, m.buyer_key, m.agent, m.day, k.number, k.week, k.weekday, a.hour, m.t0, k.holiday is not null as is_holiday,
    k.promotion, m.product, p.category, p.price, e.enquiry_key is not null as is_repeat,
    a.answered, coalesce(n.off_hours, false) as off_hours, n.load, case when a.answered then w.first_ms end as first_ms, w.longest_ms,
    m.ordered_at is not null and m.ordered_at < m.ends_at as ordered, m.paid as converted, coalesce(d.amount, 0) as amount{more}
from matured as m
inner join enquiry as a on a.enquiry_key = m.enquiry_key
inner join calendar as k on k.day = m.day
left join product as p on p.product_id = m.product
left join sampled_earlier as e on e.enquiry_key = m.enquiry_key
left join sampled_load as n on n.enquiry_key = m.enquiry_key
left join sampled_wait as w on w.enquiry_key = m.enquiry_key
left join sampled_deal as d on d.enquiry_key = m.enquiry_key
{joined}
order by m.t0, m.enquiry_key
"""


def sample(engine: Engine, days: Days, window: Window) -> pa.Table:
    """样本 the rows of enquiries that began on `days` (half-open) and whose `window` has ended, in order of time.

    `engine` reads the facts of one shop; tables that this makes are its own.
    """
    mature(engine, window, first=days.start, last=add_days(days.end, -1))
    inspected, has_levels = engine.has("settled"), bool(engine.rows("select 1 as one from source_buyers limit 1"))
    steps = {"wait": _WAITS, "load": _LOADS, "deal": _DEALS, "earlier": _EARLIER}
    if has_levels:
        steps["level"] = _LEVELS
    if inspected:
        steps["handling"] = _handling()
    for name, sql in steps.items():
        engine.make(f"sampled_{name}", sql)
    more = (", v.level" if has_levels else "") + (
        "".join(
            f", h.{name}" for name in (*(f"handling_{one}" for one in GROUPS), *(f"did_{one}" for one in behaviours()))
        )
        if inspected
        else ""
    )
    joined = _LEVEL if has_levels else ""
    joined += _FOUND if inspected else ""
    return engine.arrow(_ROWS.format(more=more, joined=joined))


def behaviours() -> list[str]:
    """做法 the criteria of handling that say what an agent did, hints left out."""
    return [
        name for name, one in criteria().items() if name[0] in GROUPS and not one.hint and name not in AFTER_THE_ORDER
    ]


def _handling() -> str:
    """The mean result of each group's criteria in an enquiry."""
    of = "case when f.criterion like '{0}%' then f.result end"
    groups = ", ".join(
        f"cast(sum({of.format(group)}) as bigint) // nullif(count({of.format(group)}), 0) as handling_{group}"
        for group in GROUPS
    )
    groups += "".join(
        f", min(case when f.criterion = '{name}' then f.result end) >= {PASSED} as did_{name}" for name in behaviours()
    )
    return _HANDLING.format(groups=groups, after=", ".join(f"'{name}'" for name in AFTER_THE_ORDER))
