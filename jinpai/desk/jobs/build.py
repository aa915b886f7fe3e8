"""重算数字 build: the facts of every shop that are behind, under the settings and files as they are now."""

from __future__ import annotations

from jinpai.desk.jobs import Kind, Task
from jinpai.errors import Words

DONE = Words(
    "数字已经按现在的设置和数据算好。", "The figures are computed under the settings and data as they are now."
)
NOTHING = Words("数字本来就是最新的，没有要重算的。", "The figures were up to date; there was nothing to compute.")


def do(task: Task) -> None:
    """重算 brings the facts up to date; what was computed before a kill is looked at by its fingerprint."""
    from jinpai import flow

    due = flow.build(task.workspace, task.tell)
    # after a kill the facts may be new already, though this try has computed none
    task.said.append(DONE if due or task.is_again else NOTHING)


KIND = Kind("build", Words("重算数字", "Compute the figures"), do)
