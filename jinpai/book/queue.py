"""任务队列 queue: jobs are asked for, taken by one process at a time, renewed while it lives, and ended, each in one transaction.

The row is the queue: nothing else remembers a job, so that nothing can disagree with it. A process that is gone stops
renewing its lease; the next claim finds the job as if it had never been begun. What a job does can be done twice
without harm (an import lands whole or not at all, and is known by its bytes). Called inside `opened_book`, or by the desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book.models.recorded import now_ms
from jinpai.errors import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from jinpai.book.models import Job

LEASE_MS = 15_000
MOST_TRIES = 3
"""So often a job is begun again after its process was gone; then it is the job that kills it."""
STATES = {
    "waiting": Words("排队中", "waiting"), "running": Words("进行中", "running"), "asking": Words("等你确认", "waiting for your yes"),
    "done": Words("完成", "done"), "failed": Words("没做成", "failed"), "stopped": Words("已取消", "cancelled"),
}  # fmt: skip
OPEN = ("waiting", "running", "asking")
_GONE = Words(
    f"做到一半，程序意外退出了 {MOST_TRIES} 次，不再重试；没做完的部分没有留下。多半是内存不够，请告诉管理员。",
    f"The program was gone {MOST_TRIES} times in the middle of it and it is not tried again; nothing half done is left. "
    "Most often memory does not suffice: tell who runs it.",
)


def ask(root: Path, shop: str, kind: str, by: str, arguments: dict[str, Any]) -> Job:
    """排队 asks for a job of a kind."""
    from jinpai.book.models import Job

    job = Job(workspace=str(root), shop=shop, kind=kind, by=by, arguments=arguments)
    job.save()
    return job


def ask_once(root: Path, shop: str, kind: str, by: str) -> tuple[Job, bool]:
    """只排一个 a job of a kind without arguments, and whether it is new: one of the shop that waits still will do.

    One that runs may have read already what has changed since.
    """
    from django.db import transaction

    from jinpai.book.models import Job

    with transaction.atomic():
        waits = Job.objects.filter(workspace=str(root), shop=shop, kind=kind, state="waiting").order_by("id").first()
        return (ask(root, shop, kind, by, {}), True) if waits is None else (waits, False)


def jobs_of(root: Path, shop: str, kind: str | None = None, by: str | None = None, most: int = 20) -> list[Job]:
    """任务列表 the last jobs of a shop, of one kind or of all, of one person or of everybody, the newest first."""
    from jinpai.book.models import Job

    found = Job.objects.filter(workspace=str(root), shop=shop)
    found = found if by is None else found.filter(by=by)
    return list((found if kind is None else found.filter(kind=kind)).order_by("-id")[:most])


def last_for(root: Path, shop: str, kind: str, place: str) -> Job | None:
    """最近一个 the last job of a kind whose result lies, or will lie, in one place of the outbox."""
    from jinpai.book.models import Job

    found = Job.objects.filter(workspace=str(root), shop=shop, kind=kind, arguments__outbox=place)
    last: Job | None = found.order_by("-id").first()
    return last


def uploads(root: Path) -> set[str]:
    """还要用的上传 the folders of the inbox that a job which is not over needs."""
    from jinpai.book.models import Job

    found = Job.objects.filter(workspace=str(root), state__in=OPEN).values_list("arguments", flat=True)
    return {one["inbox"] for one in found if "inbox" in one}


def claim(root: Path, worker: str) -> Job | None:
    """领任务 the oldest job that waits, leased to this worker; None where there is none, or another has one in hand."""
    from django.db import transaction

    from jinpai.book.models import Job

    now = now_ms()
    with transaction.atomic():
        here = Job.objects.select_for_update().filter(workspace=str(root))
        for held in here.filter(state="running").order_by("id"):
            # one job at a time: they all write in the same workspace
            if held.leased_until > now:
                return None
            _take_back(held)
        job: Job | None = here.filter(state="waiting", not_before__lte=now).order_by("id").first()
        if job is None:
            return None
        job.state, job.worker, job.leased_until = "running", worker, now + LEASE_MS
        job.tries, job.step, job.done, job.total = job.tries + 1, [], 0, 0
        job.started_at = job.started_at or now
        job.save()
        return job


def _take_back(job: Job) -> None:
    """A job whose process is gone waits again, unless it was to stop, or has killed too many."""
    if job.stop_asked:
        _end(job, "stopped", [])
    elif job.tries >= MOST_TRIES:
        _end(job, "failed", [_GONE])
    else:
        job.state = "waiting"
        job.save()


def renew(job: Job, step: Words | None, done: int, total: int) -> bool:
    """续租 says that the worker lives and how far it is; False where it is to stop, or no longer has the job."""
    from jinpai.book.models import Job

    held = Job.objects.filter(pk=job.pk, worker=job.worker, state="running")
    told = {"step": list(step) if step else [], "done": done, "total": total}
    return bool(held.update(leased_until=now_ms() + LEASE_MS, **told)) and held.filter(stop_asked=False).exists()


def end(job: Job, state: str, said: Sequence[Words]) -> None:
    """了结 a job by the worker that has it; nothing where another has it by now."""
    from django.db import transaction

    from jinpai.book.models import Job

    with transaction.atomic():
        held = Job.objects.select_for_update().filter(pk=job.pk, worker=job.worker, state="running").first()
        if held is not None:
            _end(held, state, said)


def put_back(job: Job, wait_ms: int) -> None:
    """放回 a job that could not be done just now, or whose worker leaves: it waits, and this try does not count."""
    from jinpai.book.models import Job

    held = Job.objects.filter(pk=job.pk, worker=job.worker, state="running")
    held.update(state="waiting", not_before=now_ms() + wait_ms, tries=job.tries - 1, leased_until=0)


def stop(root: Path, shop: str, number: int) -> Job | None:
    """取消 a job of the shop: one that waits is over at once, one that runs is told; None where there is nothing to stop."""
    from django.db import transaction

    with transaction.atomic():
        job = _open(root, shop, number)
        if job is None:
            return None
        if job.state == "running":
            job.stop_asked = True
            job.save()
        else:
            _end(job, "stopped", [])
        return job


def agree(root: Path, shop: str, number: int) -> Job | None:
    """确认 lets a job that asked go on, with `agreed` among its arguments; None where none asks."""
    from django.db import transaction

    with transaction.atomic():
        job = _open(root, shop, number)
        if job is None or job.state != "asking":
            return None
        job.state, job.arguments, job.said = "waiting", {**job.arguments, "agreed": True}, []
        job.tries, job.ended_at = 0, None
        job.save()
        return job


def _open(root: Path, shop: str, number: int) -> Job | None:
    from jinpai.book.models import Job

    found: Job | None = (
        Job.objects.select_for_update().filter(pk=number, workspace=str(root), shop=shop, state__in=OPEN).first()
    )
    return found


def _end(job: Job, state: str, said: Iterable[Words]) -> None:
    job.state, job.ended_at, job.leased_until = state, now_ms(), 0
    job.said = [*job.said, *(list(words) for words in said)]
    job.save()
