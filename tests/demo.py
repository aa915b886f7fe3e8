"""The demo shop, made once in a test run by the command a newcomer types, and shared by all workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock


@dataclass(frozen=True, slots=True)
class Demo:
    """What `jinpai demo` left and said."""

    workspace: Path
    said: str
    seconds: float


def made_once(factory: pytest.TempPathFactory) -> Demo:
    """Makes the demo shop in the run's own folder, or finds it made by another worker."""
    folder = factory.getbasetemp()
    # Workers of one run have folders of their own inside the run's.
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    workspace, said, taken = folder / "演示 店铺", folder / "demo.txt", folder / "demo.seconds"
    with FileLock(folder / "demo.lock"):
        if not taken.exists():
            started = time.perf_counter()
            command = [sys.executable, "-m", "jinpai.cli", "demo", str(workspace)]
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},
                timeout=300,
                check=False,
            )
            assert done.returncode == 0, f"jinpai demo failed:\n{done.stdout}\n{done.stderr}"
            said.write_text(done.stdout, encoding="utf-8")
            taken.write_text(f"{time.perf_counter() - started}", encoding="utf-8")
    return Demo(workspace, said.read_text(encoding="utf-8"), float(taken.read_text(encoding="utf-8")))
