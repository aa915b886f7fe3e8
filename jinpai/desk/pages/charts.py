"""图表 charts: the shop's days as pictures, whose marks lead to the passports of their figures; an agent sees the own dot alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.choosing import chosen, ready_made, tabs
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import JinpaiError, Words
from jinpai.shelf import remembered

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.desk.days import Chosen
    from jinpai.render.figures import Door, Figure


def doors(visit: Visit, days: Chosen) -> Door:
    """门 the address of the passport of a metric, on a day or of an agent."""

    def door(metric: str, day: str | None = None, **of: str) -> str:
        asked = {"from": day or days.start, "to": day or days.end}
        return to(visit.shop, "why", metric=metric, **of, **asked)

    return door


def drawn(visit: Visit, days: Chosen) -> dict[str, Figure]:
    """画好的图 by name; kept as long as facts and settings stand, for drawing takes seconds."""
    from jinpai.render.figures import finished
    from jinpai.render.gallery import gallery

    def draw() -> dict[str, Figure]:
        found = gallery(
            visit.workspace, visit.shop, days.first, days.last, visit.say, agent=visit.only_agent, door=doors(visit, days)
        )  # fmt: skip
        return {name: finished(one) for name, one in found.items()}

    question = ("charts", days.first, days.last, visit.say.lang, visit.only_agent)
    return remembered(visit.workspace, visit.shop, question, draw)


def show(visit: Visit) -> HttpResponse:
    """图表 of the chosen days."""
    said, days, figures = "", None, {}
    try:
        days = chosen(visit)
        if days is not None:
            figures = drawn(visit, days)
    except JinpaiError as error:
        said = visit.say.words(error.words)
    return visit.render(
        "charts.html", days=days, said=said, figures=figures, tabs=tabs(visit), ready_made=ready_made(visit),
        may_export=visit.may("chart_png"), may_import=visit.may("imports"),
    )  # fmt: skip


PAGE = Page("charts", "numbers/charts", Words("图表", "Charts"), SEES_ALL | {"agent"}, show, under="numbers")
