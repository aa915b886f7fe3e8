"""文件夹监视 watching: files that appear in a folder are imported and the facts are built, round after round.

A file counts as arrived when two looks find it with the same size and time. Files that browsers, office programs and
download programs are still writing are left alone by their names. Nothing in the folder is moved or changed; what was
imported is known by its content, so that it is not imported again after a restart. The folder is looked at from time
to time, not by messages of the system: those do not come from network drives and synchronised folders.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai import flow
from jinpai.errors import Busy, JinpaiError, Words
from jinpai.gathering import is_left_alone
from jinpai.importing import Confirm, Imported, import_files

if TYPE_CHECKING:
    from jinpai.importers.mapping import Mapping
    from jinpai.workspace import Workspace

Look = tuple[int, int]
"""看到的 size and time of change in nanoseconds."""
Say = Callable[[Words], None]


@dataclass(slots=True)
class Watch:
    """监视 one folder for one workspace; `told` hears what became of each file, `say` every other sentence, once each."""

    workspace: Workspace
    folder: Path
    shop: str | None
    mapping: Mapping | None
    confirm: Confirm | None
    told: Callable[[Imported], None]
    say: Say
    imported: int = 0
    _before: dict[Path, Look] = field(default_factory=dict)
    _done: dict[Path, Look] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)
    _known: int = 0
    is_due: bool = True

    def look(self) -> bool:
        """看一遍 imports what has arrived since the looks before and builds; whether nothing is left to wait for."""
        seen = dict(self._seen())
        waiting = {path: look for path, look in seen.items() if self._done.get(path) != look}
        ready = [path for path, look in sorted(waiting.items()) if self._before.get(path) == look]
        self._before = seen
        left = len(waiting) - sum(self._take(path, seen[path]) for path in ready)
        if self._known:
            many, self._known = self._known, 0
            self.say(
                Words(
                    f"有 {many:,} 个文件以前导入过，没有变化。",
                    f"{many:,} files were imported before, nothing changed.",
                )
            )
        return self._build() and not left

    def waiting(self) -> list[Path]:
        """还没导的 the files of the last look that are neither imported nor found unreadable."""
        return sorted(path for path, look in self._before.items() if self._done.get(path) != look)

    def _seen(self) -> Iterator[tuple[Path, Look]]:
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if not is_left_alone(entry.name) and entry.is_file():
                        stat = entry.stat()
                        yield Path(entry.path), (stat.st_size, stat.st_mtime_ns)
        except OSError as error:
            # a network drive that is away for a while; a file that went while it was looked at
            if not self.folder.is_dir():
                self._once(f"folder {error.errno}", Words(
                    f"看不到文件夹 {self.folder}（{error.strerror}），等它回来。",
                    f"The folder {self.folder} cannot be seen ({error.strerror}); waiting for it."))  # fmt: skip

    def _take(self, path: Path, look: Look) -> bool:
        """Imports one file; False where it must be tried again."""
        try:
            with path.open("rb"):
                pass
        except OSError:
            self._once(f"open {path}", Words(f"{path.name} 正被别的程序占用，等它关掉再导入。",
                                             f"{path.name} is open in another program; waiting until it is closed."))  # fmt: skip
            return False
        try:
            (done,) = import_files(
                self.workspace, [path], shop=self.shop, mapping=self.mapping, confirm=self.confirm
            )  # fmt: skip
        except Busy as error:
            self._once("busy", error.words)
            return False
        except JinpaiError as error:
            self.say(
                Words(f"{path.name} 没有导入：{error.words.zh}", f"{path.name} was not imported: {error.words.en}")
            )
        else:
            self._said.discard("busy")
            self._count(done)
        self._done[path] = look
        return True

    def _count(self, done: Imported) -> None:
        if done.already and not done.notes:
            self._known += 1
            return
        self.imported += not done.already
        self.is_due = self.is_due or not done.already
        self.told(done)

    def _build(self) -> bool:
        """Brings the facts up to date after an import; False where another program writes just now."""
        if not self.is_due:
            return True
        try:
            flow.build(self.workspace)
        except Busy as error:
            self._once("busy", error.words)
            return False
        except JinpaiError as error:
            self._once(f"build {error.words.zh}", error.words)
        else:
            self._said = {one for one in self._said if not one.startswith(("build", "busy"))}
        self.is_due = False
        return True

    def _once(self, what: str, words: Words) -> None:
        if what not in self._said:
            self._said.add(what)
            self.say(words)


def watch_once(watch: Watch, pause: float, patience: float) -> bool:
    """看一轮 two looks, and more while files change or another program writes, at most for `patience` seconds; whether
    nothing was left."""
    until = time.monotonic() + patience
    watch.look()
    while True:
        time.sleep(pause)
        if watch.look():
            return True
        if time.monotonic() > until:
            return False
