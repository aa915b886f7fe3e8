"""下载没导进来的行 problems_csv: all of them as CSV, for the spreadsheet in which they are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.book.people import record
from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.imports import MAY_IMPORT
from jinpai.desk.pages.problems import rows
from jinpai.desk.showing import saved
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """CSV with a byte order mark, so that spreadsheets read Chinese; formulas are neutralised."""
    from jinpai.render import csv
    from jinpai.render.problems import COLUMNS

    heads = [visit.say.words(words) for words in COLUMNS.values()]
    text = csv.BOM + csv.table(heads, ([row[name] for name in COLUMNS] for row in rows(visit)))
    name = f"{visit.say('没导进来的行', 'rows-not-imported')}-{visit.shop}.csv"
    record(visit.person.name, "exported", visit.shop, name)
    return saved(text, "text/csv; charset=utf-8", name)


PAGE = Page("problems_csv", "problems.csv", Words("下载没导进来的行", "Download rows not imported"), MAY_IMPORT, show)
