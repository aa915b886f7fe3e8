"""进度 progress: a bar on standard error for work that takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

from jinpai.errors import Words

PATIENCE_SECONDS = 2.0


class Progress:
    """进度条 `with Progress(lang) as progress:`, then `progress(words, done, total)` as work goes on.

    Nothing is shown during the first two seconds, nor when standard error is no terminal. A total
    of 0 means unknown.
    """

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._since = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, words: Words, done: int, total: int) -> None:
        if self._bar is None:
            if time.monotonic() - self._since < PATIENCE_SECONDS or not sys.stderr.isatty():
                return
            self._start()
        self._bar.update(self._task, description=words.to(self._lang), completed=done, total=total or None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """收起 takes the bar off the screen, for a question to be asked."""
        if self._bar is not None:
            self._bar.stop()

    def _start(self) -> None:
        from rich import progress

        from jinpai.commands.output import console

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}", markup=False), progress.BarColumn(bar_width=24),
            progress.TaskProgressColumn(), progress.TimeElapsedColumn(), console=console(error=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None)
        self._bar.start()
