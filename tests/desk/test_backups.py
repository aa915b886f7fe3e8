"""备份页的定律 backups: the owner alone makes one, as a job; what lies there can be restored, and the page says when and how large."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jinpai import flow
from jinpai.report import report
from jinpai.workspace import Workspace
from jinpai.workspace.backup import restore
from tests.desk.serving import SHOP, Jobs, address, made, serving, signed_in
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
PAGE, LIST = address(SHOP, "backups"), address(SHOP, "backups/now")


@kills(
    "jinpai/desk/jobs/backup.py",
    "made = back_up(task.workspace, file, task.tell)",
    "made = back_up(task.workspace, file.with_suffix('.x'), task.tell)",
)
@kills(
    "jinpai/desk/pages/backups.py",
    "OWNER, show, sends=OWNER",
    "OWNER | {'supervisor'}, show, sends=OWNER | {'supervisor'}",
)
def test_the_owner_makes_one_that_comes_back_with_the_same_figures(tmp_path: Path) -> None:
    root = made(tmp_path)
    with serving(root) as base:
        owner, supervisor = signed_in(base), signed_in(base, "supervisor")
        assert "还没有" in owner.get(PAGE).text
        assert supervisor.get(PAGE).status == 403
        assert supervisor.post(PAGE, do="backup").status == 403
        owner.post(PAGE, do="backup")
        job = Jobs(owner, LIST).until("done")
        assert "已备份：jinpai-" in job
        page = owner.get(PAGE).text
        assert "一周内" in page
        assert "和数据在同一块盘上" in page
        assert "密钥还没有抄过" in page
        (file,) = (tmp_path / f"{root.name}-backups").iterdir()
        assert file.name in page
        assert os.name != "posix" or file.parent.stat().st_mode & 0o077 == 0
        assert "<td>开始后台任务</td><td>备份</td>" in owner.get(address(SHOP, "log")).text
        os.utime(file, (1, 1))
        assert "超过一周了" in owner.get(PAGE).text
    back = restore(file, tmp_path / "回来")
    flow.build(back)
    flow.build(Workspace.open(root))
    assert report(back, SHOP)["rows"] == report(Workspace.open(root), SHOP)["rows"]
