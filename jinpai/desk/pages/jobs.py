"""后台任务 jobs: the long work of the shop, how far it is and what it said; figures computed anew and chats inspected from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book import queue
from jinpai.book.people import record
from jinpai.desk import under_way
from jinpai.desk.jobs import kinds
from jinpai.desk.page import Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import Words
from jinpai.sourcing import stale

if TYPE_CHECKING:
    from django.http import HttpResponse

MAY_WORK = frozenset({"owner", "supervisor"})
NO_CHATS = Words(
    "还没有聊天可以质检。先到「导入数据」导入聊天记录。", "There are no chats to inspect. Import some on the page of imports first."
)  # fmt: skip
NOTHING_CHOSEN = Words("没有选要做什么。", "Nothing to do was chosen.")


def show(visit: Visit) -> HttpResponse:
    """后台任务 of the shop; a POST starts one, stops one, or lets one go on."""
    from django.shortcuts import redirect

    said = _act(visit) if visit.is_sent else None
    if visit.is_sent and said is None:
        return redirect(to(visit.shop, PAGE.path))
    facts = visit.workspace.facts()
    settings = visit.workspace.settings(visit.shop)
    return visit.render(
        "jobs_page.html", **listed(visit), said=visit.say.words(said) if said else "", inspection=settings.inspection,
        is_behind=visit.shop in stale(visit.workspace), has_facts=facts is not None, has_chats=_has_chats(visit),
    )  # fmt: skip


def listed(visit: Visit) -> dict[str, Any]:
    """任务列表 the shop's last jobs of every kind in words."""
    nothing = visit.say("还没有后台任务。", "There was no job yet.")
    return under_way.listed(visit) | {"path": PAGE.path, "nothing": nothing}


def _act(visit: Visit) -> Words | None:
    """What the form asks for; a sentence where it cannot be."""
    do = visit.sent("do")
    if do in ("stop", "agree"):
        return under_way.act(visit, do)
    if do not in ("build", "inspect"):
        return NOTHING_CHOSEN
    if do == "inspect" and not _has_chats(visit):
        return NO_CHATS
    _, is_new = queue.ask_once(visit.workspace.root, visit.shop, do, visit.person.name)
    if is_new:
        record(visit.person.name, "asked_for_job", visit.shop, kinds().things[do].title.zh)
    return None


def _has_chats(visit: Visit) -> bool:
    facts = visit.workspace.facts()
    return facts is not None and bool(facts.files("source_messages", visit.shop))


PAGE = Page(
    "jobs", "jobs", Words("后台任务", "Background jobs"), MAY_WORK, show, sends=MAY_WORK, under="settings",
    hint=Words("导入、重算、质检做到哪里了，说了什么；在这里开始和取消。", "How far imports, computations and inspections are, and what they said; start and cancel them here."),
)  # fmt: skip
