"""Raw rows: everything of an import appears at once, as it was, or nothing does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from jinpai.canon import PROBLEM_SCHEMA, TABLES
from jinpai.errors import JinpaiError, Words
from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.workspace.stored import Unread, agents, land, landed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "店铺 数据")


def test_what_lands_comes_back(workspace: Workspace) -> None:
    with workspace.importing() as landing:
        with landing.file(name="名单.csv", digest="b" * 32, format="canonical", shop="main") as sealed:
            sealed.rows("agents", agents("小美", "小丽"))
            sealed.problem(Unread(4, "agent", "", Words("没有客服", "no agent")))
            sealed.rows("agents", agents("小王"))
            sealed.summary(1)
        land(landing, "a" * 32, "甲")
    files = workspace.raw_files()
    assert [file.digest[0] for file in files] == ["a", "b"]
    raw = files[1]
    assert (raw.header.file, raw.header.format, raw.header.shop, raw.shop) == ("名单.csv", "canonical", "main", "main")
    assert (raw.counts.rows, raw.counts.problems, raw.counts.summary) == ({"agents": 3}, 1, 1)
    read = dict(raw.tables())
    assert read["agents"].column("agent").to_pylist() == ["小美", "小丽", "小王"]
    assert read["agents"].schema == TABLES["agents"].schema
    assert read["problems"].schema == PROBLEM_SCHEMA
    assert read["problems"].to_pylist() == [
        {"row": 4, "column": "agent", "value": "", "reason_zh": "没有客服", "reason_en": "no agent", "kept": False}
    ]


def test_rows_do_not_lie_readable_on_disk(workspace: Workspace) -> None:
    with workspace.importing() as landing:
        land(landing, "a" * 32, "very-secret-agent" * 50)
    for file in workspace.root.rglob("*"):
        assert file.is_dir() or b"very-secret-agent" not in file.read_bytes()


def test_nothing_stays_after_an_error(workspace: Workspace) -> None:
    with workspace.importing() as landing:
        land(landing, "a" * 32, "甲")
    with pytest.raises(ZeroDivisionError), workspace.importing() as landing:  # noqa: PT012 (the error comes at the end)
        land(landing, "b" * 32, "乙")
        landing.add_shop("二店")
        with landing.file(name="c.csv", digest="c" * 32, format="canonical", shop="main"):
            raise ZeroDivisionError
    assert landed(workspace) == {"a" * 32: ["甲"]}
    assert workspace.shops() == ["main"]
    assert not (workspace.root / "raw" / "incoming").exists()


def test_one_file_lands_once_for_a_shop(workspace: Workspace) -> None:
    workspace.add_shop("二店")
    with workspace.importing() as landing:
        land(landing, "a" * 32, "甲")
        assert landing.has("main", "a" * 32)
    with workspace.importing() as landing:
        assert landing.has("main", "a" * 32)
        assert not landing.has("二店", "a" * 32)
        with pytest.raises(JinpaiError, match="已经导入"):
            land(landing, "a" * 32, "甲")
        land(landing, "a" * 32, "乙", shop="二店")
    assert [(file.shop, file.counts.rows) for file in workspace.raw_files()] == [
        ("main", {"agents": 1}),
        ("二店", {"agents": 1}),
    ]


@kills("jinpai/workspace/workspace.py", "with one_writer(self.root), landing(self, files)", "with landing(self, files)")
def test_a_second_writer_gets_a_sentence_and_readers_none(workspace: Workspace) -> None:
    with workspace.importing() as landing:
        land(landing, "a" * 32, "甲")
        other = Workspace.open(workspace.root)
        with pytest.raises(JinpaiError, match="另一个程序"), other.importing():
            pass
        with pytest.raises(JinpaiError, match="另一个程序"), other.building():
            pass
        assert other.raw_files() == []
        assert other.facts() is None
    assert len(other.raw_files()) == 1


def test_a_writer_in_another_process_is_noticed(workspace: Workspace) -> None:
    code = (
        "import sys\nfrom jinpai.errors import JinpaiError\nfrom jinpai.workspace import Workspace\n"
        "try:\n    with Workspace.open(sys.argv[1]).importing():\n        pass\n"
        "except JinpaiError as error:\n    sys.exit(7)\n"
    )
    with workspace.importing():
        done = subprocess.run([sys.executable, "-c", code, str(workspace.root)], check=False)
    assert done.returncode == 7


def test_large_and_many_batches_keep_their_rows_and_order(workspace: Workspace) -> None:
    with workspace.importing() as landing, landing.file(name="x", digest="d" * 32, format="f", shop="main") as sealed:
        for _ in range(300):
            sealed.rows("agents", agents("一"))
        schema = TABLES["agents"].schema
        columns = {"agent": pa.array([str(n) for n in range(150_000)]), "row": pa.array(range(150_000), pa.int64())}
        sealed.rows(
            "agents", pa.record_batch([columns.get(f.name, pa.nulls(150_000, f.type)) for f in schema], schema=schema)
        )
        for row in range(70_000):
            sealed.problem(Unread(row, "c", "v", Words("看不懂", "not understood")))
    raw = workspace.raw_files()[0]
    read = list(raw.tables())
    assert raw.counts.rows == {"agents": 150_300}
    names = [name for table, batch in read if table == "agents" for name in batch.column("agent").to_pylist()]
    assert names == ["一"] * 300 + [str(n) for n in range(150_000)]
    assert [row for table, batch in read if table == "problems" for row in batch.column("row").to_pylist()] == list(
        range(70_000)
    )


def test_a_batch_of_another_shape_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="orders"), workspace.importing() as landing:  # noqa: SIM117
        with landing.file(name="x", digest="d" * 32, format="f", shop="main") as sealed:
            sealed.rows("orders", agents("甲"))


def test_a_lost_key_is_said_and_a_wrong_one_too(workspace: Workspace) -> None:
    with workspace.importing() as landing:
        land(landing, "a" * 32, "甲")
    workspace.key_file.unlink()
    with pytest.raises(JinpaiError) as caught:
        landed(workspace)
    assert str(workspace.key_file) in caught.value.words.zh
    assert "备份" in caught.value.words.zh
    workspace.key_file.write_bytes(b"AAAA")
    with pytest.raises(JinpaiError, match="坏了"):
        landed(workspace)
    # what needs no raw rows goes on
    assert Workspace.open(workspace.root).settings().shop == "main"
    assert workspace.facts() is None


def test_a_damaged_raw_file_is_said(workspace: Workspace) -> None:
    with workspace.importing() as landing:
        land(landing, "a" * 32, "甲")
    file = workspace.raw_files()[0].path
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(JinpaiError, match="重新导入"):
        landed(workspace)


@pytest.mark.skipif(os.name == "nt", reason="folders of Windows have no write bit")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(workspace: Workspace) -> None:
    workspace.root.chmod(0o500)
    try:
        with pytest.raises(JinpaiError, match="权限"), workspace.importing():
            pass
    finally:
        workspace.root.chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said() -> None:
    from jinpai.workspace.disk import disk

    file = Path("/dev/full")
    with pytest.raises(JinpaiError) as caught, disk(file), file.open("wb", buffering=0) as stream:
        stream.write(b"x")
    assert "磁盘满了" in caught.value.words.zh
    assert "the disk is full" in caught.value.words.en


def test_what_stands_in_the_way_is_said(workspace: Workspace) -> None:
    (workspace.root / "raw").write_text("", encoding="utf-8")
    with pytest.raises(JinpaiError, match="raw"), workspace.importing():
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of a file")
def test_a_write_that_fails_in_the_middle_leaves_nothing(workspace: Workspace) -> None:
    with workspace.importing() as landing:
        land(landing, "a" * 32, "甲")
    code = (
        "import resource, secrets, sys\nfrom jinpai.errors import JinpaiError\nfrom jinpai.workspace import Workspace\n"
        "from tests.workspace.stored import land\nresource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n    with Workspace.open(sys.argv[1]).importing() as landing:\n        land(landing, 'b' * 32, '乙')\n"
        "        land(landing, 'c' * 32, *(secrets.token_hex() for _ in range(10_000)))\n"
        "except JinpaiError as error:\n    sys.exit(7 if '系统说' in error.words.zh else 8)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(workspace.root)], cwd=ROOT, check=False)
    assert done.returncode == 7
    assert landed(workspace) == {"a" * 32: ["甲"]}
    assert not (workspace.root / "raw" / "incoming").exists()
