"""复核的命令 the door: draw, fill in a sheet, read it back, decide; counter-examples; all that will not do in sentences."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from jinpai import cli
from jinpai.book import judging
from jinpai.book.judging import Said
from jinpai.book.opening import opened_book
from jinpai.book.points import Points
from jinpai.criteria import criterion_digests
from jinpai.sourcing import stale
from jinpai.text.signals import examples, lexicon_mark, shop_lexicon
from jinpai.workspace import Workspace
from tests.book.shop import at_points, conversation, made
from tests.mutants import kills


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return made(tmp_path_factory.mktemp("door"))


@pytest.fixture
def workspace(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.delenv("JINPAI_BOOK", raising=False)
    yield shop
    for folder in (
        shop.root / "decisions",
        shop.root / "book",
        shop.config / "main" / "lexicons",
        shop.config / "main" / "cases",
    ):
        shutil.rmtree(folder, ignore_errors=True)


class Talk:
    """The command line on one workspace: what it says, and its exit code."""

    def __init__(self, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = workspace.root, capsys

    def __call__(self, verb: str, *words: object, code: int = 0) -> str:
        self.capsys.readouterr()
        got = cli.main([verb, *map(str, words), "--workspace", str(self.root), "--lang", "zh"])
        told = self.capsys.readouterr()
        assert got == code, told.out + told.err
        return told.out + told.err


@pytest.fixture
def talk(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Talk:
    return Talk(workspace, capsys)


def key(workspace: Workspace, buyer: str) -> int:
    with at_points(workspace) as points:
        return conversation(points, buyer)


@kills("jinpai/book/sheet.py", 'if row["outcome"]:', "if True:")
@kills(
    "jinpai/book/sheet.py",
    "    tasks = _tasks(path, filled, points.settings.shop)",
    "    filled = filled[:1]; tasks = _tasks(path, filled, points.settings.shop)",
)
def test_a_sheet_goes_out_is_filled_in_and_comes_back(workspace: Workspace, talk: Talk, tmp_path: Path) -> None:
    assert "没有待复核的" in talk("review", "--by", "王主管")
    told = talk("review", "--by", "王主管", "--draw", 6)
    assert "H1" in told.splitlines()[0], "a red line comes first"
    assert "您加我微信聊吧" in told
    file = tmp_path / "复核.xlsx"
    assert "待复核" in talk("review", "--by", "王主管", "--sheet", file)
    book = openpyxl.load_workbook(file)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    outcome, why, result = (heads.index(name) + 1 for name in ("复核结果", "理由", "改判得几分（0–100，可空）"))
    assert sheet.max_row == 7
    assert isinstance(sheet.cell(2, heads.index("会话") + 1).value, str), "nineteen digits are no number in a sheet"
    sheet.cell(2, outcome, "属实")
    sheet.cell(3, outcome, "改判")
    sheet.cell(3, why, "后面答了")
    sheet.cell(3, result, 70)
    sheet.cell(4, outcome, "不好说")
    book.save(file)
    told = talk("review", "--by", "王主管", "--read", file, code=2)
    assert "第 4 行" in told
    assert "一行也没有记" in told
    sheet.cell(4, outcome).value = None
    sheet.cell(4, why, "忘了选")
    book.save(file)
    assert "却没有选复核结果" in talk("review", "--by", "王主管", "--read", file, code=2)
    sheet.cell(4, why).value = None
    book.save(file)
    assert "记下了 2 条" in talk("review", "--by", "王主管", "--read", file)
    left = json.loads(talk("review", "--by", "王主管", "--format", "json"))["rows"]
    assert len(left) == 4
    with opened_book(workspace):
        from jinpai.book.models import Verdict

        assert [(one.outcome, one.right_result, one.why) for one in Verdict.objects.order_by("pk")] == [
            ("agree", None, ""),
            ("overturn", 700, "后面答了"),
        ]
    for head in ("任务", "复核结果"):
        sheet.cell(1, heads.index(head) + 1, "别的")
        book.save(file)
        assert f"没有「{head}」这一列" in talk("review", "--by", "王主管", "--read", file, code=1)
        sheet.cell(1, heads.index(head) + 1, head)
    sheet.cell(2, 1, "999")
    book.save(file)
    assert "没有 '999' 号复核任务" in talk("review", "--by", "王主管", "--read", file, code=2)
    assert "没有文件" in talk("review", "--by", "王主管", "--read", tmp_path / "没有.xlsx", code=2)
    assert "1/1" in talk("precision")


def test_verdicts_and_appeals_by_word(workspace: Workspace, talk: Talk) -> None:
    number = key(workspace, "云边小鹿")
    assert "改判" in talk("verdict", number, "D1", "改判", "--by", "王主管", "--why", "后面给了赠品")
    assert "已复核：改判" in talk("inspect", "--conversation", number)
    assert "只能写 属实" in talk("verdict", number, "D1", "也许", "--by", "王主管", code=2)
    assert "没有叫「D7x」" in talk("verdict", number, "D7x", "改判", "--by", "王主管", code=2)
    assert "没有叫「77」的会话" in talk("verdict", 77, "D1", "改判", "--by", "王主管", "--why", "因", code=2)
    assert "没有结果" in talk("verdict", number, "C5", "改判", "--by", "王主管", "--why", "因", code=2)
    assert "0 到 100" in talk(
        "verdict", number, "D1", "改判", "--by", "王主管", "--why", "因", "--result", "一百", code=2
    )
    assert "没有扣分" in talk("appeal", number, "D1", "--by", "小美", "--why", "因", code=2)
    talk("verdict", number, "D1", "属实", "--by", "王主管")
    assert "1 号" in talk("appeal", number, "D1", "--by", "小美", "--why", "我给了赠品")
    assert json.loads(talk("appeals", "--format", "json"))["rows"][0]["why"] == "我给了赠品"
    assert "写全" in talk("appeals", "--decide", 1, code=2)
    assert "不能自己处理" in talk("appeals", "--decide", 1, "--ruling", "改判", "--by", "王主管", "--why", "因", code=2)
    told = talk("appeals", "--decide", 1, "--ruling", "改判", "--by", "李主管", "--why", "有赠品")
    assert "→" in told, "the score before and after"
    assert "没有待处理的申诉" in talk("appeals")
    assert "没有 9 号" in talk("appeals", "--decide", 9, "--ruling", "改判", "--by", "李主管", "--why", "因", code=2)


def overturned(workspace: Workspace, buyer: str, name: str) -> int:
    with opened_book(workspace), at_points(workspace) as points:
        point = points.one(conversation(points, buyer), name)
        judging.judge([Said(point, "na", "王主管", "不是")], points.settings)
        return point.conversation


@kills("jinpai/text/signals.py", "folder == own and file.name == COUNTER_EXAMPLES and", "False and")
@kills(
    "jinpai/text/signals.py", "return all(isinstance(keys, dict) and", "return True or all(isinstance(keys, dict) and"
)
@kills("jinpai/book/counter_examples.py", "if text not in there:", "if True:")
def test_an_overturned_sentence_becomes_a_counter_example(workspace: Workspace, talk: Talk) -> None:
    number = key(workspace, "晴天里")
    assert "没有改判过" in talk("counter-example", number, "H1", code=2)
    assert overturned(workspace, "晴天里", "H1") == number
    folder = workspace.settings().folder
    talk("inspect")
    before, words = criterion_digests(workspace.settings()), lexicon_mark(folder)
    told = talk("counter-example", number, "H1")
    talk("counter-example", number, "H1")
    assert "您加我微信聊吧" in told
    assert "现在还会" in told
    written = [
        (one.id, text)
        for one, text, matches in examples(shop_lexicon(folder))
        if not matches and text == "您加我微信聊吧"
    ]
    assert written == [("contact_wechat", "您加我微信聊吧")]
    assert criterion_digests(workspace.settings()) == before, "a sentence more is no other criterion"
    assert lexicon_mark(folder) == words, "nor a reason to read every chat again"
    assert stale(workspace) == []
    file = folder / "lexicons" / "反例.toml"
    assert file.read_text(encoding="utf-8").count("您加我微信聊吧") == len(written)
    file.write_text(file.read_text(encoding="utf-8") + '\n[greeting]\nphrases = ["吃了吗您"]\n', encoding="utf-8")
    assert stale(workspace) == ["main"], "but a phrase is, wherever it stands"
    assert "改乱了" in talk("counter-example", number, "H1", code=1)


def test_what_rests_on_no_words_becomes_a_case(workspace: Workspace, talk: Talk) -> None:
    number = overturned(workspace, "看看的", "G1")
    talk("counter-example", number, "G1")
    talk("counter-example", number, "G1")
    text = (workspace.settings().folder / "cases" / "G1.md").read_text(encoding="utf-8")
    assert text.count("买家: 什么时候发货") == 1
    assert "[5] 客服: 今天就发" in text
    assert "→ 不适用" in text


def test_private_data_stay_out_of_examples(workspace: Workspace) -> None:
    from jinpai.book.counter_examples import _masked

    with at_points(workspace) as points:
        assert isinstance(points, Points)
        point = points.one(conversation(points, "云边小鹿"), "D1")
        assert _masked("云边小鹿您好，小美的电话13800000001", point) == "[名字]您好，[名字]的电话[手机]"
