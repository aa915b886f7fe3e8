"""导入文件 import_files: what was dropped on the page of imports, then the facts anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jinpai.desk import inbox
from jinpai.desk.jobs import Kind, NeedsYes, Task
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from jinpai.workspace import Workspace
    from jinpai.workspace.lists import Difference

_BEFORE = Words(
    "文件在上次中断之前已经导入好了，这次只把数字算完。",
    "The files were imported before the interruption; this time the figures were brought up to date.",
)


def do(task: Task) -> None:
    """导入 imports all files of the job or none, into its shop alone."""
    from jinpai import flow
    from jinpai.importing import import_files
    from jinpai.render import differences, importing

    def confirm(found: Sequence[Difference]) -> None:
        if not task.arguments.get("agreed"):
            zone = task.workspace.settings(task.shop).zone
            raise NeedsYes([words for one in found for words in differences.told(one, zone)])

    files = inbox.files(task.workspace, task.arguments["inbox"])
    if not files:
        raise JinpaiError("上传的文件已经不在了，请重新上传。", "The uploaded files are gone; upload them again.")
    done = import_files(task.workspace, files, shop=task.shop, confirm=confirm, progress=task.tell)
    is_in_already = task.is_again and all(one.already for one in done)
    task.said += [_BEFORE] if is_in_already else importing.told(done)
    flow.build(task.workspace, task.tell)


def clear(workspace: Workspace, arguments: dict[str, Any]) -> None:
    """清掉 uploads are not kept: their rows lie encrypted in the workspace."""
    inbox.clear(workspace, arguments["inbox"])


KIND = Kind("import_files", Words("导入文件", "Import files"), do, clear)
