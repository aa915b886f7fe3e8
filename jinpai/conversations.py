"""聊天记录 conversations: the conversations of a shop that fit a search, and which ones stand beside one of them.

Days are the shop's, both included; waits are milliseconds, instants ISO 8601 in the shop's zone. Buyers' names are masked.
Facts are read as they stand: nothing is built. With `only` nothing is told but of conversations in which that sub-account took
part: it wrote in them, or was the one addressed. Source: the page of the desk, §2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.computing import horizon_of
from jinpai.criteria import shop_criteria
from jinpai.inspection import points, quoted
from jinpai.period import days_asked, format_day, format_instant
from jinpai.shelf import remembered
from jinpai.spoken import find_buyer, find_text
from jinpai.text.mask import mask_nick
from jinpai.topics.asking import names_of

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
_DAYS = "day >= $from and day <= $to"
_LATEST = "select min(day) as first, max(day) as last from (select distinct day from conversation order by day desc limit 7) as d"
_PARTS = f"""
select buyer_key, conversation_seq, agent from reception where {_DAYS}
union
select buyer_key, conversation_seq, addressed_to from conversation where {_DAYS} and addressed_to is not null
"""
_WAIT = f"""
left join (
    select buyer_key, conversation_seq, min(case when has_hours then agent_business_ms else agent_ms end) as wait
    from round where {_DAYS} and shop_first and not gave_away{{}} group by buyer_key, conversation_seq
) as f on f.buyer_key = c.buyer_key and f.conversation_seq = c.conversation_seq
"""
_SCORE = f"""
left join (select buyer_key, conversation_seq, score, full_mark from score where scope = 'shop' and {_DAYS}{{}}) as s
    on s.buyer_key = c.buyer_key and s.conversation_seq = c.conversation_seq
"""
OUTCOME = """
left join enquiry_link as l on l.buyer_key = c.buyer_key and l.day = c.day and c.stage in ('presales', 'undecided')
left join enquiry as e on e.enquiry_key = l.enquiry_key and e.buyer_key = l.buyer_key
"""
"""What `ENDED` reads, to be joined to conversations `c`."""
ENDED = """
case when e.enquiry_key is null then 'none' when e.paid_at < e.main_ends_at then 'bought'
    when e.main_ends_at > $horizon then 'open' else 'lost' end
"""
_SORTED_BY = {"score": ("s.score", _SCORE), "wait": ("f.wait", _WAIT)}
"""The column that an order adds and the join that brings it; without a need nobody pays for it."""
_JOINED = {"below": _SCORE, "outcome": OUTCOME}
"""What a filter joins to the conversations."""
_SAME = "p.buyer_key = c.buyer_key and p.conversation_seq = c.conversation_seq"
_MINE = f"exists (select 1 from part as p where p.agent = $only and {_SAME})"
_WHERE = {
    "agent": f"exists (select 1 from part as p where p.agent = $agent and {_SAME})",
    "product": "(c.product = $product or c.product in (select product_id from product where strpos(title, $product) > 0))",
    "topic": f"exists (select 1 from topic as p where p.topic = $topic and p.{_DAYS.replace('and day', 'and p.day')} and {_SAME})",
    "failed": f"exists (select 1 from settled as p where p.criterion = $failed and p.result < 600 and {_SAME})",
    "below": "s.score * s.full_mark < $below * 1000",
    "unanswered": """$unanswered = 'yes' and exists (select 1 from round as p where p.buyer_key = c.buyer_key
        and p.conversation_seq = c.conversation_seq and p.shop_first and not p.gave_away and p.answered_at is null)""",
    "outcome": f"(case when {ENDED} = 'open' then 'lost' else {ENDED} end) = $outcome",
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
    return remembered(
        workspace, shop, ("listed", search, page, only), lambda: _listed(workspace, shop, search, page, only)
    )


def _listed(workspace: Workspace, shop: str, search: Search, page: int, only: str | None) -> Row | None:
    settings = workspace.settings(shop)
    with flow.opened(workspace, shop) as engine:
        values = find(engine, search, only)
        if values is None:
            return None
        total = int(engine.rows("select count(*) as n from found")[0]["n"])
        pages = max(1, -(-total // PAGE))
        at = min(max(page, 1), pages)
        return {
            "rows": _rows(engine, settings, values, search.sort, PAGE, (at - 1) * PAGE), "total": total, "page": at, "pages": pages,
            "from": format_day(values["from"]), "to": format_day(values["to"]), "choices": _choices(workspace, settings, values),
            "inspected": engine.has("settled"),
        }  # fmt: skip


def first_found(workspace: Workspace, shop: str, search: Search, most: int, only: str | None = None) -> list[Row]:
    """前几段 at most so many rows of what `listed` would list."""

    def found() -> list[Row]:
        with flow.opened(workspace, shop) as engine:
            values = find(engine, search, only)
            return [] if values is None else _rows(engine, workspace.settings(shop), values, search.sort, most, 0)

    return remembered(workspace, shop, ("first", search, most, only), found)


def find(engine: Engine, search: Search, only: str | None) -> Row | None:
    """查找 the values bound, once the table `found` has the conversations that fit; None where there are no chats."""
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
    where = [sql for name, sql in _WHERE.items() if values[name] is not None and engine.has(_NEEDS.get(name, "span"))]
    if any(values[name] is not None and not engine.has(needed) for name, needed in _NEEDS.items()):
        where.append("false")
    if only is not None:
        where.append(_MINE)
    if only is not None or search.agent is not None:
        engine.make("part", f"select * from ({_PARTS}) as p where p.agent in ($only, $agent)", values)
    if search.text:
        find_text(engine, values, search.text)
        where.append(f"exists (select 1 from said as p where {_SAME})")
    if search.buyer:
        find_buyer(engine, values, search.buyer)
        where.append("c.buyer_key in (select buyer_key from named)")
    joins = [
        join for name, join in _JOINED.items() if values[name] is not None and engine.has(_NEEDS.get(name, "span"))
    ]
    engine.make("found", _found(engine, where, joins, search.sort), values)
    return values


def _found(engine: Engine, where: Sequence[str], joins: Sequence[str], sort: str) -> str:
    column, join = _SORTED_BY.get(sort, ("", ""))
    if sort == "score" and not engine.has("score"):
        column, join = "cast(null as bigint)", ""
    every = "".join(one.format("") for one in dict.fromkeys([*joins, join]))
    return f"""
select c.buyer_key, c.conversation_seq, c.conversation_key, c.day, c.first_at, c.last_at, c.first_buyer_seq, c.last_agent
    {f", {column} as {sort}" if column else ""}
from conversation as c {every} where {" and ".join(["c.day >= $from and c.day <= $to", *where])}
"""


_SHOWN = " and buyer_key in (select buyer_key from shown)"
_NAMED = """
select c.conversation_key, o.buyer, o.text, o.kind, o.sender
from shown as c
inner join original as o on o.buyer_key = c.buyer_key and o.seq = coalesce(c.first_buyer_seq, c.conversation_seq)
    and o.day >= $from
"""
_TOOK_PART = f"select p.* from ({_PARTS}) as p inner join shown as c on {_SAME} order by p.agent"


def _told_of(engine: Engine) -> str:
    """The query for what is told of each conversation in `shown`: wait, score, outcome."""
    scored = engine.has("score")
    score = "s.score, s.full_mark" if scored else "cast(null as bigint) as score, cast(null as bigint) as full_mark"
    return f"""
select c.conversation_key, f.wait, {score}, {ENDED} as outcome
from conversation as c {_WAIT.format(_SHOWN)} {_SCORE.format(_SHOWN) if scored else ""} {OUTCOME}
where {_DAYS.replace("day", "c.day")} and c.conversation_key in (select conversation_key from shown)
"""


def _rows(engine: Engine, settings: Settings, values: Row, sort: str, most: int, skipped: int) -> list[Row]:
    engine.make("shown", f"select * from found order by {SORTS[sort]} limit {most} offset {skipped}")
    rows = engine.rows(f"select * from shown order by {SORTS[sort]}")
    if not rows:
        return []
    values = values | {"from": min(one["day"] for one in rows), "to": max(one["day"] for one in rows)}
    said = {one["conversation_key"]: one for one in engine.rows(_NAMED, values)}
    told = {one["conversation_key"]: one for one in engine.rows(_told_of(engine), values)}
    agents: dict[tuple[int, int], list[str]] = {}
    for one in engine.rows(_TOOK_PART, values):
        agents.setdefault((one["buyer_key"], one["conversation_seq"]), []).append(one["agent"])
    return [
        _row(settings, one, said[one["conversation_key"]], told[one["conversation_key"]]) | {
            "number": str(one["conversation_key"]), "agents": agents.get((one["buyer_key"], one["conversation_seq"]), []),
        } for one in rows
    ]  # fmt: skip


def _row(settings: Settings, one: Row, said: Row, told: Row) -> Row:
    return {
        "buyer": mask_nick(said["buyer"] or ""), "at": format_instant(one["first_at"], settings.zone), "text": quoted(said["text"] or ""),
        "kind": said["kind"], "wait": told["wait"], "score": None if told["score"] is None else points(told["score"], told["full_mark"]),
        "full_mark": told["full_mark"], "outcome": told["outcome"],
    }  # fmt: skip


def _choices(workspace: Workspace, settings: Settings, values: Mapping[str, Any]) -> Row:
    """What can be chosen: the sub-accounts of the days asked, every topic, every criterion."""
    days = {name: values[name] for name in ("from", "to")}

    def agents() -> list[str]:
        with flow.opened(workspace, settings.shop) as engine:
            return [
                one["agent"] for one in engine.rows(f"select distinct agent from ({_PARTS}) as p order by agent", days)
            ]

    mine = values["only"] is not None
    chosen = {"agents": [] if mine else remembered(workspace, settings.shop, ("agents", *days.values()), agents)}
    if not settings.inspection:
        return chosen | {"topics": {}, "criteria": {}}
    return chosen | {
        "topics": {topic: name for (_, topic), name in sorted(names_of(settings).items())},
        "criteria": {name: one.title for name, one in shop_criteria(settings.folder).items()},
    }


def beside(workspace: Workspace, shop: str, search: Search, key: int, only: str | None) -> Row:
    """前后 `{"before", "after"}`: the numbers of the ones beside a conversation in the list of a search; None without."""
    import numpy as np

    def order() -> Any:
        with flow.opened(workspace, shop) as engine:
            if find(engine, search, only) is None:
                return np.zeros(0, np.int64)
            return engine.arrow(f"select conversation_key from found order by {SORTS[search.sort]}")[0].to_numpy()

    keys = remembered(workspace, shop, ("order", search, only), order)
    here = np.flatnonzero(keys == key)
    around = {"before": here - 1, "after": here + 1}
    return {name: str(keys[at[0]]) if len(at) and 0 <= at[0] < len(keys) else None for name, at in around.items()}
