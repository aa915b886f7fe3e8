"""引擎 the engine: what ends a query is told as what it is."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from jinpai.engine import Engine
from tests.mutants import kills

ENDLESS = "select count(*) as n from range(10000000) as a(x), range(10000000) as b(y) where a.x * b.y % 7 = 3"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to the whole console")
@kills("jinpai/engine.py", 'if str(error) == "Query interrupted":', "if False:")
def test_ctrl_c_in_the_middle_of_a_query_is_ctrl_c(tmp_path: Path) -> None:
    def press() -> None:
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    with Engine(tmp_path) as engine:
        threading.Thread(target=press).start()
        with pytest.raises(KeyboardInterrupt):
            engine.rows(ENDLESS)
