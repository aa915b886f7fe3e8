"""导出文件 exports: the large files that the visitor asked for: how far each is, and its one download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book import queue
from jinpai.desk import under_way
from jinpai.desk.exporting import fetched
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import Words
from jinpai.workspace import outbox

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.book.models import Job

KIND = "export"
GONE = Words(
    "这个文件已经下载过，或者过了一天，没有了。要再用，请重新导出。", "This file was downloaded already, or a day has passed. Export it again."
)  # fmt: skip


def show(visit: Visit) -> HttpResponse:
    """导出文件 of the visitor; a POST fetches one, or stops its job."""
    from django.shortcuts import redirect

    said = None
    if visit.is_sent:
        job = _own(visit)
        if job is None:
            said = under_way.OVER
        elif visit.sent("do") == "stop":
            said = under_way.act(visit, "stop")
        else:
            answer = fetched(visit, job.arguments["outbox"], job.arguments["files"][0]) if job.state == "done" else None
            if answer is not None:
                return answer
            said = GONE
        if said is None:
            return redirect(to(visit.shop, PAGE.path))
    return visit.render("exports.html", **listed(visit), said=visit.say.words(said) if said else "")


def listed(visit: Visit) -> dict[str, Any]:
    """任务列表 the visitor's own exports, and which of them can be fetched."""
    root, by = visit.workspace.root, visit.person.name
    found = queue.jobs_of(root, visit.shop, KIND, by)
    ready = {job.pk for job in found if job.state == "done" and outbox.has(visit.workspace, job.arguments["outbox"])}
    nothing = visit.say(
        "没有在做的导出。行数多的表会在这里生成，小的直接下载。",
        "No export is under way. Large tables are made here; small ones download at once.",
    )
    return under_way.listed(visit, KIND, by) | {"path": PAGE.path, "nothing": nothing, "ready": ready}


def _own(visit: Visit) -> Job | None:
    """The visitor's own job that the form names."""
    number = visit.sent("job")
    found = queue.jobs_of(visit.workspace.root, visit.shop, KIND, visit.person.name)
    return next((job for job in found if str(job.pk) == number), None)


PAGE = Page(
    "exports", "exports", Words("导出文件", "Exported files"), SEES_ALL, show, sends=SEES_ALL, under="settings",
    hint=Words("行数多的导出在后台生成，做好了在这里下载一次；只有你自己看得到你的文件。", "Large exports are made in the background and downloaded here once; you alone see yours."),
)  # fmt: skip
