"""下载告知书 guide_notice: the notice to the team as a text file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import saved
from jinpai.errors import Words
from jinpai.render.notice import notice

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """告知书 with a byte order mark, so that Notepad reads Chinese."""
    text = visit.say.words(notice(visit.workspace.settings(visit.shop)))
    name = f"{visit.say('告知书', 'notice')}-{visit.shop}.txt"
    return saved("\ufeff" + text.replace("\n", "\r\n"), "text/plain; charset=utf-8", name)


PAGE = Page("guide_notice", "guide/notice.txt", Words("下载告知书", "Download the notice"), SEES_ALL, show)
