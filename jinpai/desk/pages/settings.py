"""店铺设置 settings: the settings pages that the visitor may open, as cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.altering import MAY_ALTER
from jinpai.desk.page import SEES_ALL, Page, Visit, in_order
from jinpai.errors import Words
from jinpai.roster import sub_accounts

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """设置页 every page that says it is under this one; one-person mode is offered where one sub-account alone writes."""
    is_alone = visit.workspace.settings(visit.shop).solo
    cards = [one for one in in_order() if one.under == PAGE.name and visit.member.role in one.roles]
    may_be_alone = (
        not is_alone and visit.member.role in MAY_ALTER and len(sub_accounts(visit.workspace, visit.shop)) == 1
    )
    return visit.render(
        "settings.html", cards=[one for one in cards if not (is_alone and one.name == "people")], may_be_alone=may_be_alone,
        is_alone=is_alone,
    )  # fmt: skip


PAGE = Page("settings", "settings", Words("店铺设置", "Settings"), SEES_ALL, show, place=12)
