"""导出文件 export: a large file, made by the page that was asked for it, for the one person who asked, to be fetched once."""

from __future__ import annotations

from typing import Any

from jinpai.desk.jobs import Kind, Task
from jinpai.errors import JinpaiError, Words
from jinpai.workspace import outbox

DONE = Words(
    "做好了，到「导出文件」下载：只能下载一次，留一天。", "Done: it can be downloaded once under Exported files, for a day."
)  # fmt: skip
NO_RIGHT = Words(
    "你现在的角色不能导出这个了，没有导出。", "Your role may not export this any more; nothing was exported."
)
NOTHING = Words("现在没有可以导出的数据了。", "There is nothing to export any more.")


def do(task: Task) -> None:
    """导出 counts when the file is made; a try that was cut off after that counts once."""
    place = str(task.arguments["outbox"])
    if not outbox.has(task.workspace, place):
        task.tell(Words("生成文件", "Making the file"), 0, 0)
        outbox.put(task.workspace, place, _made(task))
    task.said.append(DONE)


def _made(task: Task) -> bytes:
    """What the page gives to the person who asked, whose rights are those of now."""
    from django.http import Http404, HttpRequest, QueryDict

    from jinpai.book.people import memberships, named
    from jinpai.desk.page import Visit, pages

    person, page = named(task.by), pages().things[task.arguments["page"]]
    member = memberships(person).get(task.shop) if person.is_active else None
    if member is None or member.role not in page.roles:
        raise JinpaiError(*NO_RIGHT)
    request: Any = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(task.arguments["query"]), person
    try:
        answer = page.show(Visit(request, task.workspace, task.shop, person, member, page, is_job=True))
    except Http404:
        raise JinpaiError(*NOTHING) from None
    if "Content-Disposition" not in answer.headers:
        raise JinpaiError(*NOTHING)
    return bytes(answer.content)


KIND = Kind("export", Words("导出文件", "Export a file"), do)
