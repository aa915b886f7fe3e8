"""导出诊断 the diagnosis as a workbook: every table with its numbers, and the sentences on a last sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.desk import diagnosing
from jinpai.desk.exporting import workbook
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages import diagnosis
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """工作簿 of a diagnosis that is kept; where none is, the page that makes one."""
    from jinpai.period import format_day
    from jinpai.render.diagnosis import write
    from jinpai.render.diagnosis_cells import section_of

    try:
        wanted = diagnosis.asked(visit)
        found = diagnosing.kept(visit.workspace, wanted) if wanted else None
    except JinpaiError:
        wanted = found = None
    if wanted is None or found is None:
        return diagnosis.show(replace(visit, page=diagnosis.PAGE))
    lang = visit.say.lang
    told = [section_of(one) for one in found["sections"][lang]]
    name = f"{visit.say('转化诊断', 'diagnosis')}-{visit.shop}-{format_day(wanted.first)}-{format_day(wanted.last)}"

    def put(file: Path, mark: str) -> None:
        write(told, found["headline"][lang], file, lang, mark)

    return workbook(visit, name, sum(len(one.rows) for one in told), put)


PAGE = Page("diagnosis_xlsx", "diagnosis.xlsx", Words("导出诊断", "Export the diagnosis"), SEES_ALL - {"auditor"}, show)
