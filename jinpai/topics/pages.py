"""详情页闭环 pages: what buyers could not find on a product's page becomes a task for its editor; once it is done, before and after.

A task stands where at least `fewest` conversations say that the page does not tell (said), or where a question that a page
can answer is asked in a fifth of the product's conversations and ten at least (asked). Fear of risk becomes a task for the
owner. Before and after are so many whole days each; the day of the change belongs to neither. Rates carry 95 % intervals.
Source: the inspection contract, §4.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import sqrt
from typing import TYPE_CHECKING, Any

from jinpai.computing import Progress, horizon_of, no_progress
from jinpai.errors import WrongUse
from jinpai.inspection import inspected, quoted
from jinpai.metrics.parts import rows_of
from jinpai.metrics.values import wilson
from jinpai.period import add_days, day_of, days_asked, format_day, parse_day
from jinpai.standing import titles
from jinpai.topics.asking import known_topic, names_of
from jinpai.topics.changes import Change, add, latest

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value
    from jinpai.workspace import Settings, Workspace

FEWEST, ASKED_SHARE, ASKED_LEAST = 3, 0.2, 10
DAYS = 14
QUOTES = 5
OTHER, RISK = "other", "fear_of_risk"
_IN = "s.day >= $from and s.day <= $to"
_SAID = f"""
select t.*, s.day as talk_day from topic as t
inner join span as s on s.buyer_key = t.buyer_key and s.conversation_seq = t.conversation_seq
where {_IN} and t.product <> 'unknown'
"""
_TALKS = f"""
select s.buyer_key, s.conversation_seq, s.product from span as s
where s.buyer_messages > 0 and s.product is not null and {_IN}
union
select buyer_key, conversation_seq, product from ({_SAID})
"""


@cache
def suggestions() -> dict[str, dict[str, str]]:
    """建议 what to write on a page by topic, and what an owner may try."""
    told: dict[str, dict[str, str]] = tomllib.loads(
        files(__package__ or "jinpai.topics").joinpath("suggestions.toml").read_text(encoding="utf-8")
    )
    return told


def pages(
    workspace: Workspace, shop: str | None = None, *, start: str | None = None, end: str | None = None,
    product: str | None = None, fewest: int = FEWEST, days: int = DAYS, progress: Progress = no_progress,
) -> dict[str, Any]:  # fmt: skip
    """详情页任务 `{"meta", "tasks", "owner", "done"}`: open tasks by how often, tasks for the owner, and changes with before and after."""
    key = workspace.shop(shop)
    first, last = days_asked(start, end)
    with inspected(workspace, key, progress) as (engine, settings):
        values: dict[str, Value] = {"from": first, "to": last}
        goods, names = (
            titles(engine),
            {topic: zh for (kind, topic), zh in names_of(settings).items() if kind == "topic"},
        )
        changed = latest(settings.folder)
        found = [one for one in _tasks(engine, values, fewest) if product in (None, one["product"])]
        for one in found:
            one |= {"title": names.get(one["topic"], "页面内容"), "product_title": goods.get(one["product"], "")}
            day = changed.get((one["product"], one["topic"]))
            one["done"] = None if day is None else format_day(day)
        owner = [
            one | {"product_title": goods.get(one["product"], "")}
            for one in _risks(engine, values, fewest)
            if product in (None, one["product"])
        ]
        done = [one for one in followed(engine, settings, days) if product in (None, one["product"])]
    return {"meta": {"shop": key, "fewest": fewest, "days": days}, "tasks": found, "owner": owner, "done": done}


def _talks(engine: Engine, values: Mapping[str, Value]) -> dict[str, int]:
    found = engine.rows(f"select product, count(*) as n from ({_TALKS}) group by product", values)
    return {one["product"]: one["n"] for one in found}


def _tasks(engine: Engine, values: Mapping[str, Value], fewest: int) -> list[dict[str, Any]]:
    """The page tasks of every product, the most missed first."""
    on_page = ", ".join(f"'{one}'" for one in suggestions()["page"])
    whole = _talks(engine, values)
    # what the page does not tell is told by the topic in the same message
    missed = (
        f"select m.buyer_key, m.conversation_seq, m.seq, m.product, coalesce(arg_max(t.topic, (t.confidence, t.topic)), '{OTHER}') as topic "
        f"from ({_SAID}) as m left join topic as t on t.buyer_key = m.buyer_key and t.seq = m.seq and t.kind = 'topic' and t.topic in ({on_page}) "
        "where m.kind = 'objection' and m.topic = 'too_little_information' group by all"
    )
    asked = f"select buyer_key, conversation_seq, seq, product, topic from ({_SAID}) where kind = 'topic' and topic in ({on_page})"
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, rows in (("said", missed), ("asked", asked)):
        counted = engine.rows(
            f"select product, topic, count(distinct (buyer_key, conversation_seq)) as n from ({rows}) group by all",
            values,
        )
        for one in counted:
            found.setdefault((one["product"], one["topic"]), {"said": 0, "asked": 0})[name] = one["n"]
    tasks = []
    for (product, topic), told in found.items():
        talks = whole[product]
        is_often = told["asked"] >= ASKED_LEAST and told["asked"] >= ASKED_SHARE * talks
        if told["said"] >= fewest or is_often:
            reason = "said" if told["said"] >= fewest else "asked"
            tasks.append({
                "product": product, "topic": topic, **told, "conversations": talks, "reason": reason,
                "rate": _share(max(told["asked"], told["said"]), talks), "suggestion": suggestions()["page"].get(topic, suggestions()["page"][OTHER]),
                "quotes": _quotes(engine, values, missed if reason == "said" else asked, product, topic),
            })  # fmt: skip
    return sorted(tasks, key=lambda one: (-one["said"], -one["asked"], one["product"], one["topic"]))


def _risks(engine: Engine, values: Mapping[str, Value], fewest: int) -> list[dict[str, Any]]:
    """Where fear of risk is frequent: tasks for the owner."""
    whole = _talks(engine, values)
    worried = f"select buyer_key, conversation_seq, seq, product, topic from ({_SAID}) where kind = 'objection' and topic = '{RISK}'"
    counted = engine.rows(
        f"select product, count(distinct (buyer_key, conversation_seq)) as n from ({worried}) group by product", values
    )
    return [
        {"product": one["product"], "worried": one["n"], "conversations": whole[one["product"]], "rate": _share(one["n"], whole[one["product"]]),
         "suggestion": suggestions()["owner"][RISK], "quotes": _quotes(engine, values, worried, one["product"], RISK)}
        for one in sorted(counted, key=lambda one: (-one["n"], one["product"]))
        if one["n"] >= max(fewest, ASKED_SHARE * whole[one["product"]])
    ]  # fmt: skip


def _quotes(engine: Engine, values: Mapping[str, Value], rows: str, product: str, topic: str) -> list[str]:
    found = engine.rows(
        f"select o.text, count(*) as n from ({rows}) as r inner join original as o on o.buyer_key = r.buyer_key and o.seq = r.seq "
        f"where r.product = $product and r.topic = $topic and o.text is not null group by o.text order by n desc, o.text limit {QUOTES}",
        dict(values) | {"product": product, "topic": topic},
    )
    return [quoted(one["text"]) for one in found]


def _share(numerator: int, denominator: int) -> list[Any]:
    interval = wilson(numerator, denominator)
    low, high = (None, None) if interval is None else (round(one, 6) for one in interval)
    return [numerator, denominator, low, high]


# ---- before and after


def followed(engine: Engine, settings: Settings, days: int = DAYS) -> list[dict[str, Any]]:
    """改页前后 every change that people told of, by product and topic, with what is `compared`; facts with topics are needed."""
    changed = latest(settings.folder)
    if not changed:
        return []
    goods = titles(engine)
    names = {topic: zh for (kind, topic), zh in names_of(settings).items() if kind == "topic"}
    return [
        {"product": item, "product_title": goods.get(item, ""), "topic": topic, "title": names.get(topic, "页面内容"), "on": format_day(day)}
        | compared(engine, settings, item, topic, day, days)
        for (item, topic), day in sorted(changed.items())
    ]  # fmt: skip


def compared(engine: Engine, settings: Settings, product: str, topic: str, day: int, days: int) -> dict[str, Any]:
    """改前改后 the rate of the question and the silent buyers of a product, so many days before and after the day of change.

    `is_over` says whether the days after have all passed; of days still to come nothing is counted.
    """
    horizon = horizon_of(engine)
    spans = {"before": (add_days(day, -days), add_days(day, -1)), "after": (add_days(day, 1), add_days(day, days))}
    known = engine.rows("select min(day) as first from span")[0]["first"]
    found: dict[str, Any] = {
        "is_over": bool(horizon) and day_of(horizon, settings.zone, settings.day_start_minutes) > spans["after"][1],
        "is_known": known is not None and known <= spans["before"][0],
        "asking": {}, "silent": {},
    }  # fmt: skip
    has_visitors = all(_visitors(engine, product, span) for span in spans.values())
    for name, span in spans.items():
        found["asking"][name] = _asking(engine, product, topic, span)
        found["silent"][name] = _silent(engine, settings, product, span, by_visitors=has_visitors)
    found["silent_of"] = "visitors" if has_visitors else "buyers"
    for name in ("asking", "silent"):
        found[name]["change"] = change(found[name]["before"], found[name]["after"])
    return found


def _asking(engine: Engine, product: str, topic: str, span: tuple[int, int]) -> list[Any]:
    values: dict[str, Value] = {"from": span[0], "to": span[1], "product": product, "topic": topic}
    kind = "objection" if topic == OTHER else "topic"
    named = "too_little_information" if topic == OTHER else topic
    asked = engine.rows(
        f"select count(distinct (buyer_key, conversation_seq)) as n from ({_SAID}) where product = $product and kind = $kind and topic = $named",
        values | {"kind": kind, "named": named},
    )[0]["n"]
    return _share(asked, _talks(engine, values).get(product, 0))


def _silent(engine: Engine, settings: Settings, product: str, span: tuple[int, int], *, by_visitors: bool) -> list[Any]:
    """Buyers who paid for the product without a word to anyone: of its visitors, else of all who paid for it."""
    found = engine.rows(
        f"select count(distinct case when agent is null then buyer_key end) as silent, count(distinct buyer_key) as buyers "
        f"from {rows_of('sale', False)} and product = $product and day >= $from and day <= $to",
        {"product": product, "from": span[0], "to": span[1], "rule": settings.rule},
    )[0]
    return _share(found["silent"], _visitors(engine, product, span) if by_visitors else found["buyers"])


def _visitors(engine: Engine, product: str, span: tuple[int, int]) -> int:
    """Visitors of the product's page, each day's file as imported last; days are added up."""
    found = engine.rows(
        "with version as (select *, row_number() over (partition by day, product_id order by imported_at desc, file_key, position desc) as version "
        "from source_visitors where product_id = $product and day >= $from and day <= $to) "
        "select cast(coalesce(sum(visitors), 0) as bigint) as n from version where version = 1",
        {"product": product, "from": span[0], "to": span[1]},
    )  # fmt: skip
    return int(found[0]["n"])


def change(before: list[Any], after: list[Any]) -> list[float] | None:
    """变化 after minus before with its 95 % interval; None where either has no trials.

    Source: Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10.
    """
    if not before[1] or not after[1] or before[2] is None or after[2] is None:
        return None
    old, new = before[0] / before[1], after[0] / after[1]
    low = new - old - sqrt((new - after[2]) ** 2 + (before[3] - old) ** 2)
    high = new - old + sqrt((after[3] - new) ** 2 + (old - before[2]) ** 2)
    return [round(one, 6) for one in (new - old, low, high)]


# ---- what people say


def done(
    workspace: Workspace, shop: str | None, said: str, on: str, *, progress: Progress = no_progress
) -> tuple[Change, bool]:
    """改好了 records that a page was changed, said as PRODUCT:TOPIC, on a day; whether it is new. A mistake is WrongUse."""
    key = workspace.shop(shop)
    product, sign, named = (part.strip() for part in said.replace("：", ":").rpartition(":"))
    if not sign or not product or not named:
        raise WrongUse(
            f"--done 要写成 商品编号:关注点，收到的是「{said}」。例如 --done 700000012301:size。",
            f"--done is written PRODUCT:TOPIC, not '{said}'; for example --done 700000012301:size.",
        )
    day = _day(on)
    with inspected(workspace, key, progress) as (engine, settings):
        topic = OTHER if named in (OTHER, "页面内容") else known_topic(settings, named)
        known = engine.rows(
            "select 1 from product where product_id = $product union select 1 from topic where product = $product limit 1",
            {"product": product},
        )
        if not known:
            raise WrongUse(
                f"没有编号 {product} 的商品：商品表和聊天里都没有出现过。编号看 jinpai pages 列出的。",
                f"No product {product} is in the list of products or in the chats. jinpai pages lists some.",
            )
        made = Change(product, topic, day)
        return made, add(settings.folder, made)


def _day(on: str) -> int:
    from jinpai.errors import JinpaiError

    try:
        return parse_day(on)
    except JinpaiError as error:
        raise WrongUse(*error.words) from None
