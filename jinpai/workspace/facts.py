"""事实 facts: immutable Parquet files and one small pointer, CURRENT, that says which of them hold now.

facts/data/<build>/<table>.<number>.parquet. A build writes new files and then replaces CURRENT; a
reader that has read CURRENT keeps one state for as long as it likes, within the grace time.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk, sync_file, sync_folder, write_whole

_CURRENT = "CURRENT"
_PURGE = "PURGE"
_LAYOUT = 1
Parts = dict[str, dict[str, list[str]]]
"""table -> shop -> files, relative to facts/data/."""


class Facts:
    """事实 one build's state, resolved once: its files do not change under the reader."""

    def __init__(self, folder: Path, build: str, parts: Parts, meta: dict[str, object]) -> None:
        self.build = build
        self.meta = meta
        self._data = folder / "data"
        self._parts = parts

    @property
    def tables(self) -> list[str]:
        """表 the names of the tables, sorted."""
        return sorted(name for name in self._parts if not name.startswith("_"))

    @property
    def every(self) -> list[Path]:
        """全部文件 of all tables, and those that say something of the facts and are no table (`_origins`)."""
        return [file for table in self._parts for file in self.files(table)]

    def shops(self, table: str) -> list[str]:
        """店铺 the shops that `table` has files for, sorted."""
        return sorted(self._parts.get(table, {}))

    def files(self, table: str, shop: str | None = None) -> list[Path]:
        """文件 the Parquet files of a table for one shop, or for all (None); none when there are none."""
        parts = self._parts.get(table, {})
        names = [name for key in ([shop] if shop is not None else sorted(parts)) for name in parts.get(key, [])]
        return [self._data / name for name in names]


def read_facts(folder: Path) -> Facts | None:
    """现在的事实 as CURRENT says, or None before the first build; what is damaged is a JinpaiError."""
    manifest = _manifest(folder)
    if manifest is None:
        return None
    facts = Facts(folder, *manifest[:3])
    for file in facts.every:
        if not file.is_file():
            raise _damaged(folder, f"少了 {file.name}", f"{file.name} is missing")
    return facts


def _manifest(folder: Path) -> tuple[str, Parts, dict[str, object], dict[str, float]] | None:
    file = folder / _CURRENT
    with disk(file):
        if not file.is_file():
            return None
        text = file.read_bytes()
    try:
        content = json.loads(text)
        if content["layout"] == _LAYOUT:
            return content["build"], content["tables"], content["meta"], content["retired"]
    except (ValueError, KeyError, TypeError):
        pass
    raise _damaged(folder, f"{_CURRENT} 看不懂", f"{_CURRENT} cannot be read")


def _damaged(folder: Path, zh: str, en: str) -> JinpaiError:
    return JinpaiError(
        f"{folder} 不完整：{zh}。请删掉这个文件夹，再运行 jinpai build，会从原始记录重建。",
        f"{folder} is damaged: {en}. Delete that folder and run jinpai build: it is rebuilt from the raw rows.",
    )


class Build:
    """建事实 a build under way: new files by `path`, old ones kept by `keep`, anything to remember in `meta`."""

    def __init__(self, folder: Path, before: Facts | None) -> None:
        self.id = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"
        self.before = before
        self.meta: dict[str, object] = {}
        self._data = folder / "data"
        self._parts: Parts = {}
        self._numbers: dict[str, int] = {}

    @property
    def folder(self) -> Path:
        """这次的文件夹 where this build's new files lie."""
        return self._data / self.id

    def path(self, table: str, shop: str) -> Path:
        """新文件 the path of a new Parquet file of `table` for `shop`; the caller writes it. No shop names in paths:
        they may hold what a reader takes for a pattern."""
        number = self._numbers[table] = self._numbers.get(table, 0) + 1
        file = self.folder / f"{table}.{number:04d}.parquet"
        self._enter(table, shop, file)
        return file

    def written(self, table: str, shop: str) -> list[Path]:
        """已写的文件 the files of `table` for `shop` that this build names so far, in order."""
        return [self._data / name for name in self._parts.get(table, {}).get(shop, [])]

    def forget(self, table: str, shop: str) -> None:
        """不要了 takes back what this build named of `table` for `shop`; files that it wrote are removed."""
        for file in self.written(table, shop):
            if file.parent == self.folder:
                file.unlink(missing_ok=True)
        self._parts.get(table, {}).pop(shop, None)

    def keep(self, table: str, shop: str, files: Iterable[Path]) -> None:
        """沿用旧文件 the same files as before, for `table` and `shop`; files of the facts as they were."""
        for file in files:
            self._enter(table, shop, self._data / file.parent.name / file.name)

    def _enter(self, table: str, shop: str, file: Path) -> None:
        self._parts.setdefault(table, {}).setdefault(shop, []).append(file.relative_to(self._data).as_posix())

    def files(self) -> set[str]:
        """用到的文件 every file this build names, relative to facts/data/."""
        return {name for shops in self._parts.values() for names in shops.values() for name in names}

    def manifest(self, retired: dict[str, float]) -> bytes:
        """清单 the text of CURRENT, once every file it names is whole on disk."""
        for name in sorted(self.files()):
            if not (self._data / name).is_file():
                raise RuntimeError(f"the build promised {name} and did not write it")
            if name.startswith(f"{self.id}/"):
                sync_file(self._data / name)
        sync_folder(self.folder)
        content = {"layout": _LAYOUT, "build": self.id, "tables": self._parts, "meta": self.meta, "retired": retired}
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


@contextmanager
def building(folder: Path, grace_seconds: float) -> Iterator[Build]:
    """建事实 under the writer lock: CURRENT is replaced at the end; after an error nothing changed."""
    manifest = _manifest(folder)
    before = Facts(folder, *manifest[:3]) if manifest else None
    old = {file.relative_to(folder / "data").as_posix() for file in before.every} if before else set()
    retired = (
        {name: since for name, since in manifest[3].items() if (folder / "data" / name).exists()} if manifest else {}
    )
    _sweep(folder / "data", old | set(retired))
    build = Build(folder, before)
    try:
        with disk(folder):
            build.folder.mkdir(parents=True)
            yield build
            now = time.time()
            retired = {name: retired.get(name, now) for name in (old | set(retired)) - build.files()}
            write_whole(folder / _CURRENT, build.manifest(retired))
    except BaseException:
        shutil.rmtree(build.folder, ignore_errors=True)
        raise
    if (folder / _PURGE).exists():
        purge(folder)
        return
    # a file retired this long ago is out of every reader's hands; its name leaves CURRENT with the next build
    expired = {name for name, since in retired.items() if since <= now - grace_seconds}
    _sweep(folder / "data", build.files() | (set(retired) - expired))


def expect_purge(folder: Path) -> None:
    """要清旧事实 says, before rows are erased, that old facts get no time of grace at the next build."""
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / _PURGE, b"")


def purge(folder: Path) -> bool:
    """清旧事实 removes at once every file that the facts of now do not name; whether all could be removed.

    Under the writer lock. A reader of older facts is told that they are gone; on Windows what it has open stays
    until the next build.
    """
    manifest = _manifest(folder)
    facts = Facts(folder, *manifest[:3]) if manifest else None
    data = folder / "data"
    held = {file.relative_to(data).as_posix() for file in facts.every} if facts else set()
    _sweep(data, held)
    if any(file.relative_to(data).as_posix() not in held for file in data.glob("*/*")):
        return False
    _forget(folder / _PURGE)
    return True


def _sweep(data: Path, wanted: set[str]) -> None:
    for file in data.glob("*/*"):
        if file.relative_to(data).as_posix() not in wanted:
            _forget(file)
    for folder in data.glob("*"):
        with suppress(OSError):  # not empty: some of its files are still in use
            folder.rmdir()


def _forget(path: Path) -> None:
    with suppress(OSError):  # a reader on Windows has it open: it goes next time
        path.unlink()
