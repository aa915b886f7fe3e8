"""Many tiny files in one command: what an import of them takes, by steps."""

from __future__ import annotations

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
    """Seconds for an import, for the same files again, and for the build of the facts (None: not asked for)."""

    files: int
    imported: float
    again: float
    built: float | None

    def __str__(self) -> str:
        built = "" if self.built is None else f", facts {self.built:.1f} s"
        return f"{self.files:,} tiny files: import {self.imported:.1f} s ({self.imported / self.files * 1e3:.2f} ms a file), again {self.again:.1f} s{built}"  # fmt: skip


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
    """Imports so many files at once, then once more, then builds the facts."""
    workspace, paths = Workspace.create(folder / "店铺 数据"), tiny(folder / "小文件", count)
    moments = [time.monotonic()]
    done = import_files(workspace, paths)
    moments.append(time.monotonic())
    assert sum(sum(one.rows.values()) for one in done) == count
    assert all(one.already for one in import_files(workspace, paths))
    moments.append(time.monotonic())
    if build:
        flow.build(workspace)
    moments.append(time.monotonic())
    imported, again, built = (after - before for before, after in pairwise(moments))
    return Many(count, imported, again, built if build else None)
