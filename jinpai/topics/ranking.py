"""排行 ranking: what buyers ask about and object to, by shop or product: how often, the trend, quotes, conversion with and without.

Counted are conversations in which a buyer wrote, by the day they began; a conversation counts once for a topic. Conversion
compares enquiries whose buyer named the topic before ordering with all others: they go together, which is no proof that
one causes the other. Source: the inspection contract, §4; conversion as in the metrics contract, §5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jinpai.computing import Progress, horizon_of, no_progress
from jinpai.errors import WrongUse
from jinpai.inspection import inspected, quoted
from jinpai.metrics.definition import end_of
from jinpai.metrics.values import wilson
from jinpai.period import FIRST_DAY, LAST_DAY, Window, days_asked, format_day
from jinpai.standing import titles
from jinpai.text.concerns import OBJECTION, TOPIC
from jinpai.topics.asking import names_of

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value
    from jinpai.workspace import Workspace

QUOTES = 3
BY = ("shop", "product")
_IN = "s.day >= $from and s.day <= $to"
_SAID = f"""
select t.*, s.day as talk_day from topic as t
inner join span as s on s.buyer_key = t.buyer_key and s.conversation_seq = t.conversation_seq
where {_IN} and ($product is null or t.product = $product)
"""
_TALKS = f"""
select s.buyer_key, s.conversation_seq, s.day as talk_day, coalesce(s.product, 'unknown') as product from span as s
where s.buyer_messages > 0 and {_IN} and ($product is null or coalesce(s.product, 'unknown') = $product)
union
select buyer_key, conversation_seq, talk_day, product from ({_SAID})
"""


def topics(
    workspace: Workspace, shop: str | None = None, *, start: str | None = None, end: str | None = None,
    by: str = "shop", product: str | None = None, window: str | None = None, progress: Progress = no_progress,
) -> dict[str, Any]:  # fmt: skip
    """关注点排行 `{"meta", "rows", "weeks", "turns"}`; days are included, None is all of them.

    Each row has `conversations`, its share with numerator, denominator and interval in `of`, conversion with and without
    likewise (None where no enquiry has matured), `quotes`, and `weeks`: conversations by week.
    """
    key = workspace.shop(shop)
    first, last = days_asked(start, end)
    if by not in BY:
        raise WrongUse(
            f"不能按「{by}」分，只能按 shop 或 product。", f"Cannot rank by '{by}', only by shop or product."
        )
    with inspected(workspace, key, progress) as (engine, settings):
        chosen = Window.parse(window or settings.window)
        values: dict[str, Value] = {"from": first, "to": last, "product": product, "horizon": horizon_of(engine)}
        names, goods = names_of(settings), titles(engine)
        rows = _rows(engine, values, chosen, by)
        turns = _turns(engine, values)
    ranked = sorted(
        rows.values(), key=lambda one: (one["product"] or "", -one["conversations"], one["kind"], one["topic"])
    )
    weeks = sorted({week for one in ranked for week in one["weeks"]})
    return {
        "meta": {
            "shop": key, "from": None if first == FIRST_DAY else format_day(first), "to": None if last == LAST_DAY else format_day(last),
            "by": by, "product": product, "window": chosen.name, "turns": turns,
            "products": {one: goods[one] for one in sorted({row["product"] for row in ranked} - {None}) if one in goods},
            "note": "association", "weeks": weeks,
        },
        "rows": [{"title": names.get((one["kind"], one["topic"]), one["topic"])} | one for one in ranked],
    }  # fmt: skip


def _rows(
    engine: Engine, values: Mapping[str, Value], window: Window, by: str
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """A row for each product (None: the shop), kind and topic."""
    product = "product" if by == "product" else "cast(null as varchar)"
    found = engine.rows(
        f"select {product} as product, kind, topic, count(distinct (buyer_key, conversation_seq)) as conversations, "
        f"count(*) as messages from ({_SAID}) where kind in ('{TOPIC}', '{OBJECTION}') group by all", values,
    )  # fmt: skip
    whole = engine.rows(
        f"select {product} as product, count(distinct (buyer_key, conversation_seq)) as n from ({_TALKS}) group by all",
        values,
    )
    talks = {one["product"]: one["n"] for one in whole}
    rows = {}
    for one in found:
        base = one | {
            "of": {},
            "weeks": {},
            "quotes": [],
            "share": None,
            "conversion_with": None,
            "conversion_without": None,
        }
        _rate(base, "share", one["conversations"], talks[one["product"]])
        rows[one["product"], one["kind"], one["topic"]] = base
    _conversion(engine, values, window, product, rows)
    for one in engine.rows(
        f"select {product} as product, kind, topic, k.week, count(distinct (buyer_key, conversation_seq)) as n "
        f"from ({_SAID}) as t inner join calendar as k on k.day = t.talk_day "
        f"where kind in ('{TOPIC}', '{OBJECTION}') group by all", values,
    ):  # fmt: skip
        rows[one["product"], one["kind"], one["topic"]]["weeks"][one["week"]] = one["n"]
    for quote in quotes(engine, values, product):
        rows[quote["product"], quote["kind"], quote["topic"]]["quotes"].append(quoted(quote["text"]))
    return rows


def quotes(engine: Engine, values: Mapping[str, Value], product: str, most: int = QUOTES) -> Iterable[dict[str, Any]]:
    """原话 the surest sayings of each topic, each text once, of equal ones the latest."""
    return engine.rows(
        f"with said as (select {product} as product, t.kind, t.topic, o.text, max(t.confidence) as sure, max(t.sent_at) as said_at "
        f"from ({_SAID}) as t inner join original as o on o.buyer_key = t.buyer_key and o.seq = t.seq "
        f"where t.kind in ('{TOPIC}', '{OBJECTION}') group by all), "
        "placed as (select *, row_number() over (partition by product, kind, topic order by sure desc, said_at desc, text) as place from said) "
        f"select product, kind, topic, text from placed where place <= {most} order by product, kind, topic, place", values,
    )  # fmt: skip


def _conversion(
    engine: Engine,
    values: Mapping[str, Value],
    window: Window,
    product: str,
    rows: Mapping[tuple[Any, ...], dict[str, Any]],
) -> None:
    """Puts in what became of the enquiries with and without each topic, those before an order that have matured."""
    end = end_of(window)
    counted = (
        f"select enquiry_key, {product} as product, case when paid_at < {end} then 1 else 0 end as paid, "
        "least(coalesce(ordered_at, t0 + 1000000000000), coalesce(paid_at, t0 + 1000000000000)) as acted_at "
        f"from enquiry where stage = 'before_order' and {end} <= $horizon and (not recent or main_ends_at <= $horizon) "
        "and day >= $from and day <= $to and ($product is null or product = $product)"
    )
    whole = {one["product"]: one for one in engine.rows(
        f"select product, count(*) as n, cast(sum(paid) as bigint) as paid from ({counted}) group by product", values)}  # fmt: skip
    named = engine.rows(
        f"with counted as ({counted}), named as (select distinct q.enquiry_key, t.kind, t.topic from counted as q "
        "inner join enquiry_link as l on l.enquiry_key = q.enquiry_key "
        "inner join conversation as c on c.buyer_key = l.buyer_key and c.day = l.day and c.stage in ('presales', 'undecided') "
        "inner join topic as t on t.buyer_key = c.buyer_key and t.conversation_seq = c.conversation_seq and t.sent_at < q.acted_at) "
        "select q.product, n.kind, n.topic, count(*) as n, cast(sum(q.paid) as bigint) as paid "
        "from named as n inner join counted as q on q.enquiry_key = n.enquiry_key group by all", values,
    )  # fmt: skip
    told = {(one["product"], one["kind"], one["topic"]): one for one in named}
    for key, row in rows.items():
        every = whole.get(key[0], {"n": 0, "paid": 0})
        one = told.get(key, {"n": 0, "paid": 0})
        _rate(row, "conversion_with", one["paid"], one["n"])
        _rate(row, "conversion_without", every["paid"] - one["paid"], every["n"] - one["n"])


def _rate(row: dict[str, Any], name: str, numerator: int, denominator: int) -> None:
    interval = wilson(numerator, denominator)
    row[name] = round(numerator / denominator, 6) if denominator else None
    low, high = (None, None) if interval is None else (round(one, 6) for one in interval)
    row["of"][name] = [numerator, denominator, low, high]


def _turns(engine: Engine, values: Mapping[str, Value]) -> dict[str, Any]:
    """The buyers' turns with words: how many name a topic or object, how many are courtesy alone, how many neither."""
    found = engine.rows(
        "with said as (select e.buyer_key, e.conversation_seq, e.turn, s.day as talk_day from exchange as e "
        "inner join span as s on s.buyer_key = e.buyer_key and s.conversation_seq = e.conversation_seq "
        "inner join line as l on l.buyer_key = e.buyer_key and l.conversation_seq = e.conversation_seq and l.sender = 'buyer' "
        "and l.chars > 0 and l.seq >= e.first_seq and (e.replied_seq is null or l.seq < e.replied_seq) "
        f"where e.asked_seq is not null and {_IN} and ($product is null or coalesce(s.product, 'unknown') = $product) group by all), "
        "told as (select t.buyer_key, t.conversation_seq, t.turn, max(case when kind = 'courtesy' then 0 else 1 end) as asks "
        "from topic as t group by all) "
        "select count(*) as turns, count(*) filter (where t.asks = 1) as told, count(*) filter (where t.asks = 0) as courtesy "
        "from said as x left join told as t on t.buyer_key = x.buyer_key and t.conversation_seq = x.conversation_seq and t.turn = x.turn",
        values,
    )[0]
    untold = found["turns"] - found["told"] - found["courtesy"]
    row: dict[str, Any] = found | {"untold": untold, "of": {}}
    _rate(row, "untold_share", untold, found["turns"])
    return row
