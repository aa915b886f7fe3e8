"""转化诊断 diagnose: the diagnosis of the days that a page asked for; nothing of the shop is changed."""

from __future__ import annotations

from jinpai.desk import diagnosing
from jinpai.desk.jobs import Kind, Task
from jinpai.errors import Words
from jinpai.workspace import outbox

DONE = Words("诊断好了，回到「转化诊断」看，结果留一天。", "Done: the result stands under Diagnosis for a day.")


def do(task: Task) -> None:
    """诊断 leaves its result where the page looks for it: of the facts as they are by now; what another job left will do."""
    from jinpai.diagnosis.diagnosing import diagnose
    from jinpai.period import format_day

    asked = diagnosing.Question(task.shop, task.arguments["first"], task.arguments["last"])
    place = asked.place(task.workspace)
    if not outbox.has(task.workspace, place):
        found = diagnose(
            task.workspace, task.shop, start=format_day(asked.first), end=format_day(asked.last), progress=task.tell, builds=False, watches=True
        )  # fmt: skip
        diagnosing.keep(task.workspace, asked, place, found)
    task.said.append(DONE)


KIND = Kind(diagnosing.KIND, diagnosing.TITLE, do)
