"""数据分析 analysis: any metric by any dimension over chosen days, chart and table from the same rows, each figure a door.

An agent sees the own rows and the shop's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinpai.analysis import BY, Question, analysed
from jinpai.desk.choosing import agents_of, chosen, ready_made, tabs
from jinpai.desk.days import Chosen
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import JinpaiError, Words
from jinpai.explain import PARTS

if TYPE_CHECKING:
    from django.http import HttpResponse

METRIC, DIMENSION = "conversion", "agent"
"""What is shown first."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """所问所得 what an address asks for and what was found; `question` has the agent alone whom the visitor may see."""

    days: Chosen
    question: Question
    found: Mapping[str, Any]


def asked(visit: Visit) -> Analysis | None:
    """所问所得 of the address; None without facts. A mistake is a JinpaiError."""
    days = chosen(visit)
    if days is None:
        return None
    by = visit.asked("by") or DIMENSION
    agent = visit.asked("agent")
    if visit.only_agent is not None and (agent is not None or by == "agent"):
        agent = visit.only_agent
    question = Question(visit.asked("metric") or METRIC, by, days.first, days.last, visit.asked("window"), agent)
    return Analysis(days, question, analysed(visit.workspace, visit.shop, question))


def again(question: Question) -> dict[str, str | None]:
    """网址 what an address says to ask the same of other days."""
    return {"metric": question.metric, "by": question.by, "window": question.window, "agent": question.agent}


def title(visit: Visit, asked: Analysis) -> str:
    """题目 the metric's name and whose it is."""
    from jinpai.render import columns

    return f"{visit.say.words(columns.column(asked.found['column']).label)} · {asked.question.agent or visit.say('全店', 'the shop')}"


def door(visit: Visit, asked: Analysis) -> Callable[[Mapping[str, Any], tuple[str, str]], str]:
    """门 the passport of a row's figure."""

    def where(row: Mapping[str, Any], days: tuple[str, str]) -> str:
        part = {asked.question.by: row[asked.question.by]} if asked.question.by in PARTS else {}
        return to(
            visit.shop, "why", metric=asked.found["column"], agent=row.get("agent"), **part, **{"from": days[0], "to": days[1]}
        )  # fmt: skip

    return where


def show(visit: Visit) -> HttpResponse:
    """数据分析 of what the address asks for."""
    from jinpai.render import analysis, columns, tables

    always = {"tabs": tabs(visit), "ready_made": ready_made(visit), "may_import": visit.may("imports")}
    try:
        found = asked(visit)
    except JinpaiError as error:
        return visit.render("analysis.html", days=None, said=visit.say.words(error.words), **always)
    if found is None:
        return visit.render("analysis.html", days=None, said="", **always)
    by, meta = found.question.by, found.found["result"]["meta"]
    lines = analysis.lines(found.found, by, visit.say, door(visit, found))
    column = columns.column(found.found["column"])
    total = found.found["total"]
    return visit.render(
        "analysis.html", days=found.days, said="", question=found.question, asked=again(found.question), title=title(visit, found), lines=lines,
        meaning=visit.say.words(column.meaning) if column.meaning else "", total=total and columns.cell(total, column, visit.say.lang),
        total_parts=columns.parts(total, column.name) if total else "", column=column.name,
        figure=analysis.picture(found.found, by, lines, title(visit, found), visit.say), offered=analysis.offered(visit.say),
        windows=analysis.windows(meta["settings"]["window"], visit.say), own_window=meta["settings"]["window"], dimensions={one: analysis.BY[one] for one in BY},
        agents=agents_of(visit, found.days), basis=tables.basis(meta, visit.say), notes=tables.sentences(meta, visit.say),
        may_export=visit.may("analysis_xlsx"), **always,
    )  # fmt: skip


PAGE = Page("analysis", "numbers/analysis", Words("数据分析", "Analysis"), SEES_ALL | {"agent"}, show, under="numbers")
