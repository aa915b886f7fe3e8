"""导出数据分析 analysis as a workbook: just these rows, and 口径与明细 on a second sheet; each export stands in the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.desk.exporting import workbook
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.analysis import asked, title
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """工作簿 of what the address asks for."""
    from django.http import Http404

    from jinpai.desk.doors import told
    from jinpai.render import xlsx

    try:
        found = asked(visit)
    except JinpaiError as error:
        return told(visit.request, error.words, 400)
    if found is None:
        raise Http404
    name = (
        f"{title(visit, found).replace(' · ', '-').replace('/', '-')}-{visit.shop}-{found.days.start}-{found.days.end}"
    )
    result = found.found["result"]

    def write(file: Path, mark: str) -> None:
        xlsx.write(result, file, visit.say.lang, mark)

    return workbook(visit, name, len(result["rows"]), write)


PAGE = Page(
    "analysis_xlsx", "analysis.xlsx", Words("导出数据分析", "Export the analysis"), SEES_ALL - {"auditor"}, show
)
