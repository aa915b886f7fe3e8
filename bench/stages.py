"""What is measured, each stage a function of the bench's folder; a stage runs in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

Stage = Callable[[Path], dict[str, float] | None]
STAGES: dict[str, Stage] = {}
SLICE = 10
MESSAGES = "messages.parquet"


def stage(run: Stage) -> Stage:
    """Registers a stage under its name."""
    STAGES[run.__name__] = run
    return run


def exports(folder: Path, part: str = "exports") -> list[Path]:
    """The canonical files that were simulated: those of all days but the last, or of the `day`."""
    return sorted((folder / part).glob("*.parquet"))


@stage
def split(folder: Path) -> dict[str, float]:
    """Cuts the last day off what was simulated, as if exports had been taken before and after it."""
    import duckdb

    (folder / "exports").mkdir()
    (folder / "day").mkdir()
    whole = {file.stem: f"read_parquet('{file}')" for file in exports(folder, "whole")}
    cut = f"(select time_bucket(interval '1 day', max(sent_at), 'Asia/Shanghai') from {whole['messages']})"
    hidden = ", ".join(f"case when {one} < {cut} then {one} end as {one}" for one in ACTS)
    old = f"select * replace ({hidden}) from {whole['orders']} where created_at < {cut}"
    parts = {
        ("exports", "messages"): f"select * from {whole['messages']} where sent_at < {cut}",
        ("day", "messages"): f"select * from {whole['messages']} where sent_at >= {cut}",
        ("exports", "orders"): old,
        ("day", "orders"): f"select * from {whole['orders']} where {' or '.join(f'{one} >= {cut}' for one in ('created_at', *ACTS))}",
        ("exports", "refunds"): f"select * from {whole['refunds']} where applied_at < {cut}",
        ("day", "refunds"): f"select * from {whole['refunds']} where applied_at >= {cut} or refunded_at >= {cut}",
    }  # fmt: skip
    for name in whole.keys() - {"messages", "orders", "refunds"}:
        parts["exports", name] = f"select * from {whole[name]}"
    for (part, name), sql in parts.items():
        duckdb.execute(f"copy ({sql}) to '{folder / part / name}.parquet' (format parquet)")
    count = duckdb.sql(f"select count(*) from '{folder / 'exports' / MESSAGES}'").fetchall()[0][0]
    return {"messages": count}


ACTS = ("paid_at", "closed_at", "refunded_at", "deposit_paid_at")


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
    """`jinpai import` of all days but the last, without the build that follows it."""
    import pyarrow.parquet as pq

    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    (shop,) = set(pq.read_table(folder / "exports" / "agents.parquet", columns=["shop"])["shop"].to_pylist())
    import_files(Workspace.create(folder / "workspace", shop=shop), exports(folder))


@stage
def build(folder: Path) -> dict[str, float]:
    """`jinpai build`, everything from the raw rows; `tables` without the keys and tokens of newly imported rows."""
    from jinpai import flow
    from jinpai.errors import Words
    from jinpai.workspace import Workspace

    begun: list[tuple[float, float]] = []

    def progress(words: Words, _done: int, _total: int) -> None:
        if not words.en.startswith("Reading"):
            begun.append((time.perf_counter(), time.process_time()))

    flow.build(Workspace.open(folder / "workspace"), progress)
    seconds, processor = begun[0]
    return {"tables": time.perf_counter() - seconds, "tables_cpu": time.process_time() - processor}


@stage
def build_small(folder: Path) -> dict[str, float]:
    """The same in less memory: facts thrown away, the engine held to half of what it takes by itself."""
    shutil.rmtree(folder / "workspace" / "facts")
    os.environ["JINPAI_MEMORY"] = "400MiB"
    return build(folder)


@stage
def import_day(folder: Path) -> None:
    """The last day's exports: its messages, and its orders as they stand at its end."""
    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    import_files(Workspace.open(folder / "workspace"), exports(folder, "day"))


@stage
def build_day(folder: Path) -> dict[str, float]:
    """What that one day changes."""
    from jinpai.workspace import Workspace

    found = build(folder)
    facts = Workspace.open(folder / "workspace").facts()
    if facts is None or not facts.files("touched"):
        raise SystemExit("the day was built from zero, not added: this was not what is measured")
    import pyarrow.parquet as pq

    buyers = len(pq.read_table(facts.files("span")[0], columns=["buyer_key"])["buyer_key"].unique())
    return found | {"share": pq.read_metadata(facts.files("touched")[0]).num_rows / buyers}


@stage
def report(folder: Path) -> None:
    """`jinpai report --by agent`, every metric."""
    from jinpai.report import report as compute
    from jinpai.workspace import Workspace

    compute(Workspace.open(folder / "workspace"), by=("agent",))


@stage
def report_again(folder: Path) -> None:
    """The report once more, of facts that have grown by a day."""
    report(folder)


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
    more = STAGES[name](Path(folder))
    took = {"seconds": time.perf_counter() - started, "seconds_cpu": time.process_time(), "mib": peak()}
    print(json.dumps(took | (more or {})))


if __name__ == "__main__":
    main(*sys.argv[1:3])
