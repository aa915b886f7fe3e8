"""口径与明细 standing: what a report's numbers rest on: rule, period, identity, reconciliation, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinpai.canon import TABLES as CANON
from jinpai.counting import Period
from jinpai.errors import JinpaiError, Words
from jinpai.metrics.parts import rows_of
from jinpai.money import format_fen
from jinpai.origins import of_formats
from jinpai.period import add_days, format_day, format_instant

if TYPE_CHECKING:
    from jinpai.engine import Engine, Value
    from jinpai.workspace import Settings, Workspace


def meta(
    engine: Engine, settings: Settings, values: Mapping[str, Value], period: Period, workspace: Workspace
) -> dict[str, Any]:
    """口径与明细 the `meta` of a report, but for the question itself; sums that disagree are a JinpaiError."""
    asked = dict(values) | {"from": period.start, "to": period.end}
    horizon = values["horizon"]
    return {
        "shop": settings.shop, "time_zone": settings.time_zone, "from": format_day(period.start),
        "to": format_day(add_days(period.end, -1)), "as_of": None,
        "horizon": format_instant(int(horizon), settings.zone) if isinstance(horizon, int) and horizon else None,
        "rule": settings.rule, "window": settings.window, "settings": {},
        "identity": identity(engine, asked, settings), "reconciliation": reconciliation(engine, asked),
        "unassigned": _unassigned(engine, asked), "excluded": _excluded(engine, asked),
        "calendar": _marks(engine, asked), "missing": _missing(workspace, settings.shop),
        "notes": [note._asdict() for note in (*settings.notes(), *_doubts(workspace, settings.shop))],
    }  # fmt: skip


def identity(engine: Engine, asked: Mapping[str, Value], settings: Settings) -> dict[str, Any]:
    """买家匹配率 the share of orders and of conversations whose buyer is known; under the shop's minimum nothing
    ranks people. The lower of the two shares decides."""
    orders = engine.rows("select count(*) as n, count(*) filter (where not matched) as unmatched, "
        "count(*) filter (where linked_by_number) as linked from orders where created_day >= $from and created_day < $to", asked)[0]  # fmt: skip
    talks = engine.rows("select count(*) as n, count(*) filter (where not matched) as unmatched from conversation "
        "where day >= $from and day < $to and not outreach", asked)[0]  # fmt: skip
    shares = [1 - one["unmatched"] / one["n"] for one in (orders, talks) if one["n"]]
    rate = min(shares) if shares else None
    ranked = rate is None or rate >= settings.min_match_rate
    return {
        "match_rate": None if rate is None else round(rate, 6), "orders": orders["n"], "orders_unmatched": orders["unmatched"],
        "orders_linked_by_number": orders["linked"], "conversations": talks["n"], "conversations_unmatched": talks["unmatched"],
        "min_match_rate": settings.min_match_rate, "ranked": ranked,
        "remedy": None if ranked else _remedy(orders["unmatched"] * (talks["n"] or 1) >= talks["unmatched"] * (orders["n"] or 1))._asdict(),
    }  # fmt: skip


def _remedy(orders_worse: bool) -> Words:
    if orders_worse:
        return Words(
            "订单里打了码的买家太多。请在卖家后台导出带「买家会员名」明文的订单表，或导入写着订单号的聊天记录。",
            "Too many orders hide their buyer. Export the order list with plain buyer names, or import chats that name order numbers.",
        )
    return Words(
        "聊天里打了码的买家太多。请从千牛客户端导出聊天记录（网页版会隐藏买家）。",
        "Too many chats hide their buyer. Export chats from the Qianniu client (the web page hides buyers).",
    )


def reconciliation(engine: Engine, asked: Mapping[str, Value]) -> dict[str, str | None]:
    """核平 attributed + silent against what the shop was paid, in yuan; any difference is an error."""
    owned = engine.rows(f"select cast(coalesce(sum(case when agent is not null then amount else 0 end), 0) as bigint) as attributed, "
        f"cast(coalesce(sum(case when agent is null then amount else 0 end), 0) as bigint) as silent from {rows_of('sale', False)} "
        "and day >= $from and day < $to", asked)[0]  # fmt: skip
    paid = engine.rows("select cast(coalesce(sum(paid_amount), 0) as bigint) as shop from orders "
        "where paid_day >= $from and paid_day < $to", asked)[0]["shop"]  # fmt: skip
    difference = paid - owned["attributed"] - owned["silent"]
    if difference:
        raise JinpaiError(
            f"业绩没有核平：全店 {format_fen(paid)} 元，客服 {format_fen(owned['attributed'])} 元，静默 {format_fen(owned['silent'])} 元，"
            f"差 {format_fen(difference)} 元。这是程序的错，请把这句话报告给我们。",
            f"Sales do not reconcile: shop {format_fen(paid)}, attributed {format_fen(owned['attributed'])}, silent "
            f"{format_fen(owned['silent'])}, difference {format_fen(difference)} yuan. This is our mistake; please report it.",
        )
    return {
        "attributed": format_fen(owned["attributed"]), "silent": format_fen(owned["silent"]), "shop": format_fen(paid),
        "difference": format_fen(difference),
    }  # fmt: skip


def _unassigned(engine: Engine, asked: Mapping[str, Value]) -> int:
    return int(
        engine.rows("select count(*) as n from enquiry where owner is null and day >= $from and day < $to", asked)[0][
            "n"
        ]
    )


def _excluded(engine: Engine, asked: Mapping[str, Value]) -> dict[str, int]:
    """Conversations that make no enquiry, by why; and events that belong to no conversation."""
    found = engine.rows("select stage, count(*) as n from conversation where day >= $from and day < $to and stage <> 'presales' "
        "group by stage order by stage", asked)  # fmt: skip
    lost = engine.rows(
        "select count(*) as n from event where conversation_seq is null and day >= $from and day < $to", asked
    )[0]["n"]
    return {row["stage"]: row["n"] for row in found} | {"events_outside": lost}


def _marks(engine: Engine, asked: Mapping[str, Value]) -> dict[str, dict[str, str | None]]:
    """Holidays and promotions by day."""
    found = engine.rows("select day, holiday, promotion from calendar where day >= $from and day < $to "
        "and (holiday is not null or promotion is not null) order by day", asked)  # fmt: skip
    return {format_day(row["day"]): {"holiday": row["holiday"], "promotion": row["promotion"]} for row in found}


def titles(engine: Engine) -> dict[str, str]:
    """商品名 the title of each product that has one."""
    found = engine.rows("select product_id, title from product where title is not null order by product_id")
    return {row["product_id"]: row["title"] for row in found}


def _doubts(workspace: Workspace, shop: str) -> list[Words]:
    from jinpai.importers.mapped import doubts, made_up

    # from the facts, not the raw files: a report is read without the key too
    facts = workspace.facts()
    return doubts(of_formats(facts, shop, made_up)) if facts else []


def _missing(workspace: Workspace, shop: str) -> list[str]:
    facts = workspace.facts()
    return [name for name in CANON if facts is not None and not facts.files(f"source_{name}", shop)]
