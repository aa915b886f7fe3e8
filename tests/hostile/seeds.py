"""Small sound files of every format, from which hostile ones are made. All people and orders are invented."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinpai.importers.mapping import Mapping, read_mapping
from tests.importers.files import CHAT, COPIED, write_text

Table = list[list[str]]
RULE, DASHES = "=" * 64, "-" * 28


@dataclass(frozen=True, slots=True)
class Seed:
    """One sound file: a text, or the rows of a table under a header. `form` is how it is exported."""

    name: str
    format: str
    form: str = "csv"
    encoding: str = "utf-8"
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    mapping: str = ""
    """The mapping that reads it, as TOML."""

    @property
    def table(self) -> Table:
        return [list(row) for row in self.rows]


def _seed(name: str, format: str, rows: Table, form: str = "csv", encoding: str = "utf-8", **other: str) -> Seed:
    return Seed(name, format, form, encoding, rows=tuple(tuple(row) for row in rows), **other)


T1 = f"""\
溪谷旗舰店:小美

{RULE}
{"单聊":^64}
{RULE}


{DASHES}云边小鹿{DASHES}
云边小鹿(2023-06-05 10:02:11):  在吗
溪谷旗舰店:小美(2023-06-05 10:02:15):  在的
第二行
云边小鹿(2023-06-05 10:03:11):  订单号1988000000000901 发什么快递

{DASHES}柠**{DASHES}
柠**(2023-06-05 11:02:11):  能便宜吗
溪谷旗舰店:阿杰(2023-06-05 11:02:45):  不能哦


{RULE}
{"群聊":^64}
{RULE}

{DASHES}福利群{DASHES}
群管家(2023-06-05 12:00:00):  早
"""
T2 = """\
溪谷旗舰店:小美

即时消息

2023-06-05
2023-06-05 10:02:11 云边小鹿: 你好: 在吗 亲
2023-06-05 10:02:58 溪谷旗舰店:售前:小美: 在的
第二行

2023-06-06
2023-06-06 09:00:00 溪谷旗舰店:小美: 还需要吗
2023-06-06 09:01:00 柠檬: 要
"""
T3 = (
    """\
2026-4-18 8:00:00
溪谷旗舰店：小美
早
已读

"""
    + COPIED
)
PAGE = "2026-04-18\n23:59:58\n在吗\n小溪流水\n23:59:59\n您好\n溪谷旗舰店:服务助手\n2026-04-19\n00:00:10\n在的\n\n洗一两次就好\n溪谷旗舰店：小美\n没有更多内容了"
PAGES = [["buyer", "chat_date", "chat_text", "filter_range"], ["小溪流水", "2026-04-18", PAGE, "2026-04"],
         ["柠檬", "2026-04-18", PAGE.replace("小溪流水", "柠檬"), "2026-04"]]  # fmt: skip
CUSTOMER = [["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"],
            ["小溪流水", "1", "2026-04-18 09:03:35", "在吗", "小溪流水", "买家"],
            ["小溪流水", "2", "2026-04-18 09:03:50", "在的", "溪谷旗舰店:小美", "卖家"]]  # fmt: skip
NINE = [["会话ID", "日期", "时间", "对象", "发话者", "消息", "消息状态", "商品ID", "商品"],
        ["S1", "2026-04-18", "09:03:35", "客户", "小溪流水", "在吗", "", "", ""],
        ["S1", "2026-04-18", "09:03:50", "客服", "小美", "在的", "已读", "610000000003", "浴巾"],
        ["S2", "2026-04-18", "10:03:35", "客户", "柠檬", "掉毛吗", "", "", ""]]  # fmt: skip
ORDERS = [["订单编号", "买家会员名", "买家应付货款", "总金额", "买家实际支付金额", "退款金额", "订单状态", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "订单备注", "宝贝总数量", "分阶段订单信息"],
          ['="1988000000000901"', "小溪流水", "139.00", "147.00", "147.00", "0.00", "交易成功", "2016-06-13 10:21:05", "2016-06-13 10:23:40", "浴巾 ，三条装", "2", "小美", "3", ""],
          ['="1988000000000902"', "柠檬", "39.00", "47.00", "0", "0.00", "等待买家付款", "2016-06-14 10:21:05", "", "毛巾", "1", "'null", "1", ""]]  # fmt: skip
ITEMS = [["订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "套餐信息", "备注", "订单状态", "商家编码"],
         ['="448800000000000911"', "浴巾", "1,139.00", "2", "YJ-1", "颜色：灰;尺寸：大", "", "", "交易成功", "YJ-1-H"],
         ['="448800000000000912"', "浴巾", "139.00", "1", "YJ-1", "颜色：白", "", "", "交易成功", "null"]]  # fmt: skip
REFUNDS = [["订单编号", "退款编号", "订单付款时间", "商家编码", "退款完结时间", "买家会员名称", "买家实际支付金额", "宝贝标题", "买家退款金额", "退款的申请时间"],
           ['="1988000000000901"', "'9900000000000101", "2025-11-01 10:00:00", "YJ-01", "2025-11-05 09:00:00", "小溪流水", "139.00", "浴巾", "39.50元", "2025/11/3 21:05"]]  # fmt: skip
MESSAGES = [["shop", "buyer", "agent", "sender", "sent_at", "kind", "text", "event", "message_id", "channel"],
            ["main", "云边小鹿", "", "buyer", "2023-06-05 10:02:11", "", ' 在吗,"亲"\n第二行 ', "", "m1", "pc"],
            ["main", "云边小鹿", "小美", "agent", "2023-06-05T02:02:58Z", "text", "-", "", "m2", ""],
            ["", "云边小鹿", "小美", "system", "2023/6/5 10:03", "", "", "closed", "m3", 'a"b\\c']]  # fmt: skip
SALES = [["shop", "order_id", "buyer", "created_at", "paid_at", "status", "payable_amount", "paid_amount", "quantity"],
         ["", "1001", "云边小鹿", "2023-06-05T10:20:00+08:00", "2023-06-05T10:21:00+08:00", "交易成功", "99.00", "99.00", "1"],
         ["", "1002", "路过的", "2023-06-06 09:00:00", "", "等待买家付款", "30.50", "", "2"]]  # fmt: skip
SHIFTS = [["agent", "starts_at", "ends_at", "kind"], ["小美", "2023-06-05 09:00:00", "2023-06-05 18:00:00", "on_duty"],
          ["阿杰", "2023-06-05 09:00:00", "2023-06-05 18:00:00", "break"]]  # fmt: skip
PROMOTIONS = [
    ["name", "starts_at", "ends_at", "product_id", "kind"],
    ["年中", "2023-06-01", "2023-06-20 23:59:59", "", "大促"],
]
MAPPED = [["时间", "对方", "客服", "谁说的", "说了什么", "渠道"], ["05/06/2023 10:00:00", "云边小鹿", "小美", "客户", "在吗", "网页"],
          ["05/06/2023 10:00:05", "云边小鹿", "小美", "客服1", "在的", "网页"]]  # fmt: skip

ROWS = [["订单", "", "时间", "", "对比"], ["编号", "商品", "下单", "应付", ""], ["8801", "1", "2023-06-05 10:20:00", "147.00", ""],
        ["", "2", "", "", ""], ["8802", "1", "2023-06-05 10:21:00", "9", ""], ["8802", "3", "2023-06-05 10:21:00", "9.00", ""],
        ["汇总", "", "", "156", "均值"]]  # fmt: skip
ROW_MAPPING = """\
table = "orders"
header_rows = 2
once_per = "order_id"
first_row = true
skip = [{ column = "订单·编号", words = ["汇总", "同行*"] }]

[columns]
order_id = "订单·编号"
created_at = "时间·下单"
paid_amount = "时间·应付"
"""
TRADES = """\
{"trades_sold_get_response": {"total_results": 2, "trades": {"trade": [
{"tid": 3388000000000000303, "seller_nick": "溪谷旗舰店", "buyer_nick": "云边小鹿", "created": "2023-06-05 10:20:00", "pay_time": "2023-06-05 10:21:00",
 "modified": "2023-06-06 15:00:00", "status": "TRADE_FINISHED", "payment": "188.00", "num": 2, "promotion_details": {"promotion_detail": [{"id": 1}]},
 "orders": {"order": [{"oid": 3388000000000000304, "num_iid": 700000012345, "title": "浴巾", "num": 1, "price": "139.00", "divide_order_fee": "132.00", "refund_status": "NO_REFUND"},
  {"oid": 3388000000000000305, "outer_iid": "M-6", "title": "毛巾 \\ud83e\\uddf3", "num": "1", "price": 59.00, "payment": "56.00"}]}},
{"tid": "3388000000000000306", "buyer_nick": "t**3", "created": "2023-06-05 11:20:00", "status": "WAIT_BUYER_PAY", "payment": "9.00", "orders": {"order":
 {"oid": "3388000000000000306", "title": "毛巾", "num": 1, "price": "9.00"}}}]}, "request_id": "x"}}
"""

SEEDS: tuple[Seed, ...] = (
    Seed("t1", "qianniu_t1", "txt", "gb18030", T1),
    Seed("t2", "qianniu_t2", "txt", "gb18030", T2),
    Seed("t3", "qianniu_t3", "txt", "utf-8", T3),
    _seed("t4 pages", "qianniu_t4", PAGES, encoding="utf-8-sig"),
    _seed("t4 workbook", "qianniu_t4", CUSTOMER, "xlsx"),
    _seed("nine", "nine_column", NINE, encoding="utf-8-sig"),
    _seed("nine workbook", "nine_column", NINE, "xlsx"),
    _seed("orders", "taobao_orders", ORDERS, encoding="gb18030"),
    _seed("orders workbook", "taobao_orders", ORDERS, "xlsx"),
    _seed("orders page", "taobao_orders", ORDERS, "html"),
    _seed("items", "taobao_items", ITEMS, encoding="gb18030"),
    _seed("items workbook", "taobao_items", ITEMS, "xlsx"),
    _seed("refunds", "taobao_refunds", REFUNDS, encoding="gb18030"),
    _seed("refunds workbook", "taobao_refunds", REFUNDS, "xlsx"),
    _seed("messages", "canonical", MESSAGES),
    _seed("messages tabs", "canonical", MESSAGES, "tsv", "utf-16"),
    _seed("messages workbook", "canonical", MESSAGES, "xlsx"),
    _seed("messages parquet", "canonical", MESSAGES, "parquet"),
    _seed("sales", "canonical", SALES),
    _seed("sales workbook", "canonical", SALES, "xlsx"),
    _seed("sales parquet", "canonical", SALES, "parquet"),
    _seed("shifts", "canonical", SHIFTS),
    _seed("promotions", "canonical", PROMOTIONS),
    Seed("trades", "taobao_trades", "json", text=TRADES),
    _seed("mapped", "mapped", MAPPED, mapping=CHAT),
    _seed("mapped workbook", "mapped", MAPPED, "xlsx", mapping=CHAT),
    _seed("mapped rows", "mapped", ROWS, mapping=ROW_MAPPING),
    _seed("mapped rows workbook", "mapped", ROWS, "xlsx", mapping=ROW_MAPPING),
)


def mappings(folder: Path) -> dict[str, Mapping]:
    """Every mapping of the seeds, by its TOML."""
    said = sorted({seed.mapping for seed in SEEDS} - {""})
    return {toml: read_mapping(write_text(folder / f"对照{at}.toml", toml)) for at, toml in enumerate(said)}
