"""存图 a chart as a file: PNG, SVG or PDF, with title, legend and days; each stands in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.book.people import record
from jinpai.desk.choosing import chosen
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import saved
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from jinpai.desk.choosing import Chosen
    from jinpai.render.figures import Figure


def file_of(visit: Visit, days: Chosen, figure: Figure, kind: str) -> HttpResponse:
    """图片文件 the figure as an answer that is saved, and the line in the log."""
    from jinpai.render.charts import saving

    content = saving.saved(figure, f"{visit.shop} · {days.start} – {days.end}", kind)
    name = f"{figure.label}-{visit.shop}-{days.start}-{days.end}.{kind}"
    record(visit.person.name, "exported", visit.shop, name)
    return saved(content, saving.KINDS[kind], name)


def _shows(kind: str) -> Callable[[Visit], HttpResponse]:
    def show(visit: Visit) -> HttpResponse:
        from django.http import Http404

        from jinpai.desk.doors import told
        from jinpai.render.gallery import NAMES, gallery

        name = visit.asked("of") or NAMES[0]
        try:
            days = chosen(visit)
            if days is None or name not in NAMES:
                raise Http404
            figure = gallery(visit.workspace, visit.shop, days.first, days.last, visit.say, names=[name])[name]
            if figure.instead:
                return told(visit.request, Words(figure.instead, figure.instead), 200)
            return file_of(visit, days, figure, kind)
        except JinpaiError as error:
            return told(visit.request, error.words, 400)

    return show


_TITLE = Words("存图", "Save the chart")
PAGE = tuple(
    Page(f"chart_{one}", f"chart.{one}", _TITLE, SEES_ALL - {"auditor"}, _shows(one)) for one in ("png", "svg", "pdf")
)
