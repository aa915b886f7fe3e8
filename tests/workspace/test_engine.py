"""引擎 the engine: what ends a query is told as what it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
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


@kills("jinpai/engine.py", 'self._heard(lambda: self._connection.execute("set enable_progress_bar = false"))', 'self._connection.execute("set enable_progress_bar = false")')  # fmt: skip
@kills("jinpai/engine.py", 'self._heard(lambda: self._connection.register("arriving", rows))', 'self._connection.register("arriving", rows)')  # fmt: skip
def test_the_database_is_spoken_to_where_ctrl_c_does_not_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the main thread the library would turn Ctrl-C into an error of its own."""
    heard: list[tuple[str, bool]] = []
    connect = duckdb.connect

    class Overheard:
        """A connection that tells which thread asks."""

        def __init__(self, real: duckdb.DuckDBPyConnection) -> None:
            self._real = real

        def __getattr__(self, name: str) -> Any:
            heard.append((name, threading.current_thread() is threading.main_thread()))
            return getattr(self._real, name)

    monkeypatch.setattr(duckdb, "connect", lambda *told, **named: Overheard(connect(*told, **named)))
    with Engine(tmp_path) as engine:
        engine.take("t", pa.table({"a": [1, 2, 3]}))
        assert engine.rows("select sum(a) as n from t")[0]["n"] == 6
        asked = list(heard)
    assert {"execute", "register", "unregister"} <= {name for name, _ in asked}
    assert [name for name, is_main in asked if is_main] == []


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
