"""`python -m bench.inspection`: messages inspected a second, table by table and end to end, with tags, findings and scores written.

`MESSAGES=400000` of the invented shop are imported, then everything is built from the source rows with inspection on.
Beside the wall clock stands the processor time of all threads, which other programs on the machine disturb less. At the
end the tagging of one core against a loop of Python's `re` over the same lexicon, in the same run.
"""

from __future__ import annotations

import os
import tempfile
import time
from itertools import pairwise
from pathlib import Path

MESSAGES = int(os.environ.get("MESSAGES", "400000"))
SAMPLE = 2000


def prepared(folder: Path) -> tuple[Path, int]:
    """A workspace with the invented shop's exports, inspection on, nothing built; and how many messages there are."""
    import pyarrow.parquet as pq

    from jinpai import simulate
    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    made = folder / "exports"
    made.mkdir()
    simulate.canonical(made, MESSAGES)
    files = sorted(made.glob("*.parquet"))
    (shop,) = set(pq.read_table(made / "agents.parquet", columns=["shop"])["shop"].to_pylist())
    workspace = Workspace.create(folder / "workspace", shop=shop)
    workspace.write_settings(None, {"inspection": True})
    import_files(workspace, files)
    return folder / "workspace", pq.read_metadata(made / "messages.parquet").num_rows


def build(folder: Path) -> list[tuple[str, float, float]]:
    """Builds everything; each step with its seconds by the wall and of the processor, reading the raw rows left out."""
    from jinpai import flow
    from jinpai.errors import Words
    from jinpai.text.matching import matcher
    from jinpai.text.signals import shop_lexicon
    from jinpai.workspace import Workspace

    # a lexicon is compiled once and kept
    matcher(shop_lexicon(Workspace.open(folder).settings().folder)).automaton.database  # noqa: B018
    begun: list[tuple[str, float, float]] = []

    def progress(words: Words, _done: int, _total: int) -> None:
        begun.append((words.en.removeprefix("Computing "), time.perf_counter(), time.process_time()))

    flow.build(Workspace.open(folder), progress)
    begun.append(("", time.perf_counter(), time.process_time()))
    steps = [(name, after[1] - wall, after[2] - cpu) for (name, wall, cpu), after in pairwise(begun)]
    return [one for one in steps if not one[0].startswith("Reading")]


def tagging(folder: Path) -> None:
    """One pass of the matcher over the shop's texts, and a loop of `re` over a sample of them."""
    import pyarrow.parquet as pq

    from bench.tagging import loop
    from jinpai.text.matching import matcher
    from jinpai.text.signals import read_lexicon

    lexicon = read_lexicon()
    texts = (
        pq.read_table(folder / "exports" / "messages.parquet", columns=["text"])["text"]
        .drop_null()
        .combine_chunks()
        .unique()
    )
    one = matcher(lexicon)
    one.match(texts.slice(0, 1))
    started = time.perf_counter()
    one.match(texts)
    speed = len(texts) / (time.perf_counter() - started)
    print(f"{'one pass, distinct texts':<28}{speed:>12,.0f} messages/s")
    print(f"ratio {speed / loop(lexicon, texts.slice(0, SAMPLE).to_pylist()):.0f}")


def main() -> None:
    """Prints the tables that cost most, the whole, and the ratio to `re`."""
    with tempfile.TemporaryDirectory(prefix="jinpai-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ["JINPAI_KEY_DIR"] = str(folder / "keys")
        workspace, count = prepared(folder)
        steps = build(workspace)
        whole = "", sum(one[1] for one in steps), sum(one[2] for one in steps)
        print(
            f"{count:,} messages; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
            if hasattr(os, "getloadavg")
            else f"{count:,} messages"
        )
        print(f"{'':<28}{'seconds':>9}{'processor':>11}{'messages/s':>13}")
        for table, wall, cpu in sorted(steps, key=lambda one: -one[2]):
            if cpu > whole[2] / 100:
                print(f"{table:<28}{wall:>9.2f}{cpu:>11.2f}{count / max(wall, 0.001):>13,.0f}")
        print(f"{'end to end':<28}{whole[1]:>9.2f}{whole[2]:>11.2f}{count / whole[1]:>13,.0f}")
        tagging(folder)


if __name__ == "__main__":
    main()
