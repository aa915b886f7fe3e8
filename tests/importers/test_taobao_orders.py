"""Taobao and Tmall order lists of every generation, by column names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.errors import JinpaiError
from tests.importers.files import Outcome, ms, outcome, write_csv, write_text, write_xlsx
from tests.mutants import kills

GEN_A = {
    "订单编号": '="1988000000000901"', "买家会员名": "小溪流水", "买家应付货款": "139.00", "买家应付邮费": "8.00",
    "总金额": "147.00", "买家实际支付金额": "147.00", "订单状态": "交易成功", "收货地址 ": "示例省 示例市 例街1号(000000)",
    "联系手机": "'13800000009", "订单创建时间": "2016-06-13 10:21:05", "订单付款时间 ": "2016-06-13 10:23:40",
    "宝贝标题 ": "竹纤维浴巾 ，毛巾三条装", "宝贝种类 ": "2", "订单备注": "小美", "宝贝总数量": "3", "订单关闭原因": "订单未关闭",
    "买家服务费": "0元", "分阶段订单信息": "",
}  # fmt: skip
GEN_D = ["订单编号", "买家昵称", "订单状态", "商品标题", "商品属性", "skuId", "购买数量", "买家实付金额", "退款金额",
         "订单创建时间", "订单付款时间", "商家备忘"]  # fmt: skip


def read(folder: Path, *changes: dict[str, str], name: str = "ExportOrderList.csv") -> Outcome:
    rows = [{**GEN_A, "订单编号": f'="19880000000009{at:02d}"', **change} for at, change in enumerate(changes, 1)]
    header = list(dict.fromkeys(column for row in rows for column in row))
    return outcome(write_csv(folder / name, [header, *([row.get(column, "") for column in header] for row in rows)]))


def line(
    order_id: object, paid: object, refund: object = "0.00", title: str = "浴巾", sku: str = "1", **other: object
) -> list[object]:
    return [order_id, other.get("buyer", "云边小鹿"), "交易成功", title, "颜色:灰", sku, 1, paid, refund,
            other.get("created", "2025-03-02 09:12:00"), "2025/03/02 09:13", ""]  # fmt: skip


def test_generation_a_is_read_whole(tmp_path: Path) -> None:
    """§7 cases 2 and 3: trailing blanks in the header, ="…", leading '."""
    found = read(tmp_path, {}, name="ExportOrderList201606132128.csv")
    (order,) = found.tables["orders"]
    extra = json.loads(order.pop("extra"))
    assert order == {
        "shop": None, "order_id": "1988000000000901", "buyer": "小溪流水", "created_at": ms("2016-06-13 10:21:05"),
        "paid_at": ms("2016-06-13 10:23:40"), "closed_at": None, "status": "交易成功", "payable_amount": 14700,
        "paid_amount": 14700, "refund_amount": None, "refunded_at": None, "quantity": 3, "product_count": 2,
        "remark": "小美", "deposit_amount": None, "deposit_paid_at": None, "balance_due_at": None,
        "exported_at": ms("2016-06-13 21:28:00"), "row": 2}  # fmt: skip
    assert extra == {"买家应付货款": "139.00", "买家应付邮费": "8.00", "收货地址": "示例省 示例市 例街1号(000000)", "联系手机": "13800000009",
                     "订单关闭原因": "订单未关闭", "买家服务费": "0元"}  # fmt: skip
    assert found.column("order_items", "title") == ["竹纤维浴巾", "毛巾三条装"]
    assert found.column("order_items", "price") == [None, None]


def test_columns_are_found_by_name_wherever_they_stand(tmp_path: Path) -> None:
    """§7 case 2: never by position; unknown columns are kept raw."""
    forward = [list(GEN_A), list(GEN_A.values())]
    backward = [row[::-1] for row in forward]
    backward = [[*backward[0], "新来的一列"], [*backward[1], "7"]]
    one, other = (outcome(write_csv(tmp_path / f"{at}.csv", rows)) for at, rows in enumerate((forward, backward)))
    assert json.loads(other.tables["orders"][0].pop("extra"))["新来的一列"] == "7"
    one.tables["orders"][0].pop("extra")
    assert one.tables == other.tables


def test_a_line_end_inside_quotes_and_a_comma_in_a_message(tmp_path: Path) -> None:
    found = read(tmp_path, {"买家留言": "要灰色,不要蓝\n谢谢"}, {})
    assert json.loads(found.tables["orders"][0]["extra"])["买家留言"] == "要灰色,不要蓝\n谢谢"
    assert found.column("orders", "row") == [2, 3]


def test_closed_orders_tell_by_the_payment_time_whether_they_were_paid(tmp_path: Path) -> None:
    """§7 cases 6 and 7: 交易关闭 is unpaid or refunded; status words keep their commas."""
    found = read(tmp_path, {"订单状态": "交易关闭", "订单关闭原因": "买家未付款", "订单付款时间 ": "", "买家实际支付金额": "0.00"},
                 {"订单状态": "交易关闭", "订单关闭原因": "退款", "退款金额": "147.00"},
                 {"订单状态": "买家已付款，等待卖家发货"}, {"订单状态": "买家已付款,等待卖家发货"})  # fmt: skip
    assert [at is not None for at in found.column("orders", "paid_at")] == [False, True, True, True]
    assert found.column("orders", "closed_at") == [None] * 4
    assert found.column("orders", "refund_amount") == [None, 14700, None, None]
    assert found.column("orders", "status")[2:] == ["买家已付款，等待卖家发货", "买家已付款,等待卖家发货"]


def test_two_forms_of_time_in_one_column(tmp_path: Path) -> None:
    """§7 case 8."""
    found = read(tmp_path, {"订单创建时间": "2019-05-13 22:30:00"}, {"订单创建时间": "2019/5/13 22:30"},
                 {"订单付款时间 ": "0001-01-01 00:00:00"})  # fmt: skip
    assert found.column("orders", "created_at")[:2] == [ms("2019-05-13 22:30:00")] * 2
    assert found.column("orders", "paid_at")[2] is None


@pytest.mark.parametrize(
    ("name", "nick", "buyer"),
    [("云边小鹿", "云**", "云边小鹿"), ("云**", "云边小鹿", "云边小鹿"), ("t**3", "t**3", "t**3"), ("", "柠檬", "柠檬"), ("", "", None)],
)  # fmt: skip
@kills(
    "jinpai/importers/taobao_orders.py", "if said and not is_masked(said)), name or nick)", "if said), name or nick)"
)
def test_the_unmasked_of_both_names_is_the_buyer(tmp_path: Path, name: str, nick: str, buyer: str | None) -> None:
    """§7 case 15: which of 买家会员名 and 买家会员昵称 is masked differs."""
    assert read(tmp_path, {"买家会员名": name, "买家会员昵称": nick}).column("orders", "buyer") == [buyer]


def test_malformed_cells_make_a_problem_and_unknown_words_do_not(tmp_path: Path) -> None:
    """§7 cases 3 and 4: nothing is dropped silently."""
    found = read(tmp_path, {"总金额": "很多"}, {"订单编号": "1.988E+15"}, {"订单创建时间": ""}, {"订单编号": ""}, {"宝贝总数量": "null", "总金额": "-"})  # fmt: skip
    assert [(problem.row, problem.column, problem.value) for problem in found.problems] == [
        (2, "总金额", "很多"), (3, "订单编号", "1.988E+15"), (4, "订单创建时间", ""), (5, "订单编号", "")]  # fmt: skip
    assert found.column("orders", "quantity") == [None]
    assert found.column("orders", "payable_amount") == [13900]


def test_a_row_with_cells_too_many_is_a_problem(tmp_path: Path) -> None:
    rows = [list(GEN_A), [*GEN_A.values(), "x"], [*GEN_A.values(), ""], list(GEN_A.values())[:-1]]
    found = outcome(write_csv(tmp_path / "a.csv", rows))
    assert (found.only_problem.row, len(found.tables["orders"])) == (2, 2)


def test_a_quote_that_is_not_closed_refuses_the_file(tmp_path: Path) -> None:
    text = (
        ",".join(GEN_A)
        + "\n"
        + ",".join(GEN_A.values()).replace("小美", '"小美')
        + "\n"
        + ",".join(GEN_A.values())
        + "\n"
    )
    with pytest.raises(JinpaiError, match="引号"):
        outcome(write_text(tmp_path / "a.csv", text.replace('="', "").replace('1",', "1,"), "gbk"))


def test_memos_of_both_columns_are_the_remark(tmp_path: Path) -> None:
    found = read(
        tmp_path, {"订单备注": "小美", "商家备忘": "送毛巾"}, {"订单备注": "", "商家备忘": "小美"}, {"商家备忘": "小美"}
    )
    assert found.column("orders", "remark") == ["送毛巾 小美", "小美", "小美"]


def test_titles_that_do_not_fit_their_count_make_no_items(tmp_path: Path) -> None:
    """A title may hold the comma that joins titles."""
    found = read(
        tmp_path, {"宝贝标题 ": "浴巾，加厚款", "宝贝种类 ": "1"}, {"宝贝标题 ": "浴巾，加厚款，毛巾", "宝贝种类 ": "2"}
    )
    assert found.column("order_items", "title") == ["浴巾，加厚款"]
    assert found.column("order_items", "paid_amount") == [14700]


def test_generation_d_in_a_workbook(tmp_path: Path) -> None:
    """§7 case 4: an id in scientific notation is refused, whole rows around it are read; amounts may be number cells."""
    path = write_xlsx(tmp_path / "export.xlsx", export=[
        GEN_D, line("4599000000000000911", 119), line("4.5990000000000004E+18", 0), line(4599000000000000911, 1)])  # fmt: skip
    found = outcome(path)
    assert [problem.row for problem in found.problems] == [3, 4]
    assert found.column("orders", "paid_amount") == [11900]
    (item,) = found.tables["order_items"]
    assert (item["sku_id"], item["quantity"], item["paid_amount"], item["title"]) == ("1", 1, 11900, "浴巾")


@pytest.mark.parametrize(
    ("amounts", "paid"), [((118, 118), 11800), ((118, ""), 11800), ((59, 60), 11900), ((118, "0.00"), 11800)]
)
@kills("jinpai/importers/taobao_orders.py", "name in plan.by_line and said", "said")
@kills("jinpai/importers/taobao_orders.py", "plan.by_line.add(name)", "pass")
def test_one_order_on_several_rows_is_one_order(tmp_path: Path, amounts: tuple[object, object], paid: int) -> None:
    """§7 case 5: amounts repeated per SKU row, only on the first row, or of each line; never doubled."""
    rows = [line("4599000000000000921", amount, sku=str(at)) for at, amount in enumerate(amounts)]
    found = outcome(write_xlsx(tmp_path / "a.xlsx", export=[GEN_D, rows[0], line("4599000000000000922", 5), rows[1]]))
    orders = {row["order_id"]: row for row in found.tables["orders"]}
    assert orders["4599000000000000921"]["paid_amount"] == paid
    assert orders["4599000000000000921"]["quantity"] == 2
    assert orders["4599000000000000922"]["paid_amount"] == 500
    assert len(found.tables["order_items"]) == 3


def test_equal_lines_are_added_where_other_orders_show_lines(tmp_path: Path) -> None:
    rows = [line("1", 59), line("1", 59, sku="2"), line("2", 10), line("2", 20, sku="2")]
    found = outcome(write_xlsx(tmp_path / "a.xlsx", export=[GEN_D, *rows]))
    assert found.column("orders", "paid_amount") == [11800, 3000]
    assert sorted(found.column("order_items", "paid_amount")) == [1000, 2000, 5900, 5900]


def test_half_an_order_is_no_order(tmp_path: Path) -> None:
    rows = [line("1", 59), line("1", "x", sku="2"), line("2", 10)]
    found = outcome(write_xlsx(tmp_path / "a.xlsx", export=[GEN_D, *rows]))
    assert found.column("orders", "order_id") == ["2"]
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "订单编号"), (3, "买家实付金额")]
    assert "第 3 行" in found.problems[0].reason.zh


def test_a_closed_order_without_a_title_has_no_item(tmp_path: Path) -> None:
    rows = [[*line("1", 0, title="", sku="")]]
    rows[0][4] = ""
    found = outcome(write_xlsx(tmp_path / "a.xlsx", export=[GEN_D, *rows]))
    assert (len(found.tables["orders"]), found.tables.get("order_items")) == (1, None)


def test_sheets_for_orders_details_and_parcels(tmp_path: Path) -> None:
    """Details of their own sheet take the place of items out of the list; parcels are counted as left out."""
    details = [["子订单编号", "主订单编号", "标题", "价格", "购买数量", "外部系统编号", "退款状态", "退款金额"],
               ["11", "1", "浴巾", "59.00", "1", "YJ-1", "没有申请退款", "无退款申请"],
               ["12", "1", "毛巾", "60.00", "1", "MJ-1", "退款成功", "60.00"]]  # fmt: skip
    parcels = [["订单编号", "运单号", "发货时间"], ["1", "880", "2025-03-03 10:00:00"]]
    path = write_xlsx(tmp_path / "a.xlsx", 订单报表=[GEN_D, line("1", 119), line("1.5E+18", 1)], 销售明细=details,
                      发货报表=parcels, 说明=[["随便", "写写"], ["a", "b"]])  # fmt: skip
    found = outcome(path)
    assert found.format == "taobao_orders"
    assert found.column("order_items", "sub_order_id") == ["11", "12"]
    assert found.column("order_items", "refund_amount") == [0, 6000]
    assert found.summary == 1
    assert [problem.column for problem in found.problems] == ["订单报表·订单编号", "说明"]


def test_a_web_page_named_xls_is_read(tmp_path: Path) -> None:
    """§7 case 1."""
    cells = "".join(f"<td>{cell}</td>" for cell in line("4599000000000000931", "119.00"))
    head = "".join(f"<th>{name}</th>" for name in GEN_D)
    path = write_text(
        tmp_path / "订单.xls", f"<html><body><table><tr>{head}</tr><tr>{cells}</tr></table></body></html>", "gbk"
    )
    assert outcome(path).column("orders", "paid_amount") == [11900]


@given(st.lists(st.lists(st.integers(0, 10_000), min_size=1, max_size=4), min_size=1, max_size=6), st.booleans())
def test_the_sum_of_orders_is_the_sum_the_file_states(
    tmp_path_factory: pytest.TempPathFactory, orders: list[list[int]], is_by_line: bool
) -> None:
    """§7 case 5: whether a file repeats an order's amount or states each line's, no fen is lost or doubled."""
    if is_by_line:
        orders[0] = [1, 2]
        rows = [
            line(f"A{at}", f"{fen / 100:.2f}", sku=str(sku))
            for at, lines in enumerate(orders)
            for sku, fen in enumerate(lines)
        ]
    else:
        rows = [
            line(f"A{at}", f"{sum(lines) / 100:.2f}", sku=str(sku))
            for at, lines in enumerate(orders)
            for sku, _ in enumerate(lines)
        ]
    found = outcome(write_csv(tmp_path_factory.mktemp("a") / "a.csv", [GEN_D, *rows]))
    assert sum(found.column("orders", "paid_amount")) == sum(map(sum, orders))
    assert len(found.tables["order_items"]) == len(rows)
