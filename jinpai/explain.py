"""怎么算的 explain: a figure's passport: definition, settings, what was left out, how mature it is, and the rows behind.

Each row behind says what it adds to the numerator and to the denominator: the rows shown add up to the
figure. Source: the metrics contract, §7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jinpai.catalogue import suggestion
from jinpai.computing import no_progress
from jinpai.counting import Period
from jinpai.errors import JinpaiError
from jinpai.metrics import choose
from jinpai.metrics.definition import Metric, Part, end_of
from jinpai.metrics.parts import rows_of, with_profiles
from jinpai.money import format_fen
from jinpai.naming import short_keys
from jinpai.origins import file_names
from jinpai.period import Window, add_days, format_day, format_instant, parse_day
from jinpai.report import Asked, ask, looked_up, report
from jinpai.shelf import remembered
from jinpai.tables import closure, tables
from jinpai.text.mask import mask_nick

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value
    from jinpai.workspace import Workspace

BEHIND: dict[str, tuple[str, ...]] = {
    "enquiry_by": ("buyer_key", "enquiry_key", "t0", "agent", "stage", "ordered_at", "paid_at"),
    "round_by": ("buyer_key", "seq", "started_at", "answered_at", "agent", "ms"),
    "concurrency": ("buyer_key", "seq", "agent"),
    "conversation_by": ("buyer_key", "seq", "first_at", "agent"),
    "buyer_day": ("buyer_key", "day", "agent", "what"),
    "talk": ("buyer_key", "day", "agent"),
    "transfer": ("buyer_key", "seq", "day", "agent"),
    "sale": ("order_key", "day", "agent"),
    "refund": ("order_key", "refunded_at", "agent"),
    "assisted": ("order_key", "day", "agent"),
    "evaluation": ("buyer_key", "sent_at", "evaluated_at", "agent", "level"),
    "platform_by": ("buyer_key", "seq", "started_at", "agent", "answered_ms"),
    "score": (
        "buyer_key",
        "conversation_seq",
        "conversation_key",
        "day",
        "agent",
        "weight",
        "findings",
        "scorecard",
        "version",
    ),
    "settled": (
        "buyer_key",
        "conversation_seq",
        "conversation_key",
        "day",
        "agent",
        "criterion",
        "result",
        "seq",
        "begins",
        "ends",
    ),
}
"""What tells one row behind a figure from the next, by source."""

_INSTANTS = (
    "t0",
    "ordered_at",
    "paid_at",
    "started_at",
    "answered_at",
    "first_at",
    "refunded_at",
    "sent_at",
    "evaluated_at",
)
SHOWN = 20
PARTS = {
    "hour": " and hour = $part_asked", "product": " and product = $part_asked",
    "weekday": " and day in (select day from calendar where weekday = $part_asked)",
}  # fmt: skip
"""Of what a figure may be that is less than a day, an agent or a shop, and the rows of it."""
Share = tuple[str, str | int]
"""One of PARTS and its value."""


def explain(
    workspace: Workspace, metric: str, shop: str | None = None, *, agent: str | None = None, day: str | None = None,
    start: str | None = None, end: str | None = None, window: str | None = None, rule: str | None = None,
    as_of: str | None = None, enquiry_agents: str | None = None, overrides: Mapping[str, str] | None = None, shown: int = SHOWN,
    builds: bool = True, part: Share | None = None,
) -> dict[str, Any]:  # fmt: skip
    """怎么算的 the passport of one figure, of the shop or of one agent, over a day, a period or all days.

    `part` narrows it to one value of PARTS: an hour, a weekday (1 is Monday) or a product. An unknown metric or agent is
    WrongUse or JinpaiError with a suggestion. Buyers are masked.
    """
    first, last = (day, day) if day is not None else (start, end)
    asked = ask(workspace, shop, start=first, end=last, window=window, rule=rule, as_of=as_of,
        enquiry_agents=enquiry_agents, overrides=overrides)  # fmt: skip
    [(chosen, its_window)] = choose([metric], asked.window)
    by = ("shop" if agent is None else "agent", *(part[:1] if part is not None else ()))
    found = report(workspace, asked.shop, start=first, end=last, by=by, metrics=[metric, "received_buyers"], window=window, rule=rule, as_of=as_of,
        enquiry_agents=enquiry_agents, overrides=overrides, builds=builds)  # fmt: skip
    # an agent who received buyers is known, though the figure asked for may not be ready
    row = _row_of([row for row in found["rows"] if part is None or row[part[0]] == part[1]], agent)
    question = ("explain", repr(asked), metric, agent, shown, part)
    return remembered(
        workspace, asked.shop, question,
        lambda: _explained(workspace, asked, (chosen, its_window), found["meta"], row, agent, part, shown),
    )  # fmt: skip


def _explained(
    workspace: Workspace, asked: Asked, figure: tuple[Metric, Window | None], meta: Mapping[str, Any], row: Mapping[str, Any],
    agent: str | None, part: Share | None, shown: int,
) -> dict[str, Any]:  # fmt: skip
    chosen, its_window = figure
    column = chosen.column(its_window)
    with looked_up(workspace, asked, no_progress, builds=False) as (engine, values):
        period = _period_of(meta, chosen)
        bound = dict(values) | {
            "from": period.start, "to": period.end, "agent_asked": agent, "part_asked": part[1] if part else None,
        }  # fmt: skip
        return {
            "metric": column, "zh": chosen.label(its_window), "en": chosen.label(its_window, "en"), "family": chosen.family,
            "unit": chosen.unit, "better": chosen.better, "kind": chosen.kind, "meaning": chosen.meaning._asdict(),
            "origin": chosen.origin, "value": row.get(column), "of": row.get("of", {}).get(column),
            "shop": asked.shop, "agent": agent, "from": format_day(period.start), "to": format_day(add_days(period.end, -1)),
            "time_zone": asked.settings.time_zone, "rule": asked.settings.rule,
            "window": its_window.name if its_window else None, "as_of": meta["as_of"],
            "settings": touching(asked, chosen), "excluded": meta["excluded"], "identity": meta["identity"],
            "reconciliation": meta["reconciliation"],
            "maturity": _maturity(engine, bound, its_window, asked) if its_window and part is None else None,
            "sql": _sql(chosen, its_window, asked), "notes": meta["notes"],
            "behind": behind(workspace, engine, bound, chosen, window=its_window, asked=asked, shown=shown, part=part[0] if part else None),
        }  # fmt: skip


def _row_of(rows: Sequence[dict[str, Any]], agent: str | None) -> dict[str, Any]:
    if agent is None and rows:
        return rows[0]
    for row in rows:
        if row["agent"] == agent:
            return row
    if agent is None:
        raise JinpaiError("这一格里没有数。请换一格看。", "There is no figure in this part. Choose another.")
    hint = suggestion(agent, [row["agent"] for row in rows])
    raise JinpaiError(
        f"这段时间里没有客服「{agent}」的这个数。{hint.zh}",
        f"No such figure for agent '{agent}' in that time. {hint.en}",
    )


def _period_of(meta: Mapping[str, Any], metric: Metric) -> Period:
    start, last = parse_day(meta["from"]), parse_day(meta["to"])
    end = add_days(last, 1)
    return Period(add_days(end, -metric.days) if metric.days else start, end)


def touching(asked: Asked, metric: Metric) -> dict[str, object]:
    """相关设置 the settings that touch the figure, through every table behind it."""
    names = {name for table in closure([metric.numerator.source]) for name in table.parameters}
    told = {
        "conversation_gap": "conversation_gap", "assist_counts": "assist_counts", "after_sales_length": "after_sales_days",
        "attribution_length": "attribution_days", "reminder_length": "silent_reminder_minutes", "main_days": "window",
        "min_agent_lines": "min_agent_lines", "slow_ms": "slow_seconds", "slow_rounds": "slow_rounds",
    }  # fmt: skip
    wanted = {told[name] for name in names if name in told} | (
        {"rule"} if metric.numerator.source in ("sale", "refund", "assisted") else set()
    )
    wanted |= {"enquiry_span", "enquiry_agents"} if metric.numerator.source == "enquiry_by" else set()
    wanted |= {"profiles"} if metric.profile else set()
    wanted |= {"hours"} if metric.name.endswith("_business") or metric.name == "message_reply_rate" else set()
    shown = asked.settings.shown()
    return {name: shown[name] for name in shown if name in wanted}


def _maturity(engine: Engine, bound: Mapping[str, Value], window: Window, asked: Asked) -> dict[str, Any]:
    """How many enquiries have their window behind them, and when the next ones will have."""
    end = end_of(window)
    ripe = f"({end} <= $horizon and (not recent or main_ends_at <= $horizon))"
    of_agent = "and owner = $agent_asked" if bound["agent_asked"] is not None else ""
    row = engine.rows(
        f"select count(*) filter (where {ripe}) as mature, count(*) filter (where not {ripe}) as immature, "
        f"min(case when not {ripe} then greatest({end}, case when recent then main_ends_at else 0 end) end) as next_at "
        f"from enquiry where day >= $from and day < $to {of_agent}", bound,
    )[0]  # fmt: skip
    next_at = row["next_at"]
    return {
        "mature": row["mature"], "immature": row["immature"],
        "next_at": format_instant(next_at, asked.settings.zone) if next_at is not None else None,
    }  # fmt: skip


def _sql(metric: Metric, window: Window | None, asked: Asked) -> dict[str, str]:
    """The expressions of the parts and the SQL of the table they count, as they are run."""
    named = zip(
        ("numerator", "denominator", "minus"), (metric.numerator, metric.denominator, metric.minus), strict=True
    )
    bound = {id(part): whole for part, whole in zip(
        [one for one in (metric.numerator, metric.denominator, metric.minus) if one], metric.parts(window), strict=True)}  # fmt: skip
    found = {
        name: f"{with_profiles(bound[id(part)], asked.settings).expression} -- from {part.source}"
        for name, part in named
        if part
    }
    text = tables()[metric.numerator.source].sql if metric.numerator.source in tables() else None
    return found | ({metric.numerator.source: text} if text else {})


def behind(
    workspace: Workspace,
    engine: Engine,
    bound: Mapping[str, Value],
    metric: Metric,
    *,
    window: Window | None,
    asked: Asked,
    shown: int,
    part: str | None = None,
) -> dict[str, Any]:
    """背后的明细 the rows that make the figure, with what each adds; `total` counts them all, `rows` shows some."""
    parts = [with_profiles(part, asked.settings) for part in metric.parts(window)]
    source = parts[0].source
    by_agent = bound["agent_asked"] is not None
    keys = ", ".join(BEHIND[source])
    added = [
        f"{_adds(part)} as {name}" for name, part in zip(("adds", "of"), parts, strict=False) if part.source == source
    ]
    inner = (
        f"select {keys}, {', '.join(added)} from {rows_of(source, by_agent)} and day >= $from and day < $to"
        f"{' and agent = $agent_asked' if by_agent else ''}{PARTS[part] if part else ''} group by {keys}"
    )
    counts = "adds is not null and adds <> 0" + (" or of <> 0" if len(added) > 1 else "")
    total = engine.rows(f"select count(*) as n from ({inner}) where {counts}", bound)[0]["n"]
    engine.make("behind", f"select * from ({inner}) where {counts} order by {keys} limit {int(shown)}", bound)
    rows = engine.rows(f"{_placed(source)} order by {keys}", bound)
    facts = workspace.facts()
    files = (row["file_key"] for row in rows if row["file_key"] is not None)
    names = file_names(facts, asked.settings.shop, files) if facts else {}
    short = short_keys(engine, [row["conversation_key"] for row in rows if "conversation_key" in row])
    return {"total": total, "shown": len(rows), "rows": [_told(row, names, asked, metric, short) for row in rows]}


def _adds(part: Part) -> str:
    return f"cast(sum({part.expression}) as bigint)" if part.how == "seconds" else f"cast({part.expression} as bigint)"


def _placed(source: str) -> str:
    """The rows in table `behind` with the buyer, the order number, and the file and row they came from."""
    if source in ("sale", "refund", "assisted"):
        return "select b.*, o.order_id, o.buyer, o.file_key, o.row from behind as b inner join orders as o on o.order_key = b.order_key"
    on = {
        "enquiry_by": "m.message_key = b.enquiry_key", "round_by": "m.buyer_key = b.buyer_key and m.seq = b.seq",
        "conversation_by": "m.buyer_key = b.buyer_key and m.seq = b.seq", "concurrency": "m.buyer_key = b.buyer_key and m.seq = b.seq",
        "transfer": "m.buyer_key = b.buyer_key and m.seq = b.seq",
        "platform_by": "m.buyer_key = b.buyer_key and m.seq = b.seq",
        "score": "m.buyer_key = b.buyer_key and m.seq = b.conversation_seq",
        "settled": "m.buyer_key = b.buyer_key and m.seq = case when b.seq > 0 then b.seq else b.conversation_seq end",
        "buyer_day": "m.buyer_key = b.buyer_key and m.seq = (select min(x.seq) from message as x where x.buyer_key = b.buyer_key and x.day = b.day)",
        "talk": "m.buyer_key = b.buyer_key and m.seq = (select min(x.seq) from message as x where x.buyer_key = b.buyer_key and x.day = b.day)",
    }.get(source, "m.buyer_key = b.buyer_key and m.seq = 1")  # fmt: skip
    quoted = ", m.text" if source == "settled" else ""
    # an evaluation stands beside its buyer's first message, which tells nothing of the talk it is of
    talk = "cast(null as bigint)" if source == "evaluation" else "s.conversation_key"
    # of millions of messages those of these buyers alone are looked at
    theirs, talks = (
        f"(select * from {table} where buyer_key in (select buyer_key from behind))" for table in ("original", "span")
    )
    return (
        f"select b.*, m.buyer, m.file_key, m.row, {talk} as talk{quoted} from behind as b left join {theirs} as m on {on} "
        f"left join {talks} as s on s.buyer_key = m.buyer_key and s.conversation_seq = m.conversation_seq"
    )


HIDDEN = frozenset((
    "file_key", "row", "buyer_key", "order_key", "enquiry_key", "seq", "conversation_key", "conversation_seq", "begins", "ends", "text", "talk",
))  # fmt: skip
"""Columns of a row that are for joining, or told in another form."""


def _told(
    row: Mapping[str, Any], names: Mapping[int, str], asked: Asked, metric: Metric, short: Mapping[int, str]
) -> dict[str, Any]:
    is_money = metric.numerator.source in ("sale", "refund", "assisted") and "amount" in metric.numerator.expression
    told = {name: _shown(name, found, asked, is_money=is_money) for name, found in row.items() if name not in HIDDEN}
    if "conversation_key" in row:
        told = {"conversation": short[row["conversation_key"]]} | told
    if metric.unit == "points":
        told["adds"] = row["adds"] / 10  # thousandths, as points of 100
    if "text" in row:
        told["quote"] = " ".join((row["text"] or "").split())
    if row.get("talk") is not None:
        told["talk"] = str(row["talk"])
    return told | {"file": names.get(row["file_key"]), "row": row["row"]}


def _shown(name: str, found: Any, asked: Asked, *, is_money: bool) -> Any:
    if name == "buyer":
        return mask_nick(found or "")
    if found is None:
        return None
    if name in _INSTANTS:
        return format_instant(found, asked.settings.zone)
    if name == "day":
        return format_day(found)
    return format_fen(found) if name == "adds" and is_money else found
