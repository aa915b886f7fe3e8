"""聊天记录 conversations: the conversations of a shop that fit a search, and one of them with its buyer's orders around it.

Days are the shop's, both included; waits are milliseconds, instants ISO 8601 in the shop's zone. Buyers' names are masked.
Facts are read as they stand: nothing is built. With `only` nothing is told but of conversations in which that sub-account took
part: it wrote in them, or was the one addressed. Source: the page of the desk, §2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.computing import horizon_of
from jinpai.criteria import shop_criteria
from jinpai.inspection import points, quoted
from jinpai.money import format_fen
from jinpai.naming import short_keys
from jinpai.period import DAY_MS, days_asked, format_day, format_instant
from jinpai.spoken import find_buyer, find_text
from jinpai.standing import titles
from jinpai.text.mask import mask_nick
from jinpai.topics.asking import names_of
from jinpai.transcript import told

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

Row = dict[str, Any]
PAGE = 50
OUTCOMES = ("bought", "lost", "none")
SORTS = {
    "time": "first_at desc, conversation_key", "score": "score asc nulls last, first_at desc, conversation_key",
    "wait": "wait desc nulls last, first_at desc, conversation_key",
}  # fmt: skip
_AROUND = 30 * DAY_MS
"""Orders so long before and after a conversation stand beside it."""
_DAYS = "day >= $from and day <= $to"
_LATEST = "select min(day) as first, max(day) as last from (select distinct day from conversation order by day desc limit 7) as d"
_PARTS = f"""
select buyer_key, conversation_seq, agent from reception where {_DAYS}
union
select buyer_key, conversation_seq, addressed_to from conversation where {_DAYS} and addressed_to is not null
"""
_FIRST = f"""
select buyer_key, conversation_seq, min(case when has_hours then agent_business_ms else agent_ms end) as wait
from round where {_DAYS} and shop_first and not gave_away group by buyer_key, conversation_seq
"""
_SCORED = f"select buyer_key, conversation_seq, score, full_mark from score where scope = 'shop' and {_DAYS}"
_UNSCORED = """
select buyer_key, conversation_seq, cast(null as bigint) as score, cast(null as bigint) as full_mark from conversation where false
"""
_ENDED = """
case when e.enquiry_key is null then 'none' when e.paid_at < e.main_ends_at then 'bought'
    when e.main_ends_at > $horizon then 'open' else 'lost' end
"""
_MINE = "($only is null or exists (select 1 from part as p where p.agent = $only and {same}))"
_SAME = "p.buyer_key = c.buyer_key and p.conversation_seq = c.conversation_seq"
_WHERE = {
    "agent": f"exists (select 1 from part as p where p.agent = $agent and {_SAME})",
    "product": "(c.product = $product or c.product in (select product_id from product where strpos(title, $product) > 0))",
    "topic": f"exists (select 1 from topic as p where p.topic = $topic and p.{_DAYS.replace('and day', 'and p.day')} and {_SAME})",
    "failed": f"exists (select 1 from settled as p where p.criterion = $failed and p.result < 600 and {_SAME})",
    "below": "s.score * s.full_mark < $below * 1000",
    "unanswered": """$unanswered = 'yes' and exists (select 1 from round as p where p.buyer_key = c.buyer_key
        and p.conversation_seq = c.conversation_seq and p.shop_first and not p.gave_away and p.answered_at is null)""",
    "outcome": f"(case when {_ENDED} = 'open' then 'lost' else {_ENDED} end) = $outcome",
}
_NEEDS = {"topic": "topic", "failed": "settled", "below": "score"}
"""What a filter needs of what inspection makes."""


@dataclass(frozen=True, slots=True)
class Search:
    """搜什么 what is looked for: None where a filter is off; `below` is in points, `outcome` one of OUTCOMES, `sort` of SORTS,
    `unanswered` "yes" for those that nobody answered (未回复人数)."""

    text: str | None = None
    buyer: str | None = None
    agent: str | None = None
    start: str | None = None
    end: str | None = None
    product: str | None = None
    topic: str | None = None
    failed: str | None = None
    below: int | None = None
    outcome: str | None = None
    unanswered: str | None = None
    sort: str = "time"


def listed(workspace: Workspace, shop: str, search: Search, page: int = 1, only: str | None = None) -> Row | None:
    """会话列表 `{"rows", "total", "page", "pages", "from", "to", "choices"}`, PAGE rows a page; None where there are no chats.

    Without days the last seven that have data. A page beyond the last is the last. A day that is none is a JinpaiError.
    """
    settings = workspace.settings(shop)
    with flow.opened(workspace, shop) as engine:
        values = _prepared(engine, search, only)
        if values is None:
            return None
        total = int(engine.rows("select count(*) as n from found")[0]["n"])
        pages = max(1, -(-total // PAGE))
        at = min(max(page, 1), pages)
        rows = engine.rows(f"select * from found order by {SORTS[search.sort]} limit {PAGE} offset {(at - 1) * PAGE}")
        return {
            "rows": _rows(engine, settings, rows), "total": total, "page": at, "pages": pages, "from": format_day(values["from"]),
            "to": format_day(values["to"]), "choices": _choices(engine, settings, values), "inspected": engine.has("settled"),
        }  # fmt: skip


def _prepared(engine: Engine, search: Search, only: str | None) -> Row | None:
    """The values bound, once the table `found` has the conversations that fit; None where there are no chats."""
    latest: Row = engine.rows(_LATEST)[0] if engine.has("conversation") else {"last": None}
    if latest["last"] is None:
        return None
    first, last = days_asked(search.start, search.end)
    if search.start is None:
        first = int(latest["first"]) if search.end is None else last
    values = {
        "from": first, "to": min(last, latest["last"]) if search.end is None else last, "only": only, "horizon": horizon_of(engine),
        **{name: getattr(search, name) for name in _WHERE},
    }  # fmt: skip
    engine.make("part", _PARTS, values)
    where = [sql for name, sql in _WHERE.items() if values[name] is not None and engine.has(_NEEDS.get(name, "part"))]
    if any(values[name] is not None and not engine.has(needed) for name, needed in _NEEDS.items()):
        where.append("false")
    if search.text:
        find_text(engine, values, search.text)
        where.append(f"exists (select 1 from said as p where {_SAME})")
    if search.buyer:
        find_buyer(engine, values, search.buyer)
        where.append("c.buyer_key in (select buyer_key from named)")
    engine.make("found", _found(engine, where), values)
    return values


def _found(engine: Engine, where: list[str]) -> str:
    scored = _SCORED if engine.has("score") else _UNSCORED
    return f"""
with first as ({_FIRST}), scored as ({scored})
select c.buyer_key, c.conversation_seq, c.conversation_key, c.day, c.first_at, c.last_at, c.first_buyer_seq, c.last_agent, f.wait,
    s.score, s.full_mark, {_ENDED} as outcome
from conversation as c
left join first as f on f.buyer_key = c.buyer_key and f.conversation_seq = c.conversation_seq
left join scored as s on s.buyer_key = c.buyer_key and s.conversation_seq = c.conversation_seq
left join enquiry_link as l on l.buyer_key = c.buyer_key and l.day = c.day and c.stage in ('presales', 'undecided')
left join enquiry as e on e.enquiry_key = l.enquiry_key
where {" and ".join(["c.day >= $from and c.day <= $to", _MINE.format(same=_SAME), *where])}
"""


_NAMED = """
select c.conversation_key, o.buyer, o.text, o.kind, o.sender
from shown as c
inner join original as o on o.buyer_key = c.buyer_key and o.seq = coalesce(c.first_buyer_seq, c.conversation_seq)
    and o.day >= $from
"""


def _rows(engine: Engine, settings: Settings, rows: list[Row]) -> list[Row]:
    import pyarrow as pa

    if not rows:
        return []
    wanted = ("buyer_key", "conversation_seq", "conversation_key", "first_buyer_seq")
    engine.take("shown", pa.table({name: pa.array([one[name] for one in rows], pa.int64()) for name in wanted}))
    said = {one["conversation_key"]: one for one in engine.rows(_NAMED, {"from": min(one["day"] for one in rows)})}
    short = short_keys(engine, said)
    agents: dict[tuple[int, int], list[str]] = {}
    for one in engine.rows("select p.* from part as p inner join shown as c on " + _SAME + " order by p.agent"):
        agents.setdefault((one["buyer_key"], one["conversation_seq"]), []).append(one["agent"])
    return [
        {
            "short": short[one["conversation_key"]], "buyer": mask_nick(said[one["conversation_key"]]["buyer"] or ""),
            "agents": agents.get((one["buyer_key"], one["conversation_seq"]), []), "at": format_instant(one["first_at"], settings.zone),
            "text": quoted(said[one["conversation_key"]]["text"] or ""), "kind": said[one["conversation_key"]]["kind"],
            "wait": one["wait"], "score": None if one["score"] is None else points(one["score"], one["full_mark"]),
            "full_mark": one["full_mark"], "outcome": one["outcome"],
        }
        for one in rows
    ]  # fmt: skip


def _choices(engine: Engine, settings: Settings, values: Mapping[str, Any]) -> Row:
    """What can be chosen in the days asked: sub-accounts, topics, criteria."""
    agents = (
        [] if values["only"] is not None else [one["agent"] for one in engine.rows("select distinct agent from part order by agent")]
    )  # fmt: skip
    if not engine.has("settled"):
        return {"agents": agents, "topics": {}, "criteria": {}}
    names = names_of(settings)
    asked = engine.rows(
        f"select distinct kind, topic from topic where kind <> 'courtesy' and {_DAYS} order by kind, topic", values
    )
    return {
        "agents": agents, "topics": {one["topic"]: names.get((one["kind"], one["topic"]), one["topic"]) for one in asked},
        "criteria": {name: one.title for name, one in shop_criteria(settings.folder).items()},
    }  # fmt: skip


# ---- one conversation


_ONE = "select s.* from span as s where cast(s.conversation_key as varchar) like $number || '%' limit 2"
_MAY = """
select 1 as yes from reception where agent = $only and buyer_key = $buyer and conversation_seq = $conversation
union all
select 1 from conversation where addressed_to = $only and buyer_key = $buyer and conversation_seq = $conversation
"""
_OUTCOME = f"""
select {_ENDED} as outcome from conversation as c
left join enquiry_link as l on l.buyer_key = c.buyer_key and l.day = c.day and c.stage in ('presales', 'undecided')
left join enquiry as e on e.enquiry_key = l.enquiry_key
where c.buyer_key = $buyer and c.conversation_seq = $conversation
"""
_ORDERS = """
select order_key, order_id, created_at, paid_at, refunded_at, payable_amount, paid_amount, refund_amount from orders
where buyer_key = $buyer and created_at >= $since and created_at <= $until order by created_at, order_key limit 20
"""
_GOODS = "select i.order_key, i.product_id, i.title from order_item as i inner join orders as o on o.order_key = i.order_key where o.buyer_key = $buyer order by i.order_key, i.line"
_BESIDE = """
select before, after from (
    select conversation_key, lag(conversation_key) over (order by {order}) as before, lead(conversation_key) over (order by {order}) as after
    from found) as ordered
where conversation_key = $key
"""


def one(workspace: Workspace, shop: str, number: str, search: Search, only: str | None = None) -> Row | None:
    """一段会话 `{"told", "orders", "outcome", "before", "after", "inspected"}` of the one whose number begins so; None without.

    `told` is what `jinpai.transcript.conversation` tells; `before` and `after` are short numbers in the list of the search.
    """
    if not (number.isascii() and number.isdigit()):
        return None
    settings = workspace.settings(shop)
    with flow.opened(workspace, shop) as engine:
        spans = engine.rows(_ONE, {"number": number}) if engine.has("span") else []
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
        } | _beside(engine, search, span["conversation_key"], only)  # fmt: skip


def _own(talk: Row, only: str | None) -> Row:
    """What an agent is told of a talk: of what colleagues did in it no score and no finding."""
    if only is None:
        return talk
    own = {name: [one for one in talk[name] if one["agent"] in (None, only)] for name in ("scores", "findings")}
    return talk | own


def _beside(engine: Engine, search: Search, key: int, only: str | None) -> Row:
    if _prepared(engine, search, only) is None:
        return {"before": None, "after": None}
    found = engine.rows(_BESIDE.format(order=SORTS[search.sort]), {"key": key})
    near = {name: key for name, key in found[0].items() if key is not None} if found else {}
    short = short_keys(engine, near.values())
    return {name: short[near[name]] if name in near else None for name in ("before", "after")}


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
