"""The commands that erase, back up and keep keys: what they say and their exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinpai import cli
from jinpai.workspace import Workspace
from tests.cli import small
from tests.mutants import kills


@pytest.fixture
def shop(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "店铺 数据"
    assert cli.main(["init", str(folder)]) == 0
    assert cli.main(["import", *map(str, small.files(tmp_path / "files")), "-w", str(folder)]) == 0
    capfd.readouterr()
    return folder


def said(capfd: pytest.CaptureFixture[str], code: int, *words: object) -> str:
    assert cli.main([*map(str, words), "--lang", "zh"]) == code
    captured = capfd.readouterr()
    assert "Traceback" not in captured.err
    assert code == 0 or len(captured.err.strip().splitlines()) == 1
    return captured.out if code == 0 else captured.err


def test_erase_says_what_went_and_what_it_cannot_reach(
    shop: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.txt").write_text("", encoding="utf-8")
    Workspace.open(shop).write_settings(None, {"staff_buyers": ["云边小鹿"]})
    told = said(capfd, 0, "erase", "云边小鹿", "-w", shop, "--yes")
    assert "聊天消息 2 行，订单 1 行" in told
    assert "备份" in told
    assert "rules.toml" in told
    assert "以前删过" in said(capfd, 0, "erase", "云边小鹿", "-w", shop, "--yes")
    file = tmp_path / "files" / "messages.csv"
    file.write_text(
        file.read_text(encoding="utf-8") + ",新来的,小美,buyer,2026-11-20T21:00:00+08:00,text,你好,m8\n",
        encoding="utf-8",
    )
    assert "聊天消息 5 行，没导进来 1 行，因删除记号没导入 2 行" in said(capfd, 0, "import", file, "-w", shop)


@kills("jinpai/commands/confirming.py", "if not (sys.stdin is not None and sys.stdin.isatty()):", "if False:")
def test_erasing_wants_a_yes(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "--yes" in said(capfd, 2, "erase", "云边小鹿", "-w", shop)
    assert {raw.revision for raw in Workspace.open(shop).raw_files()} == {0}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ["erase"]), (2, ["erase", "甲", "--expired"]), (2, ["erase", "云**", "--yes"]), (2, ["erase", "--texts", "--expired"]),
        (2, ["erase", "--order", "1", "--expired"]), (2, ["erase", "--older-than", "很久", "--yes"]), (1, ["erase", "没有的", "--yes"]),
        (2, ["erase", "甲", "--yes", "--shop", "乙店"]), (2, ["keys", "export"]), (2, ["keys", "delete"]),
        (1, ["keys", "import", "没有.key"]), (1, ["backup", "没有/x.zip"]), (2, ["backup"]),
        (2, ["withdraw"]), (1, ["withdraw", "没有的.csv", "--yes"]), (2, ["withdraw", "orders.csv"]), (1, ["withdraw", "", "--yes"]),
        (2, ["withdraw", "orders.csv", "--yes", "--shop", "乙店"]),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence(
    shop: Path, capfd: pytest.CaptureFixture[str], code: int, words: list[str]
) -> None:
    said(capfd, code, *words, "-w", shop)


def test_expired_follows_the_settings(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "没有要删的" in said(capfd, 0, "erase", "--expired", "-w", shop, "--yes")
    Workspace.open(shop).write_settings(None, {"retention_days": 36_500})
    assert "没有要删的" in said(capfd, 0, "erase", "--expired", "-w", shop, "--yes")


def test_backup_and_restore_speak_of_the_key(shop: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "还没有抄过" in said(capfd, 0, "keys", "-w", shop)
    assert "还没有抄过" in said(capfd, 0, "backup", tmp_path / "备份.zip", "-w", shop)
    assert "已抄到" in said(capfd, 0, "keys", "export", tmp_path / "我的.key", "-w", shop)
    assert "抄过 1 份" in said(capfd, 0, "keys", "-w", shop)
    assert "请确认" in said(capfd, 0, "backup", tmp_path / "备份.zip", "-w", shop)
    assert "已恢复" in said(capfd, 0, "restore", tmp_path / "备份.zip", tmp_path / "新 店")
    key = Workspace.open(shop).key_file
    key.unlink()
    assert "keys import" in said(capfd, 1, "restore", tmp_path / "备份.zip", tmp_path / "又一家")
    assert "已放回" in said(capfd, 0, "keys", "import", tmp_path / "我的.key", "-w", tmp_path / "又一家")
    assert said(capfd, 0, "build", "-w", tmp_path / "又一家")


def test_withdraw_lists_asks_and_takes_back(
    shop: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = said(capfd, 0, "imports", "-w", shop, "--format", "csv")
    assert "orders.csv" in listed
    assert "聊天消息 6 行" in listed
    before = said(capfd, 0, "report", "-w", shop)
    other = tmp_path / "错的.csv"
    other.write_text(small.MESSAGES.replace("11-18", "11-19").replace(",m", ",x"), encoding="utf-8", newline="\n")
    assert said(capfd, 0, "import", other, "-w", shop)
    assert said(capfd, 0, "report", "-w", shop) != before
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda: "")
    assert "什么也没动" in said(capfd, 0, "withdraw", "错的.csv", "-w", shop)
    monkeypatch.setattr("builtins.input", lambda: "y")
    told = said(capfd, 0, "withdraw", "错的.csv", "-w", shop)
    assert "错的.csv（店铺 main，canonical）：聊天消息 6 行，没导进来的行 1 行" in told
    assert "已撤回 1 个文件" in told
    assert said(capfd, 0, "report", "-w", shop) == before
    assert "聊天消息 6 行" in said(capfd, 0, "import", other, "-w", shop)
    assert "还没有导入过" in said(capfd, 0, "imports", "-w", _empty(tmp_path))


def _empty(folder: Path) -> Path:
    return Workspace.create(folder / "空的").root
