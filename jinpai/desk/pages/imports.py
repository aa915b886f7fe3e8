"""导入数据 imports: files are dropped here and become a job; how far it is, what came of it, and a way to stop it.

What is recognised is said at once, by content and not by name; what is not recognised is refused with a sentence before
anything is kept. Files that name another shop bring problem rows, no rows: rights end at the shop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book import queue
from jinpai.book.people import record
from jinpai.desk import inbox, under_way
from jinpai.desk.page import Page, Visit
from jinpai.desk.showing import to
from jinpai.desk.uploading import too_large
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse

MAY_IMPORT = frozenset({"owner", "supervisor"})
MOST_FILES = 200
NO_FILE = Words("还没有选文件。把文件拖进来，或点「选文件」。", "No file was chosen. Drop files here or choose some.")


def show(visit: Visit) -> HttpResponse:
    """导入数据 what was imported lately; a POST brings files, or says of a job that it stops or goes on."""
    from django.shortcuts import redirect

    if visit.is_sent:
        refused = _act(visit)
        if refused is None:
            return redirect(to(visit.shop, visit.page.path))
        return visit.render("imports.html", **listed(visit), said=visit.say.words(refused))
    return visit.render(
        "imports.html", **listed(visit), said=visit.say.words(too_large()) if visit.asked("too_large") else ""
    )


def listed(visit: Visit) -> dict[str, Any]:
    """任务列表 the shop's last imports in words."""
    nothing = visit.say(
        "还没有导入过文件。先从平台后台导出聊天记录和订单，再拖到上面；去哪里导出，看「上手指南」。",
        "Nothing was imported yet. Export chats and orders from your platform and drop them above; the guide says where.",
    )
    found = under_way.listed(visit, "import_files")
    return found | {"most_files": MOST_FILES, "path": PAGE.path, "nothing": nothing}


def _act(visit: Visit) -> Words | None:
    """What the form asks for; a sentence where it cannot be."""
    do = visit.sent("do")
    return under_way.act(visit, do) if do in ("stop", "agree") else _receive(visit)


def _receive(visit: Visit) -> Words | None:
    """Files into the inbox, each looked into; a job for them, or the sentence of the first that will not do."""
    from jinpai.importers import Probe, identify

    uploads = visit.request.FILES.getlist("files")
    if not uploads:
        return NO_FILE
    if len(uploads) > MOST_FILES:
        return Words(
            f"一次最多 {MOST_FILES} 个文件，这次有 {len(uploads)} 个。",
            f"At most {MOST_FILES} files at once, these are {len(uploads)}.",
        )
    name = inbox.fresh()
    try:
        inbox.receive(visit.workspace, name, uploads)
        files = inbox.files(visit.workspace, name)
        formats = [identify(Probe(file)).name for file in files]
    except JinpaiError as error:
        inbox.clear(visit.workspace, name)
        return Words(f"{error.words.zh} 这一批文件都没有导入。", f"{error.words.en} None of these files was imported.")
    names = [file.name for file in files]
    arguments = {"inbox": name, "files": names, "formats": formats}
    queue.ask(visit.workspace.root, visit.shop, "import_files", visit.person.name, arguments)
    record(visit.person.name, "imported", visit.shop, "、".join(names))
    return None


PAGE = Page(
    "imports", "imports", Words("导入数据", "Imports"), MAY_IMPORT, show, sends=MAY_IMPORT, under="settings",
    hint=Words("把聊天、订单等文件拖进来，看导入进度和没导进来的行", "Drop chats, orders and other files; see progress and rows not imported"),
)  # fmt: skip
