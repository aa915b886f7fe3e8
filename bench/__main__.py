"""`make bench`: simulates MESSAGES messages, runs every stage, prints seconds, ratios to the floor and peak memory."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

MESSAGES = int(os.environ.get("MESSAGES", "1000000"))
# The floor is short and shakes: it is run before, between and after, and its median taken.
ORDER = ["floor", "imports", "floor", "build", "report", "report_other_rule", "floor", "pandas_slice", "build_spark"]
NAMES = {
    "floor": "floor: read and sort once",
    "imports": "import",
    "build": "build",
    "report": "report --by agent",
    "report_other_rule": "report --set conversation_gap=10m",
    "pandas_slice": "pandas: read, sort, shift a tenth",
    "build_spark": "build by Spark on this machine",
}

NEEDS = {"pandas_slice": "pandas", "build_spark": "pyspark"}


def run(stage: str, folder: Path) -> dict[str, float]:
    """Runs a stage in a process of its own."""
    command = [sys.executable, "-m", "bench.stages", stage, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{stage} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def simulated(folder: Path) -> int:
    """Makes the exports in a process of its own and gives the number of messages."""
    program = (
        "import sys; from pathlib import Path; from jinpai import simulate; "
        "simulate.canonical(Path(sys.argv[1]), int(sys.argv[2])); "
        "import pyarrow.parquet as pq; print(pq.read_metadata(Path(sys.argv[1]) / 'messages.parquet').num_rows)"
    )
    target = folder / "exports"
    target.mkdir()
    command = [sys.executable, "-c", program, str(target), str(MESSAGES)]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return int(done.stdout.splitlines()[-1])


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="jinpai-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ["JINPAI_KEY_DIR"] = str(folder / "keys")
        started = time.perf_counter()
        count = simulated(folder)
        print(f"{count:,} messages simulated in {time.perf_counter() - started:.1f} s; {os.cpu_count()} cores, "
              f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n", flush=True)  # fmt: skip
        taken: dict[str, list[dict[str, float]]] = {}
        for stage in ORDER:
            if stage in NEEDS and importlib.util.find_spec(NEEDS[stage]) is None:
                continue
            taken.setdefault(stage, []).append(run(stage, folder))
        size = sum(file.stat().st_size for file in (folder / "workspace").rglob("*") if file.is_file())
        floor = median(one["seconds"] for one in taken["floor"])
        print(f"{'':<36}{'seconds':>9}{'× floor':>9}{'messages/s':>13}{'peak MiB':>10}")
        for stage, runs in taken.items():
            seconds, peak = median(one["seconds"] for one in runs), max(one["mib"] or 0 for one in runs)
            print(f"{NAMES[stage]:<36}{seconds:>9.2f}{seconds / floor:>9.1f}{count / seconds:>13,.0f}{peak:>10,.0f}")
        print(f"\nworkspace: {size / 2**20:,.0f} MiB, {size / count:.0f} bytes a message")


if __name__ == "__main__":
    main()
