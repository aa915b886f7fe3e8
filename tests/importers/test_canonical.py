"""Canonical tables: CSV, XLSX and Parquet of the same rows read the same, and everything is accounted for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.errors import JinpaiError
from jinpai.importers import Context, Probe, Problem, Rows, identify, named
from jinpai.importers.canonical import table_of
from jinpai.importers.extra import extra_column, extra_of
from tests.importers.files import SHANGHAI, ms, outcome, write_csv, write_text, write_xlsx
from tests.mutants import kills

MESSAGES = [
    ["shop", "buyer", "agent", "sender", "sent_at", "kind", "text", "event", "message_id", "channel"],
    ["main", "云边小鹿", "", "buyer", "2023-06-05 10:02:11", "", ' 在吗,"亲"\n第二行 ', "", "m1", "pc"],
    ["main", "云边小鹿", "小美", "agent", "2023-06-05T02:02:58Z", "text", "-", "", "m2", ""],
    ["", "云边小鹿", "小美", "system", "2023/6/5 10:03", "", "", "closed", "m3", 'a"b\\c'],
]  # fmt: skip


def write_parquet(path: Path, rows: list[list[str]]) -> Path:
    cells = [[cell or None for cell in row] for row in rows[1:]]
    pq.write_table(pa.table({name: [row[at] for row in cells] for at, name in enumerate(rows[0])}), path)
    return path


@pytest.mark.parametrize("kind", ["csv", "gbk", "xlsx", "parquet"])
def test_all_three_forms_give_the_same_rows(tmp_path: Path, kind: str) -> None:
    path = {
        "csv": lambda: write_csv(tmp_path / "a.csv", MESSAGES, "utf-8"),
        "gbk": lambda: write_csv(tmp_path / "a.csv", MESSAGES, "gbk"),
        "xlsx": lambda: write_xlsx(tmp_path / "a.xlsx", messages=MESSAGES),
        "parquet": lambda: write_parquet(tmp_path / "a.parquet", MESSAGES),
    }[kind]()
    found = outcome(path)
    assert (found.format, found.problems, found.summary) == ("canonical", [], 0)
    rows = found.tables["messages"]
    assert found.column("messages", "sent_at") == [
        ms("2023-06-05 10:02:11"),
        ms("2023-06-05 10:02:58"),
        ms("2023-06-05 10:03:00"),
    ]
    assert found.column("messages", "kind") == ["text", "text", "event"]
    assert found.column("messages", "shop") == ["main", "main", None]
    assert found.column("messages", "row") == [2, 3, 4]
    assert rows[0]["text"] == ' 在吗,"亲"\n第二行 ', "a message's text stays to the letter"
    assert rows[1]["text"] == "-", "and a dash is a text, not unknown"
    assert [json.loads(row["extra"]) if row["extra"] else None for row in rows] == [{"channel": "pc"}, None, {"channel": 'a"b\\c'}]  # fmt: skip
    assert rows[2]["text"] is None
    assert rows[2]["agent"] == "小美"
    assert rows[0]["agent"] is None


def test_numbers_and_dates_of_a_workbook_are_read_as_cells(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", orders=[
        ["order_id", "created_at", "paid_amount", "quantity", "refund_amount"],
        ["1001", datetime(2025, 3, 2, 9, 12, 30), 119.1, 2, 0.1 + 0.2],
        [10020003, 45718.5, 8, 1.0, ""],
        [4.599e18, datetime(2025, 3, 2), 1, 1, ""],
    ])  # fmt: skip
    found = outcome(path)
    assert found.column("orders", "order_id") == ["1001", "10020003"]
    assert found.column("orders", "created_at") == [ms("2025-03-02 09:12:30"), ms("2025-03-02 12:00:00")]
    assert found.column("orders", "paid_amount") == [11910, 800]
    assert found.column("orders", "refund_amount") == [30, None]
    assert found.column("orders", "quantity") == [2, 1]
    assert (found.only_problem.row, found.only_problem.column) == (4, "order_id")


@kills("jinpai/importers/canonical.py", "faults.setdefault(place, (column.name, why_words))", "pass")
def test_bad_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [MESSAGES[0]] + [[*MESSAGES[1]] for _ in range(6)]
    rows[1][3] = "seller"
    rows[2][4] = "yesterday"
    rows[3][5] = "texts"
    rows[4][3] = ""
    rows[5][7] = "transfered"
    found = outcome(write_csv(tmp_path / "messages.csv", rows, "utf-8"))
    assert [(problem.row, problem.column, problem.value) for problem in found.problems] == [
        (2, "sender", "seller"), (3, "sent_at", "yesterday"), (4, "kind", "texts"), (5, "sender", ""),
        (6, "event", "transfered")]  # fmt: skip
    assert found.column("messages", "row") == [7]
    assert "transferred" in found.problems[4].reason.en
    assert "text" in found.problems[2].reason.zh


def test_ragged_rows_are_problems_and_do_not_shift_the_numbers(tmp_path: Path) -> None:
    text = 'buyer,sender,sent_at,text\n\nA,buyer,2023-06-05 10:00:00,x\nB,buyer\n,,,\nC,buyer,2023-06-05 10:00:01,"a\nb"\nD,buyer,2023-06-05 10:00:02,x,y,z\nE,buyer,2023-06-05 10:00:03,e\n'  # fmt: skip
    found = outcome(write_text(tmp_path / "messages.csv", text))
    assert list(zip(found.column("messages", "row"), found.column("messages", "buyer"), strict=True)) == [
        (3, "A"), (6, "C"), (8, "E")]  # fmt: skip
    assert sorted(problem.row for problem in found.problems) == [4, 7]
    assert "2 格" in found.problems[0].reason.zh


@pytest.mark.parametrize("line", ['A,buyer,2023-06-05 10:00:00,"x', 'A,buyer,"2023-06-05 10:00:00,x'])
def test_a_quote_that_is_not_closed_is_refused(tmp_path: Path, line: str) -> None:
    text = f"buyer,sender,sent_at,text\n{line}\nB,buyer,2023-06-05 10:00:01,y\n"
    with pytest.raises(JinpaiError, match="引号"):
        outcome(write_text(tmp_path / "messages.csv", text))


def test_an_odd_quote_inside_a_plain_cell_is_kept(tmp_path: Path) -> None:
    text = 'buyer,sender,sent_at,text\nA,buyer,2023-06-05 10:00:00,"a\nb"\nB,buyer,2023-06-05 10:00:01,5" 的\n'
    assert outcome(write_text(tmp_path / "messages.csv", text)).column("messages", "text") == ["a\nb", '5" 的']


def test_a_missing_required_column_is_a_sentence(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "messages.csv", [["buyer", "agent", "sender", "send_at", "text"], ["A"] * 5], "utf-8")
    with pytest.raises(JinpaiError) as caught:
        outcome(path)
    assert "sent_at" in caught.value.words.zh
    assert "send_at" in caught.value.words.en


def test_missing_optional_columns_are_null(tmp_path: Path) -> None:
    found = outcome(write_csv(tmp_path / "a.csv", [["order_id", "created_at"], ["1", "2025-03-02 09:00:00"]], "utf-8"))
    assert found.column("orders", "paid_amount") == [None]
    assert found.column("orders", "extra") == [None]


@pytest.mark.parametrize(
    ("header", "table"),
    [("shop,buyer,agent,sender,sent_at,kind,text,event,to_agent,product_id,order_id,message_id", "messages"),
     ("shop,order_id,buyer,created_at,paid_at,closed_at,status,paid_amount,quantity", "orders"),
     ("shop,refund_id,order_id,sub_order_id,amount,applied_at,refunded_at,reason,status", "refunds"),
     ("shop,order_id,product_id,sku_id,title,quantity,price,refund_amount", "order_items"),
     ("order_id,product_id,sku_id,title,quantity,price,refund_amount,created_at", "order_items"),
     ("shop,agent,name,team,joined_on,left_on", "agents"), ("agent,name", "agents"),
     ("shop,product_id,title,category,price,kind,returnable", "products"),
     ("shop,buyer,agent,level,origin,sent_at,evaluated_at", "evaluations"),
     ("shop,person,agent,starts_at,ends_at,kind", "shifts"), ("shop,name,starts_at,ends_at,product_id,kind", "promotions"),
     ("shop,buyer,level,first_seen", "buyers"), ("shop,day,product_id,visitors", "visitors"), ("order_id,created_at", "orders")],
)  # fmt: skip
def test_the_header_says_which_table_it_is(header: str, table: str) -> None:
    found = table_of(tuple(header.split(",")))
    assert found is not None
    assert found.name == table


def test_a_header_of_two_tables_is_decided_by_the_name_or_refused() -> None:
    header = ("agent", "name", "starts_at", "ends_at")
    found = table_of(header, ("Sheet1", "shifts_march"))
    assert found is not None
    assert found.name == "shifts"
    with pytest.raises(JinpaiError, match="promotions"):
        table_of(header, ("Sheet1", "data"))


@pytest.mark.parametrize(
    "header", ["姓名,年龄", "Name,Email,Paid at", "agent,a,b,c,d,e,f", "buyer,chat_date,chat_text,filter_range"]
)
def test_other_sheets_are_no_canonical_tables(header: str) -> None:
    assert table_of(tuple(header.split(","))) is None


def test_sheets_of_a_workbook_are_tables_of_their_own(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "shop.xlsx", agents=[["agent", "team"], ["小美", "presales"], ["阿杰", "sales"]],
                      visitors=[["day", "visitors"], ["2025-11-11", "1,200"]], notes=[["memo"], ["x"]])  # fmt: skip
    found = outcome(path)
    assert found.column("agents", "agent") == ["小美"]
    assert [(row["day"], row["visitors"]) for row in found.tables["visitors"]] == [(20251111, 1200)]
    assert [problem.column for problem in found.problems] == ["agents·team", "notes"]


def test_summary_rows_are_counted_not_read(tmp_path: Path) -> None:
    """§7 case 21: rows of 汇总, 均值 and 同行 are no agents."""
    rows = [
        ["agent", "name"],
        ["小美", ""],
        ["汇总", ""],
        ["均值", ""],
        ["同行均值", ""],
        ["全店合计", ""],
        ["全兴", ""],
    ]
    found = outcome(write_csv(tmp_path / "agents.csv", rows, "utf-8"))
    assert found.column("agents", "agent") == ["小美", "全兴"]
    assert found.summary == 4


def test_levels_and_flags(tmp_path: Path) -> None:
    rows = [
        ["buyer", "agent", "level", "origin"],
        ["A", "小美", "5", "self"],
        ["B", "小美", "6", "self"],
        ["C", "小美", "-", ""],
    ]
    found = outcome(write_csv(tmp_path / "a.csv", rows, "utf-8"))
    assert found.column("evaluations", "level") == [5, None]
    assert found.only_problem.row == 3
    products = [["product_id", "title", "returnable"], ["1", "浴巾", "是"], ["2", "定制毛巾", "false"]]
    assert outcome(write_csv(tmp_path / "b.csv", products, "utf-8")).column("products", "returnable") == [True, False]


def test_typed_parquet(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({
        "order_id": pa.array([3388000000000000301, 2]), "created_at": pa.array([datetime(2025, 3, 2, 9, 12)] * 2, pa.timestamp("ms")),
        "paid_amount": pa.array([119.1, None]), "tags": pa.array([["a"], None])}), path)  # fmt: skip
    found = outcome(path)
    assert found.column("orders", "order_id") == ["3388000000000000301", "2"]
    assert found.column("orders", "created_at") == [ms("2025-03-02 09:12:00")] * 2
    assert found.column("orders", "paid_amount") == [11910, None]
    assert found.column("orders", "extra") == ['{"tags": "[\'a\']"}', None]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(JinpaiError, match="Parquet"):
        identify(path)


awkward = st.one_of(st.none(), st.text('\\"\n\t买,{', max_size=4), st.text())


@given(st.lists(st.tuples(awkward, awkward), max_size=8))
@kills("jinpai/importers/extra.py", '("\\\\", "\\\\\\\\"), ', "")
def test_extra_columns_are_the_json_of_each_row(cells: list[tuple[str | None, str | None]]) -> None:
    columns = {'渠道"': pa.array([a for a, _ in cells], pa.string()), "b": pa.array([b for _, b in cells], pa.string())}
    for (one, other), said in zip(cells, extra_column(columns, len(cells)).to_pylist(), strict=True):
        expected = extra_of({'渠道"': one, "b": other})
        assert (json.loads(said) if said else None) == (json.loads(expected) if expected else None)


@pytest.mark.slow
def test_a_million_messages_are_read_in_seconds(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    n = 1_000_000
    start = 1_700_000_000_000
    path = tmp_path / "messages.parquet"
    pq.write_table(pa.table({
        "buyer": pa.array([f"买家{i % 30_000}" for i in range(n)]), "sender": pa.array(["buyer", "agent"] * (n // 2)),
        "sent_at": pa.array([start + 3000 * i for i in range(n)], pa.timestamp("ms")), "text": pa.array(["在的亲"] * n)}), path)  # fmt: skip
    began = time.perf_counter()
    read = sum(
        piece.batch.num_rows
        for piece in named("canonical").read(Probe(path), Context(SHANGHAI))
        if isinstance(piece, Rows)
    )
    seconds = time.perf_counter() - began
    record_property("measured", f"1 million messages out of Parquet: {seconds:.1f} s")
    assert read == n
    assert seconds < 30


@given(st.lists(st.sampled_from(["good", "sender", "time", "short", "blank", "sum"]), max_size=40), st.data())
def test_rows_problems_and_summaries_add_up(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], data: st.DataObject
) -> None:
    lines = {"good": "1,2025-03-02 09:00:00,1.00", "sender": "2,2025-03-02 09:00:00,abc", "time": "3,nonsense,1",
             "short": "4", "blank": "", "sum": "汇总,,9"}  # fmt: skip
    text = "\n".join(["order_id,created_at,paid_amount", *(lines[kind] for kind in kinds)]) + "\n"
    found = outcome(write_text(tmp_path_factory.mktemp("a") / "orders.csv", text))
    by_row = dict(enumerate(kinds, 2))
    assert {problem.row: by_row[problem.row] for problem in found.problems} == {
        row: kind for row, kind in by_row.items() if kind in {"sender", "time", "short"}}  # fmt: skip
    assert found.column("orders", "row") == [row for row, kind in by_row.items() if kind == "good"]
    assert found.summary == kinds.count("sum")
    assert all(isinstance(problem, Problem) for problem in found.problems)
