"""A watched folder: what arrives is imported once, what is unfinished waits, what cannot be read is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jinpai import cli
from jinpai.errors import Words
from jinpai.gathering import is_left_alone
from jinpai.importing import Imported
from jinpai.watching import Watch
from jinpai.workspace import Workspace
from tests.cli import small
from tests.mutants import kills

ORDERS = "order_id,buyer,created_at\n{},甲,2026-11-18 10:00:00\n"


class Watched:
    """A watched folder and everything that was said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "导出 文件"
        self.folder.mkdir()
        self.workspace = Workspace.create(folder / "店铺 数据")
        self.said: list[str] = []
        self.files: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.watch = Watch(self.workspace, self.folder, None, None, None, self._told, self._say)

    def _told(self, one: Imported) -> None:
        self.files.append(one.file.name)

    def _say(self, words: Words) -> None:
        self.said.append(words.zh)

    def put(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def looks(self, many: int = 2) -> bool:
        return [self.watch.look() for _ in range(many)][-1]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


@kills("jinpai/watching.py", "if self._before.get(path) == look]", "if True]")
def test_a_file_is_imported_once_it_has_stopped_growing(watched: Watched) -> None:
    path = watched.put("订单.csv", ORDERS.format(1))
    assert not watched.looks(1)
    with path.open("a", encoding="utf-8") as file:
        file.write("2,乙,2026-11-18 11:00:00\n")
    assert not watched.looks(1), "it grew since the look before"
    assert watched.files == []
    assert watched.looks(1)
    assert watched.files == ["订单.csv"]
    facts = watched.workspace.facts()
    assert facts is not None
    assert facts.files("orders", "main"), "and the facts are built"
    assert watched.looks(3)
    assert watched.files == ["订单.csv"]


def test_a_restart_knows_what_was_imported(watched: Watched) -> None:
    watched.put("订单.csv", ORDERS.format(1))
    watched.looks()
    watched.begin()
    assert watched.looks()
    assert watched.files == ["订单.csv"]
    assert watched.said == ["有 1 个文件以前导入过，没有变化。"]
    assert (watched.folder / "订单.csv").exists(), "nothing is moved"


def test_a_file_that_cannot_be_read_is_named_once_and_the_others_are_imported(watched: Watched) -> None:
    path = watched.put("会议记录.txt", "下午开会\n")
    watched.put("订单.csv", ORDERS.format(1))
    assert watched.looks(4)
    assert watched.files == ["订单.csv"]
    assert len(watched.said) == 1
    assert watched.said[0].startswith("会议记录.txt 没有导入：不认识")
    path.write_text(ORDERS.format(7), encoding="utf-8")
    watched.looks()
    assert watched.files == ["订单.csv", "会议记录.txt"], "a file that changes is looked at again"


@pytest.mark.parametrize("name", ["~$订单.xlsx", "订单.xlsx.crdownload", "订单.csv.PART", ".~lock.订单.csv#", "desktop.ini", "Thumbs.db", "a.tmp"])  # fmt: skip
def test_temporary_files_are_left_alone(watched: Watched, name: str) -> None:
    assert is_left_alone(name)
    watched.put(name, "x")
    assert watched.looks(3)
    assert (watched.files, watched.said) == ([], [])
    assert not is_left_alone("订单 part.csv")


def test_while_another_program_writes_it_waits_and_tries_again(watched: Watched) -> None:
    watched.put("订单.csv", ORDERS.format(1))
    watched.looks(1)
    with watched.workspace.importing():
        assert not watched.looks(3)
        assert watched.files == []
        assert len(watched.said) == 1
        assert "另一个程序正在写" in watched.said[0]
    assert watched.looks(1)
    assert watched.files == ["订单.csv"]


def test_a_folder_that_goes_away_is_waited_for(watched: Watched) -> None:
    away = watched.folder.with_name("拔掉的盘")
    watched.folder.rename(away)
    watched.looks(3)
    assert len(watched.said) == 1
    assert "等它回来" in watched.said[0]
    away.rename(watched.folder)
    watched.put("订单.csv", ORDERS.format(1))
    assert watched.looks()
    assert watched.files == ["订单.csv"]


def run(*words: object) -> int:
    return cli.main([*map(str, words), "--lang", "zh"])


def test_one_round_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop, folder = tmp_path / "店铺 数据", tmp_path / "导出 文件"
    small.files(folder)
    assert run("init", shop) == 0
    assert run("watch", folder, "--workspace", shop, "--once", "--every", "0.1") == 0
    said = capsys.readouterr().out
    assert "messages.csv（canonical）：聊天消息 6 行，没导进来 1 行" in said
    assert "导入 2 个文件" in said
    assert run("report", "--workspace", shop) == 0
    assert run("watch", folder / "没有", "--workspace", shop, "--once") == 1
    assert run("watch", shop / "raw", "--workspace", shop, "--once") == 1
    capsys.readouterr()
    (folder / "名单.csv").write_text("agent,team\n小美,presales\n", encoding="utf-8")
    assert run("watch", folder, "--workspace", shop, "--once", "--every", "0.1") == 0
    (folder / "名单2.csv").write_text("agent,team\n小美,aftersales\n", encoding="utf-8")
    assert run("watch", folder, "--workspace", shop, "--once", "--every", "0.1") == 0
    assert "名单2.csv 没有导入：名单会有上面的改动" in capsys.readouterr().out
    assert run("watch", folder, "--workspace", shop, "--once", "--every", "0.1", "--yes") == 0
    assert "名单2.csv（canonical）：客服名单 1 行" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to the whole console")
def test_ctrl_c_ends_it_with_a_sentence(tmp_path: Path) -> None:
    shop, folder = tmp_path / "店铺", tmp_path / "导出"
    small.files(folder)
    assert run("init", shop) == 0
    words = [sys.executable, "-m", "jinpai.cli", "watch", folder, "--workspace", shop, "--every", "0.1", "--lang", "zh"]
    log = tmp_path / "log.txt"
    with log.open("wb") as out:
        running = subprocess.Popen(words, stdout=out, stderr=out, restore_signals=True)
        until = time.monotonic() + 60
        while "orders.csv" not in log.read_text(encoding="utf-8") and time.monotonic() < until:
            time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
    said = log.read_text(encoding="utf-8")
    assert "不再看着" in said
    assert "Traceback" not in said
    assert not list((shop / "raw").glob("incoming/*")), "nothing half-done is left"
