"""备份 backup: settings, raw rows and the book into one file in the folder for backups, as `jinpai backup` does it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from jinpai.desk.jobs import Kind, Task
from jinpai.errors import Words
from jinpai.workspace import Workspace
from jinpai.workspace.disk import disk

FOLDER = "JINPAI_BACKUPS"
"""Where backups go, on another disk if possible: whoever runs the desk says so."""


def folder(workspace: Workspace) -> Path:
    """备份文件夹 where backups go: where the environment says, else beside the workspace."""
    said = os.environ.get(FOLDER, "").strip()
    return Path(said).expanduser() if said else workspace.root.with_name(f"{workspace.root.name}-backups")


def is_chosen() -> bool:
    """选过地方 whether somebody has said where backups go."""
    return bool(os.environ.get(FOLDER, "").strip())


def files(workspace: Workspace) -> list[Path]:
    """备份文件 of this workspace that lie there, the newest first."""
    return sorted(folder(workspace).glob(f"jinpai-{workspace.id[:8]}-*.zip"), reverse=True)


def do(task: Task) -> None:
    """备份 writes a new file, whole or not at all; the key is never in it."""
    from jinpai.book.keeping import dump_file, write_copy
    from jinpai.workspace.backup import back_up

    place = folder(task.workspace)
    if not is_chosen():
        with disk(place):
            place.mkdir(mode=0o700, exist_ok=True)
    file = place / f"jinpai-{task.workspace.id[:8]}-{time.strftime('%Y%m%d-%H%M%S')}.zip"
    try:
        write_copy(task.workspace)
        made = back_up(task.workspace, file, task.tell)
    finally:
        dump_file(task.workspace.root).unlink(missing_ok=True)
    task.said.append(
        Words(f"已备份：{file.name}，{made.files:,} 个文件，{megabytes(made.size)}。", f"Backed up: {file.name}, {made.files:,} files, {megabytes(made.size)}.")
    )  # fmt: skip


def megabytes(size: int) -> str:
    """大小 as people read it."""
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{size / 1_000:,.0f} KB"


KIND = Kind("backup", Words("备份", "Back up"), do)
