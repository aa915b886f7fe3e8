"""CSV, JSON and workbook: numbers as numbers, nothing that runs, the passport beside."""

from __future__ import annotations

import csv as reader
import io
import json as plain
from pathlib import Path

import openpyxl
import pytest

from jinpai.render import csv, json, xlsx
from tests.mutants import kills
from tests.render import sample

EVIL = ("=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\uff1d1+1", " =1")


@kills("jinpai/render/csv.py", 'return f"\'{value}" if', 'return f"{value}" if')
@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert csv.defused(text) == "'" + text


@pytest.mark.parametrize("value", ["-12.00", "+8", "100", "27.2%", "小美", "", None, 3, -4.5])
def test_numbers_and_words_stay_as_they_are(value: object) -> None:
    assert csv.defused(value) == value


def test_csv_reads_back_with_names_numbers_and_what_rates_are_of() -> None:
    result = sample.report("agent")
    result["rows"][0]["agent"] = "=1+1"
    rows = list(reader.DictReader(io.StringIO(csv.text(result))))
    assert len(rows) == len(result["rows"])
    assert rows[0]["agent"] == "'=1+1"
    for row, line in zip(result["rows"], rows, strict=True):
        assert line["attributed_amount"] == row["attributed_amount"]
        assert float(line["conversion_next_day"]) == row["conversion_next_day"]
        assert [line["conversion_next_day_numerator"], line["conversion_next_day_denominator"]] == [
            str(one) for one in row["of"]["conversion_next_day"][:2]
        ]


def test_unknown_is_an_empty_cell() -> None:
    last = list(reader.DictReader(io.StringIO(csv.text(sample.report("day")))))[-1]
    assert last["conversion_next_day"] == ""
    assert last["immature_next_day"] != "0"


def test_json_is_one_object_in_any_encoding() -> None:
    result = sample.report("agent")
    assert plain.loads(json.text(result)) == plain.loads(plain.dumps(result))
    assert json.text(result, ascii_only=True).isascii()
    assert plain.loads(json.text(result, ascii_only=True)) == plain.loads(plain.dumps(result))


def book_of(result: dict[str, object], folder: Path, lang: str = "zh") -> openpyxl.Workbook:
    """The workbook, read back with another library."""
    path = folder / "报表.xlsx"
    xlsx.write(result, path, lang)
    return openpyxl.load_workbook(path)


@kills(
    "jinpai/render/xlsx.py",
    'sheet.write_number(line, at, float(str(value)), style["yuan"])',
    "sheet.write_string(line, at, str(value))",
)
def test_workbook_has_numbers_with_formats(tmp_path: Path) -> None:
    result = sample.report("agent")
    sheet = book_of(result, tmp_path).worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "B2"
    money = sheet.cell(2, head.index("客服销售额") + 1)
    assert isinstance(money.value, float)
    assert f"{money.value:.2f}" == result["rows"][0]["attributed_amount"]
    assert money.number_format == "#,##0.00"
    rate = sheet.cell(2, head.index("询单→最终付款率（到次日）") + 1)
    assert rate.value == pytest.approx(result["rows"][0]["conversion_next_day"])
    assert rate.number_format == "0.0%"


def test_workbook_says_not_yet_instead_of_nothing(tmp_path: Path) -> None:
    sheet = book_of(sample.report("day"), tmp_path).worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(sheet.max_row, head.index("询单→最终付款率（到次日）") + 1).value == "延迟统计"


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path, text: str) -> None:
    result = sample.report("agent")
    result["rows"][0]["agent"] = text
    result["meta"]["notes"] = [{"zh": text, "en": text}]
    book = book_of(result, tmp_path)
    cell = book.worksheets[0].cell(2, 1)
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_second_sheet_is_the_passport(tmp_path: Path) -> None:
    book = book_of(sample.report("agent"), tmp_path)
    assert book.sheetnames == ["客服数据", "口径与明细"]
    said = "\n".join(
        str(cell.value) for row in book["口径与明细"].iter_rows() for cell in row if cell.value is not None
    )
    for word in (
        "下单优先判定",
        "到次日",
        "Asia/Shanghai",
        "差额",
        "0.00 元",
        "买家匹配率",
        "售后",
        "conversion_next_day",
        "会话断开的静默时间",
    ):
        assert word in said, word
    assert book_of(sample.report("agent"), tmp_path, "en").sheetnames == ["Figures", "Passport"]
