"""新店铺 arriving: a shop that an import makes is there from the instant on at which the import's rows can be seen.

Its settings are written first, with a mark that names the import's folder in raw/. As long as no folder of that name has
been revealed there is no such shop; the one rename that reveals the rows makes the shop too. The next writer
takes the mark off, or removes what a killed import left.
"""

from __future__ import annotations

import re
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

from jinpai.workspace.disk import disk, sync_folder, write_whole

_MARK = ".arrives-with"
_HALF_WRITTEN = re.compile(r"\.[0-9a-f]{8}")


def half_written(config: Path) -> Path:
    """写到一半的文件夹 a name inside config/ that no shop can have."""
    return config / f".{uuid.uuid4().hex[:8]}"


def arrive_with(folder: Path, landing: str) -> None:
    """随导入而来 says of a shop's settings being written that the shop comes with the import of this name."""
    write_whole(folder / _MARK, landing.encode("ascii"))


def has_arrived(folder: Path) -> bool:
    """来了没有 whether a folder in config/ is that of a shop that is there."""
    try:
        landing = (folder / _MARK).read_text(encoding="ascii")
    except (FileNotFoundError, NotADirectoryError):
        return True
    return (folder.parents[1] / "raw" / landing).is_dir()


def settle_arrivals(root: Path) -> None:
    """收尾 takes the marks off shops that are there, and removes what never came to be. Under the writer lock."""
    with disk(root / "config"):
        for folder in list((root / "config").iterdir()):
            if _HALF_WRITTEN.fullmatch(folder.name):
                shutil.rmtree(folder, ignore_errors=True)
            elif not (folder / _MARK).is_file():
                continue
            elif has_arrived(folder):
                with suppress(OSError):  # open in another program: it goes next time
                    (folder / _MARK).unlink()
            else:
                # away under another name first: killed in between, no shop may be left without its mark
                gone = folder.rename(half_written(folder.parent))
                sync_folder(folder.parent)
                shutil.rmtree(gone, ignore_errors=True)
