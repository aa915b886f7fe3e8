"""让利账本 concessions: every discount, coupon and gift that a buyer asked for or an agent offered, and what became of it.

Pre-sales conversations with both sides; `concession` is a table of the reader with a row for each message and thing. A
promotion or coupon that the agent tells of unasked is no concession, a discount or gift without a condition is.
Conversion with and without goes together with the concession, which is no proof that one causes the other: agents give
to buyers who are nearly decided, and to those who are nearly gone. Amounts are those that the agent's words state; nobody
says what a gift costs, and no fact sheet has a floor price yet. Source: the diagnosis contract, §6.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinpai.diagnosis.matured import mature
from jinpai.errors import Words
from jinpai.inspection import quoted
from jinpai.metrics.values import wilson
from jinpai.period import FIRST_DAY, LAST_DAY
from jinpai.text import values as amounts
from jinpai.text.normal import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinpai.engine import Engine, Value
    from jinpai.period import Window

THINGS = {
    "discount": Words("便宜", "discount"), "coupon": Words("优惠券", "coupon"), "gift": Words("赠品", "gift"),
}  # fmt: skip
"""让的是什么 what can be asked for and given."""
NOTES = (
    Words("让了和没让的付款率放在一起看，只是同时出现，不能当原因", "Conversion with and without goes together with the concession; it is no cause"),
    Words("金额只认客服说出口的数；没说数的、赠品值多少，都不算在里面", "Amounts are those that the agent named; what was not named and what gifts cost is not in them"),
    Words("店铺事实里还没有底价这一项，是不是让过了底价看不出来", "The fact sheet has no floor price yet, so none can be said to be undercut"),
)  # fmt: skip
"""要说明的 what has to stand beside the figures."""
_ASKING = ("bargain", "walks_away", "gift_topic", "coupon")
_GIVING = ("unconditional_concession", "conditional_concession", "gift_offered", "coupon", "promotion_told")
_MORE = 6
"""So many characters beside the words that promise are read for an amount."""
_LESS = "减|減|便宜|折|抹|免|包邮|包郵|划算|劃算"
_MAYBE = (
    "优惠|優惠|少|省|让|讓|返|价|價|邮|郵|满|滿|凑|湊|申请|申請|争取|爭取|店长|店長|主管|领导|領導|老板|老闆|经理|經理"
)
_GIFT = "送|赠|贈|礼|禮|小样|小樣|试用|試用|福利|免费|免費|多(给|寄|放|塞|附|装|配|拿)|(给|給|帮|幫)(您|你|亲)(放|塞|附|备注|備註)"
"""What a message says that gives on a condition, or gives a thing: the signals also hear "let me ask the warehouse" and "take one of 90 x 180 too".

Beside a gift or a coupon of the same message a discount is one only where the words take something off.
"""
_AMOUNT = re.compile(
    r"(?:减|便宜|优惠|少|让|返|抹|省|降|补|退)(?:了|掉|个|给)?(?:您|你|亲)?(?:了|个|差价)?(\d{1,4}(?:\.\d{1,2})?|[一二两三四五六七八九十百]+)(毛|元|块|刀)?(?![\d折件个份张包盒瓶袋条双套箱天年月%]|分之)"
    r"|(\d{1,4})(?:元|块)?(?:的)?(?:无门槛)?(?:优惠)?(?:券|红包)"
)


def _texts(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in names)


_TALK = """
select c.buyer_key, c.conversation_seq, c.conversation_key, c.day, c.last_agent
from conversation as c
where c.stage in ('presales', 'undecided') and c.buyer_messages > 0 and c.agent_messages > 0 and c.day >= $from and c.day <= $to
"""
_HEARD = f"""
select g.buyer_key, g.conversation_seq, g.seq, g.side, g.signal, g.turn, g.sent_at, g.agent, g.begins, g.ends
from tag as g
inner join concession_talk as t on t.buyer_key = g.buyer_key and t.conversation_seq = g.conversation_seq
where (g.side = 'buyer' and g.signal in ({_texts(_ASKING)})) or (g.side = 'agent' and g.signal in ({_texts(_GIVING)}))
"""
# a row covers what its signals cover in the message: where the first stretch begins and the last ends
_ACT = """
with beside as (
    select buyer_key, seq, bool_or(signal = 'coupon') as coupon, bool_or(signal = 'bargain') as bargain, bool_or(signal = 'promotion_told') as promotion,
        bool_or(signal = 'unconditional_concession') as plain, bool_or(signal = 'gift_offered') as gift
    from heard_of group by buyer_key, seq
), conditioned as (
    select distinct buyer_key, conversation_seq, turn from heard_of where side = 'agent' and signal = 'conditional_concession'
), named as (
    select h.*, b.plain, b.gift or b.coupon and b.promotion as has_more, case when h.side = 'buyer' then 'asked' else 'given' end as act,
        case when h.signal in ('gift_topic', 'gift_offered') then 'gift'
            when h.side = 'buyer' and h.signal in ('bargain', 'walks_away') and not b.coupon then 'discount'
            when h.side = 'buyer' and h.signal = 'coupon' and b.bargain then 'coupon'
            when h.side = 'agent' and h.signal = 'coupon' and b.promotion then 'coupon'
            when h.signal in ('unconditional_concession', 'conditional_concession') then 'discount' end as thing
    from heard_of as h
    inner join beside as b on b.buyer_key = h.buyer_key and b.seq = h.seq
), once as (
    select act, thing, buyer_key, conversation_seq, seq, min(turn) as turn, min(sent_at) as sent_at, min(agent) as agent,
        min(begins) as begins, max(ends) as ends, bool_or(plain) as plain, bool_or(has_more) as has_more
    from named where thing is not null
    group by act, thing, buyer_key, conversation_seq, seq
), first_asked as (
    select buyer_key, conversation_seq, min(seq) as seq from once where act = 'asked' group by buyer_key, conversation_seq
)
select o.act, o.thing, case when o.act = 'given' then o.agent else coalesce(x.agent, t.last_agent) end as agent, o.buyer_key,
    o.conversation_seq, t.conversation_key, t.day, o.sent_at, o.turn, o.seq, o.begins, o.ends, o.has_more,
    case when o.act = 'given' then coalesce(a.seq > o.seq, true) end as unasked, case when o.act = 'given' then c.turn is not null and not o.plain end as conditional
from once as o
inner join concession_talk as t on t.buyer_key = o.buyer_key and t.conversation_seq = o.conversation_seq
left join first_asked as a on a.buyer_key = o.buyer_key and a.conversation_seq = o.conversation_seq
left join conditioned as c on c.buyer_key = o.buyer_key and c.conversation_seq = o.conversation_seq and c.turn = o.turn
left join exchange as x on o.act = 'asked' and x.buyer_key = o.buyer_key and x.conversation_seq = o.conversation_seq and x.turn = o.turn
-- who tells of a promotion or a coupon before anybody asked gives nothing away: that is C4 met
where not (o.act = 'given' and coalesce(a.seq > o.seq, true) and ((c.turn is not null and not o.plain) or o.thing = 'coupon'))
"""
_PROMISED = f"""
select a.buyer_key, a.seq, a.thing, case when a.thing <> 'gift' then substr(o.text, a.from_at + 1, a.ends - a.from_at + {_MORE}) end as words,
    case when a.thing = 'gift' then regexp_matches(o.text, '{_GIFT}')
        when a.thing = 'discount' and a.conditional and a.has_more then regexp_matches(o.text, '{_LESS}')
        when a.thing = 'discount' and a.conditional then regexp_matches(o.text, '{_LESS}|{_MAYBE}')
        else true end as is_told
from (
    -- a coupon's amount stands before its name
    select *, case when thing = 'coupon' then greatest(begins - {_MORE}, 0) else begins end as from_at from act_row where act = 'given'
) as a
inner join original as o on o.buyer_key = a.buyer_key and o.seq = a.seq
"""
_CONCESSION = """
select a.*, r.amount
from act_row as a
left join promised as p on p.buyer_key = a.buyer_key and p.seq = a.seq and p.thing = a.thing and a.act = 'given'
left join read_amount as r on r.words = p.words
where a.act = 'asked' or p.is_told
"""
_COUNTED = """
select agent, grouping(agent) as is_shop, count(distinct case when act = 'asked' then conversation_key end) as asked,
    count(distinct case when act = 'given' then conversation_key end) as given,
    count(distinct case when act = 'given' and unasked then conversation_key end) as given_unasked,
    count(case when act = 'given' then 1 end) as offers, count(case when act = 'given' and conditional then 1 end) as conditional_offers
from concession group by grouping sets ((agent), ())
order by agent
"""
_THINGS = """
select agent, grouping(agent) as is_shop, act, thing, count(distinct conversation_key) as talks from concession group by grouping sets ((agent, act, thing), (act, thing))
"""
_OUTCOME = """
with heard as (
    select t.enquiry_key, bool_or(c.act = 'asked') as asked, bool_or(c.act = 'given') as given,
        arg_max(c.amount, c.seq) filter (where c.amount is not null) as amount,
        arg_max(c.conditional, c.seq) filter (where c.amount is not null) as conditional
    from matured_talk as t
    inner join concession as c on c.buyer_key = t.buyer_key and c.conversation_seq = t.conversation_seq and c.seq <= t.until_seq
    group by t.enquiry_key
)
select m.agent, grouping(m.agent) as is_shop,
    count(case when h.asked and h.given then 1 end) as with_all, count(case when h.asked and h.given and m.paid then 1 end) as with_paid,
    count(case when h.asked and not h.given then 1 end) as without_all, count(case when h.asked and not h.given and m.paid then 1 end) as without_paid,
    count(case when h.given and m.paid then 1 end) as given_paid, count(case when h.given and m.paid and h.amount is not null then 1 end) as known,
    cast(coalesce(sum(case when m.paid and not h.conditional then h.amount end), 0) as bigint) as plain_fen,
    cast(coalesce(sum(case when m.paid and h.conditional then h.amount end), 0) as bigint) as conditional_fen
from heard as h
inner join matured as m on m.enquiry_key = h.enquiry_key
group by grouping sets ((m.agent), ())
"""
_LATEST = """
select c.*, o.text
from (
    select *, row_number() over (partition by agent, act, thing, unasked order by sent_at desc, conversation_key, seq) as place from concession
) as c
inner join original as o on o.buyer_key = c.buyer_key and o.seq = c.seq
where c.place <= $most
order by c.sent_at desc, c.conversation_key, c.seq, c.thing
"""


def concessions(
    engine: Engine, window: Window, *, first: int = FIRST_DAY, last: int = LAST_DAY, horizon: int | None = None,
    matures: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """让利账本 `{"looked_at", "shop", "agents", "notes"}` of the days, both included; makes `concession`, a row an offer or wish.

    Amounts are fen. Its columns: act (asked, given), thing, agent, conversation_key, buyer_key, day, sent_at, turn, seq, begins, ends, and of
    what was given: unasked, conditional, amount in fen or null. A row counts conversations (`asked`, `given`, `given_unasked`),
    offers, and of mature enquiries before an order whose buyer asked: conversion with a concession and without. Without
    `matures` the reader has `matured` of these days already.
    """
    if not all(engine.has(name) for name in ("tag", "exchange")):
        return {"looked_at": False, "shop": None, "agents": [], "notes": NOTES}
    values: dict[str, Value] = {"from": first, "to": last}
    if matures:
        mature(engine, window, first=first, last=last, horizon=horizon)
    engine.make("concession_talk", _TALK, values)
    engine.make("heard_of", _HEARD)
    engine.make("act_row", _ACT)
    engine.make("promised", _PROMISED)
    _read_amounts(engine)
    engine.make("concession", _CONCESSION)
    # None is the shop; what nobody is known to have written is in the shop's row alone
    counted, outcomes = (_by_agent(engine.rows(sql)) for sql in (_COUNTED, _OUTCOME))
    things: dict[str | None, dict[str, dict[str, int]]] = {}
    for one in engine.rows(_THINGS):
        if one["is_shop"] or one["agent"] is not None:
            things.setdefault(one["agent"], {}).setdefault(one["act"], {})[one["thing"]] = one["talks"]
    rows = {
        agent: _row(agent, counted.get(agent, {}), outcomes.get(agent, {}), things.get(agent, {}))
        for agent in {**counted, **outcomes}
    }
    shop = rows.pop(None, None)
    return {"looked_at": True, "shop": shop, "agents": [rows[agent] for agent in sorted(rows, key=str)], "notes": NOTES}


def _by_agent(rows: Iterable[dict[str, Any]]) -> dict[str | None, dict[str, Any]]:
    """Rows by agent, the shop's under None; those of an unknown agent are left out."""
    return {one["agent"]: one for one in rows if one["is_shop"] or one["agent"] is not None}


def concession_quotes(engine: Engine, most: int = 20) -> list[dict[str, Any]]:
    """原话 the latest rows of `concession` of each agent and kind, so many of each, with the words of their message, cut where long."""
    found = engine.rows(_LATEST, {"most": most})
    return [one | {"text": quoted(one["text"] or "")} for one in found]


def stated_amount(words: str) -> int | None:
    """说了让多少 the fen that words take off, None where they name no amount: 满199减20 is 2000, 给您打九折 none."""
    found = _AMOUNT.search(normal(words))
    if found is None:
        return None
    number, unit, coupon = found.groups()
    if coupon is not None:
        return amounts.fen(f"{coupon}元")
    fen = amounts.fen(f"{number}元")
    return None if fen is None else fen // 10 if unit == "毛" else fen


def _read_amounts(engine: Engine) -> None:
    """Makes `read_amount`: each distinct wording once."""
    import pyarrow as pa

    words = engine.arrow("select distinct words from promised where words is not null")["words"].to_pylist()
    read = pa.array([stated_amount(one) for one in words], pa.int64())
    engine.take("read_amount", pa.table({"words": pa.array(words, pa.string()), "amount": read}))


def _row(
    agent: str | None, counted: Mapping[str, Any], told: Mapping[str, Any], things: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    row: dict[str, Any] = {name: counted.get(name, 0) for name in ("asked", "given", "given_unasked", "offers")}
    row |= {"agent": agent, "things": things, "of": {}}
    _rate(row, "conditional_share", counted.get("conditional_offers", 0), row["offers"])
    _rate(row, "conversion_with", told.get("with_paid", 0), told.get("with_all", 0))
    _rate(row, "conversion_without", told.get("without_paid", 0), told.get("without_all", 0))
    _rate(row, "amount_known", told.get("known", 0), told.get("given_paid", 0))
    return row | {
        "given_away": told.get("plain_fen", 0), "given_away_on_condition": told.get("conditional_fen", 0),
    }  # fmt: skip


def _rate(row: dict[str, Any], name: str, numerator: int, denominator: int) -> None:
    low, high = wilson(numerator, denominator) or (None, None)
    row[name] = round(numerator / denominator, 6) if denominator else None
    row["of"][name] = [
        numerator,
        denominator,
        None if low is None else round(low, 6),
        None if high is None else round(high, 6),
    ]
