"""引擎 the engine: what ends a query is told as what it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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
