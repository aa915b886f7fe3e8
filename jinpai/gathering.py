"""要导入的文件 gathering: the files that are named, and those that lie in folders that are named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinpai.errors import JinpaiError, WrongUse
from jinpai.importers import Probe
from jinpai.workspace.disk import disk

UNFINISHED = (
    ".crdownload", ".part", ".partial", ".download", ".opdownload", ".downloading", ".tmp", ".temp", ".td", ".xltd",
    ".!ut", ".aria2", ".filepart", ".lock", ".lnk", ".ini", ".db",
)  # fmt: skip
"""没写完的文件 endings of what is still being downloaded, and of what is never an export."""
STARTS = ("~$", "~", ".")
"""临时文件 beginnings of what office programs keep beside an open file, and of hidden files."""


def is_left_alone(name: str) -> bool:
    """不用管的文件 whether a file of this name is temporary, unfinished or hidden."""
    return name.startswith(STARTS) or name.casefold().endswith(UNFINISHED)


def gathered(paths: Iterable[Path | str]) -> list[str]:
    """收集 every file that can be opened, before any is read: a wrong name is found at once.

    Of a folder, the files in it and in its folders, by name, but for temporary and hidden ones; an empty one is a
    JinpaiError. No file at all is WrongUse.
    """
    found = [file for path in paths for file in _there(Path(path))]
    if not found:
        raise WrongUse("没有给出要导入的文件。请写上文件名。", "No file was named. Name the files to import.")
    return found


def _there(path: Path) -> list[str]:
    if path.is_dir():
        inside = list(_inside(path))
        if not inside:
            raise JinpaiError(
                f"文件夹 {path} 里没有要导入的文件。请检查是不是放错了地方。",
                f"There is no file to import in the folder {path}. Check whether it is the right one.",
            )
        return inside
    if not path.is_file():
        Probe(path)  # says why it cannot be opened
    return [str(path)]


def _inside(folder: Path) -> Iterator[str]:
    with disk(folder), os.scandir(folder) as found:
        entries = sorted(found, key=lambda one: one.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(STARTS):
                yield from _inside(Path(entry.path))
        elif not is_left_alone(entry.name) and entry.is_file():
            yield entry.path
