"""备份 backups: when the last one was made, how large it is and where it lies; a button makes one, and how to restore in words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jinpai.book import queue
from jinpai.book.people import record
from jinpai.desk import under_way
from jinpai.desk.jobs import kinds
from jinpai.desk.jobs.backup import FOLDER, files, folder, is_chosen, megabytes
from jinpai.desk.page import Page, Visit
from jinpai.desk.showing import minute, to
from jinpai.errors import Words
from jinpai.period import to_moment
from jinpai.workspace.keys import copies

if TYPE_CHECKING:
    from django.http import HttpResponse

KIND = "backup"
OWNER = frozenset({"owner"})
MOST = 5
LATE_DAYS = 7
"""A backup older than this is said to be old."""


def show(visit: Visit) -> HttpResponse:
    """备份 of the workspace; a POST makes one, or stops its job."""
    from django.shortcuts import redirect

    said = None
    if visit.is_sent:
        said = under_way.act(visit, "stop") if visit.sent("do") == "stop" else _ask(visit)
        if said is None:
            return redirect(to(visit.shop, PAGE.path))
    zone = visit.workspace.settings(visit.shop).zone
    made = [(one, one.stat()) for one in files(visit.workspace)]
    found = [
        (one.name, minute(to_moment(int(told.st_mtime * 1000), zone)), megabytes(told.st_size)) for one, told in made
    ]
    is_old = bool(made) and time.time() - made[0][1].st_mtime > LATE_DAYS * 86_400
    return visit.render(
        "backups.html", **listed(visit), said=visit.say.words(said) if said else "", found=found[:MOST], many=len(found), is_old=is_old,
        where=str(folder(visit.workspace)), is_chosen=is_chosen(), variable=FOLDER, has_key_copy=bool(copies(visit.workspace)),
        root=str(visit.workspace.root),
    )  # fmt: skip


def listed(visit: Visit) -> dict[str, Any]:
    """任务列表 the shop's last backups as jobs."""
    nothing = visit.say("还没有在这里做过备份。", "No backup was made here yet.")
    return under_way.listed(visit, KIND) | {"path": PAGE.path, "nothing": nothing}


def _ask(visit: Visit) -> Words | None:
    _, is_new = queue.ask_once(visit.workspace.root, visit.shop, KIND, visit.person.name)
    if is_new:
        record(visit.person.name, "asked_for_job", visit.shop, kinds().things[KIND].title.zh)
    return None


PAGE = Page(
    "backups", "backups", Words("备份", "Backups"), OWNER, show, sends=OWNER, under="settings",
    hint=Words("上次备份的时间和位置，一键再备一份，怎么恢复。", "When and where the last backup was made; make another; how to restore."),
)  # fmt: skip
