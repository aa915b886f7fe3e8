"""The edge cases of the formats contract, §7, one test each at least.

Tables of JD, Douyin and WeChat, of Shopify and of platforms' reports have no format of their own and are read with a
mapping: their cases are tried on invented tables of their shape. What is tested in depth elsewhere is tried here once, on
one small file, so that this page can be read beside the contract.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jinpai.canon import TABLES
from jinpai.flow import build, opened, repeats
from jinpai.importers import Probe, cells, columns
from jinpai.importers.cells import BadCell
from jinpai.importing import import_files
from jinpai.tables.source import batches
from jinpai.text.private import Private
from jinpai.workspace import Workspace
from tests.importers.files import SHANGHAI, Outcome, ms, outcome, write_csv, write_text, write_xlsx
from tests.importers.test_mapped import importer, read
from tests.mutants import kills

MESSAGES = ["buyer", "agent", "sender", "sent_at", "text"]
RULE, DASHES = "=" * 64, "-" * 28
ORDER = {"订单编号": '="1988000000000901"', "买家会员名": "小溪流水", "总金额": "147.00", "买家实际支付金额": "147.00", "退款金额": "0.00",
         "订单状态": "交易成功", "订单创建时间": "2019-05-13 22:30:00", "订单付款时间 ": "2019-05-13 22:31:00", "宝贝标题 ": "浴巾",
         "订单关闭原因": "订单未关闭"}  # fmt: skip


def t1(*lines: str, buyer: str = "小溪流水", end: str = "") -> str:
    """A Qianniu export of one buyer; a line is `sender|clock|text`, or the second line of a message."""
    said = [line if "|" not in line else "{}(2025-11-10 {}):  {}".format(*line.split("|", 2)) for line in lines]
    return "\n".join(
        [f"溪谷旗舰店:小美\n\n{RULE}\n{'单聊':^64}\n{RULE}\n\n", f"{DASHES}{buyer}{DASHES}", *said, "", "", end]
    )


def chat(folder: Path, *lines: str, buyer: str = "小溪流水", end: str = "", encoding: str = "gb18030") -> Outcome:
    return outcome(write_text(folder / "聊天.txt", t1(*lines, buyer=buyer, end=end), encoding, "\r\n"))


def told(found: Outcome, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in found.tables.get("messages", [])]


def orders(folder: Path, *changes: dict[str, str]) -> Outcome:
    return outcome(
        write_csv(folder / "orders.csv", [list(ORDER), *(list((ORDER | change).values()) for change in changes)])
    )


def source_rows(table: str, **columns_: list[object]) -> list[dict[str, Any]]:
    """Rows of a canonical table with the keys under which Jinpai joins them."""
    schema = TABLES[table].schema
    many = len(next(iter(columns_.values())))
    arrays = [pa.array(columns_.get(field.name, [None] * many), field.type) for field in schema]
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
    return [row for found in batches(table, "main", "a" * 32, [batch], Private(b"k" * 32)) for row in found.to_pylist()]


def test_case_01_bytes_come_before_the_suffix_and_utf8_before_gb18030(tmp_path: Path) -> None:
    row = ["小溪流水", "", "buyer", "2025-11-10 10:00:00", "喆喆镕😊"]
    book = write_xlsx(tmp_path / "messages.csv", 表=[MESSAGES, row])
    texts = [write_csv(tmp_path / f"messages {name}.txt", [MESSAGES, row], name) for name in ("utf-8", "utf-8-sig", "utf-16", "gb18030")]  # fmt: skip
    for path in (book, *texts):
        assert outcome(path).column("messages", "text") == ["喆喆镕😊"], path.name
    page = write_text(tmp_path / "表.xls", "<html><table><tr><td>甲</td></tr></table></html>")
    assert [Probe(book).shape, Probe(page).shape] == ["workbook", "web page"]
    (tmp_path / "旧.csv").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert Probe(tmp_path / "旧.csv").shape == "workbook"


def test_case_02_headers_are_matched_by_cleaned_name_and_the_unknown_is_kept(tmp_path: Path) -> None:
    header = ["没见过", *(f'="{name}"' for name in ORDER)][::-1]
    (order,) = outcome(write_csv(tmp_path / "o.csv", [header, ["甲", *ORDER.values()][::-1]])).tables["orders"]
    assert (order["order_id"], order["paid_amount"]) == ("1988000000000901", 14700)
    assert json.loads(order["extra"])["没见过"] == "甲"


def test_case_03_shells_units_and_words_for_unknown() -> None:
    for written in ('="123"', "'123", "\t123", "123\t"):
        assert cells.identifier(written) == "123"
    assert (cells.fen("129.00元"), cells.fen("1,234.50")) == (12900, 123450)
    for written in ("-", "null", "暂无数据", "延迟统计", "--"):
        assert cells.fen(written) is None


def test_case_04_ids_that_excel_damaged_are_refused(tmp_path: Path) -> None:
    found = orders(tmp_path, {"订单编号": "4.5990000000000004E+18"}, {"订单编号": "1988000000000902"})
    assert "Excel" in found.only_problem.reason.zh
    assert found.column("orders", "order_id") == ["1988000000000902"]
    rounded = columns.cast(pa.array(["4599000000000000000", "4599000000000120000"]), "id", SHANGHAI)[1]
    assert rounded.keys() == {0, 1}


def test_case_05_amounts_of_orders_and_of_their_lines_are_told_apart(tmp_path: Path) -> None:
    """Repeated on every row of an order they are the order's own; where they differ they are added."""
    line = {**ORDER, "商品属性": "灰", "购买数量": "1"}

    def total(*paid: str) -> list[Any]:
        rows = [
            [*(line | {"买家实际支付金额": amount, "商品属性": str(at)}).values()] for at, amount in enumerate(paid)
        ]
        return outcome(write_csv(tmp_path / "o.csv", [list(line), *rows])).column("orders", "paid_amount")

    assert total("147.00", "147.00") == [14700]
    assert total("100.00", "47.00") == [14700]


JD = """\
table = "orders"
once_per = "order_id"
[columns]
order_id = "订单号"
created_at = "下单时间"
paid_amount = "应付金额"
"""
JD_HEAD = "订单号,商品ID,下单时间,应付金额,订购数量\n"


@kills("jinpai/importers/mapped_rows.py", "self._first.pop(key, None) is not None", "True")
def test_case_05_amounts_repeated_on_every_row_of_a_mapped_table_count_once(tmp_path: Path) -> None:
    """As JD writes them; without `once_per` every row would be an order of the same number."""
    lines = "8801,1,2026-04-18 09:03:35,147.00,2\n8802,1,2026-04-18 09:04:00,9,1\n8801,2,2026-04-18 09:03:35,147,1\n"
    found = read(write_text(tmp_path / "京东.csv", JD_HEAD + lines), importer(tmp_path, JD))
    assert [(row["order_id"], row["paid_amount"], row["row"]) for row in found.tables["orders"]] == [
        ("8801", 14700, 2), ("8802", 900, 3)]  # fmt: skip
    assert (found.problems, found.summary) == ([], 1)


@kills("jinpai/importers/mapped_rows.py", "self._torn.setdefault(key, (differing[0], row))", "pass")
def test_case_05_what_differs_from_row_to_row_is_not_the_orders(tmp_path: Path) -> None:
    lines = "8801,1,2026-04-18 09:03:35,147.00,2\n8802,1,2026-04-18 09:04:00,9,1\n8801,2,2026-04-18 09:03:35,147,1\n"
    toml = JD + 'quantity = "订购数量"\n'
    found = read(write_text(tmp_path / "京东.csv", JD_HEAD + lines), importer(tmp_path, toml))
    assert found.column("orders", "order_id") == ["8802"], "half an order would be a wrong number"
    assert [(problem.row, problem.column, problem.value) for problem in found.problems] == [(2, "订购数量", "2"), (4, "订购数量", "1")]  # fmt: skip
    assert "去掉 quantity" in found.problems[0].reason.zh


def test_case_05_amounts_on_the_first_row_only(tmp_path: Path) -> None:
    """As Shopify writes them: blank below; and where even the number stands on the first row only."""
    lines = "8801,1,2026-04-18 09:03:35,147.00,\n8801,2,,,\n8802,1,2026-04-18 09:04:00,9,\n"
    found = read(write_text(tmp_path / "a.csv", JD_HEAD + lines), importer(tmp_path, JD))
    assert (found.column("orders", "paid_amount"), found.summary, found.problems) == ([14700, 900], 1, [])
    lines = lines.replace("8801,2,", ",2,")
    below = JD.replace("[columns]", "first_row = true\n[columns]")
    found = read(write_text(tmp_path / "b.csv", JD_HEAD + lines), importer(tmp_path, below))
    assert (found.column("orders", "order_id"), found.summary, found.problems) == (["8801", "8802"], 1, [])
    items = 'table = "order_items"\nfirst_row = true\n[columns]\norder_id = "订单号"\nproduct_id = "商品ID"\n'
    found = read(tmp_path / "b.csv", importer(tmp_path, items))
    assert [(row["order_id"], row["product_id"]) for row in found.tables["order_items"]] == [("8801", "1"), ("8801", "2"), ("8802", "1")]  # fmt: skip


def test_case_06_a_closed_trade_was_paid_if_it_has_a_payment_time(tmp_path: Path) -> None:
    found = orders(tmp_path, {"订单状态": "交易关闭", "订单关闭原因": "买家未付款", "订单付款时间 ": ""},
                   {"订单编号": "1988000000000902", "订单状态": "交易关闭", "订单关闭原因": "退款"})  # fmt: skip
    assert found.column("orders", "paid_at") == [None, ms("2019-05-13 22:31:00")]


def test_case_07_status_words_stay_as_they_are_and_cancelled_after_sales_close_nothing(tmp_path: Path) -> None:
    words = ["买家已付款，等待卖家发货", "买家已付款,等待卖家发货", "无售后或售后取消"]
    found = orders(tmp_path, *({"订单编号": f"198800000000090{at}", "订单状态": word} for at, word in enumerate(words)))
    assert found.column("orders", "status") == words
    closed = source_rows("orders", order_id=["1", "2", "3", "4"], status=[*words, "交易关闭"])
    assert [row["closed"] for row in closed] == [False, False, False, True]


def test_case_08_forms_of_time_are_mixed_in_one_column(tmp_path: Path) -> None:
    times = ["2019-05-13 22:30:00", "2019/5/13 22:30", "43598.9375"]
    found = orders(tmp_path, *({"订单编号": f"198800000000090{at}", "订单创建时间": time, "订单付款时间 ": "0001-01-01 00:00:00"}
                               for at, time in enumerate(times)))  # fmt: skip
    assert found.column("orders", "created_at") == [ms("2019-05-13 22:30:00")] * 3
    assert found.column("orders", "paid_at") == [None] * 3


def test_case_09_accounts_hold_colons_and_buyers_begin_like_the_shop(tmp_path: Path) -> None:
    found = chat(
        tmp_path, "溪谷旗舰店：售前:小美|10:00:00|您好", "溪谷旗舰店的粉丝|10:00:01|在吗", buyer="溪谷旗舰店的粉丝"
    )
    assert told(found, "sender", "agent") == [("agent", "售前:小美"), ("buyer", None)]


def test_case_10_words_that_look_like_a_message_need_a_known_sender(tmp_path: Path) -> None:
    quote = "路人(2025-11-10 09:00:00):  别人的话"
    found = chat(tmp_path, "小溪流水|10:00:00|您看", quote, "溪谷旗舰店:小美|10:00:09|付款时间2025-11-10 9:00:00")
    assert told(found, "text") == [(f"您看\n{quote}",), ("付款时间2025-11-10 9:00:00",)]


def test_case_11_the_sender_stands_first_last_or_both(tmp_path: Path) -> None:
    first = chat(tmp_path, "小溪流水|10:00:00|在吗")
    last = outcome(write_csv(tmp_path / "网页.csv", [["buyer", "chat_date", "chat_text"], ["小溪流水", "2025-11-10", "10:00:00\n在吗\n小溪流水"]], "utf-8"))  # fmt: skip
    both = outcome(
        write_text(
            tmp_path / "复制.txt", "小溪流水2025-11-10 10:00:00\n在吗\n\n2025-11-10 10:00:09\n溪谷旗舰店:小美\n在\n"
        )
    )
    assert [found.format for found in (first, last, both)] == ["qianniu_t1", "qianniu_t4", "qianniu_t3"]
    said = [("小溪流水", "buyer", ms("2025-11-10 10:00:00"), "在吗")]
    assert told(first, "buyer", "sender", "sent_at", "text") == told(last, "buyer", "sender", "sent_at", "text") == said
    assert told(both, "buyer", "sender", "sent_at", "text") == [*said, ("小溪流水", "agent", ms("2025-11-10 10:00:09"), "在")]  # fmt: skip


def test_case_12_notices_credited_to_the_buyer_are_of_the_platform(tmp_path: Path) -> None:
    notices = ["当前用户来自 商品详情页", "由 服务助手 转交给 小美，原因：【离线留言自动分配】", "系统提示:对方已下单"]
    found = chat(tmp_path, *(f"小溪流水|10:00:0{at}|{text}" for at, text in enumerate(notices)))
    assert set(told(found, "sender", "kind")) == {("system", "event")}


def test_case_13_a_robot_is_not_a_person(tmp_path: Path) -> None:
    found = chat(
        tmp_path, "小溪流水|10:00:00|在吗", "溪谷旗舰店:服务助手|10:00:01|您好", "溪谷旗舰店:小美|10:00:40|在的"
    )
    assert told(found, "sender", "agent")[1:] == [("auto", "服务助手"), ("agent", "小美")]


def test_case_15_a_mask_is_not_a_person() -> None:
    """Neither two chats nor two orders are joined on it; the same plain nick is."""
    said = source_rows("messages", buyer=["t**1", "t**1", "账号信息保护显示", "账号信息保护显示", "小溪流水"], thread=["1", "2", "1", "2", None],
                       sender=["buyer"] * 5, sent_at=[1] * 5)  # fmt: skip
    bought = source_rows("orders", order_id=["1", "2", "3"], buyer=["t**1", "t**1", "小溪流水"])
    keys = [row["buyer_key"] for row in said] + [row["buyer_key"] for row in bought]
    assert len(set(keys)) == 4 + 2 + 1
    assert [row["matched"] for row in said] == [False, False, False, False, True]


def test_case_17_group_chats_are_left_out_and_blank_lines_stay(tmp_path: Path) -> None:
    group = f"{RULE}\n{'群聊':^64}\n{RULE}\n\n{DASHES}福利群{DASHES}\n群管家(2025-11-10 12:00:00):  早\n"
    found = chat(tmp_path, "溪谷旗舰店:小美|10:00:00|1、发货", "", "2、尺寸", end=group)
    assert (told(found, "text"), found.summary) == ([("1、发货\n\n2、尺寸",)], 1)


def test_case_18_codes_of_emoji_are_no_patterns_and_real_emoji_need_unicode(tmp_path: Path) -> None:
    found = chat(
        tmp_path, "小溪流水|10:00:00|/:^_^", "小溪流水|10:00:01|/:*&*", "小溪流水|10:00:02|👍", encoding="utf-8"
    )
    assert told(found, "kind", "text") == [("emoji", "/:^_^"), ("emoji", "/:*&*"), ("emoji", "👍")]
    lost = chat(tmp_path, "小溪流水|10:00:00|?", encoding="gbk")
    assert told(lost, "kind", "text") == [("text", "?")]


def top(folder: Path, trades: object, key: str = "trades_sold_get_response", inner: str = "trades") -> Outcome:
    return outcome(
        write_text(folder / "订单.json", json.dumps({key: {"request_id": "x", inner: trades}}, ensure_ascii=False))
    )


ITEM = {"oid": 3388000000000000304, "num_iid": 700000012345, "title": "浴巾", "num": 2, "price": "70.00",
        "divide_order_fee": "132.00", "refund_status": "NO_REFUND"}  # fmt: skip
TRADE = {"tid": 3388000000000000303, "buyer_nick": "t**3", "created": "2023-06-05 21:05:30", "num": 2, "payment": "132.00",
         "pay_time": "2023-06-05 21:06:00", "status": "TRADE_FINISHED", "orders": {"order": [ITEM]}}  # fmt: skip


@kills("jinpai/importers/records.py", "isinstance(value, list) else [value]", "isinstance(value, list) else []")
def test_case_20_lists_of_one_as_the_one_itself_and_numbers_as_text(tmp_path: Path) -> None:
    as_text = {**ITEM, "oid": "3388000000000000304", "num": "2", "num_iid": "700000012345"}
    forms = [
        top(tmp_path, {"trade": [TRADE]}),
        top(tmp_path, {"trade": {**TRADE, "orders": {"order": ITEM}}}),
        top(tmp_path, [{**TRADE, "tid": "3388000000000000303", "num": "2", "orders": [as_text]}]),
        top(tmp_path, {**TRADE, "orders": {"order": as_text}}, "trade_fullinfo_get_response", "trade"),
    ]
    for found in forms:
        assert (found.format, found.problems) == ("taobao_trades", [])
        (order,), (item,) = found.tables["orders"], found.tables["order_items"]
        assert (order["order_id"], order["paid_amount"], order["quantity"]) == ("3388000000000000303", 13200, 2)
        assert (item["sub_order_id"], item["product_id"], item["quantity"]) == (
            "3388000000000000304",
            "700000012345",
            2,
        )
    assert [found.tables for found in forms[1:2]] == [forms[0].tables]


def test_case_20_numbers_as_text_and_text_as_numbers_mean_the_same() -> None:
    assert cells.count("2") == cells.count(2) == cells.count(2.0) == 2
    assert cells.fen("12.5") == cells.fen(12.5) == 1250
    assert cells.identifier(700000012345) == cells.identifier("700000012345") == cells.identifier(700000012345.0)


def test_case_21_sums_of_a_sheet_are_not_agents(tmp_path: Path) -> None:
    rows = [["小美", "2025-11-10 09:00", "2025-11-10 18:00"], *([word, "2025-11-10 09:00", "2025-11-10 18:00"]
            for word in ("汇总", "均值", "全店汇总值", "同行同层均值"))]  # fmt: skip
    found = outcome(write_csv(tmp_path / "shifts.csv", [["agent", "starts_at", "ends_at"], *rows], "utf-8"))
    assert (found.column("shifts", "agent"), found.summary) == (["小美"], 4)


@kills("jinpai/importers/mapped_rows.py", "yield Summary(left_out.true_count)", "pass")
def test_case_21_a_mapping_names_the_words_of_rows_that_are_no_data(tmp_path: Path) -> None:
    toml = 'table = "shifts"\nskip = [{ column = "旺旺", words = ["本店*", "对比"] }]\n[columns]\nagent = "旺旺"\nstarts_at = "上班"\nends_at = "下班"\n'
    lines = "".join(
        f"{word},2025-11-10 09:00,2025-11-10 18:00\n" for word in ("小美", "本店合计", " 对比 ", "同行均值", "均值")
    )
    found = read(write_text(tmp_path / "a.csv", "旺旺,上班,下班\n" + lines), importer(tmp_path, toml))
    assert (found.column("shifts", "agent"), found.summary, found.problems) == (["小美"], 4, [])


@pytest.mark.parametrize("cell", ["99.71%", "100％"])
@kills("jinpai/importers/cells.py", 'elif said.endswith("%"):', "elif False:")
def test_case_21_no_table_has_percents_and_one_is_a_problem(tmp_path: Path, cell: str) -> None:
    """Whether 1 is one percent or all of it is never guessed: no column of a canonical table holds a share."""
    assert {column.kind for table in TABLES.values() for column in table.columns} == {"id", "text", "instant", "money", "count", "day", "flag"}  # fmt: skip
    found = orders(tmp_path, {"买家实际支付金额": cell})
    assert "百分比" in found.only_problem.reason.zh
    with pytest.raises(BadCell, match="百分比"):
        cells.count(cell)


TWO_ROWS = """\
table = "evaluations"
header_rows = 2
skip = { column = "旺旺", words = ["汇总"] }
[columns]
agent = "旺旺"
buyer = "买家·昵称"
evaluated_at = "接待评价·时间"
level = "接待评价·星级"
"""


@kills("jinpai/importers/mapped_tables.py", "group = group if name else", "group = group if True else")
def test_case_22_two_header_rows_with_merged_cells(tmp_path: Path) -> None:
    """A group reaches over the cells merged with it; a heading merged downwards is itself."""
    above, below = ["旺旺", "", "买家", "", "接待评价", ""], ["", "序号", "昵称", "等级", "时间", "星级"]
    data = [["小美", "1", "小溪流水", "V3", "2025-11-10 10:00:00", "5"], ["汇总", "", "", "", "", "4"]]
    by = importer(tmp_path, TWO_ROWS)
    book = write_xlsx(tmp_path / "a.xlsx", 评价=[above, below, *data])
    text = write_csv(tmp_path / "a.csv", [above, below, *data])
    late = write_xlsx(tmp_path / "b.xlsx", 评价=[["导出：11 月"], above, below, *data])
    later = importer(tmp_path, TWO_ROWS.replace("header_rows", "header_row = 2\nheader_rows"))
    for found, row in ((read(book, by), 3), (read(text, by), 3), (read(late, later), 4)):
        (only,) = found.tables["evaluations"]
        assert (only["agent"], only["buyer"], only["level"], only["row"]) == ("小美", "小溪流水", 5, row)
        assert only["extra"] == '{"序号": "1", "买家·等级": "V3"}'
        assert (found.summary, found.problems) == (1, [])


def test_case_23_a_blank_cell_too_many_is_nothing_and_a_filled_one_is_a_problem(tmp_path: Path) -> None:
    good, bad = [*ORDER.values(), ""], [*ORDER.values(), "多出来的"]
    found = outcome(write_csv(tmp_path / "o.csv", [list(ORDER), good, bad]))
    assert len(found.tables["orders"]) == 1
    assert (found.only_problem.row, found.only_problem.value) == (3, "多出来的")


@pytest.mark.parametrize("first", ["", ","])
@pytest.mark.parametrize("quote", ['"', ""])
@kills("jinpai/importers/uneven.py", "and not any(self._cells(text)[self._width :])", "and False")
def test_case_23_blank_cells_too_many_in_mapped_and_canonical_tables(tmp_path: Path, first: str, quote: str) -> None:
    """In all rows, as Douyin writes them, or in some; rows keep their order and their numbers."""
    ends = [first, "", ",", ",,", ",多", ",,多", ",", ""]
    lines = [f"小溪流水,buyer,2025-11-10 10:00:0{at},{quote}第{at}{quote}{end}\n" for at, end in enumerate(ends)]
    path = write_text(tmp_path / "a.csv", "buyer,sender,sent_at,text\n" + "".join(lines) + "少一格\n")
    same = 'table = "messages"\n[columns]\nbuyer = "buyer"\nsender = "sender"\nsent_at = "sent_at"\ntext = "text"\n'
    for found in (outcome(path), read(path, importer(tmp_path, same))):
        assert told(found, "row", "text") == [(at + 2, f"第{at}") for at in (0, 1, 2, 3, 6, 7)]
        assert sorted((problem.row, problem.reason.zh[:7]) for problem in found.problems) == [
            (6, "这一行有 5 "), (7, "这一行有 6 "), (10, "这一行有 1 ")]  # fmt: skip
    page = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.replace(quote, '').strip().split(','))}</tr>"
                   for line in ["buyer,sender,sent_at,text", *lines])  # fmt: skip
    found = read(write_text(tmp_path / "a.xls", f"<table>{page}</table>"), importer(tmp_path, same))
    assert ([row[0] for row in told(found, "row")], [problem.row for problem in found.problems]) == (
        [2, 3, 4, 5, 8, 9],
        [6, 7],
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A shop of one chat that was exported twice, the second time with more of it, and built."""
    folder = tmp_path_factory.mktemp("edge")
    workspace = Workspace.create(folder / "店铺 数据", zone="Asia/Shanghai")
    day = [
        "小溪流水|23:58:00|在",
        "小溪流水|23:58:00|在",
        "溪谷旗舰店:小美|23:59:00|在的",
        "溪谷旗舰店:小美|23:59:30|您说",
    ]
    night = ["小溪流水(2025-11-11 00:00:30):  发什么快递", "小溪流水(2025-11-11 00:00:31):  对方撤回了一条消息", "溪谷旗舰店:小美(2025-11-11 00:01:00):  对方撤回了一条消息"]  # fmt: skip
    files = [write_text(folder / "一.txt", t1(*day), "gb18030"), write_text(folder / "二.txt", t1(*day, *night), "gb18030"),
             write_csv(folder / "messages.csv", [MESSAGES, ["小溪流水", "小美", "note", "2025-11-11 00:02:00", "这个买家问过两次"]], "utf-8")]  # fmt: skip
    import_files(workspace, files)
    build(workspace)
    return workspace


def rows(shop: Workspace, query: str) -> list[dict[str, Any]]:
    with opened(shop, "main") as engine:
        return engine.rows(query)


def test_case_14_equal_words_of_one_second_stay_and_overlapping_exports_count_once(shop: Workspace) -> None:
    assert [row["text"] for row in rows(shop, "select text from original where sender = 'buyer' order by seq")] == ["在", "在", "发什么快递"]  # fmt: skip
    assert repeats(shop) == 4


def test_case_16_a_conversation_goes_on_across_midnight(shop: Workspace) -> None:
    assert len(rows(shop, "select conversation_seq from conversation")) == 1
    assert {row["day"] for row in rows(shop, "select distinct day from message")} == {20251110, 20251111}


def test_case_19_notes_and_recalls_are_no_replies(shop: Workspace) -> None:
    """The last question has only a recall and a note below it: nobody has answered it."""
    assert [row["answered_at"] is None for row in rows(shop, "select answered_at from round order by round_seq")] == [False, True]  # fmt: skip


def test_case_24_many_questions_and_many_answers_are_one_round(shop: Workspace) -> None:
    (first, _) = rows(shop, "select started_at, answered_at from round order by round_seq")
    assert (first["started_at"], first["answered_at"]) == (ms("2025-11-10 23:58:00"), ms("2025-11-10 23:59:00"))


SESSION = [MESSAGES, ["小溪流水", "", "buyer", "2025-11-10 23:55:00", "在吗"], ["小溪流水", "服务助手", "auto", "2025-11-10 23:55:01", "您好"],
           ["小溪流水", "小美", "assist", "2025-11-10 23:55:05", "亲亲"], ["小溪流水", "小美", "agent", "2025-11-10 23:55:40", "在的"],
           ["小溪流水", "", "buyer", "2025-11-11 00:06:00", "好"]]  # fmt: skip


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """One chat with a robot, with the settings as they are and with the platforms': what the tables say of it."""
    folder = tmp_path_factory.mktemp("settled")
    workspace = Workspace.create(folder / "店铺 数据", zone="Asia/Shanghai")
    import_files(workspace, [write_csv(folder / "messages.csv", SESSION, "utf-8")])

    def said() -> dict[str, list[Any]]:
        build(workspace)
        return {
            "answered": [row["answered_at"] for row in rows(workspace, "select answered_at from round order by round_seq")],
            "conversations": [row["conversation_seq"] for row in rows(workspace, "select conversation_seq from conversation")],
            "platform": [row["ms"] for how in ("without_assist", "with_assist") for row in rows(
                workspace, f"select min(shop_ms) as ms from platform_round where {how}")],
        }  # fmt: skip

    plain = said()
    workspace.write_settings(None, {"conversation_gap": "10m", "assist_counts": True})
    return plain, said()


def test_case_13_a_robots_answer_stops_no_clock_and_an_assisted_one_where_it_is_to(settled: tuple[dict[str, list[Any]], dict[str, list[Any]]]) -> None:  # fmt: skip
    """By the contract no figure counts what a robot sent by itself; the two first-response times are without and with
    what it sent under a person's name: `assist_counts`, and the platforms' own rounds whatever that says."""
    plain, with_assist = settled
    assert plain["answered"][0] == ms("2025-11-10 23:55:40")
    assert with_assist["answered"][0] == ms("2025-11-10 23:55:05")
    assert plain["platform"] == with_assist["platform"] == [40_000, 5_000]


def test_case_16_conversations_part_after_the_silence_that_the_shop_has_set(settled: tuple[dict[str, list[Any]], dict[str, list[Any]]]) -> None:  # fmt: skip
    """As JD's sessions do after ten minutes; a table that numbers its sessions keeps the number in `thread` or `extra`."""
    assert [len(one["conversations"]) for one in settled] == [1, 2]


def test_every_case_has_a_test() -> None:
    cases = {int(name[10:12]) for name in globals() if name.startswith("test_case_")}
    assert cases == set(range(1, 25))
