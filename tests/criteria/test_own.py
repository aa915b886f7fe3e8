"""自定质检项 a shop's own criteria: read with sentences about what will not do, inspected like the others, tried by a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinpai import cli
from jinpai.criteria import criteria, shop_criteria
from jinpai.criteria.dialogues import read_dialogues
from jinpai.errors import JinpaiError
from jinpai.workspace import Workspace
from tests.mutants import kills

OWN = """zh = "讲价时说老店"
factor = "product"
weight = 4
reason = "空口说便宜没人信"
good = "客服：我们是八年老店"
bad = "客服：不议价"

[[check]]
buyer = ["bargain"]
expect = ["value_shop_age"]
"""
DIALOGUES = """# S1

## 说了老店

```
买家: 能便宜点吗
客服: 我们是八年老店了
→ 1000
```

## 没说

```
买家: 能便宜点吗
客服: 不议价
→ {wanted}
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of own criteria of a shop whose path has Chinese and a blank in it."""
    made = Workspace.create(tmp_path / "店铺 数据").config / "main" / "criteria"
    made.mkdir()
    return made


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8", newline="\n")


def test_an_own_criterion_stands_beside_those_that_ship(folder: Path) -> None:
    write(folder, "S1.toml", OWN)
    known = shop_criteria(folder.parent)
    assert [*known][-1] == "S1"
    assert known.keys() == criteria().keys() | {"S1"}
    assert (known["S1"].is_own, known["S1"].group, known["S1"].title.en) == (True, "J", "讲价时说老店")


def test_one_that_ships_is_replaced_by_word_only(folder: Path) -> None:
    write(folder, "D3.toml", OWN)
    with pytest.raises(JinpaiError, match="replaces = true"):
        shop_criteria(folder.parent)
    write(folder, "D3.toml", "replaces = true\n" + OWN)
    assert shop_criteria(folder.parent)["D3"].title.zh == "讲价时说老店"
    assert [*shop_criteria(folder.parent)] == [*criteria()]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("D99.toml", "", "", "J 到 Z"),
        ("s1.toml", "", "", "J 到 Z"),
        ("S1.toml", "weight = 4", "replaces = true\nweight = 4", "没有自带的 S1"),
        ("S1.toml", "weight = 4", "weight = -1", "weight = -1 不行：要写 0 到 1000 的整数"),
        ("S1.toml", 'factor = "product"', 'factor = "luck"', "factor = 'luck' 不行：只能是"),
        ("S1.toml", "expect =", "expects =", "expects 不行：没有这一项"),
        ("S1.toml", 'buyer = ["bargain"]', "", "buyer、agent、state 要写一个"),
        ("S1.toml", 'expect = ["value_shop_age"]', "", "expect 和 forbid 至少写一个"),
        ("S1.toml", "[[check]]", '[[check]]\nstage = "later"', "stage = 'later' 不行"),
        ("S1.toml", "[[check]]", "[[check]]\nturns = 0", "turns = 0 不行：要写 1 到 1000 的整数"),
        ("S1.toml", "[[check]]", '[[law]]\ntitle = "法"\narticle = "一"\nvalid_from = "去年"\n[[check]]', "valid_from = '去年' 不行：要写日期"),
        ("S1.toml", "[[check]]", "check = 3\n[[checks]]", "checks 不行：没有这一项"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_with_file_key_value_and_remedy(
    folder: Path, name: str, old: str, new: str, words: str
) -> None:
    assert old in OWN
    write(folder, name, OWN.replace(old, new) if old else OWN)
    with pytest.raises(JinpaiError) as raised:
        shop_criteria(folder.parent)
    assert words in raised.value.words.zh
    assert str(folder / name) in raised.value.words.zh
    assert str(folder / name) in raised.value.words.en


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# S1\n\n## 甲\n\n老板: 在吗\n", "第 5 行「老板: 在吗」不行：要写成「买家: …」"),
        ("# S1\n\n## 甲\n\n买家: 在吗\n", "没有写结果"),
        ("# S1\n\n## 甲\n买家: 在吗\n→ 0\n\n## 甲\n买家: 在吗\n→ 0\n", "这个标题前面用过了"),
    ],
)
def test_a_case_file_that_will_not_do_says_where(folder: Path, text: str, words: str) -> None:
    write(folder, "S1.md", text)
    with pytest.raises(JinpaiError) as raised:
        read_dialogues(folder / "S1.md")
    assert words in raised.value.words.zh


@kills("jinpai/trying.py", "self.result == wanted.result and", "")
def test_the_command_says_which_dialogue_is_not_as_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "S1.toml", OWN)
    workspace = ["--workspace", str(folder.parents[2]), "--lang", "zh"]
    assert cli.main(["criteria", *workspace, "--check"]) == 0
    assert "S1.md" in capsys.readouterr().out
    write(folder, "S1.md", DIALOGUES.format(wanted="0"))
    assert cli.main(["criteria", *workspace, "--check"]) == 0
    assert "2 段相符，0 段不符" in capsys.readouterr().out
    write(folder, "S1.md", DIALOGUES.format(wanted="不适用"))
    assert cli.main(["criteria", *workspace, "--check"]) == 1
    told = capsys.readouterr().out
    assert "S1「没说」不符：该是 不适用，结果是 0「能便宜点吗」" in told
    assert "1 段相符，1 段不符" in told
    assert cli.main(["criteria", *workspace]) == 0
    assert "讲价时说老店" in capsys.readouterr().out
    write(folder, "S2.md", DIALOGUES.format(wanted="0"))
    assert cli.main(["criteria", *workspace, "--check"]) == 1
    assert "S2.toml" in capsys.readouterr().err
