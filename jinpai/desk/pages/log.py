"""操作日志 log: who did what when in the shop, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.book.deeds import ACTS, act, deeds, doer, doers, on
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import minute
from jinpai.errors import Words
from jinpai.period import to_moment

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.book.models import Deed

A_PAGE = 50


def lines(visit: Visit, found: list[Deed]) -> list[tuple[str, str, str, str]]:
    """日志的行 when (the shop's zone), who, what and to what, in the visitor's language."""
    zone, say = visit.workspace.settings(visit.shop).zone, visit.say
    return [
        (minute(to_moment(one.at, zone)), say.words(doer(one.by)), say.words(act(one)), say.words(on(one)))
        for one in found
    ]


def show(visit: Visit) -> HttpResponse:
    """日志 of the shop, or of one person or one act; fifty to a page."""
    from django.core.paginator import Paginator

    by, what = visit.asked("by"), visit.asked("what")
    page = Paginator(deeds(visit.shop, by, what), A_PAGE).get_page(visit.asked("page"))
    return visit.render(
        "log.html", lines=lines(visit, list(page)), at=page, by=by or "", what=what or "", acts=ACTS, doers=[(one, visit.say.words(doer(one))) for one in doers(visit.shop)],
        may_export=visit.may("log_xlsx"),
    )  # fmt: skip


PAGE = Page(
    "log", "log", Words("操作日志", "Log"), SEES_ALL, show, under="settings",
    hint=Words("谁在什么时候登录、导出、改了什么；只增不改。", "Who signed in, exported or changed what, and when; nothing in it is ever altered."),
)  # fmt: skip
