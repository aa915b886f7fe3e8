"""质检命令 `jinpai inspect` on a small shop: turned on by word, summed up by agent, shown by conversation with quotes."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest

from jinpai import cli
from jinpai.criteria import criteria, scorecards
from jinpai.flow import opened
from jinpai.workspace import Workspace
from tests.cli import small
from tests.mutants import kills


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose path has Chinese and a blank in it, imported and inspected."""
    folder = tmp_path_factory.mktemp("cli") / "店铺 数据"
    assert cli.main(["init", str(folder), "--shop", "甲店"]) == 0
    assert cli.main(["import", *map(str, small.files(folder / "files")), "--workspace", str(folder)]) == 0
    assert (
        cli.main(
            ["inspect", "--workspace", str(folder), "--on", "--format", "json", "--output", str(folder / "x.json")]
        )
        == 0
    )
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert cli.main(["inspect", *map(str, words), "--lang", "zh"]) == 0
    return capsys.readouterr().out


def test_inspection_that_is_off_says_how_to_turn_it_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", str(tmp_path / "店")]) == 0
    assert cli.main(["inspect", "--workspace", str(tmp_path / "店"), "--lang", "zh"]) == 1
    assert "--on" in capsys.readouterr().err


def test_the_summary_is_the_same_in_every_format(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "--workspace", shop, "--format", "json"))
    assert {one["agent"]: one["conversations"] for one in told["agents"]} == {"小美": 2, "阿杰": 1}
    slow = next(one for one in told["rows"] if (one["agent"], one["criterion"]) == ("阿杰", "A1"))
    assert (slow["passed"], slow["applicable"], slow["rate"]) == (0, 1, 0.0)
    sheet = list(csv.DictReader(io.StringIO(said(capsys, "--workspace", shop, "--format", "csv"))))
    assert len(sheet) == len(told["rows"])
    said(capsys, "--workspace", shop, "--output", shop / "质检.xlsx")
    book = openpyxl.load_workbook(shop / "质检.xlsx").active
    assert book.max_row == len(told["rows"]) + 1
    assert "首次响应快" in said(capsys, "--workspace", shop)


def test_days_and_an_agent_narrow_the_summary(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(
        said(capsys, "--workspace", shop, "--from", "2026-11-18", "--to", "2026-11-18", "--format", "json")
    )
    assert {one["agent"]: one["conversations"] for one in told["agents"]} == {"小美": 1, "阿杰": 1}
    told = json.loads(said(capsys, "--workspace", shop, "--agent", "阿杰", "--format", "json"))
    assert {one["agent"] for one in told["rows"]} == {"阿杰"}
    assert cli.main(["inspect", "--workspace", str(shop), "--from", "昨天"]) == 2


@kills("jinpai/transcript.py", 'text[one["begins"] : one["ends"]]', "text")
def test_a_conversation_is_shown_with_quotes_and_reasons(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(Workspace.open(shop), "甲店") as engine:
        key = engine.rows("select conversation_key from span where last_agent = '阿杰'")[0]["conversation_key"]
    told = said(capsys, "--workspace", shop, "--conversation", key)
    assert "11:00:40 客服 阿杰：满两件减十元" in told
    assert "D3 讲价有条件地让：做到了 8 / 8 「满【两件减】十元」" in told
    assert "首次响应 40 秒" in told
    assert "晴**里 × 阿杰" in told
    page = json.loads(said(capsys, "--workspace", shop, "--conversation", key, "--format", "json"))
    (found,) = [one for one in page["findings"] if one["criterion"] == "D3"]
    assert (found["quote"], found["message"], found["file"], found["row"]) == (
        "两件减",
        "满两件减十元",
        "messages.csv",
        5,
    )
    assert criteria()["G1"].reason.zh in told
    assert "分（满分 100" in told
    assert cli.main(["inspect", "--workspace", str(shop), "--conversation", "没这个人"]) == 2


@kills("jinpai/naming.py", "if len(found) == 1:", "if found:")
def test_a_conversation_is_named_by_first_digits_or_by_its_buyer(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lowest = json.loads(said(capsys, "--workspace", shop, "--format", "json"))["lowest"]
    for one in lowest:
        assert str(one["conversation"]).startswith(one["short"])
        assert f"会话 {one['short']} ·" in said(capsys, "--workspace", shop, "--conversation", one["short"])
    assert "晴**里" in said(capsys, "--workspace", shop, "--conversation", "晴天里")
    assert "晴**里" in said(capsys, "--workspace", shop, "--conversation", "晴天里", "--from", "2026-11-18")
    assert cli.main(["inspect", "--workspace", str(shop), "--conversation", "晴天里", "--from", "2026-11-19"]) == 2
    capsys.readouterr()
    assert cli.main(["inspect", "--workspace", str(shop), "--conversation", "", "--lang", "zh"]) == 2
    told = capsys.readouterr().err
    assert all(one["short"] in told for one in lowest)


def test_a_score_is_explained_to_the_message(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    told = ["explain", "inspection_score", "--workspace", str(shop), "--lang", "zh"]
    assert cli.main([*told, "--conversation", "晴天里"]) == 0
    text = capsys.readouterr().out
    assert "D3 讲价有条件地让：8 × 100% = 8 · 阿杰" in text
    assert "11:00:40 「满【两件减】十元」　messages.csv 第 5 行" in text
    assert cli.main([*told, "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["behind"]["total"] == whole["of"][1] == 3
    assert sum(row["adds"] for row in whole["behind"]["rows"]) == pytest.approx(whole["of"][0])
    assert cli.main(["explain", "enquiries", "--workspace", str(shop), "--conversation", "晴天里"]) == 2


def test_a_page_of_a_conversation_stands_by_itself(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "--workspace", shop, "--conversation", "晴天里", "--output", shop / "会话.html")
    page = (shop / "会话.html").read_text(encoding="utf-8")
    assert re.search(r'<mark class="good[^"]* k-D3[^"]*" title="[^"]*">两件减</mark>', page)
    assert "晴天里" not in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert "<script" not in page
    assert cli.main(["inspect", "--workspace", str(shop), "--output", str(shop / "x.html")]) == 2


@kills("jinpai/tables/finding.sql", "c.counts and w.weight > 0 as counts", "w.weight > 0 as counts")
def test_a_score_is_the_weighted_mean_of_what_counts(shop: Path) -> None:
    [(card, _)] = [(one.card, one.until) for one in scorecards(Workspace.open(shop).config / "甲店")]
    weights = dict(card.weights)
    with opened(Workspace.open(shop), "甲店") as engine:
        found = engine.rows("select conversation_key, agent, criterion, result from finding")
        scores = engine.rows("select scope, conversation_key, agent, score, version from score")
    assert any(not criteria()[one["criterion"]].counts for one in found)
    assert scores
    for score in scores:
        mine = [
            (weights[one["criterion"]], one["result"]) for one in found
            if one["conversation_key"] == score["conversation_key"] and score["agent"] in (None, one["agent"]) and criteria()[one["criterion"]].counts
        ]  # fmt: skip
        assert score["score"] == sum(weight * result for weight, result in mine) // sum(weight for weight, _ in mine)
        assert score["version"] == card.digest
    assert {one["scope"] for one in scores} == {"shop", "agent"}


def test_a_shops_own_scorecard_counts_instead(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shop / "config" / "甲店" / "scorecards"
    folder.mkdir()
    card = folder / "default.toml"
    card.write_text('zh = "我们的"\nfull_mark = 30\nleave_out = ["A1"]\n[weights]\nG1 = 50\n', encoding="utf-8")
    told = json.loads(said(capsys, "--workspace", shop, "--format", "json"))
    assert told["meta"]["full_mark"] == 30
    assert not [one for one in told["rows"] if one["criterion"] == "A1"]
    for wrong, named in (("leave_out = ['A99']", "A99"), ("weights = 3", "weights"), ("full_mark = -1", "full_mark")):
        card.write_text(f"{wrong}\n", encoding="utf-8")
        assert cli.main(["inspect", "--workspace", str(shop), "--lang", "zh"]) == 1
        assert named in capsys.readouterr().err
    card.unlink()


@kills("jinpai/inspection.py", "where m.points > 0 and", "where")
@kills("jinpai/transcript.py", 'text[mood["begins"] : mood["ends"]]', "text")
def test_the_most_discontented_buyers_are_named_with_their_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said_by = {"急性子": "怎么还不发货，我要投诉你们", "好脾气": "谢谢亲，很满意"}
    rows = [f"{buyer},小美,{sender},2026-11-18 10:0{n}:0{at},text,{text}"
            for n, (buyer, words) in enumerate(said_by.items())
            for at, (sender, text) in enumerate((("buyer", words), ("agent", "亲，在的")))]  # fmt: skip
    file = tmp_path / "聊天.csv"
    file.write_text("\n".join(["buyer,agent,sender,sent_at,kind,text", *rows]) + "\n", encoding="utf-8")
    shop = tmp_path / "店"
    assert cli.main(["init", str(shop)]) == 0
    assert cli.main(["import", str(file), "--workspace", str(shop)]) == 0
    told = json.loads(said(capsys, "--workspace", shop, "--on", "--format", "json"))["upset"]
    assert [(one["agent"], one["day"], one["words"] in said_by["急性子"]) for one in told] == [
        ("小美", "2026-11-18", True)
    ]
    assert "买家最不满的会话" in said(capsys, "--workspace", shop)
    text = said(capsys, "--workspace", shop, "--conversation", "急性子")
    assert re.search(f"买家情绪 {told[0]['points']} 分（越高越可能不满，不进得分）：「(怎么还不发货|投诉)」", text), (
        text
    )
    said(capsys, "--workspace", shop, "--conversation", "急性子", "--output", shop / "会话.html")
    assert re.search(r'<a href="#m\d+">买家情绪', (shop / "会话.html").read_text(encoding="utf-8"))
