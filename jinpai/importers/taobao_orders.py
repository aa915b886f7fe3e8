"""淘宝订单列表 order lists of Taobao and Tmall of all generations (2014–2026), CSV or XLSX, by column names.

`paid_amount` is 买家实际支付金额 (买家实付金额): what the buyer paid, freight included, platform coupons not;
`payable_amount` is 总金额 (goods and freight), else 买家应付货款. Paid or not is told by the payment time alone.
The files state no closing time, so `closed_at` stays null and the word stays in `status`; nothing states how
分阶段订单信息 is written, so deposits stay in `extra`. `exported_at` comes from a name ExportOrderListYYYYMMDDHHMM.
`buyer` is 买家会员名, else the nick where that is masked, else the mask as it stands.

Since 2024 an order of several SKUs may stand on several rows. Its amounts: where in some order of the file they
differ from row to row, they are amounts of the lines and are added; where they never do, they are the order's own,
repeated. Lists of one row an order name their titles only: these become items without price (and without sub-order,
product and SKU, by which they give way to the rows of a detail file). Source: formats, §1, §7 cases 5 and 6.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from jinpai.errors import Words
from jinpai.importers.cells import count, fen, identifier, instant, words
from jinpai.importers.collecting import Collected
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.importers.sheets import Sheet
from jinpai.importers.taobao import (
    Columns,
    Line,
    columns_of,
    is_items,
    is_list,
    lines_of,
    order_id_of,
    product_of,
    refund_of,
    sku_of,
    unread_sheet,
)
from jinpai.importers.taobao_items import read_items
from jinpai.period import to_ms
from jinpai.text.mask import is_masked

_EXPORTED = re.compile(r"ExportOrderList(\d{12})(?!\d)", re.ASCII)
_AMOUNTS = ("payable_amount", "paid_amount", "refund_amount")


@dataclass(slots=True)
class Order:
    """读到的一行 the order's values and the line's, of one row."""

    line: Line
    order: dict[str, object]
    item: dict[str, object]


@dataclass(slots=True)
class Plan:
    """怎么合并 how the rows of one sheet make orders: rows of each order, and which amounts are the lines' own."""

    has_lines: bool
    wants_items: bool
    rows: Counter[str] = field(default_factory=Counter)
    by_line: set[str] = field(default_factory=set)


def _identify(probe: Probe) -> bool:
    return probe.shape != "parquet" and any(is_list(columns_of(sheet)) for sheet in probe.sheets)


def _read(probe: Probe, context: Context) -> Iterator[Rows | Problem | Summary]:
    found = [(sheet, columns_of(sheet)) for sheet in probe.sheets]
    has_details = any(is_items(columns) for _, columns in found)
    exported_at = _exported_at(probe.path.name, context.zone)
    for sheet, columns in found:
        mark = f"{sheet.name}·" if len(found) > 1 else ""
        if is_list(columns):
            yield from _read_list(sheet, columns, mark, context.zone, exported_at, wants_items=not has_details)
        elif is_items(columns):
            yield from read_items(sheet, mark)
        else:
            yield unread_sheet(sheet, columns)


def _exported_at(name: str, zone: ZoneInfo) -> int | None:
    found = _EXPORTED.search(name)
    try:
        return to_ms(datetime.strptime(found[1], "%Y%m%d%H%M").replace(tzinfo=zone)) if found else None
    except ValueError:
        return None


def _read_list(
    sheet: Sheet, columns: Columns, mark: str, zone: ZoneInfo, exported_at: int | None, *, wants_items: bool
) -> Iterator[Rows | Problem]:
    plan = _plan(sheet, columns, wants_items=wants_items)
    orders, items = Collected("orders"), Collected("order_items")
    for group in _groups((_order(line, zone) for line in lines_of(sheet, columns, mark)), plan):
        if any(row.line.problem for row in group):
            yield from _refused(group)
            continue
        orders.add(**_merged(group, plan), row=group[0].line.number, extra=_extra(group), exported_at=exported_at)
        for item in _items(group, plan):
            items.add(**item)
        yield from orders.full()
        yield from items.full()
    yield from orders.rest()
    yield from items.rest()


def _plan(sheet: Sheet, columns: Columns, *, wants_items: bool) -> Plan:
    """Goes through the numbers and amounts of a sheet with line columns once, before its rows are read."""
    plan = Plan(columns.has("line_quantity", "sku_id", "properties", "sub_order_id"), wants_items)
    if not plan.has_lines:
        return plan
    first: dict[str, dict[str, int]] = {}
    for line in lines_of(sheet, columns):
        number = order_id_of(line)
        if number is None:
            continue
        plan.rows[number] += 1
        seen = first.setdefault(number, {})
        for name, amount in _amounts(line).items():
            if isinstance(amount, int) and seen.setdefault(name, amount) != amount:
                plan.by_line.add(name)
    if "paid_amount" in plan.by_line:
        plan.by_line.add("refund_amount")
    return plan


def _amounts(line: Line) -> dict[str, int | None]:
    total = line.read("total_amount", fen)
    payable = total if total is not None else line.read("goods_amount", fen)
    return {"payable_amount": payable, "paid_amount": line.read("paid_amount", fen), "refund_amount": refund_of(line)}


def _order(line: Line, zone: ZoneInfo) -> Order:
    """Everything one row says; what is malformed stands in `line.problem`."""

    def time(what: str) -> int | None:
        return line.read(what, lambda cell: instant(cell, zone))

    number = order_id_of(line)
    created_at = time("created_at")
    line.need("created_at", created_at)
    order: dict[str, object] = {
        "order_id": number, "buyer": _buyer(line), "created_at": created_at, "paid_at": time("paid_at"),
        "status": line.read("status", words), **_amounts(line),
        "quantity": line.read("quantity", count), "product_count": line.read("product_count", count),
        "remark": _remark(line),
    }  # fmt: skip
    item: dict[str, object] = {
        "order_id": number, "sub_order_id": line.read("sub_order_id", identifier), "product_id": product_of(line),
        "sku_id": sku_of(line), "title": line.read("titles", words), "quantity": line.read("line_quantity", count),
        "price": line.read("price", fen),
    }  # fmt: skip
    return Order(line, order, item)


def _buyer(line: Line) -> str | None:
    name, nick = line.read("buyer", words), line.read("buyer_nick", words)
    return next((said for said in (name, nick) if said and not is_masked(said)), name or nick)


def _remark(line: Line) -> str | None:
    said = dict.fromkeys(note for note in (line.read("memo", words), line.read("remark", words)) if note)
    return " ".join(said) or None


def _groups(rows: Iterable[Order], plan: Plan) -> Iterator[list[Order]]:
    """Rows of one order together, once the last of them has come; a row without a number is a group of its own."""
    waiting: dict[str, list[Order]] = {}
    for row in rows:
        number = row.order["order_id"]
        if not isinstance(number, str) or plan.rows[number] <= 1:
            yield [row]
            continue
        group = waiting.setdefault(number, [])
        group.append(row)
        if len(group) == plan.rows[number]:
            yield waiting.pop(number)


def _refused(group: list[Order]) -> Iterator[Problem]:
    """The rows of an order of which one is malformed: half an order would be a wrong amount."""
    culprit = next(row.line.number for row in group if row.line.problem)
    for row in group:
        yield row.line.problem or Problem(row.line.number, "订单编号", str(row.order["order_id"]), Words(
            f"同一订单的第 {culprit} 行读不进来，整单没有导入。请改好那一行。",
            f"Row {culprit} of the same order cannot be read; the whole order was left out. Correct that row."))  # fmt: skip


def _merged(group: list[Order], plan: Plan) -> dict[str, object]:
    """One order out of its rows: the first that says something, amounts as the plan says, pieces added up."""
    order: dict[str, object] = {}
    for name in group[0].order:
        said = [row.order[name] for row in group if row.order[name] is not None]
        added = name in _AMOUNTS and name in plan.by_line and said
        order[name] = sum(said) if added else next(iter(said), None)  # type: ignore[arg-type]
    if plan.has_lines:
        pieces = [row.item["quantity"] for row in group if isinstance(row.item["quantity"], int)]
        if order["quantity"] is None and pieces:
            order["quantity"] = sum(pieces)
        products = {row.item["product_id"] or row.item["title"] for row in group} - {None}
        if order["product_count"] is None and products:
            order["product_count"] = len(products)
    return order


def _extra(group: list[Order]) -> str | None:
    return next((extra for extra in (row.line.extra() for row in group) if extra is not None), None)


def _items(group: list[Order], plan: Plan) -> Iterator[dict[str, object]]:
    if not plan.wants_items:
        return
    if not plan.has_lines:
        yield from _titled(group[0])
        return
    for row in group:
        if not any(row.item[name] for name in ("sub_order_id", "product_id", "sku_id", "title")):
            continue
        own = {name: row.order[name] for name in ("paid_amount", "refund_amount")
               if len(group) == 1 or name in plan.by_line}  # fmt: skip
        yield {**row.item, **own, "row": row.line.number}


def _titled(row: Order) -> Iterator[dict[str, object]]:
    """Items of a list that names titles only, joined by a full-width comma, which a title may hold too."""
    said, kinds = row.item["title"], row.order["product_count"]
    if not isinstance(said, str):
        return
    titles = [title.strip() for title in said.split("，")] if kinds != 1 else [said]
    if isinstance(kinds, int) and len(titles) != kinds:
        return
    whole = {name: row.order[name] for name in ("quantity", "paid_amount", "refund_amount") if len(titles) == 1}
    for title in dict.fromkeys(titles):
        if title:
            yield {"order_id": row.order["order_id"], "title": title, **whole, "row": row.line.number}


importer = Importer("taobao_orders", "淘宝/天猫订单报表", ("orders", "order_items"), _identify, _read)
