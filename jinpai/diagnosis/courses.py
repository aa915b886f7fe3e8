"""辅导进展 courses: what became of every coaching plan of a shop, from the facts as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jinpai import flow
from jinpai.computing import Progress, no_progress
from jinpai.diagnosis.coaching import Coached, Plan, coached, span
from jinpai.diagnosis.diagnosing import installed
from jinpai.diagnosis.ledger import lined_up
from jinpai.diagnosis.reasons import judge
from jinpai.diagnosis.sample import sample
from jinpai.errors import Words
from jinpai.period import Days, Window, add_days

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

STEPS = (
    Words("取询单", "Reading enquiries"),
    Words("找流失原因", "Looking for reasons"),
    Words("比辅导前后", "Comparing before and after"),
)


def courses(workspace: Workspace, shop: str, plans: Sequence[Plan], progress: Progress = no_progress) -> list[Coached]:
    """辅导进展 of a shop's plans, in their order, under the shop's own window."""
    if not plans:
        return []
    settings = workspace.settings(shop)
    window, (first, last) = Window.parse(settings.window), span(plans)
    with installed()(1), flow.opened(workspace, shop) as engine:
        progress(STEPS[0], 0, len(STEPS))
        rows = sample(engine, Days(first, add_days(last, 1)), window)
        progress(STEPS[1], 1, len(STEPS))
        told = judge(engine, settings, window, first=first, last=last)
        evidence = engine.arrow(f"select * from {told.table}")
        progress(STEPS[2], 2, len(STEPS))
        return coached(rows, lined_up(rows, evidence) if len(rows) else evidence, told.looked_at, plans)
