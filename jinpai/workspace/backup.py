"""备份 backup: settings, raw rows, the book and tombstones in one zip file, and back again; facts are computed anew.

The raw rows stay encrypted in it, and the key is never in it: whoever finds the file reads nothing. A list with the
size and hash of every file lies in it, so that a damaged or altered backup is refused before anything is put in place.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import IO, Any

from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.workspace.arriving import settle_arrivals
from jinpai.workspace.disk import disk, one_writer, sync_file, sync_folder, want_folder
from jinpai.workspace.raw import forget_replaced
from jinpai.workspace.workspace import Workspace

LIST = "jinpai-backup.json"
_FORMAT = 1
_KEPT = ("config", "raw", "book", "decisions", "reader")
_BOOK = ("book/book.sqlite3", "book/book.sqlite3-wal", "book/book.sqlite3-shm")
"""The file of the book, and what SQLite keeps beside it while it is open."""
_BLOCK = 1 << 20
_PATIENCE_SECONDS = 600
Progress = Callable[[Words, int, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """备份 what is in a backup: which workspace, when (ms UTC), how many files and bytes."""

    workspace_id: str
    made_at: int
    files: int
    size: int


def no_progress(words: Words, done: int, total: int) -> None:
    """不报进度 a progress that nobody watches."""


def back_up(workspace: Workspace, file: Path, progress: Progress = no_progress) -> Backup:
    """备份 writes a workspace into a new zip, or over an older backup of the same workspace, whole or not at all.

    While it runs nothing else writes; it waits up to ten minutes for an import or build to end. Readers go on.
    """
    file = file.expanduser().absolute()
    _check_place(workspace, file)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    with one_writer(workspace.root, patience_seconds=_PATIENCE_SECONDS), disk(file):
        try:
            settle_arrivals(workspace.root)
            forget_replaced(workspace)  # what a killed erasure left is not to live on in a backup
            made = _write(workspace, part, progress)
            sync_file(part)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return made


def _check_place(workspace: Workspace, file: Path) -> None:
    if file.is_dir():
        raise WrongUse(f"{file} 是文件夹，请写明文件名，例如 {file / '备份.zip'}。", f"{file} is a folder; name a file, like {file / 'backup.zip'}.")  # fmt: skip
    want_folder(file)
    if file.is_relative_to(workspace.root):
        raise WrongUse(
            f"{file} 在工作区里面，硬盘坏了会一起丢。请放到别处，最好是另一块盘。",
            f"{file} lies inside the workspace and would be lost with it. Choose another place, best another disk.",
        )
    if file.exists() and _known(file) != workspace.id:
        raise JinpaiError(
            f"{file} 已经有了，又不是这个工作区的备份，不能盖掉。请换个文件名。",
            f"{file} exists and is no backup of this workspace; it is not overwritten. Choose another name.",
        )


def _known(file: Path) -> str | None:
    try:
        return _list_of(file)["workspace"] if zipfile.is_zipfile(file) else None
    except (JinpaiError, OSError):
        return None


def _kept(root: Path) -> Iterator[Path]:
    yield root / "workspace.toml"
    for name in _KEPT:
        for path in sorted((root / name).rglob("*")):
            parts = path.relative_to(root).parts
            # half-written folders of a killed program begin with a dot or lie in incoming/
            if path.is_file() and parts[:2] != ("raw", "incoming") and not any(part.startswith(".") for part in parts):
                yield path


def _write(workspace: Workspace, part: Path, progress: Progress) -> Backup:
    paths = list(_kept(workspace.root))
    sizes: dict[str, list[Any]] = {}
    made_at = time.time_ns() // 1_000_000
    # stored as they are: what is encrypted does not get smaller
    with part.open("xb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for number, path in enumerate(paths):
            progress(Words("备份", "Backing up"), number, len(paths))
            name = path.relative_to(workspace.root).as_posix()
            if name in _BOOK[1:]:
                continue
            with _as_it_stands(path, name) as source, archive.open(name, "w", force_zip64=True) as into:
                sizes[name] = list(_copy(source, into))
        told = {"format": _FORMAT, "workspace": workspace.id, "made_at": made_at, "files": sizes}
        archive.writestr(LIST, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True))
    return Backup(workspace.id, made_at, len(sizes), sum(size for size, _ in sizes.values()))


@contextmanager
def _as_it_stands(path: Path, name: str) -> Iterator[IO[bytes]]:
    """A file for reading; of the book a copy with all that is recorded in it, while others may go on recording."""
    if name != _BOOK[0]:
        with path.open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder:
        copy = Path(folder) / path.name
        try:
            with closing(sqlite3.connect(path, timeout=20)) as book, closing(sqlite3.connect(copy)) as into:
                book.backup(into)
        except sqlite3.Error as error:
            raise JinpaiError(
                f"账本 {path} 读不出来：{error}。没有备份。",
                f"The book {path} cannot be read: {error}. No backup was made.",
            ) from None
        with copy.open("rb") as stream:
            yield stream


def _copy(source: Any, into: Any) -> tuple[int, str]:
    """Copies a stream; its length and hash."""
    size, digest = 0, blake2b(digest_size=16)
    while block := source.read(_BLOCK):
        into.write(block)
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


# ---- and back


def restore(file: Path, folder: Path, progress: Progress = no_progress) -> Workspace:
    """恢复 unpacks a backup into a folder that does not exist or is empty; it appears whole or not at all.

    What is no backup, or damaged, is a JinpaiError and leaves nothing behind.
    """
    file, root = file.expanduser().absolute(), folder.expanduser().absolute()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise JinpaiError(
            f"{root} 已经有东西，不能恢复到里面。请给一个新的文件夹。",
            f"{root} is not empty; a backup is restored into a new folder. Name another.",
        )
    with disk(file):
        told = _list_of(file)
    fresh = root.with_name(f".{root.name}.{secrets.token_hex(4)}")
    with disk(root):
        root.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir()
        try:
            _unpack(file, told, fresh, progress)
            if root.exists():
                root.rmdir()
            fresh.rename(root)
            sync_folder(root.parent)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return Workspace.open(root)


def _list_of(file: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(file) as archive:
            told: dict[str, Any] = json.loads(archive.read(LIST))
        if told["format"] == _FORMAT and isinstance(told["files"], dict) and isinstance(told["workspace"], str):
            return told
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError, EOFError, RuntimeError):
        pass
    raise JinpaiError(
        f"{file} 不是金牌客服的备份，或者坏了。请换一个备份文件。",
        f"{file} is no backup of Jinpai, or is damaged. Use another.",
    )


def _unpack(file: Path, told: dict[str, Any], fresh: Path, progress: Progress) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            if set(archive.namelist()) != {*told["files"], LIST}:
                raise _damaged(file, LIST)
            for number, (name, (size, digest)) in enumerate(told["files"].items()):
                progress(Words("恢复", "Restoring"), number, len(told["files"]))
                path = _inside(fresh, name)
                if path is None or archive.getinfo(name).file_size != size:
                    raise _damaged(file, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, path.open("xb") as into:
                    if _copy(source, into) != (size, digest):
                        raise _damaged(file, name)
    except (zipfile.BadZipFile, ValueError, TypeError, NotImplementedError, EOFError, RuntimeError):
        raise _damaged(file, "") from None


def _inside(fresh: Path, name: str) -> Path | None:
    """Where a file of the backup goes; None for a name that leads elsewhere."""
    parts = PurePosixPath(name).parts
    strange = any(part in ("", ".", "..") or set(part) & set('\\:*?"<>|') for part in parts)
    if strange or name.startswith("/") or (parts[0] not in _KEPT and name != "workspace.toml"):
        return None
    return fresh.joinpath(*parts)


def _damaged(file: Path, name: str) -> JinpaiError:
    zh, en = (f"（{name}）", f" ({name})") if name else ("", "")
    return JinpaiError(
        f"备份 {file} 坏了或被改过{zh}，什么也没有恢复。请换一个备份文件。",
        f"The backup {file} is damaged or was altered{en}; nothing was restored. Use another.",
    )
