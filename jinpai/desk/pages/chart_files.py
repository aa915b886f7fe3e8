"""存图 a chart as a file: PNG, SVG or PDF, with title, legend and days; each leaves by `exporting`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.choosing import chosen
from jinpai.desk.exporting import picture
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from jinpai.desk.days import Chosen
    from jinpai.render.figures import Figure


def file_of(visit: Visit, days: Chosen, figure: Figure, kind: str) -> HttpResponse:
    """图片文件 the figure as an answer that is saved, and the line in the log."""
    from jinpai.render.charts import saving

    about = f"{visit.shop} · {days.start} – {days.end}"
    name = f"{figure.label}-{visit.shop}-{days.start}-{days.end}.{kind}"
    return picture(visit, name, saving.KINDS[kind], lambda mark: saving.saved(figure, f"{about} · {mark}", kind))


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


def _analyses(kind: str) -> Callable[[Visit], HttpResponse]:
    def show(visit: Visit) -> HttpResponse:
        from django.http import Http404

        from jinpai.desk.doors import told
        from jinpai.desk.pages import analysis as page
        from jinpai.render import analysis

        try:
            found = page.asked(visit)
            if found is None:
                raise Http404
            lines = analysis.lines(found.found, found.question.by, visit.say, page.door(visit, found))
            figure = analysis.picture(found.found, found.question.by, lines, page.title(visit, found), visit.say)
            if not figure.makers:
                words = figure.instead or visit.say("一个合计画不成图。", "One sum makes no picture.")
                return told(visit.request, Words(words, words), 200)
            return file_of(visit, found.days, figure, kind)
        except JinpaiError as error:
            return told(visit.request, error.words, 400)

    return show


_TITLE = Words("存图", "Save the chart")
PAGE = tuple(
    Page(f"{name}_{kind}", f"{name}.{kind}", _TITLE, SEES_ALL - {"auditor"}, shows(kind))
    for name, shows in (("chart", _shows), ("analysis", _analyses)) for kind in ("png", "svg", "pdf")
)  # fmt: skip
