"""kill −9 at random instants of the real command: the old state stays readable, and doing it again equals a clean run."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyarrow.parquet as pq

from jinpai import cli, flow
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from tests.cli.small import files
from tests.hostile.program import ROOT, command

Snapshot = dict[str, list[str]]
LATER = """\
shop,buyer,agent,sender,sent_at,kind,text,message_id
main,云边小鹿,小美,buyer,2026-11-21T10:00:00+08:00,text,还有别的颜色吗,m8
main,云边小鹿,小美,agent,2026-11-21T10:00:20+08:00,text,有灰色,m9
main,新来的,阿杰,buyer,2026-11-21T12:00:00+08:00,text,怎么洗,m10
二店,晴天里,小月,buyer,2026-11-21T12:30:00+08:00,text,有货吗,m11
二店,晴天里,小月,agent,2026-11-21T12:30:30+08:00,text,有的,m12
"""
MORE_ORDERS = """\
shop,order_id,buyer,created_at,paid_at,status,payable_amount,paid_amount
main,1004,云边小鹿,2026-11-21T10:20:00+08:00,2026-11-21T10:21:00+08:00,交易成功,49.00,49.00
二店,2001,晴天里,2026-11-21T12:40:00+08:00,2026-11-21T12:41:00+08:00,交易成功,20.00,20.00
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A built workspace, the files of the next day, and what the facts are before and after a clean run of them."""

    before: Path
    files: tuple[Path, ...]
    old: Snapshot
    new: Snapshot
    seconds: float


def snapshot(root: Path) -> Snapshot:
    """Every row of every table of the facts as it stands now, as text, sorted; without the files' own order."""
    facts = Workspace.open(root).facts()
    if facts is None:
        return {}
    return {
        f"{table}/{shop}": sorted(
            repr(sorted(row.items())) for file in facts.files(table, shop) for row in pq.read_table(file).to_pylist()
        )
        for table in facts.tables
        for shop in facts.shops(table)
    }


def scene(folder: Path) -> Scene:
    """Makes the workspace of the day before and runs the next day once, undisturbed."""
    before, clean = folder / "前一天 数据", folder / "一次做完"
    workspace = Workspace.create(before)
    import_files(workspace, files(folder / "前一天"))
    flow.build(workspace)
    later = (folder / "聊天 2.csv", folder / "订单 2.csv")
    for path, text in zip(later, (LATER, MORE_ORDERS), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(before, clean)
    started = time.monotonic()
    assert killed_after(clean, later, None)
    return Scene(before, later, snapshot(before), snapshot(clean), time.monotonic() - started)


def killed_after(root: Path, later: tuple[Path, ...], seconds: float | None) -> bool:
    """Imports and builds in a process that is killed after so long; whether it was done by then."""
    words = command("import", *later, "--workspace", root)
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            return child.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            child.kill()
            return False


def killed_and_resumed(made: Scene, folder: Path, seconds: float) -> tuple[bool, str]:
    """One death after so many seconds: whether it came in time to be one, and what was wrong ("" when nothing)."""
    root = folder / f"店铺 {seconds:.4f}"
    shutil.copytree(made.before, root)
    died = not killed_after(root, made.files, seconds)
    state = snapshot(root)
    if state not in (made.old, made.new):
        return died, f"killed after {seconds:.3f} s: neither the old facts nor the new ones can be read"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = cli.main(["report", "--workspace", str(root), "--shop", "main"])
    if code:
        return died, f"killed after {seconds:.3f} s: the report ends with {code}"
    workspace = Workspace.open(root)
    import_files(workspace, made.files)
    flow.build(workspace)
    wrong = "" if snapshot(root) == made.new else f"killed after {seconds:.3f} s: done again, the facts are others"
    if (root / "raw" / "incoming").exists():
        wrong = f"killed after {seconds:.3f} s: something half-written was left"
    shutil.rmtree(root)
    return died, wrong


def kill(folder: Path, times: int, seed: int) -> tuple[int, list[str]]:
    """Kills so often at instants drawn over the whole run: how many deaths there were, and what was wrong."""
    made = scene(folder)
    assert made.old != made.new
    rng, span, deaths, found = Random(seed), made.seconds, 0, []
    for _ in range(times):
        seconds = rng.uniform(0.02, span)
        died, wrong = killed_and_resumed(made, folder, seconds)
        deaths += died
        found += [wrong] if wrong else []
        # a machine that is less busy by now is done sooner
        span = span if died else seconds
    return deaths, found
