"""诊断命令 `jinpai diagnose` on the demo shop: sentence first, the same in every format, and clear where it cannot be done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from jinpai import cli
from jinpai.render.diagnosis_cells import TITLES
from tests.cli import small
from tests.mutants import kills


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, demo_shop: Path) -> Path:
    """The demo shop with its chats inspected."""
    folder = tmp_path_factory.mktemp("diagnose") / "店铺 数据"
    shutil.copytree(demo_shop, folder)
    assert cli.main(["inspect", "--workspace", str(folder), "--on", "--format", "json", "--output", str(folder / "x.json")]) == 0  # fmt: skip
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert cli.main(["diagnose", *map(str, words)]) == 0
    return capsys.readouterr().out


@kills("jinpai/render/diagnosis.py", "if one.lead:", "if not one.lead:")
@kills(
    "jinpai/diagnosis/diagnosing.py", '"agents": [_agent(one, beside) for', '"agents": [] and [_agent(one, beside) for'
)
def test_the_same_stands_in_every_format(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "--workspace", shop, "--format", "json"))
    assert told["meta"]["enquiries"] == 7023
    assert sum(line["lost"] for line in told["ledger"]) == told["meta"]["lost"] == 7023 - 2083
    below = {one["agent"] for one in told["agents"] if one["verdict"] == "below"}
    for one in told["agents"]:
        low, high = one["adjusted"]["interval"]
        assert low < one["adjusted"]["value"] < high
        assert sum(part["value"] for part in one["parts"].values()) == pytest.approx(one["gap"]["value"])
    text = said(capsys, "--workspace", shop, "--lang", "zh")
    assert "先做这三件" in text
    assert all(name in text.split("低于全队：")[1].splitlines()[0] for name in below)
    said(capsys, "--workspace", shop, "--output", shop / "诊断.xlsx", "--lang", "zh")
    book = openpyxl.load_workbook(shop / "诊断.xlsx")
    assert set(book.sheetnames) == {*(words.zh for words in TITLES.values()), "口径与明细"}
    assert book["公平对比"].max_row == len(told["agents"]) + 1
    rates = {row[0].value: row[5].value for row in book["公平对比"].iter_rows(min_row=2)}
    assert rates == {one["agent"]: pytest.approx(one["rate"], abs=1e-6) for one in told["agents"]}
    said(capsys, "--workspace", shop, "--output", shop / "诊断.html", "--lang", "en")
    page = (shop / "诊断.html").read_text(encoding="utf-8")
    assert "Fair comparison" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_who_really_sells_worst_is_found_and_best_is_not_blamed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """大鹏, 果果 and 老周 have the least skill of the demo shop, 小美 and 青青 the most."""
    told = json.loads(said(capsys, "--workspace", shop, "--format", "json"))
    verdicts = {one["agent"]: one["verdict"] for one in told["agents"]}
    assert {name for name, one in verdicts.items() if one == "below"} <= {"大鹏", "果果", "老周"}
    assert verdicts["果果"] == "below"
    assert verdicts["小美"] == "above"


def test_without_inspection_it_says_what_it_did_not_look_at(
    demo_shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, "--workspace", demo_shop, "--from", "2026-09-01", "--to", "2026-09-30", "--lang", "zh")
    assert "聊天质检没有打开" in text
    told = json.loads(
        said(capsys, "--workspace", demo_shop, "--from", "2026-09-01", "--to", "2026-09-30", "--format", "json")
    )
    assert set(told["meta"]["looked_at"]) == {"never_answered", "first_late", "unexplained"}
    assert {line["reason"] for line in told["ledger"] if line["lost"]} <= set(told["meta"]["looked_at"])
    assert "handling" not in told["meta"]["blocks"]


@kills("jinpai/diagnosis/diagnosing.py", 'followed(engine, settings) if engine.has("topic") else []', "[]")
@kills("jinpai/render/diagnosis_pages.py", '*_rates(one["asking"], say, -1)', '*_rates(one["asking"], say, 1)')
def test_a_changed_page_stands_beside_the_diagnosis(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "改过页"
    shutil.copytree(shop, root)
    days = ("--workspace", root, "--from", "2026-09-01", "--to", "2026-09-30")
    assert "改页前后" not in said(capsys, *days, "--lang", "zh")
    from jinpai.topics.pages import pages
    from jinpai.workspace import Workspace

    (item, topic), *_ = ((one["product"], one["topic"]) for one in pages(Workspace.open(root))["tasks"])
    assert cli.main(["pages", "--workspace", str(root), "--done", f"{item}:{topic}", "--on", "2026-09-15", "--format", "json"]) == 0  # fmt: skip
    told = json.loads(said(capsys, *days, "--format", "json"))["pages"]
    (alone,) = pages(Workspace.open(root))["done"]
    assert told == [alone]
    assert (told[0]["product"], told[0]["topic"], told[0]["on"]) == (item, topic, "2026-09-15")
    text = said(capsys, *days, "--lang", "zh")
    assert "改页前后" in text
    assert "2026-09-15 改好，前后各 14 天" in text
    from jinpai.render.diagnosis_pages import _rates
    from jinpai.render.diagnosis_pages import changes as drawn
    from jinpai.render.story import Say

    fewer = {"before": [50, 100, 0.4, 0.6], "after": [10, 100, 0.05, 0.17], "change": [-0.4, -0.5, -0.28]}
    row = drawn(SimpleNamespace(pages=[alone | {"asking": fewer, "silent": fewer}]), Say("zh")).rows[0]  # type: ignore[arg-type]
    assert [cell.tone for cell in row] == ["", "", "", "", "good", "", "bad"]
    assert _rates(fewer | {"change": None}, Say("zh"), 1)[1].tone == ""


def test_days_without_an_enquiry_cannot_be_diagnosed(demo_shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        cli.main(
            ["diagnose", "--workspace", str(demo_shop), "--from", "2020-01-01", "--to", "2020-01-31", "--lang", "zh"]
        )
        == 1
    )
    assert "没有已满统计期的询单" in capsys.readouterr().err
    assert cli.main(["diagnose", "--workspace", str(demo_shop), "--format", "csv", "--lang", "zh"]) == 2
    assert "xlsx" in capsys.readouterr().err


def test_a_shop_of_three_chats_is_told_that_it_is_too_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "小店"
    assert cli.main(["init", str(folder), "--shop", "甲店"]) == 0
    assert cli.main(["import", *map(str, small.files(tmp_path / "files")), "--workspace", str(folder)]) == 0
    told = json.loads(said(capsys, "--workspace", folder, "--format", "json"))
    assert all(one["verdict"] == "too_few" for one in told["agents"])
    assert told["actions"] == []
    assert "还看不出" in said(capsys, "--workspace", folder, "--lang", "zh") or "目前没有一件事" in said(
        capsys, "--workspace", folder, "--lang", "zh"
    )
