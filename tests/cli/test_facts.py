"""店铺事实 the fact sheet through the commands: its form filled in, its changes confirmed, a contradiction told with both quotes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest

from jinpai import cli
from jinpai.criteria import factsheet_book
from jinpai.criteria.factsheet import FACTS, SHOP, read_sheet, settled
from jinpai.errors import JinpaiError
from jinpai.flow import opened
from jinpai.workspace import Workspace
from tests.mutants import kills

MESSAGES = """\
shop,buyer,agent,sender,sent_at,kind,text,message_id
,云边小鹿,小美,buyer,2026-11-18T10:00:00+08:00,text,发什么快递，三百块以内的有吗,m1
,云边小鹿,小美,agent,2026-11-18T10:00:09+08:00,text,我们都是发顺丰的,m2
,云边小鹿,小美,agent,2026-11-18T10:00:20+08:00,text,推荐您这款，399元,m3
"""


def run(*words: object) -> int:
    return cli.main([*map(str, words), "--lang", "zh"])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "店铺 数据"
    assert run("init", folder, "--shop", "甲店") == 0
    file = tmp_path / "messages.csv"
    file.write_text(MESSAGES, encoding="utf-8", newline="\n")
    assert run("import", file, "--workspace", folder) == 0
    return folder


def filled(path: Path, **cells: str) -> Path:
    """The form with a row for the whole shop, by another library."""
    assert run("template", "facts", "--output", path) == 0
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["商品编号"]).value = "全店"
    for name, value in cells.items():
        sheet.cell(2, heads[name]).value = value
    book.save(path)
    return path


def conversation(shop: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run("inspect", "--workspace", shop, "--on", "--format", "json", "--output", shop / "x.json") == 0
    with opened(Workspace.open(shop), "甲店") as engine:
        key = engine.rows("select conversation_key from span")[0]["conversation_key"]
    capsys.readouterr()
    assert run("inspect", "--workspace", shop, "--conversation", key, *words) == 0
    return capsys.readouterr().out


@kills("jinpai/criteria/__init__.py", "fact_sheet(settings_folder).digest", "0")
@kills("jinpai/tables/compared.sql", "case when f.subject is null then 0 else 1000 end", "1000")
def test_a_contradiction_is_told_with_both_quotes_and_a_changed_fact_recomputes(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "B3" not in conversation(shop, capsys)
    form = filled(tmp_path / "事实.xlsx", 发什么快递="中通、圆通", 多久发货="48小时")
    assert run("facts", form, "--workspace", shop) == 1
    assert not (shop / "config" / "甲店" / "facts.toml").exists()
    assert run("facts", form, "--workspace", shop, "--yes") == 0
    told = conversation(shop, capsys)
    assert re.search(r"B3 和店铺事实一致：没做到 0 / \d+ 「我们都是【发顺丰】的」", told)
    assert "店铺事实「发什么快递：中通、圆通」" in told
    assert "买家说「三百块以内」" in told
    found = json.loads(conversation(shop, capsys, "--format", "json"))["findings"]
    assert [one["against"] is not None for one in found if one["criterion"] in ("B3", "C5")] == [True, True]
    assert run("facts", filled(tmp_path / "新.xlsx", 发什么快递="顺丰"), "--workspace", shop, "--yes") == 0
    out = capsys.readouterr().out
    assert "~ 全店 发什么快递：中通、圆通 → 顺丰" in out
    assert "- 全店 多久发货：48小时" in out
    assert "B3 和店铺事实一致：做到了" in conversation(shop, capsys)


def test_the_sheet_goes_out_and_comes_back(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = shop / "config" / "甲店" / "facts.toml"
    assert run("facts", "--workspace", shop) == 0
    assert "还没有店铺事实" in capsys.readouterr().out
    file.write_text(
        '[shop]\ncourier = ["中通", "圆通"]\ninvoice = true\n[product.1001]\ntitle = "云朵"\ncapacity = "500毫升"\nmust_tell = ["材质成分"]\n',
        encoding="utf-8",
    )
    assert run("facts", "--workspace", shop) == 0
    out = capsys.readouterr().out
    assert "  发什么快递：中通、圆通\n  能不能开发票：是\n1001 云朵\n  容量：500毫升\n  必须讲到：材质成分\n" in out
    form = tmp_path / "现在的.xlsx"
    assert run("facts", "--workspace", shop, "--output", form) == 0
    assert run("facts", form, "--workspace", shop) == 0
    assert "没有要改的" in capsys.readouterr().out
    standing = read_sheet(file.parent)
    file.write_text(factsheet_book.toml(standing), encoding="utf-8")
    assert read_sheet(file.parent) == standing
    assert standing.words("courier", SHOP) is not None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ({"shop": {"couriers": "中通"}}, "courier"), ({"shop": {"courier": "飞毛腿"}}, "飞毛腿"), ({"shop": {"ships_within": "很快"}}, "48小时"),
        ({"shop": {"invoice": "看情况"}}, "是 或 否"), ({"product": {"1001": {"capacity": "大"}}}, "[product.1001]"), ({"goods": {}}, "goods"),
        ({"shop": 3}, "[shop]"), ({"shop": {"courier": 3.5}}, "courier"), ({"product": []}, "product"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_with_its_place(text: dict[str, object], named: str) -> None:
    with pytest.raises(JinpaiError) as said:
        settled("facts.toml", text)
    assert named in said.value.words.zh
    assert "facts.toml" in said.value.words.zh


def test_a_form_that_will_not_do_changes_nothing(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"多久发货": "尽快", "必须讲到": "好看"}
    for name, value in wrong.items():
        assert run("facts", filled(tmp_path / "错.xlsx", **{name: value}), "--workspace", shop, "--yes") == 1
        assert value in capsys.readouterr().err
    (tmp_path / "表.csv").write_text("x", encoding="utf-8")
    assert run("facts", tmp_path / "表.csv", "--workspace", shop) == 2
    assert run("facts", tmp_path / "没有.xlsx", "--workspace", shop) == 2
    book = openpyxl.Workbook()
    book.active.append(["别的"])
    book.save(tmp_path / "别的.xlsx")
    assert run("facts", tmp_path / "别的.xlsx", "--workspace", shop) == 1
    assert not (shop / "config" / "甲店" / "facts.toml").exists()


def test_every_fact_shows_an_example_that_it_takes() -> None:
    for name, one in FACTS.items():
        said = [one.example] if one.kind != "flag" else one.example == "是"
        assert settled("facts.toml", {"shop": {name: said}}).facts[0].values
