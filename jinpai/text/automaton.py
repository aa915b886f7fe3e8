"""自动机 automaton: all patterns of a lexicon as one Hyperscan database, compiled once and kept by its digest.

The only module that names Hyperscan. Hyperscan pays for the beginnings of hits: it is asked only where neither
the length of a fixed string nor the begin of a line tells. Databases are kept in the user's cache folder and made anew when they do not load.
"""

from __future__ import annotations

import os
import re
import threading
import zlib
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from jinpai.errors import JinpaiError

if TYPE_CHECKING:
    from jinpai.text.expressions import Expression

Numbers = npt.NDArray[np.int64]
# Where a hit begins: by its own length, at the begin of its line, or Hyperscan says.
_FROM_LINE, _UNKNOWN = -1, 0
_KEPT = 8


@dataclass(frozen=True, slots=True)
class Hits:
    """命中 what was found: the number of each pattern, and first and last byte (half-open) in the text scanned."""

    pattern: Numbers
    start: Numbers
    end: Numbers


class Automaton:
    """自动机 finds every place of every expression in one pass.

    For each end of a hit its first beginning is told. Threads may share it; each has a scratch of its own.
    """

    def __init__(self, expressions: Sequence[Expression]) -> None:
        texts: list[bytes] = []
        owners, lengths = array("q"), array("q")
        for number, expression in enumerate(expressions):
            for string in expression.strings or (None,):
                texts.append((re.escape(string) if string else expression.pattern).encode())
                owners.append(number)
                lengths.append(
                    len(string.encode()) if string else _FROM_LINE if texts[-1].startswith(b"^") else _UNKNOWN
                )
        self.texts = texts
        self.owners = np.array(owners, np.int64)
        self.lengths = np.array(lengths, np.int64)
        self.local = threading.local()

    def scan(self, text: bytes) -> Hits:
        """扫一遍 every hit in a text of UTF-8 lines; no hit goes over the end of a line."""
        # appending to lists is the cheapest that a callback from C can do
        numbers: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        number, start, end = numbers.append, starts.append, ends.append

        def found(pattern: int, first: int, last: int, _flags: int, _context: object) -> None:
            number(pattern)
            start(first)
            end(last)

        if not hasattr(self.local, "scratch"):
            self.local.scratch = _hyperscan().Scratch(self.database)
        self.database.scan(text, match_event_handler=found, scratch=self.local.scratch)
        which, last = np.array(numbers, np.int64), np.array(ends, np.int64)
        length = self.lengths[which]
        first = np.where(length > 0, last - length, np.array(starts, np.int64))
        from_line = length == _FROM_LINE
        if from_line.any():
            breaks = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
            begins = np.concatenate(([0], breaks + 1))
            first[from_line] = begins[np.searchsorted(begins, last[from_line]) - 1]
        return Hits(self.owners[which], first, last)

    @cached_property
    def database(self) -> Any:
        """The database, from the cache folder where it is there."""
        hyperscan = _hyperscan()
        kept = self._kept()
        if kept is not None and kept.is_file():
            try:
                return hyperscan.loadb(zlib.decompress(kept.read_bytes()), hyperscan.HS_MODE_BLOCK)
            except (hyperscan.HyperscanError, zlib.error, OSError, ValueError):
                kept.unlink(missing_ok=True)
        database = self._compiled()
        if kept is not None:
            _keep(kept, zlib.compress(hyperscan.dumpb(database), 1))
        return database

    def _compiled(self) -> Any:
        hyperscan = _hyperscan()
        varied = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SOM_LEFTMOST | hyperscan.HS_FLAG_MULTILINE
        # strings of bytes need no UTF-8: as such they compile twenty times faster
        known = {_UNKNOWN: varied, _FROM_LINE: varied & ~hyperscan.HS_FLAG_SOM_LEFTMOST}
        flags = [known.get(length, 0) for length in self.lengths.tolist()]
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            database.compile(expressions=self.texts, ids=list(range(len(flags))), elements=len(flags), flags=flags)
        except hyperscan.HyperscanError as error:
            wrong = self._refused(flags) or str(error)
            raise JinpaiError(
                f"词库里有一条写法太复杂，编译不了：{wrong}。请拆成几条短的。",
                f"An expression of the lexicon is too complex to compile: {wrong}. Split it into shorter ones.",
            ) from None
        return database

    def _refused(self, flags: list[int]) -> str | None:
        """The first expression that Hyperscan refuses by itself."""
        hyperscan = _hyperscan()
        for text, flag in zip(self.texts, flags, strict=True):
            try:
                hyperscan.Database().compile(expressions=[text], ids=[0], elements=1, flags=[flag])
            except hyperscan.HyperscanError as error:
                return f"{text.decode()} ({error})"
        return None

    def _kept(self) -> Path | None:
        from platformdirs import user_cache_path

        folder = Path(os.environ.get("JINPAI_CACHE_DIR") or user_cache_path("jinpai", appauthor=False))
        digest = blake2b(_hyperscan().__version__.encode(), digest_size=16)
        for text, length in zip(self.texts, self.lengths.tolist(), strict=True):
            digest.update(b"%d %d " % (length, len(text)) + text)
        return folder / f"signals-{digest.hexdigest()}.hs"


def _hyperscan() -> Any:
    try:
        import hyperscan
    except ImportError:
        raise JinpaiError(
            "质检要用的 hyperscan 没有装上：这台电脑的系统或 Python 版本没有现成的安装包。请换 64 位 Windows、macOS 或 Linux，"
            "并用 Python 3.11 以上的版本，再运行 pip install hyperscan。",
            "hyperscan, which inspection needs, is not installed: there is no wheel for this system or Python. Use 64-bit "
            "Windows, macOS or Linux and Python 3.11 or newer, then run pip install hyperscan.",
        ) from None
    return hyperscan


def _keep(file: Path, content: bytes) -> None:
    """Writes the database aside, then moves it; the newest few stay. A folder that cannot be written costs only time."""
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(file)
        for old in sorted(file.parent.glob("signals-*.hs"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    except OSError:
        with suppress(OSError):
            aside.unlink()
