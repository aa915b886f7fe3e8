"""试算 trial: the figures under other settings beside today's, at hand at once or made by a job and kept a day.

Another rule or window is counted from the facts as they stand; other days are computed anew, which takes long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from jinpai.analysis import without_window
from jinpai.computing import Progress, no_progress
from jinpai.errors import Words
from jinpai.workspace import outbox

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

TITLE = Words("换口径试算", "What if")
METRICS = (
    "enquiries", "conversion", "order_rate", "payment_rate", "attributed_amount", "attributed_orders", "silent_amount", "service_share", "aov",
)  # fmt: skip
OF_AGENTS = ("attributed_amount", "conversion")
ANEW = ("attribution_days", "enquiry_span")
"""Settings under which everything is computed anew."""
Results = dict[str, list[list[dict[str, Any]]]]
"""The rows under today's settings and under others, of the shop and of its agents."""


@dataclass(frozen=True, slots=True)
class Trial:
    """试算 of a shop's days (both included) under settings that differ from its own."""

    shop: str
    first: int
    last: int
    change: Mapping[str, str]

    @property
    def takes_long(self) -> bool:
        """Whether it is a job's to do."""
        return any(name in self.change for name in ANEW)

    def place(self, workspace: Workspace) -> str:
        """发件箱里的名字 of its results, under the facts and settings as they are now."""
        facts = workspace.facts()
        asked = [self.shop, self.first, self.last, sorted(self.change.items()), facts.build if facts else None]
        asked.append(workspace.settings(self.shop).shown())
        told = json.dumps(asked, sort_keys=True, default=str)
        return f"trial-{blake2b(told.encode(), digest_size=12).hexdigest()}"


def computed(workspace: Workspace, trial: Trial, progress: Progress = no_progress) -> Results:
    """试算结果 counted now."""
    from jinpai.report import report

    found: Results = {}
    asked: Mapping[str, str]
    for by, names in (("shop", METRICS), ("agent", OF_AGENTS)):
        found[by] = []
        for asked in ({}, trial.change):
            overrides = {name: asked[name] for name in ANEW if name in asked}
            result = report(workspace, trial.shop, start=trial.first, end=trial.last, by=(by,), metrics=list(names), rule=asked.get("rule"),
                window=asked.get("window"), overrides=overrides, progress=progress, builds=False)  # fmt: skip
            found[by].append([without_window(row, result["meta"]["window"]) for row in result["rows"]])
    return found


def keep(workspace: Workspace, place: str, results: Results) -> None:
    """留下 what was computed."""
    outbox.put(workspace, place, json.dumps(results, default=str).encode())


def kept(workspace: Workspace, place: str) -> Results | None:
    """留着的结果 of a job; None where there is none, or none any more."""
    content = outbox.read(workspace, place)
    return None if content is None else json.loads(content)
