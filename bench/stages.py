"""What is measured, each stage a function of the bench's folder; a stage runs in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

STAGES: dict[str, Callable[[Path], object]] = {}
SLICE = 10
MESSAGES = "messages.parquet"


def stage(run: Callable[[Path], object]) -> Callable[[Path], object]:
    """Registers a stage under its name."""
    STAGES[run.__name__] = run
    return run


def exports(folder: Path) -> list[Path]:
    """The canonical files that were simulated."""
    return sorted((folder / "exports").glob("*.parquet"))


@stage
def floor(folder: Path) -> None:
    """The floor: DuckDB reads the same messages, sorts them once by shop, buyer and time, and writes them."""
    import duckdb

    source, target = folder / "exports" / MESSAGES, folder / "floor.parquet"
    duckdb.execute(
        f"copy (select * from read_parquet('{source}') order by shop, buyer, sent_at) to '{target}' (format parquet)"
    )


@stage
def pandas_slice(folder: Path) -> None:
    """What a notebook would do: pandas reads a tenth of the messages, sorts and shifts them by buyer."""
    import pandas as pd

    messages = pd.read_parquet(folder / "exports" / MESSAGES)
    messages = messages.head(len(messages) // SLICE).sort_values(["shop", "buyer", "sent_at"], kind="stable")
    messages["before"] = messages.groupby(["shop", "buyer"])["sent_at"].shift()


@stage
def imports(folder: Path) -> None:
    """`jinpai import` without the build that follows it."""
    import pyarrow.parquet as pq

    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    (shop,) = set(pq.read_table(folder / "exports" / "agents.parquet", columns=["shop"])["shop"].to_pylist())
    import_files(Workspace.create(folder / "workspace", shop=shop), exports(folder))


@stage
def build(folder: Path) -> None:
    """`jinpai build`, everything from the raw rows."""
    from jinpai import flow
    from jinpai.workspace import Workspace

    flow.build(Workspace.open(folder / "workspace"))


@stage
def report(folder: Path) -> None:
    """`jinpai report --by agent`, every metric."""
    from jinpai.report import report as compute
    from jinpai.workspace import Workspace

    compute(Workspace.open(folder / "workspace"), by=("agent",))


@stage
def report_other_rule(folder: Path) -> None:
    """The same under another conversation gap: what-if computes again what the setting touches."""
    from jinpai.report import report as compute
    from jinpai.workspace import Workspace

    compute(Workspace.open(folder / "workspace"), by=("agent",), overrides={"conversation_gap": "10m"})


@stage
def build_spark(folder: Path) -> None:
    """The same build, facts thrown away before, by Spark on this machine; its Java is another process, not in the peak."""
    from jinpai import flow
    from jinpai.workspace import Workspace

    shutil.rmtree(folder / "workspace" / "facts")
    os.environ["JINPAI_ENGINE"] = "local[*]"
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--driver-memory 4g --conf spark.ui.enabled=false pyspark-shell")
    flow.build(Workspace.open(folder / "workspace"))
    if "pyspark" not in sys.modules:
        raise SystemExit("JINPAI_ENGINE did not reach the build: this was not Spark")


def peak() -> int | None:
    """The most memory this process has held, in MiB; None where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    try:
        import resource
    except ImportError:
        return None
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // (2**20 if sys.platform == "darwin" else 2**10)


def main(name: str, folder: str) -> None:
    """Runs one stage and prints what it took as JSON."""
    started = time.perf_counter()
    STAGES[name](Path(folder))
    print(json.dumps({"seconds": time.perf_counter() - started, "mib": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
