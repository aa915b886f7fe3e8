"""The command line starts without loading what a command may not need."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

HEAVY = ("duckdb", "pyarrow", "numpy", "pandas", "altair", "vl_convert", "holidays", "cryptography", "sqlglot",
         "xlsxwriter", "python_calamine")  # fmt: skip
PROGRAM = """
import sys
from jinpai.cli import main
code = main(["--help"])
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
sys.exit(code)
"""


def test_help_loads_nothing_heavy(record_property: Callable[[str, object], None]) -> None:
    pytest.importorskip("jinpai.cli")
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(heavy=HEAVY)], capture_output=True, encoding="utf-8", check=False
    )
    record_property("measured", f"jinpai --help: {time.perf_counter() - started:.2f} s")
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "[]", f"loaded by --help: {done.stderr}"
    assert "report" in done.stdout
