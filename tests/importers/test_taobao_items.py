"""Taobao and Tmall line items: the file of 2018 with 10 columns and the one of 2021 with 18."""

from __future__ import annotations

from pathlib import Path

from tests.importers.files import outcome, write_csv

GEN_B = ["订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "套餐信息", "备注", "订单状态", "商家编码"]
GEN_C = ["子订单编号", "主订单编号", *GEN_B[1:], "支付单号", "买家应付货款", "买家实际支付金额", "退款状态", "退款金额", "订单创建时间", "订单付款时间"]  # fmt: skip


def test_ten_columns(tmp_path: Path) -> None:
    """§7 case 3: ="…"; `null` codes leave the properties to tell SKUs apart."""
    found = outcome(write_csv(tmp_path / "ExportOrderDetailList.csv", [
        GEN_B, ['="448800000000000911"', "浴巾", "1,139.00", "2", "YJ-1", "颜色：灰;尺寸：大", "", "", "交易成功", "YJ-1-H"],
        ['="448800000000000911"', "浴巾", "139.00", "1", "YJ-1", "颜色：白", "", "", "交易成功", "null"],
        ["4.488E+17", "浴巾", "139.00", "1", "YJ-1", "", "", "", "交易成功", ""]]))  # fmt: skip
    assert found.format == "taobao_items"
    assert found.column("order_items", "order_id") == ["448800000000000911"] * 2
    assert found.column("order_items", "sku_id") == ["YJ-1-H", "颜色：白"]
    assert found.column("order_items", "price") == [113900, 13900]
    assert found.column("order_items", "product_id") == ["YJ-1", "YJ-1"]
    assert found.only_problem.row == 4


def test_eighteen_columns_join_by_the_main_order(tmp_path: Path) -> None:
    row = ["11", "1", "浴巾", "139.00", "1", "YJ-1", "", "", "", "交易成功", "", "", "139.00", "132.00"]
    times = ["2023-06-05 21:05:30", ""]
    found = outcome(write_csv(tmp_path / "a.csv", [
        GEN_C, [*row, "没有申请退款", "无退款申请", *times], ["12", *row[1:], "退款成功", "32.00", *times],
        ["13", *row[1:], "买家已经申请退款，等待卖家同意", "132.00", *times], ["14", *row[1:], "退款关闭", "132.00", *times]]))  # fmt: skip
    assert found.column("order_items", "order_id") == ["1"] * 4
    assert found.column("order_items", "sub_order_id") == ["11", "12", "13", "14"]
    assert found.column("order_items", "paid_amount") == [13200] * 4
    assert found.column("order_items", "refund_amount") == [0, 3200, None, 0]
    assert not found.problems
