"""The longer runs: `python -m tests.hostile 20000 7` fuzzes 20,000 files from seed 7, in two processes;
`python -m tests.hostile kill 100 7` kills a hundred imports; `python -m tests.hostile many 1000000` imports so many files."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.hostile.fuzz import Findings, batch
from tests.hostile.killing import kill
from tests.hostile.many import many

SIZE = 100


def fuzzed(count: int = 20_000, seed: int = 1) -> int:
    """Fuzzes files; 1 when anything went wrong."""
    found, started = Findings(), time.monotonic()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for done in pool.map(batch, [(seed, at, min(at + SIZE, count)) for at in range(0, count, SIZE)]):
            found.add(done)
            for line in done.wrong:
                print(line, flush=True)
    print(f"{found}, {time.monotonic() - started:.0f} s; by format {dict(found.formats)}")
    return int(bool(found.wrong))


def killed(times: int = 100, seed: int = 1) -> int:
    """Kills imports at random instants; 1 when one could not be done again."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jinpai-kill-", ignore_cleanup_errors=True) as folder:
        deaths, wrong = kill(Path(folder), times, seed)
    print(*wrong, f"{deaths} deaths in {times} runs, {len(wrong)} wrong, {time.monotonic() - started:.0f} s", sep="\n")
    return int(bool(wrong))


def counted(files: int = 20_000, _: int = 0) -> int:
    """Imports many tiny files with one command and says what that took."""
    with tempfile.TemporaryDirectory(prefix="jinpai-many-", ignore_cleanup_errors=True) as folder:
        print(many(Path(folder), files))
    return 0


RUNS: dict[str, Callable[..., int]] = {"kill": killed, "many": counted}


def main(words: list[str]) -> int:
    """One of the runs, with keys out of the way of everybody's own."""
    run = RUNS.get(words[0] if words else "", fuzzed)
    with tempfile.TemporaryDirectory(prefix="jinpai-keys-") as keys:
        os.environ["JINPAI_KEY_DIR"] = keys
        return run(*(int(word) for word in words if word.isdigit()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
