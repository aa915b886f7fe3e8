"""Answers of TOP's trade interfaces: invented trades in every form in which they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jinpai.errors import JinpaiError
from jinpai.importers import taobao_trades
from tests.importers.files import Outcome, ms, outcome, write_text
from tests.mutants import kills

ITEM = {"oid": 3388000000000000304, "num_iid": 700000012345, "sku_id": "51", "title": "浴巾", "num": 1, "price": "139.00",
        "payment": "139.00", "divide_order_fee": "132.00", "refund_status": "NO_REFUND", "status": "TRADE_FINISHED"}  # fmt: skip
OTHER = {"oid": 3388000000000000305, "outer_iid": "M-6", "sku_properties_name": "颜色:白", "title": "毛巾", "num": 2, "price": "30.00",
         "payment": "60.00", "divide_order_fee": "56.00"}  # fmt: skip
TRADE = {"tid": 3388000000000000303, "seller_nick": "溪谷旗舰店", "buyer_nick": "t**3", "buyer_open_uid": "AAx", "num": 3,
         "created": "2023-06-05 21:05:30", "pay_time": "2023-06-05 21:06:00", "modified": "2023-06-06 15:00:00", "payment": "188.00",
         "status": "WAIT_SELLER_SEND_GOODS", "orders": {"order": [ITEM, OTHER]}, "promotion_details": {"promotion_detail": [{"id": 1}]}}  # fmt: skip


def trades(folder: Path, *found: object, key: str = "trades_sold_get_response") -> Outcome:
    answer = {key: {"trades": {"trade": list(found)}}}
    return outcome(write_text(folder / "订单.json", json.dumps(answer, ensure_ascii=False)))


def changed(**changes: object) -> dict[str, Any]:
    return {name: value for name, value in (TRADE | changes).items() if value != ""}


def test_a_trade_is_an_order_and_its_items(tmp_path: Path) -> None:
    found = trades(tmp_path, TRADE)
    (order,) = found.tables["orders"]
    assert {name: order[name] for name in ("order_id", "buyer", "created_at", "paid_at", "payable_amount", "paid_amount", "quantity", "product_count", "exported_at", "row")} == {
        "order_id": "3388000000000000303", "buyer": "t**3", "created_at": ms("2023-06-05 21:05:30"), "paid_at": ms("2023-06-05 21:06:00"),
        "payable_amount": 18800, "paid_amount": 18800, "quantity": 3, "product_count": 2, "exported_at": ms("2023-06-06 15:00:00"), "row": 1}  # fmt: skip
    assert json.loads(order["extra"]) == {"seller_nick": "溪谷旗舰店", "buyer_open_uid": "AAx", "promotion_details": '{"promotion_detail": [{"id": "1"}]}'}  # fmt: skip
    items = found.tables["order_items"]
    assert [(item["sub_order_id"], item["product_id"], item["sku_id"], item["quantity"], item["price"], item["paid_amount"]) for item in items] == [
        ("3388000000000000304", "700000012345", "51", 1, 13900, 13200), ("3388000000000000305", "M-6", "颜色:白", 2, 3000, 5600)]  # fmt: skip
    assert (found.problems, found.summary) == ([], 0)


@kills("jinpai/importers/taobao_trades.py", '{None, "FRONT_PAID_FINAL_PAID"}', '{None, "FRONT_PAID_FINAL_PAID", "FRONT_PAID_FINAL_NOPAID"}')  # fmt: skip
def test_what_is_paid_and_what_is_closed(tmp_path: Path) -> None:
    """Of a trade in steps only the balance counts; what the deposit was and when is not read."""
    end = "2023-06-07 10:00:00"
    found = trades(
        tmp_path, changed(pay_time=""), changed(tid=1, step_trade_status="FRONT_PAID_FINAL_NOPAID", step_paid_fee="20.00"),
        changed(tid=2, step_trade_status="FRONT_PAID_FINAL_PAID"), changed(tid=3, status="TRADE_CLOSED_BY_TAOBAO", end_time=end, pay_time=""),
        changed(tid=4, status="TRADE_FINISHED", end_time=end),
    )  # fmt: skip
    paid = ms("2023-06-05 21:06:00")
    assert found.column("orders", "paid_at") == [None, None, paid, None, paid]
    assert found.column("orders", "paid_amount") == [None, None, 18800, None, 18800]
    assert found.column("orders", "payable_amount") == [18800] * 5
    assert found.column("orders", "closed_at") == [None, None, None, ms(end), None]
    assert found.column("orders", "deposit_amount") == [None] * 5
    assert json.loads(found.column("orders", "extra")[1])["step_paid_fee"] == "20.00"
    assert found.column("order_items", "paid_amount")[:2] == [None, None]


@pytest.mark.parametrize(("state", "refund"), [("NO_REFUND", 0), ("CLOSED", 0), ("SUCCESS", None), ("WAIT_SELLER_AGREE", None), ("", None)])  # fmt: skip
def test_how_much_was_refunded_is_known_only_where_it_is_nothing(
    tmp_path: Path, state: str, refund: int | None
) -> None:
    item = {**ITEM, "refund_status": state, "refund_id": "77"}
    found = trades(tmp_path, changed(orders={"order": [item]}), changed(tid=2, orders={"order": [item, ITEM]}))
    assert found.column("order_items", "refund_amount") == [refund, refund, 0]
    assert found.column("orders", "refund_amount") == [refund, refund]
    assert json.loads(found.column("order_items", "extra")[0])["refund_id"] == "77"


def test_the_payment_of_an_only_item_is_its_own(tmp_path: Path) -> None:
    only = {name: value for name, value in ITEM.items() if name != "divide_order_fee"}
    found = trades(tmp_path, changed(orders={"order": only}), changed(tid=2, orders=[only, ITEM]))
    assert found.column("order_items", "paid_amount") == [13900, None, 13200]


def test_half_a_trade_is_none(tmp_path: Path) -> None:
    """A malformed value anywhere makes the whole trade a problem that says where it stands."""
    found = trades(
        tmp_path, changed(payment="很多"), changed(orders={"order": [ITEM, {**OTHER, "price": "1.234"}]}), changed(created=""),
        changed(tid=""), "x", changed(orders={"order": [7]}), changed(status=["x"]), changed(tid=9), changed(tid="3.388E+18"),
    )  # fmt: skip
    assert found.column("orders", "order_id") == ["9"]
    assert [(problem.row, problem.column, problem.value) for problem in found.problems] == [
        (1, "payment", "很多"), (2, "order[2].price", "1.234"), (3, "created", ""), (4, "tid", ""), (5, "trade", "x"),
        (6, "order[1]", "7"), (7, "status", '["x"]'), (9, "tid", "3.388E+18")]  # fmt: skip


@kills("jinpai/importers/taobao_trades.py", "_check_digits(probe, trades)\n    collected", "collected")
def test_numbers_that_a_program_rounded_are_refused(tmp_path: Path) -> None:
    numbers = [3388000000000000303, 3388000000000077777, 3388000000001234567]
    assert len(trades(tmp_path, *(changed(tid=number) for number in numbers)).tables["orders"]) == 3
    for rounded in (
        [int(float(number)) for number in numbers],
        ["3388000000000000500", "3388000000000078000", "3388000000001234400"],
    ):
        with pytest.raises(JinpaiError, match="最后几位"):
            trades(tmp_path, *(changed(tid=number) for number in rounded))


def test_several_answers_in_a_file_and_halves_of_characters(tmp_path: Path) -> None:
    answer = json.dumps({"trades_sold_increment_get_response": {"trades": {"trade": [TRADE]}}}).replace(
        "\\u6d74", "\\ud83d"
    )
    found = outcome(write_text(tmp_path / "a.json", f"[{answer}, {answer}]", "utf-16"))
    assert found.column("orders", "row") == [1, 2]
    assert found.column("order_items", "title")[0] == "?巾"


def test_what_is_no_answer_is_refused_by_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = json.dumps({"trades_sold_get_response": {"trades": {"trade": [TRADE]}}})
    for text, said in ((sound[:-3], "不是完好的 JSON"), (sound.replace('"trades": {', '"x": {'), "没有订单"),
                       (sound.replace('"id": 1', '"id": ' + "[" * 100_000), "不是完好的 JSON")):  # fmt: skip
        with pytest.raises(JinpaiError, match=said):
            outcome(write_text(tmp_path / "a.json", text))
    monkeypatch.setattr(taobao_trades, "LARGEST", 100)
    with pytest.raises(JinpaiError, match="按日期"):
        outcome(write_text(tmp_path / "a.json", sound))
