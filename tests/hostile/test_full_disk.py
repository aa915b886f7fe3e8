"""A disk that is full, a real one: a small file system of its own, filled up to so many KiB before an import and its build.

Where the system allows no mounting, `test_awkward_places.py` still has a limit on the size of a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.killing import Scene, scene, snapshot
from tests.hostile.program import Run, jinpai
from tests.mutants import kills

DISK_KIB = 16_384
FULL = "磁盘满了"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return scene(tmp_path_factory.mktemp("一家店"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MiB."""
    folder = tmp_path / "小 盘"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_KIB}k", "jinpai-test", str(folder)]
    try:
        refused = subprocess.run(words, capture_output=True, check=False).returncode
    except OSError:
        refused = 1
    if refused:
        pytest.skip("a small disk can be mounted by root on Linux only, and not in every container")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=True)


def fill(disk: Path, left_kib: int) -> Path:
    """Fills the disk up but for so much; the file that does it."""
    filler = disk / "占地方"
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, shutil.disk_usage(disk).free - (left_kib << 10))
    assert shutil.disk_usage(disk).free <= left_kib << 10
    return filler


def is_told(done: Run) -> None:
    assert done.code == 1, done.err
    assert FULL in done.err, done.err
    assert "程序的毛病" not in done.err, done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1, done.err


@pytest.mark.slow
@pytest.mark.parametrize(("left_kib", "scratch"), [(0, False), (8, False), (64, False), (400, False), (400, True)])
@kills("jinpai/workspace/disk.py", 'raise JinpaiError(f"{named}', 'raise ValueError(f"{named}')
def test_a_full_disk_is_a_sentence_and_once_there_is_room_everything_goes_on(
    made: Scene, small_disk: Path, left_kib: int, scratch: bool
) -> None:
    """Full before the raw rows are written, or while the facts are, or (`scratch`) where the engine spills.

    The facts of before stay readable on the full disk; nothing half-written takes room."""
    root = small_disk / "店铺 数据"
    shutil.copytree(made.before, root)
    filler = fill(small_disk, left_kib)
    spilling = {"TMPDIR": str(small_disk)} if scratch else {}
    is_told(jinpai("import", *made.files, "--workspace", root, "--lang", "zh", **spilling))
    assert snapshot(root) == made.old
    assert not (root / "raw" / "incoming").exists()
    assert not [path for path in root.rglob(".*") if path.name != ".lock"], "something half-written was left"
    if left_kib < 10:
        is_told(jinpai("backup", small_disk / "备份.zip", "--workspace", root, "--lang", "zh"))
        assert not list(small_disk.glob("*.zip*"))
    filler.unlink()
    done = jinpai("import", *made.files, "--workspace", root)
    assert done.code == 0, done.err
    assert snapshot(root) == made.new
