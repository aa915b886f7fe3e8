"""The real program in a process of its own: what it said, how long it took and how much memory it had."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The most memory that a process had is read from the system at its end, where the system says so.
WATCHED = """
import atexit, re, sys
def told():
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            sys.stderr.write("VmHWM " + re.search(r"VmHWM:\\s*(\\d+)", status.read())[1] + "\\n")
    except OSError:
        pass
atexit.register(told)
from jinpai import cli
sys.exit(cli.main(sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program; memory in MiB, None where the system does not say."""

    code: int
    out: str
    err: str
    seconds: float
    mebibytes: int | None


def command(*arguments: object) -> list[str]:
    """The words that start the program."""
    return [sys.executable, "-c", WATCHED, *map(str, arguments)]


def jinpai(*arguments: object, seconds: float = 120, encoding: str = "utf-8", **environment: str) -> Run:
    """Runs the program to its end; one that hangs fails with TimeoutExpired."""
    started = time.monotonic()
    done = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    took = time.monotonic() - started
    err = done.stderr.decode(encoding)
    peak = re.search(r"VmHWM (\d+)\r?\n", err)
    said = err.replace(peak[0], "") if peak else err
    return Run(done.returncode, done.stdout.decode(encoding), said, took, int(peak[1]) >> 10 if peak else None)
