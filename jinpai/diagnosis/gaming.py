"""异常行为提醒 watch: what looks as if figures were worked on, with its evidence, how usual it is in the team, and what else explains it.

Nothing here takes a point or a yuan off anybody, and nothing says that somebody did wrong: a supervisor looks at the
conversations and asks. Each pattern is one query, a row an occasion: agent, buyer_key, conversation_key, at, seq, begins,
ends, measured, is_hit. Source: the diagnosis contract, §7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from jinpai.diagnosis.unusual import Counts, share_of, spread_of, tail, tail_against
from jinpai.errors import Words
from jinpai.metrics.values import wilson
from jinpai.period import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinpai.engine import Engine, Value
    from jinpai.workspace import Settings

SELDOM = 0.001
"""少见 whom chance alone would put here in fewer than one of a thousand stands out."""
FEWEST_HITS, FEWEST_OTHERS = 3, 20
"""太少不说 with fewer hits, or fewer occasions of the others, nobody stands out."""
QUICK_SECONDS = 20
REORDER_HOURS = 24
COMPLAINT_MINUTES = 30
REMINDERS = ("reminds_unpaid", "payment_reminder")
COMPLAINTS = ("complaint", "agent_caused")
WANTS_LINK = ("recommendation", "compare_models", "order_placing", "asks_opinion", "asks_about", "stock", "buyer_ready")
Against = Literal["team", "own"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """一种提醒 what is watched: its words, what counts as a hit, what the hits are a share of, and what else explains it.

    `seen` says what was seen in one conversation, {n} its measure. `against`: compared with the team, or with the agent's
    own other occasions (`is_base`). `needs` are tables without which it cannot be looked at, `rows_of` one that needs rows;
    `by_orders`: only what matched buyers ordered is seen, so with few of them who stands out is chance.
    """

    name: str
    words: Words
    meaning: Words
    occasions: Words
    harmless: Words
    seen: Words
    needs: tuple[str, ...]
    sql: str
    against: Against = "team"
    rows_of: str = ""
    by_orders: bool = False


def _texts(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in names)


_FILLER = """
select f.agent, f.buyer_key, f.conversation_key, s.first_buyer_at as at, f.seq, f.begins, f.ends, cast(null as bigint) as measured, f.result < 600 as is_hit
from settled as f
inner join span as s on s.buyer_key = f.buyer_key and s.conversation_seq = f.conversation_seq
where f.criterion = 'A5' and f.day >= $from and f.day <= $to
"""
_QUICK_REMINDER = f"""
with reminder as (
    select buyer_key, conversation_seq, seq, sent_at, min(agent) as agent, min(begins) as begins, max(ends) as ends
    from tag where side = 'agent' and signal in ({_texts(REMINDERS)})
    group by buyer_key, conversation_seq, seq, sent_at
), followed as (
    select r.buyer_key, r.conversation_seq, r.seq, r.sent_at, r.agent, r.begins, r.ends, min(o.paid_at) as paid_at
    from reminder as r
    inner join orders as o on o.buyer_key = r.buyer_key and o.created_at <= r.sent_at and o.paid_at >= r.sent_at and o.paid_at < r.sent_at + 86400000
    group by r.buyer_key, r.conversation_seq, r.seq, r.sent_at, r.agent, r.begins, r.ends
)
select f.agent, f.buyer_key, s.conversation_key, f.sent_at as at, f.seq, f.begins, f.ends, (f.paid_at - f.sent_at) // 1000 as measured,
    f.paid_at - f.sent_at <= {QUICK_SECONDS * 1000} as is_hit
from followed as f
inner join span as s on s.buyer_key = f.buyer_key and s.conversation_seq = f.conversation_seq
where s.day >= $from and s.day <= $to
"""
_GIVEN_AWAY = """
select g.agent, g.buyer_key, g.conversation_seq, s.conversation_key, g.sent_at as at, g.seq, s.last_seq
from giver as g
inner join span as s on s.buyer_key = g.buyer_key and s.conversation_seq = g.conversation_seq
left join agent as a on a.agent = g.given_to
where g.agent is not null and coalesce(a.team, '') <> 'aftersales' and s.buyer_messages > 0 and s.day >= $from and s.day <= $to
"""
_HANDED_AFTER_COMPLAINT = f"""
with given_away as ({_GIVEN_AWAY}), complained as (
    select g.buyer_key, g.seq, max(t.seq) as said_seq, max(t.sent_at) as said_at
    from given_away as g
    inner join tag as t on t.buyer_key = g.buyer_key and t.conversation_seq = g.conversation_seq and t.seq < g.seq and t.side = 'buyer'
        and t.signal in ({_texts(COMPLAINTS)}) and t.sent_at >= g.at - {COMPLAINT_MINUTES * 60_000}
    group by g.buyer_key, g.seq
)
select g.agent, g.buyer_key, g.conversation_key, g.at, coalesce(c.said_seq, g.seq) as seq, cast(null as bigint) as begins, cast(null as bigint) as ends,
    (g.at - c.said_at) // 60000 as measured, c.seq is not null as is_hit
from given_away as g
left join complained as c on c.buyer_key = g.buyer_key and c.seq = g.seq
"""
_HANDED_AT_THE_END = f"""
with given_away as ({_GIVEN_AWAY}), spoken as (
    select g.buyer_key, g.seq, count(case when m.by_person then 1 end) as answers
    from given_away as g
    left join line as m on m.buyer_key = g.buyer_key and m.conversation_seq = g.conversation_seq and m.seq > g.seq
    group by g.buyer_key, g.seq
)
select g.agent, g.buyer_key, g.conversation_key, g.at, least(g.seq, g.last_seq) as seq, cast(null as bigint) as begins, cast(null as bigint) as ends,
    cast(null as bigint) as measured, s.answers = 0 as is_hit
from given_away as g
inner join spoken as s on s.buyer_key = g.buyer_key and s.seq = g.seq
"""
_PAID_REVIEW = """
select coalesce(f.agent, k.last_agent) as agent, k.buyer_key, k.conversation_key, s.first_at as at, f.seq, f.begins, f.ends,
    cast(null as bigint) as measured, f.criterion is not null as is_hit
from conversation_card as k
inner join span as s on s.buyer_key = k.buyer_key and s.conversation_seq = k.conversation_seq
left join settled as f on f.buyer_key = k.buyer_key and f.conversation_seq = k.conversation_seq and f.criterion = 'H6' and f.result < 1000
where k.day >= $from and k.day <= $to
"""
_ONLY_HAPPY = f"""
with complained as (
    select buyer_key, conversation_seq, min(seq) as seq from tag where side = 'buyer' and signal in ({_texts(COMPLAINTS)})
    group by buyer_key, conversation_seq
), invited as (
    select s.buyer_key, s.conversation_seq, min(e.sent_at) as sent_at
    from evaluation as e
    inner join span as s on s.buyer_key = e.buyer_key and e.sent_at >= s.first_at and e.sent_at < s.last_at + 86400000
    where e.origin in ('invited', 'self') and e.sent_at is not null
    group by s.buyer_key, s.conversation_seq
)
select s.last_agent as agent, s.buyer_key, s.conversation_key, s.first_at as at, c.seq, cast(null as bigint) as begins, cast(null as bigint) as ends,
    cast(null as bigint) as measured, i.sent_at is null as is_hit, c.seq is null as is_base
from span as s
left join complained as c on c.buyer_key = s.buyer_key and c.conversation_seq = s.conversation_seq
left join invited as i on i.buyer_key = s.buyer_key and i.conversation_seq = s.conversation_seq
where s.buyer_messages > 0 and s.agent_messages > 0 and s.day >= $from and s.day <= $to
"""
_REORDERED = f"""
with mine as (
    select a.order_key, a.buyer_key, a.created_at, a.owner_order as agent, c.day
    from attribution as a
    inner join orders as o on o.order_key = a.order_key
    inner join calendar as c on c.day = o.created_day
    where a.owner_order is not null and a.paid_at is not null and a.given_to is null and c.day >= $from and c.day <= $to
), ended as (
    select o.order_key, o.buyer_key, o.created_at, coalesce(o.closed_at, r.refunded_at, o.refunded_at) as ended_at
    from orders as o
    inner join attribution as a on a.order_key = o.order_key and a.owner_order is null
    left join (select order_key, min(refunded_at) as refunded_at from refund_row group by order_key) as r on r.order_key = o.order_key
), again as (
    select m.order_key, min(e.created_at) as first_at, min(abs(e.ended_at - m.created_at)) // 3600000 as hours
    from mine as m
    inner join ended as e on e.buyer_key = m.buyer_key and e.created_at < m.created_at
        and abs(e.ended_at - m.created_at) <= {REORDER_HOURS * 3_600_000}
    inner join order_item as i on i.order_key = m.order_key
    inner join order_item as j on j.order_key = e.order_key and j.product_id = i.product_id and i.product_id <> 'unknown'
    group by m.order_key
), wrote as (
    -- what the agent wrote between the two orders
    select m.order_key, max(l.seq) as seq, arg_max(l.conversation_seq, l.seq) as conversation_seq
    from mine as m
    inner join again as g on g.order_key = m.order_key
    inner join line as l on l.buyer_key = m.buyer_key and l.agent = m.agent and l.by_person and l.sent_at >= g.first_at and l.sent_at < m.created_at
    group by m.order_key
)
select m.agent, m.buyer_key, s.conversation_key, m.created_at as at, w.seq, cast(null as bigint) as begins, cast(null as bigint) as ends,
    g.hours as measured, w.order_key is not null as is_hit
from mine as m
left join again as g on g.order_key = m.order_key
left join wrote as w on w.order_key = m.order_key
left join span as s on s.buyer_key = m.buyer_key and s.conversation_seq = w.conversation_seq
"""
_OWN_ORDERS = """
select a.owner_order_first as agent, a.buyer_key, s.conversation_key, a.paid_at as at, cast(null as bigint) as seq, cast(null as bigint) as begins,
    cast(null as bigint) as ends, cast(null as bigint) as measured, b.buyer is not null as is_hit
from attribution as a
inner join orders as o on o.order_key = a.order_key
left join staff_account as b on b.buyer = o.buyer
left join (select buyer_key, arg_max(conversation_key, first_at) as conversation_key from span group by buyer_key) as s on s.buyer_key = a.buyer_key
where a.owner_order_first is not null and a.paid_at is not null and a.day >= $from and a.day <= $to
"""
_LINKS = f"""
with talk as (
    select c.buyer_key, c.conversation_seq, c.conversation_key, c.first_at, r.agent
    from reception as r
    inner join conversation as c on c.buyer_key = r.buyer_key and c.conversation_seq = r.conversation_seq
    where c.stage in ('presales', 'undecided') and c.day >= $from and c.day <= $to and r.agent is not null
), card as (
    select buyer_key, conversation_seq, seq, sender, agent, product_id from line where product_id is not null and sender in ('buyer', 'agent', 'assist')
), wanted as (
    select buyer_key, conversation_seq, min(seq) as seq from tag where side = 'buyer' and signal in ({_texts(WANTS_LINK)})
    group by buyer_key, conversation_seq
), unasked as (
    select t.buyer_key, t.conversation_seq, t.agent, min(d.seq) as seq
    from talk as t
    inner join card as d on d.buyer_key = t.buyer_key and d.conversation_seq = t.conversation_seq and d.agent = t.agent and d.sender <> 'buyer'
    left join wanted as w on w.buyer_key = d.buyer_key and w.conversation_seq = d.conversation_seq and w.seq < d.seq
    left join card as b on b.buyer_key = d.buyer_key and b.conversation_seq = d.conversation_seq and b.sender = 'buyer'
        and b.product_id = d.product_id and b.seq < d.seq
    where w.seq is null and b.seq is null
    group by t.buyer_key, t.conversation_seq, t.agent
)
select t.agent, t.buyer_key, t.conversation_key, t.first_at as at, u.seq, cast(null as bigint) as begins, cast(null as bigint) as ends,
    cast(null as bigint) as measured, u.seq is not null as is_hit
from talk as t
left join unasked as u on u.buyer_key = t.buyer_key and u.conversation_seq = t.conversation_seq and u.agent = t.agent
"""

PATTERNS = (
    Pattern("filler", Words("空话占响应时间", "filler to stop the clock"),
        Words("买家问了事情，第一句只回“亲”“在的”，一分钟里没有下文", "The first answer to a question was empty and nothing followed within a minute"),
        Words("第一句答了问题的会话", "conversations with a first answer to a question"),
        Words("快捷短语设成了自动抢答，或者人被别的买家拖住了", "A quick reply set to fire at once, or a busy minute"),
        Words("只回了一句空话", "the first answer was empty"), ("settled",), _FILLER),
    Pattern("quick_reminder", Words("催付刚发就付款", "reminder just before the payment"),
        Words(f"催付发出 {QUICK_SECONDS} 秒之内买家就付了款，多半本来就在付", f"The payment came within {QUICK_SECONDS} s of the reminder: the buyer was most likely paying anyway"),
        Words("一天之内收到付款的催付", "reminders followed by a payment within a day"),
        Words("催得正是时候，或者买家说了“马上付”", "Good timing, or the buyer had said that he was paying"),
        Words("催付后 {n} 秒付款", "paid {n} s after the reminder"), ("tag", "orders"), _QUICK_REMINDER, by_orders=True),
    Pattern("handed_after_complaint", Words("买家抱怨后转走", "handed over after a complaint"),
        Words(f"买家抱怨之后 {COMPLAINT_MINUTES} 分钟内转给了别的客服（转给售后组的不算）", f"Handed to a colleague within {COMPLAINT_MINUTES} min of a complaint, the after-sales team aside"),
        Words("转出去的会话", "conversations handed over"),
        Words("店里规定这类问题要转给组长", "The shop wants such cases handed to a senior"),
        Words("抱怨后 {n} 分钟转走", "handed over {n} min after the complaint"), ("tag", "giver"), _HANDED_AFTER_COMPLAINT),
    Pattern("handed_at_the_end", Words("转走后没人再说话", "handed over and nobody wrote again"),
        Words("转给别的客服之后，这段会话里再没有人工说过话（转给售后组的不算）", "After the hand-over no person wrote in the conversation, the after-sales team aside"),
        Words("转出去的会话", "conversations handed over"),
        Words("接手的人没接住，或者买家已经走了", "The receiver missed it, or the buyer was gone"),
        Words("转走后没有人工回复", "no person wrote after the hand-over"), ("giver",), _HANDED_AT_THE_END),
    Pattern("paid_review", Words("拿好处换好评", "good reviews for a reward"),
        Words("客服的话像是用返现、礼品换好评（H6 的提示，要人看过才算）", "Words like a reward for a good review: a hint of H6, which a person has to confirm"),
        Words("双方都说了话的会话", "conversations with both sides"),
        Words("平台活动本身送礼，或者说的是别的事", "A campaign of the platform, or other words"),
        Words("提到了好评和好处", "a review and a reward were named"), ("settled", "conversation_card"), _PAID_REVIEW),
    Pattern("only_happy_invited", Words("买家抱怨了就不邀评", "only content buyers invited to rate"),
        Words("有抱怨的会话没发邀评，而自己其他会话常发", "No invitation to rate after a complaint, where the same agent's other talks have one"),
        Words("买家抱怨过的会话", "conversations with a complaint"),
        Words("系统自动邀评有次数限制，或者店里规定有售后先不邀", "A cap on invitations, or a rule of the shop to settle first"),
        Words("抱怨过的会话没有邀评", "no invitation after a complaint"), ("tag", "evaluation"), _ONLY_HAPPY, "own", rows_of="evaluation"),
    Pattern("reordered", Words("静默单取消后重拍", "silent order cancelled and placed again"),
        Words(f"买家自己下的单，客服说过话之后关闭或退款，{REORDER_HOURS} 小时内同一商品又拍了一单，算到了客服名下",
              f"A silent order was closed or refunded and the same product ordered again within {REORDER_HOURS} h, after the agent wrote and to his credit"),
        Words("下单时归自己的已付款订单", "paid orders owned at their creation"),
        Words("地址、颜色拍错了，或者要凑满减", "A wrong address or colour, or a better promotion"),
        Words("两单相隔 {n} 小时", "{n} h between the end of one and the other"), ("attribution", "order_item"), _REORDERED, by_orders=True),
    Pattern("own_orders", Words("员工账号的单算了业绩", "orders of staff accounts"),
        Words("「口径」里登记的自家人账号下的单，算到了客服名下", "An order of a buyer account registered as staff counts for an agent"),
        Words("算到自己名下的已付款订单", "paid orders to the agent's credit"),
        Words("员工真的买了自家的东西", "Staff do buy at home"),
        Words("买家是登记的员工账号", "the buyer is a registered staff account"), ("attribution",), _OWN_ORDERS, rows_of="staff_account", by_orders=True),
    Pattern("links_everywhere", Words("买家没要就发商品链接", "product links that nobody asked for"),
        Words("买家没要推荐、没问哪款、没发过这件商品，客服就发了商品卡片", "A product card before the buyer asked for a recommendation or a link, or sent that product himself"),
        Words("售前接待的会话", "pre-sales conversations"),
        Words("店里要求主动推荐，或者在推活动款", "The shop wants products offered, or a campaign runs"),
        Words("没问就发了商品卡片", "a product card unasked"), ("tag", "reception"), _LINKS),
)  # fmt: skip
"""看哪些 what is watched, in the order of screens."""
NOT_SEEN = (
    Words("把订单压到下个月：聊天和订单里看不出谁为了什么晚拍，不判", "Orders held back to the next month: no message or order tells why somebody ordered late"),
    Words("亲友下的单：只认得登记过的员工账号，别的账号是谁的看不出来，不判", "Friends' orders: only registered staff accounts are known"),
    Words("电话、微信里说的：不在聊天记录里，看不到", "What was said on the phone or elsewhere is not in the chats"),
)  # fmt: skip
"""看不出来的 what these facts cannot show, and what is therefore not claimed."""
NOT_INSPECTED = Words("聊天质检没有打开，打开后再诊断", "Inspection is off: turn it on, then diagnose again")
NOT_MATCHED = Words(
    "能对上号的买家太少，从订单里看人不准", "Too few buyers are matched to tell anything of people by their orders"
)
NO_STAFF = Words(
    "「口径」里还没登记自家人的买家账号", "No buyer accounts of your own people are registered under Rules"
)
NO_INVITATIONS = Words("没有导入评价和邀评的表", "No evaluations and invitations were imported")


def watch(
    engine: Engine, settings: Settings, *, first: int = FIRST_DAY, last: int = LAST_DAY, matches: bool = True
) -> dict[str, Any]:
    """看一遍 `{"patterns", "not_seen"}` of the days, both included; makes `watch_<name>` for each pattern that can be looked at.

    A pattern has `looked_at` (else what is `lacking`), `team` (how usual it is) and `agents`: hits, occasions, share with
    interval, the others' share, and `stands_out`: true or false, None where there is too little to tell. Evidence: `watched`, of occasions.
    `matches` says whether enough buyers of chats are found among the orders to say anything of people by their orders.
    """
    values: dict[str, Value] = {"from": first, "to": last}
    patterns = []
    for one in PATTERNS:
        told: dict[str, Any] = {
            "name": one.name, "words": one.words, "meaning": one.meaning, "occasions": one.occasions, "harmless": one.harmless,
        }  # fmt: skip
        lacking = _lacking(engine, settings, one, matches)
        if lacking is not None:
            patterns.append(told | {"looked_at": False, "lacking": lacking, "team": None, "agents": []})
            continue
        engine.make(f"watch_{one.name}", one.sql, values)
        patterns.append(told | {"looked_at": True, "lacking": None} | _compared(engine, one))
    return {"patterns": patterns, "not_seen": NOT_SEEN}


def _lacking(engine: Engine, settings: Settings, one: Pattern, matches: bool) -> Words | None:
    """Why a pattern cannot be looked at; None: it can."""
    import pyarrow as pa

    if not all(engine.has(table) for table in one.needs):
        return NOT_INSPECTED
    if one.by_orders and not matches:
        return NOT_MATCHED
    if one.name == "own_orders":
        engine.take("staff_account", pa.table({"buyer": pa.array(sorted(set(settings.staff_buyers)), pa.string())}))
    if one.rows_of and not engine.rows(f"select count(*) as n from {one.rows_of}")[0]["n"]:
        return {"staff_account": NO_STAFF, "evaluation": NO_INVITATIONS}[one.rows_of]
    return None


def _compared(engine: Engine, one: Pattern) -> dict[str, Any]:
    """Each agent's hits against the others', or against his own other occasions."""
    base = "is_base" if one.against == "own" else "false"
    counted = engine.rows(
        f"select agent, count(case when {base} then null else 1 end) as occasions, count(case when is_hit and not {base} then 1 end) as hits, "
        f"count(case when {base} then 1 end) as base, count(case when is_hit and {base} then 1 end) as base_hits "
        f"from watch_{one.name} where agent is not null group by agent order by agent"
    )
    counts = {row["agent"]: (row["hits"], row["occasions"]) for row in counted if row["occasions"]}
    own = {row["agent"]: (row["base_hits"], row["base"]) for row in counted}
    hits, occasions = (sum(column) for column in zip(*counts.values(), strict=True)) if counts else (0, 0)
    return {
        "team": _share((hits, occasions)) | {"agents": len(counts), "with_hits": sum(1 for some, _ in counts.values() if some)},
        "agents": [
            {"agent": agent} | _share(mine) | _standing(mine, [own[agent]] if one.against == "own" else [of for name, of in counts.items() if name != agent], one.against)
            for agent, mine in counts.items()
        ],
    }  # fmt: skip


def _share(mine: Counts) -> dict[str, Any]:
    hits, occasions = mine
    low, high = wilson(hits, occasions) or (None, None)
    return {
        "hits": hits, "occasions": occasions, "share": round(hits / occasions, 6) if occasions else None,
        "low": None if low is None else round(low, 6), "high": None if high is None else round(high, 6),
    }  # fmt: skip


def _standing(mine: Counts, others: Sequence[Counts], against: Against) -> dict[str, Any]:
    hits, occasions = (sum(column) for column in zip(*others, strict=True)) if others else (0, 0)
    share = round(hits / occasions, 6) if occasions else None
    if occasions < FEWEST_OTHERS or (against == "team" and len(others) < 2):
        return {"others": share, "stands_out": None}
    if mine[0] < FEWEST_HITS or mine[0] * occasions <= hits * mine[1]:
        return {"others": share, "stands_out": False}
    chance = (
        tail_against(mine, (hits, occasions)) if against == "own" else tail(*mine, share_of(others), spread_of(others))
    )
    return {"others": share, "stands_out": chance < SELDOM}
