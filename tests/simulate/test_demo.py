"""The demo's files: as the platforms write them, agreeing with each other and with the truth."""

from __future__ import annotations

import csv
import itertools
import json
import re
from decimal import Decimal
from pathlib import Path

import openpyxl

from jinpai import simulate
from jinpai.canon import TABLES
from jinpai.simulate.scene import Line
from jinpai.simulate.written import shares
from tests.mutants import kills

HEAD = re.compile(r"^(.*)\((\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\):  (.*)$")


def rows(demo: simulate.Demo, name: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    (file,) = [file for file in demo.files if file.name == name]
    with file.open(encoding=encoding, newline="") as page:
        return list(csv.DictReader(page))


def t1(demo: simulate.Demo) -> list[tuple[str, list[str]]]:
    return [
        (file.name, file.read_bytes().decode("gbk").split("\r\n"))
        for file in demo.files
        if file.name.startswith("聊天记录")
    ]


def orders(demo: simulate.Demo) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for file in demo.files:
        if file.suffix == ".xlsx":
            head, *body = openpyxl.load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True)
            found |= {str(row[0]): dict(zip(head, row, strict=True)) for row in body}  # type: ignore[arg-type]
    return found | {row["订单编号"]: row for row in rows(demo, "订单导出_202610.csv", "gbk")}


def test_the_same_seed_writes_the_same_texts(shop_files: simulate.Demo, tmp_path: Path) -> None:
    again = simulate.demo(tmp_path / "again", 7)
    assert [file.name for file in again.files] == [file.name for file in shop_files.files]
    for one, other in zip(shop_files.files, again.files, strict=True):
        if one.suffix != ".xlsx":  # a workbook carries the time of writing
            assert one.read_bytes() == other.read_bytes(), one.name
    assert again.settings == shop_files.settings


def test_the_demo_has_the_size_of_a_small_shop(lines: list[Line]) -> None:
    assert 60_000 <= len(lines) <= 95_000
    assert all(one.at <= other.at for one, other in itertools.pairwise(lines))


def test_t1_has_head_blocks_and_a_group_talk_at_the_end(shop_files: simulate.Demo) -> None:
    pages = t1(shop_files)
    assert len(pages) >= 3
    for _, page in pages:
        assert page[0] == "禾小满旗舰店:小美"
        assert "单聊" in page[3]
        assert page[2] == page[4] == "=" * 64
        group = next(number for number, line in enumerate(page) if "群聊" in line)
        assert group > len(page) - 10
        buyer, heads = "", 0
        for line in page[6:group]:
            if line.startswith("-" * 28) and line.endswith("-" * 28):
                buyer = line[28:-28]
            elif head := HEAD.match(line):
                heads += 1
                assert head[1] == buyer or head[1].startswith("禾小满旗舰店:"), line
        assert heads > 5000


def test_neighbouring_t1_files_share_a_day_line_for_line(shop_files: simulate.Demo) -> None:
    said = [{line for line in page if HEAD.match(line) and "2026-08-31 " in line} for _, page in t1(shop_files)[:2]]
    assert len(said[0]) > 100
    assert said[0] == said[1] | {line for line in said[0] if line.startswith("群管家")}


def test_t2_stands_for_itself(shop_files: simulate.Demo) -> None:
    (file,) = [file for file in shop_files.files if file.name.startswith("即时消息")]
    page = file.read_bytes().decode("gbk").split("\r\n")
    assert page[0] == "禾小满旗舰店:小鱼"
    assert page[2] == "即时消息"
    heads = [line.split(" ", 3) for line in page if re.match(r"\d{4}-\d{2}-\d{2} \d{2}:", line)]
    buyers = {head[2].removesuffix(":") for head in heads} - {"禾小满旗舰店:小鱼"}
    assert len(heads) > 60
    assert buyers
    later = "\n".join("\n".join(page) for name, page in t1(shop_files) if name >= "聊天记录_202610")
    assert not [buyer for buyer in buyers if f"{'-' * 28}{buyer}{'-' * 28}" in later]


def test_the_talk_has_what_a_shop_sees(lines: list[Line], shop_files: simulate.Demo) -> None:
    texts = [line.text for line in lines]
    for part in ("由 禾小满旗舰店:", "当前用户来自", "/:^_^", "item.htm?id=", "\n", "1380000", "加我微信", "【推广】"):
        assert any(part in text for text in texts), part
    assert any(one == other for one, other in itertools.pairwise(lines))  # said twice in a second


def test_every_order_stands_in_lists_and_details_with_the_same_money(shop_files: simulate.Demo) -> None:
    listed, presale = orders(shop_files), rows(shop_files, "orders_presale.csv")
    truth = json.loads(shop_files.truth.read_text(encoding="utf-8"))["orders"]
    assert len(listed) + len(presale) == truth["orders"]
    assert len(presale) == truth["deposits"]
    paid = {key: Decimal(row.get("买家实际支付金额") or row["买家实付金额"]) for key, row in listed.items()}
    total = sum(paid.values()) + sum(Decimal(row["paid_amount"]) for row in presale)
    assert total == Decimal(truth["paid_amount"])
    items: dict[str, Decimal] = {}
    for name in ("ExportOrderDetailList202609011001.csv", "ExportOrderDetailList202611011001.csv"):
        for row in rows(shop_files, name, "gbk"):
            key = row["主订单编号"].strip('="')
            items[key] = items.get(key, Decimal(0)) + Decimal(row["买家实际支付金额"])
    assert items == paid


def test_a_share_of_the_newer_orders_hides_the_buyer(shop_files: simulate.Demo) -> None:
    newer = [row["买家昵称"] for row in orders(shop_files).values() if "买家昵称" in row]
    assert 0.02 < sum("**" in nick for nick in newer) / len(newer) < 0.09
    whole = [row["买家会员名"] for row in orders(shop_files).values() if "买家会员名" in row]
    assert whole
    assert not any("*" in nick for nick in whole)


def test_most_buyers_who_ordered_also_talked(shop_files: simulate.Demo) -> None:
    said = "\n".join("\n".join(page) for _, page in t1(shop_files))
    blocks = set(re.findall(f"{'-' * 28}(.+?){'-' * 28}", said))
    whole = [row["买家会员名"] for row in orders(shop_files).values() if "买家会员名" in row]
    assert 0.75 < sum(nick in blocks for nick in whole) / len(whole) < 0.97


def test_refunds_and_evaluations_name_orders_and_agents_that_exist(shop_files: simulate.Demo) -> None:
    known = set(orders(shop_files)) | {row["order_id"] for row in rows(shop_files, "orders_presale.csv")}
    refunds = rows(shop_files, "refunds.csv")
    assert refunds
    assert {row["order_id"] for row in refunds} <= known
    agents = {row["agent"] for row in rows(shop_files, "agents.csv")}
    assert {row["agent"] for row in rows(shop_files, "evaluations.csv")} <= agents
    assert {row["agent"] for row in rows(shop_files, "shifts.csv")} <= agents


def test_canonical_files_use_only_columns_of_their_table_and_one_of_their_own(shop_files: simulate.Demo) -> None:
    extra = {"products": {"merchant_code"}}
    names = {"orders_presale": "orders", "order_items_presale": "order_items"}
    for file in shop_files.files:
        table = names.get(file.stem, file.stem)
        if table in TABLES:
            with file.open(encoding="utf-8", newline="") as page:
                header = next(csv.reader(page))
            assert set(header) - set(TABLES[table].schema.names) == extra.get(table, set()), file.name


def test_the_truth_tells_each_enquiry_when_asked(tmp_path: Path) -> None:
    told = json.loads(simulate.demo(tmp_path, 3, enquiries=True).truth.read_text(encoding="utf-8"))
    assert len(told["enquiries"]) == told["visits"]["enquiries"]
    one = told["enquiries"][0]
    assert 0 < one["probability"] < 1
    assert {"agent", "wait", "price", "load", "planted"} <= set(one["why"])


def test_settings_name_staff_codes_and_the_dated_exception(shop_files: simulate.Demo) -> None:
    settings = shop_files.settings
    assert settings["hours"]["weekly"] == {"every_day": ["08:30-24:00"]}
    assert settings["hours"]["exceptions"] == {"2026-10-01": ["10:00-24:00"]}
    agents = {row["agent"] for row in rows(shop_files, "agents.csv")}
    assert set(settings["memo_codes"].values()) == agents
    assert settings["staff_buyers"]
    memos = [str(row["商家备忘"]) for row in orders(shop_files).values() if row["商家备忘"]]
    assert any(code in memo for memo in memos for code in settings["memo_codes"])


@kills("jinpai/simulate/written.py", "for place in order[: total - sum(parts)]:", "for place in order[:0]:")
def test_shares_add_up_to_the_fen() -> None:
    assert shares(100, [1, 1, 1]) == [34, 33, 33]
    assert shares(5, [0, 0]) == [3, 2]
    for total in range(0, 500, 7):
        assert sum(shares(total, [29, 90, 199])) == total
