"""湖 one lake: every hand-made case and every drawn example as a shop of its own, so that each table runs once per engine.

All shops of a lake have the same settings (an engine binds one value a parameter), whichever they were written for:
what is compared is engine with engine, and a shop under foreign settings is one more shop. What the tables join
without the shop (names of agents, products and orders) is made the shop's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings

from jinpai import flow
from jinpai.canon import TABLES
from jinpai.decisions import OUTCOMES, schema
from jinpai.engine import Engine, Value
from jinpai.tables import source, tables
from jinpai.text.private import Private
from jinpai.workspace.settings import Settings
from tests.criteria.dialogues import rows as dialogue_rows
from tests.laws.shop import shops
from tests.oracles import cases_of_talk, cases_of_trade
from tests.oracles.drawn import SETTINGS, drawn
from tests.oracles.scenario import scenario

Rows = Mapping[str, list[dict[str, Any]]]
OWN = ("agent", "to_agent", "product_id", "title", "order_id", "sub_order_id", "refund_id")
SHOP = "main"
DRAWN = 8
MOMENT = 1_762_800_000_000
WIDE = 2_000_000_000_000_000_000


def every_shop() -> list[Rows]:
    """The hand-made cases, the oracle's drawn shops, the laws' drawn shops, and two of the edges that nobody draws."""
    cases = [scenario(case.text + case.later) for case in (*cases_of_talk.CASES, *cases_of_trade.CASES)]
    told = [scenario(drawn(seed)[0]) for seed in range(2 * len(SETTINGS))]
    return [*cases, *told, *_drawn(masked=False), *_drawn(masked=True), *_edges(), dialogue_rows()]


def _drawn(*, masked: bool) -> list[Rows]:
    found: list[Rows] = []

    @settings(
        max_examples=DRAWN, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(shops(masked=masked))
    def draw(shop: Any) -> None:
        found.append(shop.rows)

    draw()
    return found


def _edges() -> list[Rows]:
    """Amounts as wide as the integers go, texts beyond the common plane, products with and without a number."""
    orders = [{"order_id": f"W{number}", "buyer": "宽", "created_at": MOMENT + number, "paid_at": MOMENT + 9 * number,
               "paid_amount": WIDE - number, "refund_amount": WIDE // 7, "remark": "甲乙"} for number in range(3)]  # fmt: skip
    items = [{"order_id": f"W{number}", "sub_order_id": f"W{number}/{line}", "product_id": f"P{line}" if line else None,
              "title": f"P{line + 1}", "quantity": 1 + line, "price": WIDE // 10 - line} for number in range(3) for line in range(3)]  # fmt: skip
    talk = [{"buyer": "宽", "sender": "buyer" if number % 3 else "agent", "agent": "小美" if number % 2 else None,
             "sent_at": MOMENT + 700 * number, "kind": "text", "text": text}
            for number, text in enumerate(("😀", "a'b", "广告😀", "", "%_", "\\", "\n换行", " 广告"))]  # fmt: skip
    products = [{"product_id": f"P{number}", "title": f"P{number}"} for number in range(3)]
    refunds = [{"refund_id": "V0", "order_id": "W1", "sub_order_id": "W1/2", "amount": 7, "refunded_at": MOMENT + 99}]
    return [{"messages": talk, "orders": orders, "order_items": items, "products": products, "refunds": refunds},
            {"messages": talk[:1]}]  # fmt: skip


def sources(found: list[Rows]) -> dict[str, pa.Table]:
    """The source tables of all shops; every third shop was exported twice, the second time half of it."""
    private = Private(b"lake" * 8)
    batches: dict[str, list[pa.RecordBatch]] = {}
    for number, rows in enumerate(found):
        files = [rows, {name: some[: len(some) // 2 + 1] for name, some in rows.items()}]
        for again, file in enumerate(files if number % 3 == 0 else files[:1]):
            digest = blake2b(f"{number}/{again}".encode(), digest_size=16).hexdigest()
            for name, some in file.items():
                told = [
                    dict.fromkeys(TABLES[name].schema.names) | {"row": place} | row for place, row in enumerate(some, 2)
                ]
                batch = pa.RecordBatch.from_pylist([_own(row, number) for row in told], schema=TABLES[name].schema)
                batches.setdefault(name, []).extend(source.batches(name, _shop(number), digest, [batch], private))
    return {name: _one_shop(pa.Table.from_batches(some)) for name, some in batches.items()}


def _one_shop(rows: pa.Table) -> pa.Table:
    """Keys stay those of many shops; the column says the one whose settings hold."""
    place = rows.schema.get_field_index("shop")
    return rows.set_column(place, rows.schema.field(place), pa.repeat(pa.scalar(SHOP), len(rows)))


def _shop(number: int) -> str:
    return f"店{number:03d}"


def _own(row: dict[str, Any], number: int) -> dict[str, Any]:
    named = {name: f"{row[name]}{number:03d}" for name in OWN if row.get(name) is not None}
    return row | named | {"shop": _shop(number)}


def fill(
    engine: Engine, rows: Mapping[str, pa.Table], chosen: Settings, as_of: int | None,
    decided: Mapping[str, pa.Table] | None = None,
) -> dict[str, Value]:  # fmt: skip
    """Every table of the lake, of which people `decided` that, and the values bound."""
    flow.arrange(engine, chosen, {}, decided)
    for name, found in rows.items():
        engine.take(f"source_{name}", found)
    return flow.compute(engine, chosen, tables().values(), as_of)


def decisions(engine: Engine) -> dict[str, pa.Table]:
    """What people might decide about the findings of a filled lake: every outcome in turn, and one criterion suspended."""
    found = engine.rows("""
        select f.conversation_key, f.criterion, f.result, m.message_key, f.begins, f.ends
        from finding as f left join message as m on m.buyer_key = f.buyer_key and m.seq = f.seq
        order by f.conversation_key, f.criterion""")
    said = [
        one | {"outcome": OUTCOMES[place % 3], "right_result": 1000 - one["result"] if OUTCOMES[place % 3] == "overturn" else None}
        for place, one in enumerate(found[::2])
    ]  # fmt: skip
    suspended = [{"criterion": found[0]["criterion"], "digest": "0"}]
    return {
        "decided": pa.Table.from_pylist(said, schema("verdict")),
        "suspended": pa.Table.from_pylist(suspended, schema("suspension")),
    }


def different(name: str, one: pa.Table, other: pa.Table) -> list[str]:
    """What differs in names, types or rows, in a sentence each."""
    here, there = ([(field.name, str(field.type)) for field in table.schema] for table in (one, other))
    if here != there:
        return [f"{name}: DuckDB's columns {sorted(set(here) - set(there))}, Spark's {sorted(set(there) - set(here))}"]
    rows, others = ({str(row): row for row in table.to_pylist()} for table in (one, other))
    only, too_much = sorted(rows.keys() - others.keys()), sorted(others.keys() - rows.keys())
    if only or too_much or len(one) != len(other):
        return [f"{name}: {len(one)} and {len(other)} rows\n  only DuckDB {only[:2]}\n  only Spark  {too_much[:2]}"]
    return []
