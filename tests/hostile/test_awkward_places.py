"""Two importers at once, a full disk, names with blanks, a GBK console, files that cannot be written, readers in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from jinpai import flow
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from tests.cli.small import files
from tests.hostile.killing import LATER, MORE_ORDERS, snapshot
from tests.hostile.program import ROOT, command, jinpai
from tests.mutants import kills

PLACE = "店铺 数据（备 份）/二 号 店"


def opened(folder: Path) -> Workspace:
    """A built workspace at a path with Chinese and blanks."""
    (folder / PLACE).parent.mkdir(parents=True, exist_ok=True)
    workspace = Workspace.create(folder / PLACE)
    import_files(workspace, files(folder / "导出 的 文件"))
    flow.build(workspace)
    return workspace


def written(folder: Path) -> tuple[Path, Path]:
    paths = folder / "聊天 2.csv", folder / "订单 2.csv"
    for path, text in zip(paths, (LATER, MORE_ORDERS), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return paths


def bare(snapshot_: dict[str, list[str]]) -> dict[str, int]:
    return {name: len(rows) for name, rows in snapshot_.items() if not name.startswith("source_")}


@pytest.mark.slow
def test_of_two_importers_at_once_none_loses_anything(tmp_path: Path) -> None:
    """The second gets a sentence or comes later; after each has been done, both files are there once."""
    workspace = opened(tmp_path)
    chats, orders = written(tmp_path)
    both = [
        subprocess.Popen(command("import", path, "--workspace", workspace.root, "--lang", "zh"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for path in (chats, orders)
    ]  # fmt: skip
    for child in both:
        _, err = child.communicate(timeout=120)
        assert child.returncode == 0 or "另一个程序正在写" in err.decode(), err.decode()
    assert jinpai("import", chats, orders, "--workspace", workspace.root).code == 0
    # whichever came second may have added a layer to the facts
    shutil.rmtree(workspace.root / "facts")
    flow.build(workspace)
    one = Workspace.create(tmp_path / "一次")
    import_files(one, [*files(tmp_path / "导出 的 文件"), chats, orders])
    flow.build(one)
    assert bare(snapshot(workspace.root)) == bare(snapshot(one.root))


@pytest.mark.slow
def test_a_full_disk_is_a_sentence_and_changes_nothing(tmp_path: Path) -> None:
    """The system refuses to write more than 40 kB into a file, as a full disk does."""
    workspace = opened(tmp_path)
    before = snapshot(workspace.root)
    large = tmp_path / "大.csv"
    noise = (f"m{number},买家{number},buyer,2026-11-21 10:00:00,{os.urandom(60).hex()}\n" for number in range(20_000))
    large.write_text("message_id,buyer,sender,sent_at,text\n" + "".join(noise), encoding="utf-8", newline="\n")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    words = command("import", large, "--workspace", workspace.root, "--lang", "zh")
    if os.name == "nt":
        pytest.skip("Windows has neither")
    done = subprocess.run(
        [words[0], words[1], limit + words[2], *words[3:]], cwd=ROOT, capture_output=True, timeout=120, check=False
    )
    err = done.stderr.decode()
    assert done.returncode == 1, err
    assert "Traceback" not in err
    assert any("\u4e00" <= letter <= "\u9fff" for letter in err)
    assert snapshot(workspace.root) == before
    assert not (workspace.root / "raw" / "incoming").exists()
    assert jinpai("import", *written(tmp_path), "--workspace", workspace.root).code == 0


COMMANDS = (
    ("report",), ("report", "--by", "agent"), ("explain", "conversion"), ("problems",), ("build",), ("keys",),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gbk", "cp936", "ascii", "cp1252"])
def test_a_console_that_cannot_write_everything_gets_every_answer(tmp_path: Path, encoding: str) -> None:
    workspace = opened(tmp_path)
    strange = tmp_path / "\U0001f9e3 ñ 聊天.csv"
    strange.write_text(LATER.replace("新来的", "新\U0001f9e3来ñ的"), encoding="utf-8", newline="\n")
    settings = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for words in (
        ("import", strange),
        *COMMANDS,
        ("report", "--by", "没有的"),
        ("import", tmp_path / "没有\U0001f9e3.csv"),
    ):
        shop = ("--shop", "main") if words[0] == "report" else ()
        done = jinpai(*words, *shop, *(() if words[0] == "explain" else ("--workspace", workspace.root)), encoding=encoding, **settings)  # fmt: skip
        assert "Traceback" not in done.err, done.err
        assert "程序的毛病" not in done.err, done.err
        assert "fault of the program" not in done.err, done.err
        assert done.out + done.err


def test_a_file_that_may_only_be_read_is_imported(tmp_path: Path) -> None:
    """And stays as it is."""
    workspace = Workspace.create(tmp_path / "店铺")
    paths = files(tmp_path / "只 读")
    for path in paths:
        path.chmod(0o444)
    before = [path.read_bytes() for path in paths]
    assert len(import_files(workspace, paths)) == 2
    assert [path.read_bytes() for path in paths] == before


@kills(
    "jinpai/workspace/facts.py",
    '_sweep(folder / "data", build.files() | (set(retired) - expired))',
    '_sweep(folder / "data", build.files())',
)
def test_a_reader_keeps_its_facts_while_a_build_replaces_them(tmp_path: Path) -> None:
    """An engine that was opened before reads the old rows to the end; one opened afterwards reads the new."""
    workspace = opened(tmp_path)
    with flow.opened(workspace, "main") as reader:
        count = "select count(*) as n from message"
        before = reader.rows(count)[0]["n"]
        import_files(workspace, written(tmp_path))
        flow.build(workspace)
        assert reader.rows(count)[0]["n"] == before
        assert len(reader.rows("select * from orders")) == 3
    with flow.opened(workspace, "main") as reader:
        assert reader.rows(count)[0]["n"] == before + 3


def test_the_program_runs_from_a_place_of_any_name(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    out = tmp_path / "报 表（十一月）.csv"
    done = jinpai("report", "--workspace", workspace.root, "--output", out)
    assert done.code == 0, done.err
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
