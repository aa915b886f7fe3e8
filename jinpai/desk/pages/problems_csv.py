"""下载没导进来的行 problems_csv: all of them as CSV, for the spreadsheet in which they are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.exporting import table
from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.imports import MAY_IMPORT
from jinpai.desk.pages.problems import rows
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """CSV of what the page shows, of one file where the address names it."""
    from jinpai.render.problems import COLUMNS

    heads = [visit.say.words(words) for words in COLUMNS.values()]
    name = f"{visit.say('没导进来的行', 'rows-not-imported')}-{visit.shop}"
    return table(visit, name, heads, [[row[name] for name in COLUMNS] for row in rows(visit)])


PAGE = Page("problems_csv", "problems.csv", Words("下载没导进来的行", "Download rows not imported"), MAY_IMPORT, show)
