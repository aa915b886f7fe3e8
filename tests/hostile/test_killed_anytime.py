"""kill −9 at random instants of `jinpai import`; a hundred of them with `python -m tests.hostile kill 100`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.killing import kill
from tests.mutants import kills

TIMES, SEED = 20, 2026


@pytest.mark.slow
@kills("jinpai/workspace/facts.py", "write_whole(folder / _CURRENT,", "write_whole(folder / 'NEXT',")
def test_killed_at_a_random_instant_it_can_be_done_again(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The facts are the old ones or the new ones, a report of them works, and a second run makes the clean run's."""
    started = time.monotonic()
    deaths, wrong = kill(tmp_path, TIMES, SEED)
    assert not wrong, "\n".join(wrong)
    assert deaths >= TIMES // 2, "most instants came after the end"
    record_property("measured", f"{deaths} of {TIMES} runs killed and resumed: {time.monotonic() - started:.0f} s")
