"""Any table by a mapping: invented tables of awkward shapes, and public data counted another way."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from jinpai.canon import TABLES
from jinpai.errors import JinpaiError
from jinpai.importers import Context, Importer, Probe, Problem, Rows
from jinpai.importers.mapped import made_up, mapped
from jinpai.importers.mapping import read_mapping
from tests.importers.files import CHAT, SHANGHAI, Outcome, ms, write_text, write_xlsx
from tests.mutants import kills

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "data"

HEAD = "时间,对方,客服,谁说的,说了什么,渠道\n"


def importer(folder: Path, toml: str) -> Importer:
    return mapped(read_mapping(write_text(folder / "对照.toml", toml)))


def read(path: Path, by: Importer) -> Outcome:
    """What an importer makes of a file; rows have exactly the schema of their table."""
    found = Outcome(by.name)
    for piece in by.read(Probe(path), Context(SHANGHAI)):
        if isinstance(piece, Rows):
            assert piece.batch.schema.equals(TABLES[piece.table].schema)
            found.tables.setdefault(piece.table, []).extend(piece.batch.to_pylist())
        elif isinstance(piece, Problem):
            found.problems.append(piece)
        else:
            found.summary += piece.count
    return found


def chat(folder: Path, *lines: str, toml: str = CHAT, name: str = "a.csv") -> Outcome:
    return read(write_text(folder / name, HEAD + "".join(f"{line}\n" for line in lines)), importer(folder, toml))


def refused(folder: Path, toml: str) -> str:
    with pytest.raises(JinpaiError) as caught:
        importer(folder, toml)
    assert "对照.toml" in caught.value.words.zh
    return caught.value.words.zh


def test_columns_words_and_times_of_a_table_nobody_knows(tmp_path: Path) -> None:
    found = chat(
        tmp_path, "18/11/2026 10:00:00,云边小鹿,小美,客户,在吗,手机", "18/11/2026 10:00:09,云边小鹿,小美,客服小美,在的,"
    )
    rows = found.tables["messages"]
    assert [(row["sender"], row["buyer"], row["sent_at"], row["row"]) for row in rows] == [
        ("buyer", "云边小鹿", ms("2026-11-18 10:00:00"), 2), ("agent", "云边小鹿", ms("2026-11-18 10:00:09"), 3)]  # fmt: skip
    assert [row["extra"] for row in rows] == ['{"渠道": "手机"}', None]
    assert (found.problems, found.format) == ([], "mapped:对照")


@kills(
    "jinpai/importers/mapped.py",
    "name = next((name for name, said in cells.called.items()",
    "name = next((name for name, said in ()",
)
def test_a_row_that_the_mapping_does_not_explain_is_a_problem_with_its_remedy(tmp_path: Path) -> None:
    found = chat(
        tmp_path,
        "18/11/2026 10:00:00,甲,小美,店长,在吗,",
        "31/02/2026 10:00:00,甲,小美,客户,在吗,",
        "18/11/2026 10:00:01,甲,小美,客户,好,",
    )
    assert [row["row"] for row in found.tables["messages"]] == [4]
    who, when = found.problems
    assert (who.row, who.column, who.value) == (2, "谁说的", "店长")
    assert "[values.sender]" in who.reason.zh
    assert '"店长" = ' in who.reason.zh
    assert (when.row, when.column, when.value) == (3, "时间", "31/02/2026 10:00:00")
    assert "time_format" in when.reason.zh


def test_one_mapping_reads_csv_tabs_gbk_and_workbooks(tmp_path: Path) -> None:
    line = ["18/11/2026 10:00:00", "云边小鹿", "小美", "客户", "在吗", ""]
    head = HEAD.strip().split(",")
    by = importer(tmp_path, CHAT)
    expected = read(write_text(tmp_path / "a.csv", ",".join(head) + "\n" + ",".join(line) + "\n"), by).tables
    tabs = write_text(tmp_path / "b.txt", "\t".join(head) + "\n" + "\t".join(line) + "\n", "gbk")
    book = write_xlsx(tmp_path / "c.csv", 聊天=[head, line])
    assert expected["messages"][0]["text"] == "在吗"
    assert read(tabs, by).tables == expected
    assert read(book, by).tables == expected


def test_a_text_without_header_with_odd_quotes_and_a_preamble(tmp_path: Path) -> None:
    toml = CHAT.replace(
        "time_format",
        'delimiter = "|"\nquote = false\nheader = ["时间", "对方", "谁说的", "说了什么", "客服"]\ntime_format',
    )
    text = '18/11/2026 10:00:00|甲|客户|5" 的有吗|小美\n18/11/2026 10:00:05|甲|客服|"有|小美\n少一格|x\n'
    found = read(write_text(tmp_path / "a.txt", text), importer(tmp_path, toml))
    assert [(row["row"], row["text"]) for row in found.tables["messages"]] == [(1, '5" 的有吗'), (2, '"有')]
    assert found.only_problem.row == 3
    below = CHAT.replace("time_format", "header_row = 3\ntime_format")
    lines = "导出时间：2026-11-20\n\n" + HEAD + "18/11/2026 10:00:00,甲,小美,客户,在吗,\n"
    again = read(write_text(tmp_path / "b.csv", lines), importer(tmp_path, below))
    assert [(row["row"], row["text"]) for row in again.tables["messages"]] == [(4, "在吗")]


@kills(
    "jinpai/importers/mapped_values.py",
    'binary_join_element_wise(values, "分", "")',
    'binary_join_element_wise(values, "", "")',
)
def test_amounts_in_fen_and_half_a_fen(tmp_path: Path) -> None:
    toml = 'table = "orders"\nmoney = "分"\n[columns]\norder_id = "单号"\ncreated_at = "时间"\npaid_amount = "实付"\nrefund_amount = { column = "退", unit = "元" }\n'
    text = "单号,时间,实付,退\n1,2026-11-18 10:00:00,1234,0.50\n2,2026-11-18 10:00:00,5,\n3,2026-11-18 10:00:00,12.5,\n4,2026-11-18 10:00:00,-,1\n"
    found = read(write_text(tmp_path / "a.csv", text), importer(tmp_path, toml))
    assert found.column("orders", "paid_amount") == [1234, 5, None]
    assert found.column("orders", "refund_amount") == [50, None, 100]
    assert (found.only_problem.row, found.only_problem.column, found.only_problem.value) == (4, "实付", "12.5")


@pytest.mark.parametrize(
    ("written", "format_"),
    [("18/11/2026 22:05:09", "%d/%m/%Y %H:%M:%S"), ("11/18/2026 10:05:09 PM", "%m/%d/%Y %I:%M:%S %p"),
     ("Wed Nov 18 14:05:09 +0000 2026", "%a %b %d %H:%M:%S %z %Y"), ("1795010709", "unix_s"), ("1795010709000", "unix_ms"),
     ("2026.11.18-22.05.09", "%Y.%m.%d-%H.%M.%S"), ("8/1/2026 22:05:09", "%d/%m/%Y %H:%M:%S"), ("2026-11-18 22:05:09", "%d/%m/%Y")],
)  # fmt: skip
def test_ways_of_writing_a_time(tmp_path: Path, written: str, format_: str) -> None:
    found = chat(tmp_path, f"{written},甲,小美,客户,在吗,", toml=CHAT.replace("%d/%m/%Y %H:%M:%S", format_))
    assert found.problems == []
    assert found.column("messages", "sent_at") == [
        ms("2026-01-08 22:05:09" if written.startswith("8/1") else "2026-11-18 22:05:09")
    ]


def test_several_messages_in_a_cell(tmp_path: Path) -> None:
    toml = CHAT.replace("time_format", 'split = "<分>"\ntime_format')
    found = chat(tmp_path, "18/11/2026 10:00:00,甲,小美,客户,在吗<分> <分>多大,", "18/11/2026 10:00:01,甲,小美,客服,<分>,",
                 "坏,甲,小美,客服,一<分>二,", toml=toml)  # fmt: skip
    assert [(row["row"], row["text"]) for row in found.tables["messages"]] == [(2, "在吗"), (2, "多大"), (3, None)]
    assert found.only_problem.row == 4, "one problem a row, however many messages it holds"


ANSWERS = """\
table = "messages"
required = ["buyer"]
[columns]
sender = "inbound"
sent_at = "at"
text = "text"
message_id = "id"
[values.sender]
True = "buyer"
False = "agent"
[answers]
id = "id"
to = "to"
[said_by.buyer]
buyer = "who"
[said_by.agent]
agent = "who"
buyer = [{ answered = "who" }, { column = "text", pattern = '^@(\\w+)' }]
"""


@kills("jinpai/importers/answers.py", "number = self._others.get(number)", "number = None")
def test_who_an_agent_answers(tmp_path: Path) -> None:
    """By the message answered, through the agent's own messages, else by whom the text names; else a problem."""
    lines = ["1,鹿,True,2026-11-18 10:00:00,在吗,", "2,小美,False,2026-11-18 10:00:05,在的,1.0", "3,小美,False,2026-11-18 10:00:06,您说,2",
             "4,小美,False,2026-11-18 10:00:07,@晴 您好,99", "5,小美,False,2026-11-18 10:00:08,谁呀,6", "6,小美,False,2026-11-18 10:00:09,谁,5"]  # fmt: skip
    path = write_text(tmp_path / "a.csv", "id,who,inbound,at,text,to\n" + "".join(f"{line}\n" for line in lines))
    found = read(path, importer(tmp_path, ANSWERS))
    assert [(row["buyer"], row["agent"]) for row in found.tables["messages"]] == [
        ("鹿", None), ("鹿", "小美"), ("鹿", "小美"), ("晴", "小美")]  # fmt: skip
    assert [problem.row for problem in found.problems] == [6, 7], "two that answer each other answer no buyer"
    assert "to → who" in found.problems[0].reason.zh


def test_times_that_are_not_there_are_made_up_and_said_to_be(tmp_path: Path) -> None:
    toml = CHAT.replace('time_format = "%d/%m/%Y %H:%M:%S"', 'no_time = "order"\nfirst_day = "2026-11-01"').replace(
        'sent_at = "时间"\n', ""
    )
    found = chat(tmp_path, "x,甲,小美,客户,在吗,", "y,甲,小美,客服,在,", toml=toml)
    assert found.column("messages", "sent_at") == [ms("2026-11-01 00:00:02"), ms("2026-11-01 00:00:03")]
    assert made_up(found.format)
    assert not made_up("mapped:对照")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [('"messages"', '"message"', "messages"), ("[columns]", "[colums]", "columns"), ('buyer = "对方"', 'buyr = "对方"', "buyer"),
     ('= "buyer"', '= "buyers"', "buyer"), ("time_format", 'encoding = "utf-9"\ntime_format', "utf-9"), ('sent_at = "时间"', "", "no_time"),
     ("time_format", 'delimiter = "||"\ntime_format', "半角"), ("%d/%m/%Y %H:%M:%S", "dd/mm/yyyy", "time_format"),
     ("time_format", 'time_zone = "Asia/Beijing"\ntime_format', "Asia/Shanghai"), ("time_format", "header_row = 0\ntime_format", "行号"),
     ('"客服"\n', '{ column = "客服", pattern = "x" }\n', "括号"), ('"客服"\n', '{ answered = "客服" }\n', "answers"),
     ("time_format", 'money = "角"\ntime_format', "元"),
     ("time_format", "header_rows = 3\ntime_format", "1 行或 2 行"), ("time_format", 'once_per = "order_id"\ntime_format', "orders"),
     ("time_format", "first_row = true\ntime_format", "order_items"), ("time_format", 'skip = ["汇总"]\ntime_format', "words"),
     ("time_format", 'skip = { column = "旺旺", words = ["*"] }\ntime_format', "words"),
     ("time_format", 'header = ["甲"]\nheader_rows = 2\ntime_format', "header_rows"), ("time_format =", "time_format", "写法")],
)  # fmt: skip
def test_mistakes_in_a_mapping_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert CHAT.count(old) >= 1
    assert said in refused(tmp_path, CHAT.replace(old, new, 1))


def test_words_to_skip_in_a_column_that_is_not_there_and_headings_that_end(tmp_path: Path) -> None:
    skip = CHAT.replace("time_format", 'skip = { column = "旺旺", words = ["汇总"] }\ntime_format')
    with pytest.raises(JinpaiError, match=r"skip\[0\] 写的列「旺旺」"):
        chat(tmp_path, "18/11/2026 10:00:00,甲,小美,客户,在吗,", toml=skip)
    two = importer(tmp_path, CHAT.replace("time_format", "header_rows = 2\ntime_format"))
    for path in (write_text(tmp_path / "a.csv", HEAD), write_xlsx(tmp_path / "a.xlsx", 聊天=[HEAD.strip().split(",")])):
        with pytest.raises(JinpaiError, match="表头不够两行"):
            read(path, two)


def test_a_file_without_the_columns_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(JinpaiError, match=r"columns\.sent_at 写的列「时间」") as caught:
        read(write_text(tmp_path / "a.csv", HEAD.replace("时间", "时间点") + "x,x,x,x,x,x\n"), importer(tmp_path, CHAT))
    assert "时间点" in caught.value.words.zh


# ---- public data, counted with the csv module


def public(*parts: str) -> Path:
    path = PUBLIC.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"public data is absent: {'/'.join(parts)} is looked for in ../shared/data")
    return path


def example(name: str) -> Importer:
    return mapped(read_mapping(ROOT / "examples" / f"{name}.toml"))


@pytest.mark.parametrize("name", ["jd_orders", "jddc_sessions", "tmall_orders", "twitter_support"])
def test_every_example_is_a_mapping(name: str) -> None:
    assert example(name).name.startswith(f"mapped:{name}")


def test_the_example_for_orders_of_several_rows(tmp_path: Path) -> None:
    head = "订单号,商品ID,订购数量,下单时间,应付金额,订单状态,下单帐号,商家备注,付款确认时间\n"
    lines = "8801,1,2,2026-03-05 10:20:00,190.00,等待出库,云边小鹿,,2026-03-05 10:21:00\n8801,2,1,2026-03-05 10:20:00,190.00,等待出库,云边小鹿,,2026-03-05 10:21:00\n8802,1,1,2026-03-05 12:00:00,9,等待付款,l****bc,,0001-01-01 00:00:00\n"
    found = read(write_text(tmp_path / "a.csv", head + lines, "gb18030"), example("jd_orders"))
    assert [(row["order_id"], row["payable_amount"], row["paid_at"]) for row in found.tables["orders"]] == [
        ("8801", 19000, ms("2026-03-05 10:21:00")), ("8802", 900, None)]  # fmt: skip
    assert (found.summary, found.problems) == (1, [])


def test_public_jd_sessions() -> None:
    path = public("jddc_sessions", "chat_0.1per_v1.txt")
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = [line.rstrip("\r").split("\t") for line in lines if line.strip()]
    found = read(path, example("jddc_sessions"))
    assert len(found.tables["messages"]) + len(found.problems) == len(cells)
    assert found.problems == []
    assert found.column("messages", "text") == [row[6] or None for row in cells]
    assert found.column("messages", "sender").count("agent") == sum(row[2] == "1" for row in cells)
    assert len(set(found.column("messages", "buyer"))) == len({row[1] for row in cells})
    assert made_up(found.format)


def test_public_tweets_as_csv() -> None:
    path = public("twitter_support", "twcs_first2500.csv")
    with path.open(encoding="utf-8", newline="") as file:
        tweets = list(csv.DictReader(file))
    found = read(path, example("twitter_support"))
    assert len(found.tables["messages"]) + len(found.problems) == len(tweets)
    assert found.column("messages", "sender").count("buyer") == sum(one["inbound"] == "True" for one in tweets)
    # What the reader must have found, told apart another way: of the shop's tweets, who is named or answered.
    ids = {one["tweet_id"] for one in tweets}
    lost = [one for one in tweets if one["inbound"] == "False" and not one["text"].startswith("@")
            and one["in_response_to_tweet_id"].removesuffix(".0") not in ids]  # fmt: skip
    assert {problem.row for problem in found.problems} >= {tweets.index(one) + 2 for one in lost}
    assert len(found.problems) <= 8
    texts = [one["text"] for row, one in enumerate(tweets, 2) if row not in {problem.row for problem in found.problems}]
    assert found.column("messages", "text") == texts
    assert any("\n" in text for text in texts), "tweets broken over several lines are one row each"


@pytest.mark.parametrize(("company", "many", "side"), [("AppleSupport", 200, "inbound"), ("AppleSupport", 100, "outbound"),
                                                       ("SpotifyCares", 200, "inbound"), ("SpotifyCares", 100, "outbound")])  # fmt: skip
def test_public_tweets_as_workbooks(company: str, many: int, side: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = public("twitter_support", f"twcs-{company}-{many}-{side}.xlsx")
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if any(cell is not None for cell in row)]
    found = read(path, example("twitter_support"))
    assert len(found.tables["messages"]) + len(found.problems) == len(rows) == many
    assert found.problems == []
    assert set(found.column("messages", "sender")) == {"buyer" if side == "inbound" else "agent"}
    assert all(found.column("messages", "buyer"))


def test_public_tmall_orders() -> None:
    path = public("tmall_orders", "tmall_orders_2020-02-01_14.csv")
    with path.open(encoding="utf-8", newline="") as file:
        orders = [{name.strip(): cell for name, cell in one.items()} for one in csv.DictReader(file)]
    found = read(path, example("tmall_orders"))
    assert (len(found.tables["orders"]), found.problems) == (len(orders), [])
    assert sum(found.column("orders", "paid_amount")) == sum(
        round(float(one["买家实际支付金额"]) * 100) for one in orders
    )
    assert found.column("orders", "paid_at").count(None) == sum(not one["订单付款时间"] for one in orders)
    assert set(found.column("orders", "buyer")) == {None}
