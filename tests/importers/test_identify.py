"""Every format is recognised by exactly one importer, and what is of no format by none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jinpai.errors import JinpaiError
from jinpai.importers import IMPORTERS, Probe, identify
from tests.importers.files import write_csv, write_text, write_xlsx
from tests.mutants import kills
from tests.shape.source import ROOT

RULE, DASHES = "=" * 64, "-" * 28
ORDERS = [
    "订单编号",
    "买家会员名",
    "总金额",
    "买家实际支付金额",
    "订单状态",
    "订单创建时间",
    "订单付款时间",
    "宝贝标题",
]
ITEMS = ["订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "套餐信息", "备注", "订单状态", "商家编码"]
REFUNDS = ["订单编号", "退款编号", "订单付款时间", "商家编码", "退款完结时间", "买家会员名称", "买家实际支付金额", "宝贝标题", "买家退款金额", "退款的申请时间"]  # fmt: skip
NINE = ["会话ID", "日期", "时间", "对象", "发话者", "消息", "消息状态", "商品ID", "商品"]
CUSTOMER = ["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"]
T3 = {
    "glued": "小溪流水2026-4-18 9:03:35\n在吗\n",
    "nick above": "小溪流水\n2026-4-18 9:03:35\n在吗\n",
    "time above": "2026-4-18 9:03:35\n溪谷旗舰店：小美\n在的\n已读\n",
    "arrow": "小溪流水 --> 溪谷旗舰店:小美 09:03:35\n在吗\n",
}

SAMPLES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "canonical csv": ("canonical", lambda f: write_csv(f / "messages.csv", [["buyer", "sender", "sent_at", "text"], ["小溪流水", "buyer", "2026-04-18 09:03:35", "在吗"]])),
    "canonical xlsx": ("canonical", lambda f: write_xlsx(f / "refunds.xlsx", refunds=[["refund_id", "order_id", "amount"], ["1", "2", "3.00"]])),
    "T1": ("qianniu_t1", lambda f: write_text(f / "a.txt", f"溪谷旗舰店:小美\n\n{RULE}\n{'单聊':^64}\n{RULE}\n\n\n{DASHES}小溪流水{DASHES}\n小溪流水(2026-04-18 09:03:35):  在吗\n", "gbk")),
    "T2": ("qianniu_t2", lambda f: write_text(f / "a.txt", "溪谷旗舰店:小美\n\n即时消息\n2026-04-18\n2026-04-18 09:03:35 小溪流水: 在吗\n", "gbk")),
    **{f"T3 {name}": ("qianniu_t3", lambda f, text=text: write_text(f / "a.txt", text, newline="\r\n")) for name, text in T3.items()},
    "T4 text": ("qianniu_t4", lambda f: write_csv(f / "a.csv", [["buyer", "chat_date", "chat_text", "filter_range"], ["小溪流水", "2026-04-18", "2026-04-18\n09:03:35\n在吗\n小溪流水", ""]], "utf-8-sig")),
    "T4 workbook": ("qianniu_t4", lambda f: write_xlsx(f / "a.xlsx", 导出汇总=[["客户名", "消息数"], ["小溪流水", 1]], 小溪流水=[CUSTOMER, ["小溪流水", 1, "2026-04-18 09:03:35", "在吗", "小溪流水", "客户"]])),
    "nine columns": ("nine_column", lambda f: write_csv(f / "a.csv", [NINE, ["S1", "2026-04-18", "09:03:35", "客户", "小溪流水", "在吗", "", "", ""]])),
    "nine columns in a workbook named .csv": ("nine_column", lambda f: write_xlsx(f / "a.csv", Sheet1=[NINE, ["S1", "2026-04-18", "09:03:35", "客户", "小溪流水", "在吗", "", "", ""]])),
    "orders": ("taobao_orders", lambda f: write_csv(f / "a.csv", [ORDERS, ["1", "小溪流水", "1.00", "1.00", "交易成功", "2026-04-18 09:03:35", "", "浴巾"]])),
    "items": ("taobao_items", lambda f: write_csv(f / "a.csv", [ITEMS, ["1", "浴巾", "1.00", "1", "", "", "", "", "交易成功", "A"]])),
    "refunds": ("taobao_refunds", lambda f: write_csv(f / "a.csv", [REFUNDS, ["1", "2", "", "A", "", "小溪流水", "9.00", "浴巾", "3.00", "2026-04-18 09:03:35"]])),
    "trades in JSON": ("taobao_trades", lambda f: write_text(f / "a.json", '{"trades_sold_get_response": {"trades": {"trade": [{"tid": 1, "created": "2026-04-18 09:03:35"}]}}}')),
}  # fmt: skip
"""What a sample is called -> the format that must claim it, and how it is written."""

STRANGERS: dict[str, Callable[[Path], Path]] = {
    "a log of another platform's chats": lambda f: write_text(f / "a.log", "/*****************以下为一通会话*****/\na****bc 2026-03-05 10:05:00\t\t\n掉毛吗\n\n溪谷-小北 2026-03-05 10:05:32\t\t\n亲\n"),
    "such a log without its first line": lambda f: write_text(f / "a.log", "a****bc 2026-03-05 10:05:00\t\t\n掉毛吗\n\n溪谷-小北 2026-03-05 10:05:32\t\t\n亲\n"),
    "a column of times": lambda f: write_text(f / "a.csv", "时间\n2026-04-18 09:03:35\n2026-04-18 09:03:36\n2026-04-18 09:03:37\n"),
    "a table that ends with times": lambda f: write_text(f / "a.csv", "单号,时间\n1,2026-04-18 09:03:35\n2,2026-04-18 09:03:36\n"),
    "a WeChat table": lambda f: write_csv(f / "a.csv", [["localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent", "StrTime"], ["1", "2", "1", "0", "0", "1776474215", "", "在吗", "2026-04-18 09:03:35"]]),
    "a shop report": lambda f: write_xlsx(f / "a.xlsx", 业绩询单=[["日期", "询单人数", "当日付款人数", "当日付款金额"], ["2026-04-18", 3, 1, "9.00"]]),
    "prose": lambda f: write_text(f / "a.txt", "今天天气不错\n我们 --> 公园\n下午2点回来\n"),
    "JSON": lambda f: write_text(f / "a.json", '{"msgs": {"msg": {"time": "2026-04-18 09:03:35", "content": "在吗"}}}'),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_one_importer_claims_a_file(tmp_path: Path, name: str) -> None:
    wanted, write = SAMPLES[name]
    probe = Probe(write(tmp_path))
    assert [one.name for one in IMPORTERS if one.identify(probe)] == [wanted]


@pytest.mark.parametrize("name", STRANGERS)
@kills("jinpai/importers/qianniu_clips.py", 'if found is None or not is_name(found["name"]):', "if found is None:")
def test_nobody_claims_what_is_of_no_format(tmp_path: Path, name: str) -> None:
    with pytest.raises(JinpaiError, match="不认识"):
        identify(STRANGERS[name](tmp_path))


def test_every_format_has_a_sample() -> None:
    assert {one.name for one in IMPORTERS} == {wanted for wanted, _ in SAMPLES.values()}


def test_the_page_of_formats_names_every_one() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [one.name for one in IMPORTERS if f"`{one.name}`" not in page] == []
