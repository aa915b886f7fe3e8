"""淘宝开放平台订单 answers of `taobao.trades.sold.get` and `taobao.trade.fullinfo.get` (any `…_get_response`) saved as JSON.

A list of one may be written as the one itself, numbers as text. `payable_amount` is `payment`; it is `paid_amount` where
there is a payment time. `buyer` is `buyer_nick`, the mask as it stands; `buyer_open_uid` is kept in `extra`, for no chat
has it. `closed_at` is `end_time` of a closed trade, `exported_at` is `modified`. A deposit has no time of its own: a trade
in steps is paid once `step_trade_status` says that its balance is, and `step_paid_fee` stays in `extra`. Of an item,
`paid_amount` is `divide_order_fee`. An answer says whether an item was refunded, not how much and when: the refund is 0
where none was asked for or it was called off, else unknown. `row` counts the trades. Source: formats, §1.7, §7 case 20.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jinpai.errors import JinpaiError
from jinpai.importers.cells import count, fen, identifier, instant, words
from jinpai.importers.collecting import Collected
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.importers.records import Record, many

LARGEST = 32 << 20
"""Bytes of the largest file, which is taken apart in memory: an answer of 100 trades has about 300 KB."""
_NO_REFUND = frozenset({"NO_REFUND", "CLOSED"})


def _identify(probe: Probe) -> bool:
    start = probe.head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith((b"{", b"[")) and b'_get_response"' in start and b'"trade' in start and b'"tid' in start


def _document(probe: Probe) -> Any:
    """The file as lists and objects whose numbers are the texts that stand there, so that no digit is lost."""
    if probe.size > LARGEST:
        raise JinpaiError(
            f"「{probe.path.name}」超过 {LARGEST >> 20} MB，JSON 要整个读进内存。请按日期分成几个文件再导入。",
            f"'{probe.path.name}' has over {LARGEST >> 20} MB, and JSON is read whole. Split it by days.",
        )
    try:
        with probe.text() as file:
            text = file.read()
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
        # half a character (\ud83d without its other half) is no text that can be stored
        has_halves = "\\ud" in text or "\\uD" in text
        return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")) if has_halves else found
    except (ValueError, RecursionError) as error:
        raise JinpaiError(
            f"「{probe.path.name}」不是完好的 JSON（{error}）。请重新保存接口返回的全文。",
            f"'{probe.path.name}' is not sound JSON ({error}). Save the whole answer of the interface again.",
        ) from None


def _trades(document: object) -> Iterator[object]:
    """The trades of every answer in the file."""
    for answer in document if isinstance(document, list) else [document]:
        for key, body in answer.items() if isinstance(answer, dict) else ():
            if key.endswith("_get_response") and isinstance(body, dict):
                yield from many(body.get("trades", body.get("trade")), "trade")


def _read(probe: Probe, context: Context) -> Iterator[Rows | Problem | Summary]:
    trades = list(_trades(_document(probe)))
    if not trades:
        raise JinpaiError(
            f"「{probe.path.name}」里没有订单（trade）。请确认保存的是订单接口返回的全文，查的那几天有订单。",
            f"There is no trade in '{probe.path.name}'. Check that it is the whole answer and that those days have orders.",
        )
    _check_digits(probe, trades)
    collected = {table: Collected(table) for table in importer.tables}
    for number, values in enumerate(trades, 1):
        trade = Record(number, values, "trade")
        rows = list(_rows(trade, context))
        if trade.problem is not None:
            yield trade.problem
            continue
        for table, row in rows:
            collected[table].add(**row, row=number)
        for one in collected.values():
            yield from one.full()
    for one in collected.values():
        yield from one.rest()


def _check_digits(probe: Probe, trades: list[object]) -> None:
    """Refuses a file whose every number is as a program rounds it: of sound ones, one in dozens is by chance."""
    said = {str(one.get("tid")) for one in trades if isinstance(one, dict) and "tid_str" not in one}
    long = [text for text in said if 18 <= len(text) <= 20 and text.isascii() and text.isdecimal()]
    if len(long) >= 3 and all(map(_is_rounded, long)):
        raise JinpaiError(
            f"「{probe.path.name}」的订单号（tid）最后几位已经丢了，多半是程序把它当小数存的。请把 tid 当文字保存，重新取一次。",
            f"The numbers (tid) in '{probe.path.name}' have lost their last digits, as when kept as decimals. "
            "Keep tid as text and fetch them again.",
        )


def _is_rounded(number: str) -> bool:
    """Whether an id is what a binary decimal of 53 digits prints, shortest or in full."""
    nearest = float(number)
    return int(number) in {int(nearest), int(Decimal(repr(nearest)))}


def _rows(trade: Record, context: Context) -> Iterator[tuple[str, dict[str, object]]]:
    """The rows of one trade: its order and its items; what is malformed stands in `trade.problem`."""
    listed = many(trade.take("orders"), "order")
    items = [trade.inner(f"order[{at}]", item) for at, item in enumerate(listed, 1)]
    order = _order(trade, context)
    lines = [_item(item, is_only=len(items) == 1, is_paid=order["paid_at"] is not None) for item in items]
    refunds = [line["refund_amount"] for line in lines]
    order["refund_amount"] = 0 if lines and None not in refunds else None
    order["product_count"] = len({line["product_id"] or line["title"] for line in lines} - {None}) or None
    yield "orders", order | {"extra": trade.extra()}
    for item, line in zip(items, lines, strict=True):
        yield "order_items", line | {"order_id": order["order_id"], "extra": item.extra()}


def _order(trade: Record, context: Context) -> dict[str, Any]:
    def time(name: str) -> int | None:
        return trade.read(name, lambda cell: instant(cell, context.zone))

    status, payment = trade.read("status", words), trade.read("payment", fen)
    is_paid = trade.read("step_trade_status", words, kept=True) in {None, "FRONT_PAID_FINAL_PAID"}
    paid_at = time("pay_time") if is_paid else None
    created_at = time("created")
    order_id = trade.read("tid_str", identifier) or trade.read("tid", identifier)
    trade.need("tid", order_id)
    trade.need("created", created_at)
    return {
        "order_id": order_id, "buyer": trade.read("buyer_nick", words), "created_at": created_at, "paid_at": paid_at,
        "closed_at": time("end_time") if status in {"TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO"} else None, "status": status,
        "payable_amount": payment, "paid_amount": payment if paid_at is not None else None,
        "quantity": trade.read("num", count), "remark": trade.read("seller_memo", words), "exported_at": time("modified"),
    }  # fmt: skip


def _item(item: Record, *, is_only: bool, is_paid: bool) -> dict[str, Any]:
    paid = item.read("divide_order_fee", fen)
    if paid is None and is_only:  # of several, `payment` leaves out what the trade as a whole took off
        paid = item.read("payment", fen)
    is_whole = item.read("refund_status", words, kept=True) in _NO_REFUND
    return {
        "sub_order_id": item.read("oid_str", identifier) or item.read("oid", identifier),
        "product_id": item.read("num_iid", identifier) or item.read("outer_iid", words),
        "sku_id": item.read("sku_id", identifier) or item.read("outer_sku_id", words) or item.read("sku_properties_name", words),
        "title": item.read("title", words), "quantity": item.read("num", count), "price": item.read("price", fen),
        "paid_amount": paid if is_paid else None, "refund_amount": 0 if is_whole else None,
    }  # fmt: skip


importer = Importer("taobao_trades", "淘宝开放平台订单 JSON", ("orders", "order_items"), _identify, _read)
