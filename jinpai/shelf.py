"""书架 shelf: facts that were read lately stay open, and what was asked of them lately is not computed again.

One engine for a shop and a build: files of facts never change, and a new build has another name. An engine that is put
away is closed with its last reader, and its answers are forgotten with it.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from jinpai.engine import Engine
from jinpai.layers import show

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

_Answer = TypeVar("_Answer")
MOST = 4
"""So many shops stay open in a process."""
ROOM = 32 << 20
"""Bytes of answers that are kept of a shop."""


class _Open(Engine):
    """The facts of one build, with a folder that goes with the engine, and the answers given lately."""

    def __init__(self, build: str | None) -> None:
        folder = tempfile.mkdtemp(prefix="jinpai-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        super().__init__(Path(folder))
        self.build = build
        self._answers: OrderedDict[Hashable, bytes] = OrderedDict()
        self._asked: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def answer(self, question: Hashable, compute: Callable[[], _Answer]) -> _Answer:
        """The kept answer, as a copy of its own; whoever asks while another computes it waits for that one."""
        with self._lock:
            turn = self._asked.setdefault(question, Lock())
        with turn:
            kept = self._kept(question)
            if kept is None:
                try:
                    answer = compute()
                    self._keep(question, pickle.dumps(answer))
                finally:
                    with self._lock:
                        self._asked.pop(question, None)
                return answer
        found: _Answer = pickle.loads(kept)  # noqa: S301  what this process wrote itself
        return found

    def _kept(self, question: Hashable) -> bytes | None:
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
            return self._answers.get(question)

    def _keep(self, question: Hashable, answer: bytes) -> None:
        with self._lock:
            self._answers[question] = answer
            while sum(map(len, self._answers.values())) > ROOM:
                self._answers.popitem(last=False)


_OPEN: OrderedDict[tuple[Path, str], _Open] = OrderedDict()
_LOCK = Lock()


def opened(workspace: Workspace, shop: str) -> Engine:
    """打开的事实 the engine of a shop's facts as they stand now; read it through a `reader` of its own."""
    return _opened(workspace, shop)


def remembered(workspace: Workspace, shop: str, question: Hashable, compute: Callable[[], _Answer]) -> _Answer:
    """记得的回答 what `compute` gives, or gave to the same question of the same facts under the same files of settings.

    Only what facts and settings say may be in the answer. What `compute` raises is not kept.
    """
    files = sorted((workspace.config / shop).rglob("*"))
    settings = hash(tuple((str(file), (told := file.stat()).st_mtime_ns, told.st_size) for file in files))
    return _opened(workspace, shop).answer((settings, question), compute)


def _opened(workspace: Workspace, shop: str) -> _Open:
    facts = workspace.facts()
    place, build = (workspace.root.resolve(), shop), facts.build if facts else None
    with _LOCK:
        kept = _OPEN.pop(place, None)
        if kept is None or kept.build != build:
            kept = _Open(build)
            if facts is not None:
                show(kept, facts, shop)
        _OPEN[place] = kept
        while len(_OPEN) > MOST:
            _OPEN.popitem(last=False)
    return kept
