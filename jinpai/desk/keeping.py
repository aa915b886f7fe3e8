"""看着干活的进程 keeping: the process that does the jobs beside the desk, begun again when it is gone."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 20.0


@contextlib.contextmanager
def worker(root: Path) -> Iterator[None]:
    """开着 a worker for the workspace; at the end its pipe is closed, it puts back what it has in hand, and leaves."""
    leaving = threading.Event()
    keeper = threading.Thread(target=_keep, args=(root, leaving), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join(PATIENCE_SECONDS + PAUSE_SECONDS)


def _keep(root: Path, leaving: threading.Event) -> None:
    command = [sys.executable, "-m", "jinpai.desk.working", str(root)]
    while not leaving.is_set():
        with subprocess.Popen(command, stdin=subprocess.PIPE) as running:  # noqa: S603 - our own module
            while running.poll() is None and not leaving.wait(PAUSE_SECONDS / 4):
                pass
            if running.stdin is not None:
                running.stdin.close()
            try:
                running.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                running.kill()
        leaving.wait(PAUSE_SECONDS)
