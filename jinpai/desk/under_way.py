"""进行中 under_way: the jobs of a shop as its pages list them, and what a form says of one: that it stops, or goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book import queue
from jinpai.book.people import record
from jinpai.desk.jobs import kinds
from jinpai.desk.showing import minute
from jinpai.errors import Words
from jinpai.period import to_moment

if TYPE_CHECKING:
    from jinpai.book.models import Job
    from jinpai.desk.page import Visit

GOES_ON = ("waiting", "running")
OVER = Words("这个任务已经结束了。", "This job is over.")
WILL_COUNT = Words(
    "数字正在后台重算，算好以前各页还是原来的数。进度看「后台任务」。",
    "The figures are being computed anew; until then pages show those of before. See Background jobs.",
)


def listed(visit: Visit, kind: str | None = None, by: str | None = None) -> dict[str, Any]:
    """任务列表 the shop's last jobs of a kind, or of all, in words, and whether any of them goes on."""
    found = queue.jobs_of(visit.workspace.root, visit.shop, kind, by)
    return {"jobs": [told(visit, job) for job in found], "goes_on": any(job.state in GOES_ON for job in found)}


def act(visit: Visit, do: str) -> Words | None:
    """停下或继续 stops the job that the form names, or lets it go on; a sentence where it is over."""
    number = visit.sent("job")
    chosen = queue.stop if do == "stop" else queue.agree
    job = chosen(visit.workspace.root, visit.shop, int(number)) if number.isdecimal() and len(number) < 19 else None
    if job is None:
        return OVER
    if job.state == "stopped":
        kinds().things[job.kind].clear(visit.workspace, job.arguments)
    if do == "stop":
        record(visit.person.name, "stopped_job", visit.shop, _what(job))
    else:
        record(visit.person.name, "agreed_to_job", visit.shop, _what(job))
    return None


def compute_anew(visit: Visit) -> None:
    """重算 asks for a job that computes the figures, where none waits already."""
    queue.ask_once(visit.workspace.root, visit.shop, "build", visit.person.name)


def _what(job: Job) -> str:
    """What the log calls the job: its files, or its kind."""
    return "、".join(job.arguments.get("files", [])) or kinds().things[job.kind].title.zh


def told(visit: Visit, job: Job) -> dict[str, Any]:
    """任务的话 a job as a page shows it."""
    say, zone = visit.say, visit.workspace.settings(visit.shop).zone
    return {
        "number": job.pk, "kind": say.words(kinds().things[job.kind].title), "by": job.by, "at": minute(to_moment(job.at, zone)),
        "files": job.arguments.get("files", []), "state": job.state, "state_words": say.words(queue.STATES[job.state]),
        "is_open": job.state in queue.OPEN, "is_stopping": job.stop_asked and job.state == "running",
        "step": say.words(Words(*job.step)) if job.step else "", "done": job.done, "total": job.total,
        "said": [say.words(Words(*one)) for one in job.said],
    }  # fmt: skip
