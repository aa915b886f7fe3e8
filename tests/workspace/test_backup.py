"""Backups: what comes back computes the same facts; what is damaged is refused; the key goes its own way."""

from __future__ import annotations

import os
import shutil
import stat
import threading
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jinpai import erasure, flow
from jinpai.errors import JinpaiError, WrongUse
from jinpai.importing import import_files
from jinpai.report import report
from jinpai.workspace import Workspace, backup
from jinpai.workspace.backup import LIST, back_up, restore
from jinpai.workspace.keys import copies, export_key, fingerprint, import_key
from jinpai.workspace.secret import read_key
from tests.cli import small
from tests.mutants import kills
from tests.workspace.stored import land


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    import_files(made, small.files(tmp_path / "files"))
    return made


def facts(workspace: Workspace) -> dict[str, list[str]]:
    """table -> its rows, sorted: files do not promise an order."""
    found = workspace.facts()
    assert found is not None
    return {
        name: sorted(str(row) for file in found.files(name) for row in pq.read_table(file).to_pylist())
        for name in found.tables
    }


@pytest.mark.slow
def test_what_is_restored_computes_the_same_facts_row_by_row(workspace: Workspace, tmp_path: Path) -> None:
    workspace.write_settings(None, {"conversation_gap": "10m"})
    erasure.erase(workspace, erasure.Request("main", "晴天里"))
    flow.build(workspace)
    made = back_up(workspace, tmp_path / "备 份.zip")
    back = restore(tmp_path / "备 份.zip", tmp_path / "新 店")
    assert (back.id, back.facts(), made.workspace_id) == (workspace.id, None, workspace.id)
    flow.build(back)
    assert facts(back) == facts(workspace)
    assert back.settings().conversation_gap == 600_000
    assert erasure.look(back, erasure.Request("main", "晴天里")).before, "the tombstones came along"


@kills("jinpai/workspace/backup.py", '_KEPT = ("config",', '_KEPT = ("facts", "config",')
def test_a_backup_holds_neither_key_nor_facts_nor_readable_rows(workspace: Workspace, tmp_path: Path) -> None:
    flow.build(workspace)
    back_up(workspace, tmp_path / "备份.zip")
    with zipfile.ZipFile(tmp_path / "备份.zip") as archive:
        names = archive.namelist()
        content = b"".join(archive.read(name) for name in names)
    assert {name.partition("/")[0] for name in names} == {"workspace.toml", "config", "raw", LIST}
    assert workspace.key_file.read_bytes().strip() not in content
    assert "云边小鹿".encode() not in content


@kills("jinpai/workspace/backup.py", "if _copy(source, into) != (size, digest):", "if not _copy(source, into):")
def test_a_damaged_or_altered_backup_restores_nothing(workspace: Workspace, tmp_path: Path) -> None:
    good = tmp_path / "备份.zip"
    back_up(workspace, good)
    bad = tmp_path / "坏.zip"
    cut = good.read_bytes()
    bad.write_bytes(cut[: len(cut) // 2])
    with pytest.raises(JinpaiError, match="不是金牌客服的备份"):
        restore(bad, tmp_path / "新店")
    for change in ("altered", "missing", "added", "outside"):
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "workspace.toml" and change == "altered":
                    data = data.replace("金牌".encode(), "银牌".encode())
                if name == "workspace.toml" and change == "missing":
                    continue
                if name == LIST and change == "outside":
                    data = data.replace(b'"workspace.toml"', b'"../workspace.toml"')
                new.writestr("../workspace.toml" if name == "workspace.toml" and change == "outside" else name, data)
            if change == "added":
                new.writestr("raw/x", b"")
        with pytest.raises(JinpaiError, match="坏了或被改过"):
            restore(bad, tmp_path / "新店")
    (tmp_path / "日记.zip").write_text("不是", encoding="utf-8")
    with pytest.raises(JinpaiError, match="不是金牌客服的备份"):
        restore(tmp_path / "日记.zip", tmp_path / "新店")
    assert not (tmp_path / "新店").exists()
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".")]


def test_nothing_is_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "备份.zip"
    back_up(workspace, file)
    back_up(workspace, file)  # the same workspace's older backup
    other = Workspace.create(tmp_path / "另一家")
    with pytest.raises(JinpaiError, match="不能盖掉"):
        back_up(other, file)
    (tmp_path / "日记.zip").write_text("今天", encoding="utf-8")
    with pytest.raises(JinpaiError, match="不能盖掉"):
        back_up(workspace, tmp_path / "日记.zip")
    with pytest.raises(WrongUse, match="工作区里面"):
        back_up(workspace, workspace.root / "备份.zip")
    with pytest.raises(JinpaiError, match="新的文件夹"):
        restore(file, other.root)
    with pytest.raises(WrongUse, match="文件夹"):
        back_up(workspace, tmp_path)
    with pytest.raises(JinpaiError, match="没有文件夹"):
        back_up(workspace, tmp_path / "没有" / "备份.zip")
    (tmp_path / "空").mkdir()
    assert restore(file, tmp_path / "空").shops() == ["main"]


def test_a_backup_waits_for_an_import_and_holds_all_of_it(workspace: Workspace, tmp_path: Path) -> None:
    begun = threading.Event()

    def importing() -> None:
        with workspace.importing() as landing:
            begun.set()
            for digest in "abcd":
                land(landing, digest * 32, "甲")

    other = threading.Thread(target=importing)
    other.start()
    assert begun.wait(10)
    back_up(Workspace.open(workspace.root), tmp_path / "备份.zip")
    other.join()
    assert len(restore(tmp_path / "备份.zip", tmp_path / "新店").raw_files()) == 6


@kills(
    "jinpai/workspace/backup.py",
    "with one_writer(workspace.root, patience_seconds=_PATIENCE_SECONDS), disk(file):",
    "with disk(file):",
)
def test_a_backup_that_waited_in_vain_says_so(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PATIENCE_SECONDS", 0.1)
    with workspace.importing(), pytest.raises(JinpaiError, match="另一个程序"):
        back_up(Workspace.open(workspace.root), tmp_path / "备份.zip")
    assert not (tmp_path / "备份.zip").exists()


# ---- the key


@pytest.mark.slow
def test_a_key_goes_to_another_computer_and_opens_the_backup(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = workspace
    flow.build(first)
    assert copies(first) == []
    copy = export_key(first, tmp_path)
    assert [one.to for one in copies(first)] == [str(copy)]
    if os.name != "nt":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    back_up(first, tmp_path / "备份.zip")
    mark = fingerprint(read_key(first.id))
    before = facts(first)
    monkeypatch.setenv("JINPAI_KEY_DIR", str(tmp_path / "另一台"))
    back = restore(tmp_path / "备份.zip", tmp_path / "新店")
    with pytest.raises(JinpaiError, match="keys import"):
        flow.build(back)
    assert import_key(back, copy)
    assert not import_key(back, copy)
    assert (fingerprint(read_key(back.id)), len(copies(back))) == (mark, 1)
    flow.build(back)
    assert facts(back) == before


@kills("jinpai/workspace/keys.py", "    _try(workspace, key, file)\n", "")
def test_a_key_that_does_not_fit_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    other = Workspace.create(tmp_path / "另一家")
    theirs, mine = export_key(other, tmp_path / "别人.key"), workspace.key_file.read_bytes()
    with pytest.raises(JinpaiError, match="另一个工作区"):
        import_key(workspace, theirs)
    workspace.key_file.unlink()
    with pytest.raises(JinpaiError, match="打不开"):
        import_key(workspace, other.key_file)  # the bare file does not say whose it is
    assert not workspace.key_file.exists()
    (tmp_path / "旧电脑.key").write_bytes(mine)
    assert import_key(workspace, tmp_path / "旧电脑.key")
    with pytest.raises(JinpaiError, match="不是密钥文件"):
        import_key(workspace, tmp_path / "files" / "orders.csv")
    with pytest.raises(WrongUse, match="工作区里面"):
        export_key(workspace, workspace.root / "x.key")
    with pytest.raises(JinpaiError, match="不盖掉"):
        export_key(workspace, theirs)


def test_a_key_that_works_is_not_replaced(tmp_path: Path) -> None:
    first, second = Workspace.create(tmp_path / "a"), Workspace.create(tmp_path / "b")
    with pytest.raises(JinpaiError, match="没有换"):
        import_key(first, second.key_file)
    assert not import_key(first, first.key_file)


@pytest.mark.slow
def test_without_the_key_reports_go_on_and_what_is_lost_is_said(workspace: Workspace) -> None:
    flow.build(workspace)
    before = report(workspace, by=("agent", "day"))
    shutil.move(workspace.key_file, workspace.key_file.with_suffix(".away"))
    assert report(workspace, by=("agent", "day")) == before
    assert report(workspace, overrides={"conversation_gap": "5m"})["rows"], "what-if reports read facts only"
    assert flow.build(workspace) == []
    workspace.write_settings(None, {"conversation_gap": "10m"})
    flow.build(workspace)  # other settings need no raw rows either
    shutil.rmtree(workspace.root / "facts")
    with pytest.raises(JinpaiError) as caught:
        flow.build(workspace)
    assert "jinpai keys import" in caught.value.words.zh
    assert "重新导入" in caught.value.words.zh


@kills("jinpai/workspace/backup.py", "            forget_replaced(workspace)", "            0  ")
def test_a_backup_holds_nothing_that_an_erasure_replaced(workspace: Workspace, tmp_path: Path) -> None:
    old = {file.path: file.path.read_bytes() for file in workspace.raw_files()}
    erasure.erase(workspace, erasure.Request("main", "云边小鹿"))
    for path, content in old.items():  # as if it had been killed before it cleared away
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    back_up(workspace, tmp_path / "备份.zip")
    with zipfile.ZipFile(tmp_path / "备份.zip") as archive:
        sealed = [name for name in archive.namelist() if name.endswith(".sealed")]
    assert len(sealed) == 2
    assert all(".r1." in name for name in sealed)
