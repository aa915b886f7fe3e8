"""收件箱 inbox: files on their way from a browser into the workspace, each upload in a folder that only its owner reads.

They are in clear until they are imported, so that they go as soon as their job is over; what a killed program left
behind goes with the next job a day later.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.workspace.disk import disk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile

    from jinpai.workspace import Workspace

FOLDER = "inbox"
MOST_SECONDS = 86_400
_LONGEST = 80
"""Letters of a name; a Chinese one takes three bytes, and systems stop at 255."""


def folder(workspace: Workspace) -> Path:
    """收件箱文件夹 where uploads lie; made with mode 0700."""
    made = workspace.root / FOLDER
    with disk(made):
        made.mkdir(mode=0o700, exist_ok=True)
    return made


def fresh() -> str:
    """新名字 for an upload's folder, which nobody guesses."""
    return secrets.token_hex(12)


def receive(workspace: Workspace, name: str, uploads: Iterable[UploadedFile]) -> None:
    """收下 writes the uploads into the folder of that name; a full disk is a JinpaiError."""
    made = folder(workspace) / name
    with disk(made):
        made.mkdir(mode=0o700)
        for number, upload in enumerate(uploads):
            # a folder each: two files of one name are two files
            place = made / f"{number:03d}"
            place.mkdir()
            with (place / _safe(str(upload.name))).open("wb") as file:
                for chunk in upload.chunks():
                    file.write(chunk)


def files(workspace: Workspace, name: str) -> list[Path]:
    """上传的文件 of one upload, in the order in which they came."""
    return sorted(path for path in (folder(workspace) / name).glob("*/*") if path.is_file())


def clear(workspace: Workspace, name: str) -> None:
    """清掉 one upload."""
    shutil.rmtree(folder(workspace) / name, ignore_errors=True)


def sweep(workspace: Workspace, wanted: set[str]) -> None:
    """清扫 uploads older than a day that no job waits for."""
    limit = time.time() - MOST_SECONDS
    for one in folder(workspace).iterdir():
        if one.name not in wanted and one.stat().st_mtime < limit:
            shutil.rmtree(one, ignore_errors=True)


def _safe(name: str) -> str:
    """A name as a file of any system: the last part of a path, without signs that Windows forbids."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return (stem[: _LONGEST - len(ending)] + dot + ending)[:_LONGEST] if kept else "file"
