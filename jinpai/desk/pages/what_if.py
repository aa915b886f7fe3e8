"""换口径试算 what if: the figures under another rule, window or look-back beside those of today's settings; nothing is saved.

Whose sales become whose stands below, agent by agent; an agent sees the own row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.analysis import beside, row_of, without_window
from jinpai.desk.choosing import chosen, ready_made, tabs
from jinpai.desk.days import Chosen
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.errors import JinpaiError, Words
from jinpai.workspace import Settings

if TYPE_CHECKING:
    from django.http import HttpResponse

METRICS = (
    "enquiries", "conversion", "order_rate", "payment_rate", "attributed_amount", "attributed_orders", "silent_amount", "service_share", "aov",
)  # fmt: skip
OF_AGENTS = ("attributed_amount", "conversion")
LOOKED_BACK, SPANS = ("1", "2", "3", "5", "7", "15", "30"), ("1", "2", "3", "7", "15")
"""Days that the page offers for attribution_days and enquiry_span."""


def tried(visit: Visit, own: Settings) -> dict[str, str]:
    """试的口径 what the address asks for that differs from the shop's settings."""
    now = {
        "rule": own.rule,
        "window": own.window,
        "attribution_days": str(own.attribution_days),
        "enquiry_span": str(own.enquiry_span),
    }
    return {name: said for name in now if (said := visit.asked(name)) is not None and said != now[name]}


def _reports(visit: Visit, days: Chosen, by: str, names: tuple[str, ...], change: dict[str, str]) -> tuple[Any, Any]:
    """The report under today's settings and under others, windowed figures by their bare names."""
    from jinpai.report import report

    found = []
    asked: dict[str, str]
    for asked in ({}, change):
        overrides: dict[str, str] = {
            name: asked[name] for name in ("attribution_days", "enquiry_span") if name in asked
        }
        result = report(visit.workspace, visit.shop, start=days.first, end=days.last, by=(by,), metrics=list(names), rule=asked.get("rule"),
            window=asked.get("window"), overrides=overrides, builds=False)  # fmt: skip
        found.append({"rows": [without_window(row, result["meta"]["window"]) for row in result["rows"]]})
    return found[0], found[1]


def _people(visit: Visit, days: Chosen, change: dict[str, str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each agent's sales and conversion both ways, the greatest change of sales first."""
    from jinpai.render import compared

    now, then = _reports(visit, days, "agent", OF_AGENTS, change)
    names = dict.fromkeys(row["agent"] for result in (then, now) for row in result["rows"] if row["agent"])
    found = [
        (one, beside(OF_AGENTS, row_of(then, one), row_of(now, one)))
        for one in names
        if visit.only_agent in (None, one)
    ]
    found.sort(key=lambda one: (-abs(one[1][0]["difference"] or 0), one[0]))
    return [(one, [compared.told(row, visit.say, judges=False) for row in rows]) for one, rows in found]


def show(visit: Visit) -> HttpResponse:
    """换口径试算 of the chosen days; without another setting nothing is computed."""
    from jinpai.render import analysis, compared

    own = visit.workspace.settings(visit.shop)
    always: dict[str, Any] = {
        "tabs": tabs(visit), "ready_made": ready_made(visit), "may_import": visit.may("imports"), "own": own, "rules": terms.RULES,
        "windows": analysis.windows(own.window, visit.say), "looked_back": LOOKED_BACK, "enquiry_spans": SPANS, "given": visit.request.GET,
    }  # fmt: skip
    change = tried(visit, own)
    lines, people = [], []
    try:
        days = chosen(visit)
        if days is not None and change:
            now, then = _reports(visit, days, "shop", METRICS, change)
            # what would be stands first, and differs by so much from what is
            lines = compared.lines(beside(METRICS, row_of(then, None), row_of(now, None)), visit.say, judges=False)
            people = _people(visit, days, change)
    except JinpaiError as error:
        return visit.render("what_if.html", days=None, said=visit.say.words(error.words), **always)
    return visit.render(
        "what_if.html", days=days, said="", change=change, lines=lines, people=people, asked=change, **always
    )


PAGE = Page("what_if", "numbers/what-if", Words("换口径试算", "What if"), SEES_ALL | {"agent"}, show, under="numbers")
