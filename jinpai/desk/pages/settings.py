"""店铺设置 settings: the settings pages that the visitor may open, as cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import SEES_ALL, Page, Visit, in_order
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """设置页 every page that says it is under this one."""
    return visit.render(
        "settings.html",
        cards=[one for one in in_order() if one.under == PAGE.name and visit.member.role in one.roles],
    )


PAGE = Page("settings", "settings", Words("店铺设置", "Settings"), SEES_ALL, show, place=12)
