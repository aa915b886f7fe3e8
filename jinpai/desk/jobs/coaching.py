"""辅导结果 coaching: what became of every plan of the shop, for the page that shows it; nothing of the shop is changed."""

from __future__ import annotations

from jinpai.desk import coached
from jinpai.desk.jobs import Kind, Task
from jinpai.errors import Words
from jinpai.workspace import outbox

DONE = Words(
    "辅导前后比好了，回到「辅导计划」看，结果留一天。", "Done: the results stand under Coaching plans for a day."
)


def do(task: Task) -> None:
    """比前后 leaves its result where the page looks for it: of the plans and facts as they are by now."""
    from jinpai.book.coaching import plans
    from jinpai.diagnosis.coaching import Plan
    from jinpai.diagnosis.courses import courses

    asked = coached.wanted(plans(task.shop))
    place = coached.place(task.workspace, task.shop, asked)
    if not outbox.has(task.workspace, place):
        told = [Plan(one.pk, one.agent, one.kind, one.name, one.starts) for one in asked]
        coached.keep(task.workspace, place, courses(task.workspace, task.shop, told, task.tell))
    task.said.append(DONE)


KIND = Kind(coached.KIND, coached.TITLE, do)
