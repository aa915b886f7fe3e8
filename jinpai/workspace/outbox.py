"""发件箱 outbox: what a job made for the page that asked for it, each a file that only its owner reads.

It goes when it is fetched, when a buyer is erased, or a day later. No backup has it, and nothing is computed from it.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.workspace.disk import disk, write_whole

if TYPE_CHECKING:
    from jinpai.workspace.workspace import Workspace

FOLDER = "outbox"
MOST_SECONDS = 86_400


def put(workspace: Workspace, name: str, content: bytes) -> None:
    """放进 whole or not at all."""
    write_whole(_folder(workspace) / name, content, 0o600)


def has(workspace: Workspace, name: str) -> bool:
    """有没有 whether it lies there."""
    return (workspace.root / FOLDER / name).is_file()


def read(workspace: Workspace, name: str) -> bytes | None:
    """看 what lies there under a name; None where nothing does any more."""
    try:
        return (workspace.root / FOLDER / name).read_bytes()
    except FileNotFoundError:
        return None


def take(workspace: Workspace, name: str) -> bytes | None:
    """取走 what lies there, which then is gone; of two who take at the same instant one gets it."""
    place = workspace.root / FOLDER / name
    taken = place.with_name(f".{name}.{secrets.token_hex(4)}")
    try:
        place.rename(taken)
    except FileNotFoundError:
        return None
    content = taken.read_bytes()
    taken.unlink()
    return content


def clear(workspace: Workspace, name: str) -> None:
    """清掉 one file."""
    (workspace.root / FOLDER / name).unlink(missing_ok=True)


def sweep(workspace: Workspace, most_seconds: float = MOST_SECONDS) -> None:
    """清扫 what is older than so many seconds; 0: everything."""
    limit = time.time() - most_seconds
    for one in (workspace.root / FOLDER).glob("*"):
        if one.stat().st_mtime <= limit:
            one.unlink(missing_ok=True)


def _folder(workspace: Workspace) -> Path:
    made = workspace.root / FOLDER
    with disk(made):
        made.mkdir(mode=0o700, exist_ok=True)
    return made
