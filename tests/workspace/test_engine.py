"""引擎 the engine: what ends a query is told as what it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from jinpai.engine import Engine
from jinpai.errors import JinpaiError
from tests.mutants import kills

ENDLESS = """
import sys
from pathlib import Path
from jinpai.engine import Engine
with Engine(Path(sys.argv[1])) as engine:
    print("going", flush=True)
    try:
        engine.rows("select count(*) as n from range(10000000) as a(x), range(10000000) as b(y) where a.x * b.y % 7 = 3")
    except KeyboardInterrupt:
        print("ended by Ctrl-C")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to the whole console")
@kills("jinpai/engine.py", "self._connection.interrupt()", "pass")
def test_ctrl_c_in_the_middle_of_a_query_is_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ENDLESS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "going\n"
        time.sleep(1)
        running.send_signal(signal.SIGINT)
        try:
            said, wrong = running.communicate(timeout=60)
        finally:
            running.kill()
    assert said == "ended by Ctrl-C\n", wrong


INTERRUPTED = """
import random, signal, sys
from pathlib import Path
import pyarrow as pa
from jinpai.engine import Engine
def stop(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, stop)
rows = pa.table({"a": list(range(1000))})
heard = 0
for turn in range(150):
    try:
        signal.setitimer(signal.ITIMER_REAL, random.Random(turn).uniform(0.0001, 0.02))
        try:
            with Engine(Path(sys.argv[1])) as engine:
                for n in range(20):
                    engine.take(f"t{n}", rows)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        heard += 1
print("heard" if heard > 15 else heard)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such timer")
@kills("jinpai/engine.py", 'self._heard(lambda: self._connection.execute("set enable_progress_bar = false"))', 'self._connection.execute("set enable_progress_bar = false")')  # fmt: skip
@kills("jinpai/engine.py", 'self._heard(lambda: self._connection.register("arriving", rows))', 'self._connection.register("arriving", rows)')  # fmt: skip
def test_ctrl_c_while_a_database_opens_or_takes_rows_is_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert found.stdout == "heard\n", found.stderr


_WIDE = "select md5(cast(range as varchar)) as a, count(*) as n, max(md5(cast(range + 1 as varchar))) as m from range(600000) group by 1"


@kills("jinpai/engine.py", 'self._connection.execute("set threads = 1")', "pass")
def test_what_does_not_fit_for_many_threads_is_done_by_one(tmp_path: Path) -> None:
    with Engine(tmp_path, memory_limit="48MiB") as engine:
        engine._connection.execute("set threads = 8")
        with pytest.raises(duckdb.OutOfMemoryException):
            engine._connection.execute(f"copy ({_WIDE}) to '{tmp_path / 'many.parquet'}' (format parquet)")
        engine.make("wide", _WIDE, None, tmp_path / "one.parquet")
        assert engine.rows("select count(*) as n from wide")[0]["n"] == 600_000


def test_too_little_memory_is_said_with_the_setting_that_helps(tmp_path: Path) -> None:
    with Engine(tmp_path, memory_limit="8MiB") as engine, pytest.raises(JinpaiError, match="JINPAI_MEMORY"):
        engine.make("wide", _WIDE, None, tmp_path / "one.parquet")
