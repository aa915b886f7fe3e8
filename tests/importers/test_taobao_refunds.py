"""The refund export of Taobao and Tmall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.importers.files import Outcome, ms, outcome, write_csv, write_xlsx
from tests.mutants import kills

ROW = {
    "订单编号": '="1988000000000901"', "退款编号": "'9900000000000101", "支付宝交易号": "2025110122001", "订单付款时间": "2025-11-01 10:00:00",
    "商家编码": "YJ-01", "退款完结时间": "2025-11-05 09:00:00", "买家会员名称": "小溪流水", "买家实际支付金额": "139.00", "宝贝标题": "浴巾",
    "买家退款金额": "39.50元", "手工退款/系统退款": "系统退款", "是否需要退货": "否", "退款的申请时间": "2025/11/3 21:05", "超时时间": "",
    "没见过的列": "甲",
}  # fmt: skip


def read(folder: Path, *changes: dict[str, str]) -> Outcome:
    rows = [list((ROW | change).values()) for change in changes]
    found = outcome(write_csv(folder / "退款.csv", [list(ROW), *rows]))
    assert found.format == "taobao_refunds"
    return found


@kills("jinpai/importers/taobao_refunds.py", '"applied_at": ("退款的申请时间"', '"applied_at": ("订单付款时间"')
def test_a_refund_is_read_and_the_rest_is_kept(tmp_path: Path) -> None:
    """§7 cases 2 and 3: by name; ="…", leading ', 元."""
    found = read(tmp_path, {})
    (refund,) = found.tables["refunds"]
    extra = json.loads(refund.pop("extra"))
    assert refund == {
        "shop": None, "refund_id": "9900000000000101", "order_id": "1988000000000901", "sub_order_id": None, "amount": 3950,
        "applied_at": ms("2025-11-03 21:05:00"), "refunded_at": ms("2025-11-05 09:00:00"), "reason": None, "status": None,
        "row": 2}  # fmt: skip
    assert extra["没见过的列"] == "甲"
    assert extra["买家会员名称"] == "小溪流水"
    assert "退款编号" not in extra


def test_a_refund_under_way_has_no_end(tmp_path: Path) -> None:
    assert read(tmp_path, {"退款完结时间": "-"}).column("refunds", "refunded_at") == [None]


@pytest.mark.parametrize(("column", "value"), [("退款编号", ""), ("订单编号", "1.988E+15"), ("买家退款金额", "-"), ("买家退款金额", "一百"), ("退款的申请时间", "昨天")])  # fmt: skip
def test_what_cannot_be_read_is_a_problem(tmp_path: Path, column: str, value: str) -> None:
    found = read(tmp_path, {column: value}, {"退款编号": "9900000000000102"})
    assert (found.only_problem.row, found.only_problem.column) == (2, column)
    assert found.column("refunds", "refund_id") == ["9900000000000102"]


def test_a_workbook_may_hold_other_sheets(tmp_path: Path) -> None:
    found = outcome(
        write_xlsx(tmp_path / "退款.xlsx", 退款=[list(ROW), list(ROW.values())], 说明=[["这是什么"], ["退款"]])
    )
    assert len(found.tables["refunds"]) == 1
    assert found.only_problem.column == "说明"
