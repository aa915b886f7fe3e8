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
# The floor shakes: it is run before, between and after, and its median taken.
ORDER = (
    "floor", "imports", "build", "report", "floor", "report_other_rule", "import_day", "build_day", "report_again", "floor",
    "build_small", "pandas_slice", "build_spark",
)  # fmt: skip
NAMES = {
    "floor": "floor: read, sort once, write",
    "imports": "import",
    "build": "build",
    "report": "report --by agent",
    "report_other_rule": "report --set conversation_gap=10m",
    "import_day": "import one more day",
    "build_day": "build what the day changes",
    "report_again": "report --by agent, of two layers",
    "build_small": "build from zero in less memory",
    "pandas_slice": "pandas: read, sort, shift a tenth",
    "build_spark": "build by Spark on this machine",
}
PARTS = {"tables": "  of it all tables and daily sums"}
NEEDS = {"pandas_slice": "pandas", "build_spark": "pyspark"}
# Spark spends minutes on what is small to it: only when asked for
WANTED = {"build_spark": os.environ.get("SPARK", "") == "1"}


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
        "simulate.canonical(Path(sys.argv[1]), int(sys.argv[2]))"
    )
    target = folder / "whole"
    target.mkdir()
    command = [sys.executable, "-c", program, str(target), str(MESSAGES)]
    subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return int(run("split", folder)["messages"])


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
            if not WANTED.get(stage, True) or (stage in NEEDS and importlib.util.find_spec(NEEDS[stage]) is None):
                continue
            taken.setdefault(stage, []).append(run(stage, folder))
            print(f"{stage} {taken[stage][-1]['seconds']:.1f} s", file=sys.stderr, flush=True)
        size = sum(file.stat().st_size for file in (folder / "workspace").rglob("*") if file.is_file())
        floor = {part: median(one[part] for one in taken["floor"]) for part in ("seconds", "seconds_cpu")}
        print(f"{'':<36}{'seconds':>9}{'× floor':>9}{'processor':>11}{'× floor':>9}{'messages/s':>13}{'peak MiB':>10}")
        for stage, runs in taken.items():
            for part, told in (("seconds", NAMES[stage]), *PARTS.items()):
                if part in runs[0]:
                    seconds, processor = (median(one[name] for one in runs) for name in (part, f"{part}_cpu"))
                    print(f"{told:<36}{seconds:>9.2f}{seconds / floor['seconds']:>9.1f}{processor:>11.2f}"
                          f"{processor / floor['seconds_cpu']:>9.1f}{count / seconds:>13,.0f}{max(one['mib'] or 0 for one in runs):>10,.0f}")  # fmt: skip
        print(f"\none more day touches {taken['build_day'][0]['share']:.1%} of all buyers")
        for told, end in (("by the clock", ""), ("by the processor", "_cpu")):
            whole, day = taken["build"][0][f"tables{end}"], taken["build_day"][0][f"tables{end}"]
            job = whole + taken["report"][0][f"seconds{end}"]
            share = taken["build_day"][0][f"seconds{end}"] / taken["build"][0][f"seconds{end}"]
            print(f"{told}: all tables and a report {job / floor[f'seconds{end}']:.1f} × the floor; "
                  f"that day {share:.1%} of the full build with its reading of raw rows, {day / whole:.1%} of all tables alone")  # fmt: skip
        print(f"workspace: {size / 2**20:,.0f} MiB, {size / count:.0f} bytes a message")


if __name__ == "__main__":
    main()
