"""标准表 canonical tables: what every importer produces and `jinpai import` also reads directly.

Money is whole fen, instants are whole milliseconds UTC, days are yyyymmdd: integers mean the
same on every engine. Source of the columns: the metrics contract, §1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

Kind = Literal["id", "text", "instant", "money", "count", "day", "flag"]
TYPES: dict[str, pa.DataType] = {
    "id": pa.string(), "text": pa.string(), "instant": pa.int64(), "money": pa.int64(),
    "count": pa.int64(), "day": pa.int32(), "flag": pa.bool_(),
}  # fmt: skip

SENDERS = ("buyer", "agent", "assist", "auto", "system", "note")
KINDS = ("text", "image", "product_card", "order_card", "coupon", "emoji", "voice", "video", "file", "event")
EVENTS = ("assigned", "transferred", "accepted", "handed_to_human", "closed", "reopened")
TEAMS = ("presales", "aftersales", "both")


@dataclass(frozen=True, slots=True)
class Column:
    """列 one column: name, kind, Chinese name, and whether a row without it is a problem."""

    name: str
    kind: Kind
    zh: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """标准表 one canonical table: its columns in order and the columns that identify a row in a shop."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    schema: pa.Schema = field(init=False, compare=False, repr=False)
    """Arrow schema of a batch: the columns, then `row` (row number in the file) and `extra`
    (a JSON object of the file's other columns, or null)."""

    def __post_init__(self) -> None:
        fields = [pa.field(column.name, TYPES[column.kind]) for column in self.columns]
        made = pa.schema([*fields, pa.field("row", pa.int64()), pa.field("extra", pa.string())])
        object.__setattr__(self, "schema", made)


def _table(name: str, zh: str, key: str, *columns: tuple[str, Kind, str] | tuple[str, Kind, str, bool]) -> Table:
    return Table(name, zh, (Column("shop", "id", "店铺"), *(Column(*column) for column in columns)), tuple(key.split()))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table("messages", "聊天消息", "message_id",
            ("buyer", "id", "买家"), ("thread", "id", "同名买家的序号"), ("agent", "id", "客服子账号"),
            ("sender", "id", "发送方", True), ("sent_at", "instant", "发送时间", True), ("kind", "id", "类型"),
            ("text", "text", "内容"), ("event", "id", "事件"), ("to_agent", "id", "转给"),
            ("product_id", "id", "商品"), ("order_id", "id", "订单号"), ("message_id", "id", "消息号")),
        _table("orders", "订单", "order_id",
            ("order_id", "id", "订单号", True), ("buyer", "id", "买家"), ("created_at", "instant", "下单时间", True),
            ("paid_at", "instant", "付款时间"), ("closed_at", "instant", "关闭时间"), ("status", "text", "状态"),
            ("payable_amount", "money", "应付金额"), ("paid_amount", "money", "实付金额"),
            ("refund_amount", "money", "退款金额"), ("refunded_at", "instant", "退款时间"),
            ("quantity", "count", "件数"), ("product_count", "count", "商品种数"), ("remark", "text", "商家备忘"),
            ("deposit_amount", "money", "定金"), ("deposit_paid_at", "instant", "定金付款时间"),
            ("balance_due_at", "instant", "尾款截止时间"), ("exported_at", "instant", "导出时间")),
        _table("refunds", "退款", "refund_id",
            ("refund_id", "id", "退款号", True), ("order_id", "id", "订单号", True), ("sub_order_id", "id", "子订单号"),
            ("amount", "money", "退款金额", True), ("applied_at", "instant", "申请时间"),
            ("refunded_at", "instant", "退款时间"), ("reason", "text", "原因"), ("status", "text", "状态")),
        _table("order_items", "订单明细", "order_id sub_order_id product_id sku_id title",
            ("order_id", "id", "订单号", True), ("sub_order_id", "id", "子订单号"), ("product_id", "id", "商品"),
            ("sku_id", "id", "规格"), ("title", "text", "标题"), ("quantity", "count", "件数"),
            ("price", "money", "单价"), ("paid_amount", "money", "实付金额"), ("refund_amount", "money", "退款金额")),
        _table("agents", "客服名单", "agent",
            ("agent", "id", "客服子账号", True), ("name", "text", "姓名"), ("team", "id", "客服组"),
            ("joined_on", "day", "入职"), ("left_on", "day", "离职")),
        _table("products", "商品", "product_id",
            ("product_id", "id", "商品", True), ("title", "text", "标题"), ("category", "text", "类目"),
            ("price", "money", "价格"), ("kind", "id", "类型"), ("returnable", "flag", "可退")),
        _table("evaluations", "满意度评价", "buyer agent sent_at evaluated_at",
            ("buyer", "id", "买家"), ("agent", "id", "客服子账号"), ("level", "count", "评价 1–5"),
            ("origin", "id", "来源"), ("sent_at", "instant", "邀评时间"), ("evaluated_at", "instant", "评价时间")),
        _table("shifts", "排班", "agent starts_at kind",
            ("person", "id", "人"), ("agent", "id", "客服子账号", True), ("starts_at", "instant", "开始", True),
            ("ends_at", "instant", "结束", True), ("kind", "id", "状态")),
        _table("promotions", "活动", "name starts_at product_id",
            ("name", "text", "名称", True), ("starts_at", "instant", "开始", True), ("ends_at", "instant", "结束", True),
            ("product_id", "id", "商品"), ("kind", "id", "类型")),
        _table("buyers", "买家资料", "buyer",
            ("buyer", "id", "买家", True), ("level", "text", "会员等级"), ("first_seen", "instant", "首次到店")),
        _table("visitors", "访客", "day product_id",
            ("day", "day", "日期", True), ("product_id", "id", "商品"), ("visitors", "count", "访客数", True)),
    )
}  # fmt: skip
"""Every canonical table by name."""

PROBLEM_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason_zh", pa.string()),
        ("reason_en", pa.string()),
        ("kept", pa.bool_()),
    ]
)
"""没导进来的行 one row that could not be read: where, what stood there, why. With `kept` true (待核对) it was imported
under the best reading; files written before there was such a column have none of these."""
