"""流失的买家 lost: the lost enquiries of one reason, those that were worth most first, each a door to its conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.diagnosis import kept
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """一个原因 of a diagnosis that is kept; where none is, the page says where to make one."""
    from jinpai.diagnosis.dearest import MOST
    from jinpai.diagnosis.reasons import REASONS
    from jinpai.period import format_day
    from jinpai.render.diagnosis_cells import yuan

    found = kept(visit)
    reason = next((one for one in REASONS if one.name == visit.asked("reason")), None)
    rows = found["lost"].get(reason.name, []) if found and reason else []
    return visit.render(
        "lost.html", reason=reason, rows=[(talk, format_day(day), agent, yuan(worth, visit.say), words) for talk, day, agent, worth, words in rows], most=MOST,
        query={name: visit.asked(name) for name in ("from", "to")}, found=found is not None,
    )  # fmt: skip


PAGE = Page("lost", "diagnosis/lost", Words("流失的买家", "Lost buyers"), SEES_ALL, show, under="diagnosis")
