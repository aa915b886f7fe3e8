"""质检 inspect: inspection is switched on for the shop, and every chat of it is read."""

from __future__ import annotations

from typing import Any

from jinpai.book.people import record
from jinpai.desk.jobs import Kind, Task
from jinpai.errors import Words

ON = Words(
    "聊天质检是打开的：以后每次导入都会质检新的聊天。不想要了，在「口径」里关掉。",
    "Inspection is on: chats imported from now on are inspected too. It is turned off on the page of rules.",
)


def do(task: Task) -> None:
    """质检 does what `jinpai inspect --on` does; a try that was cut off is begun again, and what it left is not read."""
    from jinpai import inspection

    if not task.workspace.settings(task.shop).inspection:
        inspection.turn_on(task.workspace, task.shop)
        record(task.by, "changed_setting", task.shop, "inspection：否 → 是")
    task.said.append(ON)
    found = inspection.inspect(task.workspace, task.shop, progress=task.tell)
    task.said.append(told(found))


def told(found: dict[str, Any]) -> Words:
    """质检结果 how many conversations, their mean score and how many passed; where none has a score, that."""
    whole, full = found["whole"], found["meta"]["full_mark"]
    many = whole["conversations"] if whole else 0
    if not whole or whole["score"] is None:
        return Words(
            f"质检了 {many:,} 段会话，还没有一段有得分。",
            f"{many:,} conversations inspected, none of them has a score.",
        )
    return Words(
        f"质检了 {many:,} 段会话，平均 {whole['score']:g} 分（满分 {full}），{whole['passed']:,} 段合格。得分最低的在「聊天记录」里按得分看。",
        f"{many:,} conversations inspected, mean {whole['score']:g} of {full}, {whole['passed']:,} passed. The lowest stand under Conversations, by score.",
    )


KIND = Kind("inspect", Words("聊天质检", "Inspect the chats"), do)
