"""淘宝订单明细 line items of Taobao and Tmall: ExportOrderDetailList of 2018 on (10 or 18 columns), 销售明细 sheets.

They have no buyer and join the order list by the main order's number (主订单编号, in the older file 订单编号).
`product_id` is the item's id where the file has one, else 外部系统编号; `sku_id` is skuId, else 商家编码, else the
properties; `paid_amount` is 买家实际支付金额 of the line. Source: formats, §1.2–1.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinpai.importers.cells import count, fen, identifier, words
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
    read_lines,
    refund_of,
    sku_of,
    unread_sheet,
)


def read_items(sheet: Sheet, mark: str = "") -> Iterator[Rows | Problem]:
    """明细行 the line items of one sheet."""
    items = Collected("order_items")
    yield from read_lines(items, lines_of(sheet, columns_of(sheet), mark), _item)
    yield from items.rest()


def _item(line: Line) -> dict[str, object]:
    return {
        "order_id": order_id_of(line),
        "sub_order_id": line.read("sub_order_id", identifier),
        "product_id": product_of(line),
        "sku_id": sku_of(line),
        "title": line.read("titles", words),
        "quantity": line.read("line_quantity", count),
        "price": line.read("price", fen),
        "paid_amount": line.read("paid_amount", fen),
        "refund_amount": refund_of(line),
    }


def _sheets(probe: Probe) -> list[tuple[Sheet, Columns]]:
    return [(sheet, columns_of(sheet)) for sheet in probe.sheets] if probe.shape != "parquet" else []


def _identify(probe: Probe) -> bool:
    columns = [columns for _, columns in _sheets(probe)]
    return any(map(is_items, columns)) and not any(map(is_list, columns))


def _read(probe: Probe, _context: Context) -> Iterator[Rows | Problem | Summary]:
    found = _sheets(probe)
    for sheet, columns in found:
        mark = f"{sheet.name}·" if len(found) > 1 else ""
        if is_items(columns):
            yield from read_items(sheet, mark)
        else:
            yield unread_sheet(sheet, columns)


importer = Importer("taobao_items", "淘宝/天猫订单明细（宝贝报表）", ("order_items",), _identify, _read)
