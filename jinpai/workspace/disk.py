"""磁盘 disk: whole-file atomic writes, one writer at a time, and sentences for what a disk refuses."""

from __future__ import annotations

import contextlib
import errno
import os
import time
import uuid
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from jinpai.errors import Busy, JinpaiError, Words

_CHANGE_SECONDS = 20
_WHY: dict[int, Words] = {
    errno.ENOSPC: Words("磁盘满了，请腾出空间再试", "the disk is full; free some space and try again"),
    getattr(errno, "EDQUOT", errno.ENOSPC): Words("磁盘配额用完了，请腾出空间再试", "the disk quota is used up; free some space and try again"),
    errno.EROFS: Words("磁盘是只读的，请换一个能写的位置", "the disk is read-only; use a place that can be written"),
    errno.EACCES: Words("没有权限，或别的程序正开着它；请检查权限、关掉别的程序再试",
                        "permission denied, or another program has it open; check permissions or close that program"),
    errno.EPERM: Words("没有权限，请检查文件夹的权限", "permission denied; check the folder's permissions"),
    errno.ENOENT: Words("找不到它，请检查路径", "it does not exist; check the path"),
    errno.EISDIR: Words("它是文件夹，请给出文件", "it is a folder; name a file"),
    errno.ENOTDIR: Words("路径里有一段不是文件夹，请检查路径", "part of the path is no folder; check the path"),
    errno.ENAMETOOLONG: Words("路径太长，请换短一点的文件夹", "the path is too long; use a shorter folder"),
    errno.EIO: Words("磁盘读写出错，请检查硬盘或连接", "the disk failed; check it and its connection"),
}  # fmt: skip


@contextlib.contextmanager
def disk(path: Traversable | Path) -> Iterator[None]:
    """磁盘出错 turns an OSError about `path` into a JinpaiError that names the path, the cause and the remedy."""
    try:
        yield
    except OSError as error:
        zh, en = _WHY.get(error.errno or 0, Words(f"系统说：{error.strerror or error}", f"{error.strerror or error}"))
        # a full disk is the disk's, whatever file met it first; else the file that was refused
        named = error.filename if isinstance(error.filename, str) and error.errno != errno.ENOSPC else path
        raise JinpaiError(f"{named}：{zh}。", f"{named}: {en}.") from error


def sync_folder(folder: Path) -> None:
    """落盘 makes renames inside `folder` survive a power cut, where the system can."""
    if os.name == "nt":
        return  # Windows has no handle on a folder to flush
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(file: Path) -> None:
    """落盘 makes the contents of `file` survive a power cut."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _replace(fresh: Path, file: Path) -> None:
    # on Windows a file cannot be replaced in the instant in which a reader has it open
    for _ in range(50 if os.name == "nt" else 0):
        try:
            fresh.replace(file)
        except PermissionError:
            time.sleep(0.02)
        else:
            return
    fresh.replace(file)


def write_whole(file: Path, data: bytes, mode: int = 0o644) -> None:
    """整个换掉 writes `file` so that a reader sees the old contents or the new, never a part."""
    fresh = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}")
    with disk(file):
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            _replace(fresh, file)
            sync_folder(file.parent)
        finally:
            fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def one_writer(root: Path, patience_seconds: float = 0) -> Iterator[None]:
    """写锁 only one program at a time writes in a workspace; a second waits `patience_seconds`, then gets a sentence.
    Readers need no lock.

    The system lets go of the lock when the program ends, however it ends.
    """
    busy = Busy(
        f"另一个程序正在写 {root}，请等它做完再试。看报表不受影响。",
        f"Another program is writing in {root}; wait until it is done. Reports can be read meanwhile.",
    )
    with _locked(root, "writer.lock", patience_seconds, busy):
        yield


@contextlib.contextmanager
def one_change(root: Path) -> Iterator[None]:
    """改设置锁 settings are read and written whole by one program at a time, so that no change undoes another; it is a
    lock of its own, for an import may hold the writer's for minutes."""
    busy = Busy("另一个程序正在改设置，请过一会儿再试。", "Another program is changing settings; try again in a while.")
    with _locked(root, "settings.lock", _CHANGE_SECONDS, busy):
        yield


@contextlib.contextmanager
def _locked(root: Path, name: str, patience_seconds: float, busy: Busy) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(root / name)
    with disk(root):
        try:
            lock.acquire(timeout=patience_seconds)
        except Timeout:
            raise busy from None
    try:
        yield
    finally:
        lock.release()


def want_folder(file: Path) -> None:
    """要有文件夹 a file is about to be written: that the folder it names is there, else a JinpaiError."""
    if not file.parent.is_dir():
        raise JinpaiError(
            f"没有文件夹 {file.parent}，请先建好或换个位置。",
            f"There is no folder {file.parent}; make it or choose another.",
        )
