"""淘宝退款导出 the refund export of Taobao and Tmall: one row a refund, by column names.

`amount` is 买家退款金额, `applied_at` 退款的申请时间, `refunded_at` 退款完结时间: empty while a refund is under way. The
order's number is the main order's. How the export ends is not known; columns beyond the known ones, the buyer and the
titles are kept in `extra`. Source: formats, §1.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jinpai.importers.cells import fen, identifier, instant, words
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.importers.sheets import Sheet
from jinpai.importers.taobao import Columns, Line, columns_of, read_sheets

_NAMES: dict[str, tuple[str, ...]] = {
    "order_id": ("订单编号",),
    "refund_id": ("退款编号",),
    "sub_order_id": ("子订单编号",),
    "amount": ("买家退款金额",),
    "applied_at": ("退款的申请时间", "退款申请时间"),
    "refunded_at": ("退款完结时间",),
    "reason": ("退款原因", "买家退款原因"),
    "status": ("退款状态",),
}


def _is_refunds(columns: Columns) -> bool:
    return {"order_id", "refund_id", "amount"} <= columns.places.keys()


def _refund(line: Line, context: Context) -> dict[str, object]:
    def time(what: str) -> int | None:
        return line.read(what, lambda cell: instant(cell, context.zone))

    found: dict[str, object] = {
        "order_id": line.read("order_id", identifier), "refund_id": line.read("refund_id", identifier),
        "sub_order_id": line.read("sub_order_id", identifier), "amount": line.read("amount", fen),
        "applied_at": time("applied_at"), "refunded_at": time("refunded_at"),
        "reason": line.read("reason", words), "status": line.read("status", words),
    }  # fmt: skip
    for what in ("order_id", "refund_id", "amount"):
        line.need(what, found[what])
    return found


def _identify(probe: Probe) -> bool:
    return probe.shape != "parquet" and any(_is_refunds(columns_of(sheet, _NAMES)) for sheet in probe.sheets)


def _read(probe: Probe, context: Context) -> Iterator[Rows | Problem | Summary]:
    def reading(_sheet: Sheet, _columns: Columns) -> Callable[[Line], dict[str, object]]:
        return lambda line: _refund(line, context)

    yield from read_sheets(probe, "refunds", _NAMES, _is_refunds, reading)


importer = Importer("taobao_refunds", "淘宝/天猫退款导出", ("refunds",), _identify, _read)
