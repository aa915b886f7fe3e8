"""没导进来的行 problems: rows of the shop's files that were not imported, or are to be checked, with the reason of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.imports import MAY_IMPORT
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse

SHOWN = 100


def rows(visit: Visit) -> list[dict[str, Any]]:
    """每一行 of the shop, in the order of files and rows, in words; of one file where the address names it."""
    from jinpai.problems import problems
    from jinpai.render import problems as as_words

    file = visit.asked("file")
    found = (one for one in problems(visit.workspace) if one["shop"] == visit.shop and file in (None, one["file"]))
    return [as_words.row(one, visit.say.lang) for one in found]


def show(visit: Visit) -> HttpResponse:
    """没导进来的行 page by page."""
    from django.core.paginator import Paginator

    from jinpai.render.problems import COLUMNS

    found = rows(visit)
    part = Paginator(found, SHOWN).get_page(visit.asked("page"))
    heads = [visit.say.words(words) for words in COLUMNS.values()]
    return visit.render("problems.html", heads=heads, part=part, total=len(found), file=visit.asked("file"))


PAGE = Page("problems", "problems", Words("没导进来的行", "Rows not imported"), MAY_IMPORT, show)
