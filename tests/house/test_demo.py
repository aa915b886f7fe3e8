"""`make demo` as a newcomer runs it: it ends by itself, shows numbers that add up, and says where the page is."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo import Demo
from tests.desk.serving import Visitor

pytestmark = pytest.mark.slow


def test_the_demo_ends_by_itself_with_a_report_and_its_page(
    demo: Demo, record_property: Callable[[str, object], None]
) -> None:
    record_property("measured", f"jinpai demo: {demo.seconds:.1f} s")
    assert (demo.workspace / "report.html").stat().st_size > 10_000
    assert str(demo.workspace / "report.html") in demo.said.replace("\n", "")
    assert re.search(r"差额 0\.00|difference 0\.00", demo.said)


def test_the_demo_leaves_a_workspace_that_the_other_commands_read(demo: Demo) -> None:
    from jinpai.report import report
    from jinpai.workspace import Workspace

    found = report(Workspace.open(demo.workspace), by=("shop",))
    assert found["meta"]["reconciliation"]["difference"] == "0.00"
    assert found["rows"][0]["enquiries"] > 1000


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals to try it on")
def test_on_a_terminal_the_demo_opens_the_desk_until_ctrl_c(demo: Demo, tmp_path: Path) -> None:
    import pty

    folder = tmp_path / "演示"
    shutil.copytree(demo.workspace, folder)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "jinpai.cli", "demo", str(folder), "--lang", "zh"]
    environment = {**os.environ, "PYTHONUTF8": "1", "TERM": "dumb", "COLUMNS": "200"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as running:
        os.close(theirs)
        said, until = "", time.monotonic() + 200
        while not (found := re.search(r"(http://\S+?)/ .*登录名 (\S+)，密码 (\S+)\s", said, re.DOTALL)):
            assert time.monotonic() < until, said
            said += os.read(ours, 65536).decode("utf-8", "replace")
        base, name, password = found.groups()
        assert "今日看板" in Visitor(base).sign_in(name, password).text
        running.send_signal(signal.SIGINT)
        code = running.wait(timeout=30)
        os.close(ours)
    assert code == 130
