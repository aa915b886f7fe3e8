"""换口径试算 what_if: the figures under other days, computed anew for the page that asked; nothing of the shop is changed."""

from __future__ import annotations

from jinpai.desk import trial
from jinpai.desk.jobs import Kind, Task
from jinpai.errors import Words
from jinpai.workspace import outbox

DONE = Words("试算好了，回到「换口径试算」看，结果留一天。", "Done: the result stands under What if for a day.")


def do(task: Task) -> None:
    """试算 leaves its result where the page looks for it: of the facts as they are by now; what another job left will do."""
    asked = trial.Trial(task.shop, task.arguments["first"], task.arguments["last"], task.arguments["change"])
    place = asked.place(task.workspace)
    if not outbox.has(task.workspace, place):
        trial.keep(task.workspace, place, trial.computed(task.workspace, asked, task.tell))
    task.said.append(DONE)


KIND = Kind("what_if", trial.TITLE, do)
