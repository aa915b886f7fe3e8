"""Many tiny files in one command: what an import of them takes, by steps."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from jinpai import flow
from jinpai.importing import import_files
from jinpai.workspace import Workspace

HEAD = "buyer,agent,sender,sent_at,text,message_id\n"


@dataclass(frozen=True, slots=True)
class Many:
    """Seconds for an import, for the same files again, and for the build of the facts (None: not asked for); `sealed`
    files it made, `manifest` bytes of CURRENT, `mebibytes` of memory at the peak (None where the system does not say)."""

    files: int
    imported: float
    computing: float
    again: float
    built: float | None
    sealed: int
    manifest: int
    mebibytes: int | None

    def __str__(self) -> str:
        each = f"{self.imported / self.files * 1e3:.2f} ms a file, {self.computing / self.files * 1e3:.2f} of computing"
        built = "" if self.built is None else f", facts {self.built:.1f} s, CURRENT {self.manifest:,} bytes"
        peak = "" if self.mebibytes is None else f", peak {self.mebibytes:,} MiB"
        return f"{self.files:,} tiny files: import {self.imported:.1f} s ({each}) into {self.sealed:,} sealed files, again {self.again:.1f} s{built}{peak}"


def tiny(folder: Path, count: int) -> list[Path]:
    """So many files of one message each, a thousand in a folder."""
    made = []
    for number in range(count):
        path = folder / f"{number // 1000}" / f"{number}.csv"
        if number % 1000 == 0:
            path.parent.mkdir(parents=True)
        day, second = number // 86_400, number % 86_400
        clock = f"2023-06-{day % 28 + 1:02d} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        path.write_text(f"{HEAD}买家{number % 997},小美,buyer,{clock},在吗,m{number}\n", encoding="utf-8", newline="\n")
        made.append(path)
    return made


def many(folder: Path, count: int, *, build: bool = True) -> Many:
    """Imports a folder of so many files at once, then once more, then builds the facts."""
    workspace, source = Workspace.create(folder / "店铺 数据"), folder / "小文件"
    tiny(source, count)
    moments, before = [time.monotonic()], time.process_time()
    done = import_files(workspace, [source])
    moments.append(time.monotonic())
    computing = time.process_time() - before
    assert sum(sum(one.rows.values()) for one in done) == count
    del done
    assert all(one.already for one in import_files(workspace, [source]))
    moments.append(time.monotonic())
    if build:
        flow.build(workspace)
    moments.append(time.monotonic())
    imported, again, built = (after - before for before, after in pairwise(moments))
    current = workspace.root / "facts" / "CURRENT"
    return Many(
        count, imported, computing, again, built if build else None, len(workspace.stored()),
        current.stat().st_size if build else 0, _peak(),
    )  # fmt: skip


def _peak() -> int | None:
    try:
        with Path("/proc/self/status").open(encoding="ascii") as status:
            found = re.search(r"VmHWM:\s*(\d+)", status.read())
    except OSError:
        return None
    return int(found[1]) // 1024 if found else None
