"""Probes: what a file is, by its bytes; its header, by cleaned names."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jinpai.errors import JinpaiError, WrongUse
from jinpai.importers import Probe, identify, named, workbooks
from jinpai.importers.probe import header_name
from tests.importers.files import outcome, write_csv, write_text, write_xlsx
from tests.mutants import kills

HEADER = ["buyer", "sender", "sent_at", "text"]
ROW = ["云边小鹿", "buyer", "2023-06-05 10:02:11", "在吗"]


def test_bytes_decide_before_the_name(tmp_path: Path) -> None:
    """§7 case 1: a workbook named .csv, a web page named .xls, Parquet named .txt."""
    folder = tmp_path / "店铺 数据"
    folder.mkdir()
    book = write_xlsx(folder / "messages.csv", Sheet1=[HEADER, ROW])
    page = write_text(folder / "messages.xls", "<html><meta charset=utf-8><table><tr>"
                      + "".join(f"<th>{cell}</th>" for cell in HEADER) + "</tr><tr>"
                      + "".join(f"<td>{cell}</td>" for cell in ROW) + "</tr></table></html>")  # fmt: skip
    parquet = folder / "messages.txt"
    pq.write_table(pa.table({name: [cell] for name, cell in zip(HEADER, ROW, strict=True)}), parquet)
    assert [Probe(path).shape for path in (book, page, parquet)] == ["workbook", "web page", "parquet"]
    assert [Probe(page).sheets[0].header] == [tuple(HEADER)]
    for path in (book, parquet):
        assert outcome(path).column("messages", "text") == ["在吗"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    """§7 case 1: BOMs, then strict UTF-8, then GB18030; emoji in UTF-8 survive."""
    path = write_csv(tmp_path / "messages.csv", [HEADER, ROW], encoding)
    assert outcome(path).column("messages", "text") == ["在吗"]


def test_gb18030_reads_characters_that_gb2312_lacks(tmp_path: Path) -> None:
    """§7 case 1: never plain gb2312; 镕 and 喆 are not in it."""
    path = write_csv(tmp_path / "messages.csv", [HEADER, ["喆喆镕", *ROW[1:]]], "gbk")
    assert outcome(path).column("messages", "buyer") == ["喆喆镕"]


def test_bytes_of_no_encoding_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    path.write_bytes(b"buyer,sender,sent_at\n" + b"\xff\xff\xff")
    with pytest.raises(JinpaiError, match="22") as caught:
        identify(path)
    assert "UTF-8" in caught.value.words.zh


@pytest.mark.parametrize("written", ["宝贝标题 ", '="宝贝标题"', "\ufeff宝贝标题", "宝 贝标题", "'宝贝标题"])
def test_header_cells_are_compared_cleaned(written: str) -> None:
    """§7 case 2: blanks, `=`, quotes, BOM."""
    assert header_name(written) == "宝贝标题"


def test_brackets_of_both_widths_are_one() -> None:
    """§7 case 2: full and half width brackets."""
    assert header_name("金额（元）") == header_name("金额(元)") == "金额(元)"


def test_what_is_no_known_file_is_refused_with_what_was_seen(tmp_path: Path) -> None:
    for name, content, seen in [
        ("a.csv", "", "空文件"),
        ("b.csv", "﻿\n \n", "空文件"),
        ("c.csv", "姓名,年龄\n鹿某,3\n", "姓名"),
        ("d.txt", "今天天气不错", "今天天气不错"),
    ]:
        with pytest.raises(JinpaiError) as caught:
            identify(write_text(tmp_path / name, content))
        assert seen in caught.value.words.zh
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(JinpaiError, match="压缩包"):
        identify(tmp_path / "e.xlsx")
    with pytest.raises(JinpaiError, match="打不开"):
        identify(tmp_path / "nowhere.csv")


def test_damaged_workbooks_are_refused_with_a_sentence(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "messages.xlsx", Sheet1=[HEADER, ROW])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(JinpaiError, match="损坏"):
        identify(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(JinpaiError, match="Excel"):
        identify(path)


@kills("jinpai/importers/workbooks.py", "zipfile.BadZipFile, zlib.error, ", "zipfile.BadZipFile, ")
def test_flipped_bytes_of_a_workbook_are_refused_with_a_sentence(tmp_path: Path) -> None:
    """Inside a packed part, in its checksum's reach or not, and in the list of parts."""
    whole = write_xlsx(tmp_path / "messages.xlsx", Sheet1=[HEADER, *[ROW] * 300]).read_bytes()
    version = whole.rindex(b"PK\x01\x02") + 6
    path = tmp_path / "bad.xlsx"
    for place in [version, *range(60, len(whole), 97)]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xEF]) + whole[place + 1 :])
        with suppress(JinpaiError):  # anything else, a traceback, fails the test
            outcome(path)


def test_a_workbook_that_declares_billions_of_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cells in opposite corners make a reader lay out everything between them."""
    far = [HEADER] + [[]] * 60_000 + [[""] * 500 + ["x"]]
    with pytest.raises(JinpaiError, match="太大"):
        identify(write_xlsx(tmp_path / "far.xlsx", Sheet1=far))
    monkeypatch.setattr(workbooks, "LARGEST_INFLATED", 1000)
    with pytest.raises(JinpaiError, match="太大"):
        identify(write_xlsx(tmp_path / "messages.xlsx", Sheet1=[HEADER, ROW]))


def test_formats_have_names(tmp_path: Path) -> None:
    assert named("taobao_orders").tables == ("orders", "order_items")
    with pytest.raises(WrongUse, match="taobao_orders"):
        named("taobao_order")
