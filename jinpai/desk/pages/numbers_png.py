"""日报图片 numbers as a picture: the table of the daily report as PNG, to be put into the team's group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.days import SPANS, asked_span
from jinpai.desk.exporting import picture
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.pages.numbers import METRICS, asked, together
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """图片 of what the page shows."""
    from django.http import Http404

    from jinpai.desk.doors import told
    from jinpai.render import tables
    from jinpai.render.charts import sheet

    try:
        span = asked_span(visit.workspace, visit.shop, visit.asked("day"), visit.asked("span"))
    except JinpaiError:
        span = None
    if span is None:
        raise Http404
    _, _, result = together(visit, *(asked(visit, span, by) for by in ("shop", "agent")))
    grid = tables.grid(result, "agent", visit.say, result["rows"], METRICS)
    title = visit.say("客服", "Customer service ") + visit.say.words(SPANS[span.kind])
    days = span.start if span.start == span.end else f"{span.start} – {span.end}"
    name = f"{title}-{visit.shop}-{span.start}-{span.end}.png"
    about = f"{visit.shop} · {days}"
    try:
        return picture(visit, name, "image/png", lambda mark: sheet.png(grid, title, about, mark))
    except JinpaiError as error:
        return told(visit.request, error.words, 400)


PAGE = Page(
    "numbers_png", "numbers.png", Words("日报存图", "Save the report as a picture"), SEES_ALL - {"auditor"}, show
)
