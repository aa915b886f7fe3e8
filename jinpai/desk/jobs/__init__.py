"""后台任务 jobs: one kind of long work a file; the file is the registration.

What a job does may be done again from the beginning after a kill: it lands whole or not at all. It reports through
`tell` as it goes; a stop comes as KeyboardInterrupt, wherever it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinpai.catalogue import Catalogue
from jinpai.computing import Progress
from jinpai.errors import JinpaiError, Words
from jinpai.workspace import Workspace


@dataclass(slots=True)
class Task:
    """在做的任务 one job in hand: `said` are the sentences that stay, whatever happens afterwards; `by` asked for it; `is_again`: a try before was cut off."""

    workspace: Workspace
    shop: str
    arguments: dict[str, Any]
    tell: Progress
    by: str = ""
    is_again: bool = False
    said: list[Words] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """任务种类 what is done, and what is cleared away when the job is over for good."""

    name: str
    title: Words
    do: Callable[[Task], None]
    clear: Callable[[Workspace, dict[str, Any]], None] = lambda *_: None


class NeedsYes(JinpaiError):
    """要人确认 the job goes on only after a person has read these sentences and agreed."""

    def __init__(self, lines: list[Words]) -> None:
        super().__init__("\n".join(one.zh for one in lines), "\n".join(one.en for one in lines))
        self.lines = lines


@cache
def kinds() -> Catalogue[Kind]:
    """全部种类 every kind of job, one file each."""
    return Catalogue("jinpai.desk.jobs", "KIND", Words("任务", "job"))
