"""下载填写模板 guide_sheet: a list that people fill in, as a workbook with its headings and what may stand in each."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.desk.exporting import SHEET
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import saved
from jinpai.errors import Words
from jinpai.render.guide import FILLED_IN

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """模板 of the table that the address names, the list of agents without one; it holds no data of the shop."""
    from django.http import Http404

    from jinpai import templates

    name = visit.asked("table") or "agents"
    if name not in FILLED_IN:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder:
        file = Path(folder) / "sheet.xlsx"
        templates.write(file, name, visit.say.lang)
        return saved(file.read_bytes(), SHEET, f"{name}.xlsx")


PAGE = Page("guide_sheet", "guide/sheet.xlsx", Words("下载填写模板", "Download a sheet to fill in"), SEES_ALL, show)
