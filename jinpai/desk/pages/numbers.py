"""客服数据 numbers: the 客服日报, one row an agent in 赤兔's columns and order, then the shop; each figure opens its passport.

An agent sees the own row and the shop's. Source: the page of the desk, §2; columns of 赤兔's reports, formats §5.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.desk.choosing import tabs
from jinpai.desk.days import SPANS, Span, asked_span, last_day
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.errors import JinpaiError, Words
from jinpai.metrics.averages import averages

if TYPE_CHECKING:
    from django.http import HttpResponse

METRICS = (
    "consulted_buyers", "received_buyers", "enquiries", "conversion_same_day", "conversion_{w}", "attributed_amount", "aov",
    "first_response_seconds{c}", "response_seconds{c}", "first_response_within_15s{c}", "answer_ratio", "reply_rate",
    "unreplied_buyers", "slow_buyers", "satisfied_rate", "inspection_score",
)  # fmt: skip
"""赤兔's columns, in its order; {w} is the shop's window, {c} the clock of its opening hours, where it has them."""


def asked(visit: Visit, span: Span, by: str) -> dict[str, Any]:
    """报表 of the page's metrics, by agent or for the shop."""
    from jinpai.report import report

    window = visit.workspace.settings(visit.shop).window
    # a rate that is not ready says so where it is known how many are not
    named = [*METRICS, "immature_same_day", "immature_{w}"]
    metrics = dict.fromkeys(name.format(w=window, c=clock) for name in named for clock in ("", "_business"))
    found = report(
        visit.workspace, visit.shop, start=span.first, end=span.last, by=(by,), metrics=list(metrics), builds=False
    )
    silent = {
        name
        for name in metrics
        if all(row.get(name) is None for row in found["rows"]) and not name.startswith("conversion")
    }
    return found | {"rows": [{k: v for k, v in row.items() if k not in silent} for row in found["rows"]]}


def rows_of(visit: Visit, agents: dict[str, Any]) -> list[dict[str, Any]]:
    """看得到的行 the agents' rows that the visitor may see, the most received first."""
    mine = [row for row in agents["rows"] if row["agent"] and visit.only_agent in (None, row["agent"])]
    return sorted(mine, key=lambda row: (-(row.get("received_buyers") or 0), row["agent"]))


def show(visit: Visit) -> HttpResponse:
    """客服日报 of a day, a week or a month."""
    from jinpai.assessment import assessed
    from jinpai.render import columns, tables
    from jinpai.render.compared import line_of

    try:
        span = asked_span(visit.workspace, visit.shop, visit.asked("day"), visit.asked("span"))
        if span is None:
            return _nothing(visit, "")
        last = last_day(visit.workspace, visit.shop)
        whole, agents = (asked(visit, span, by) for by in ("shop", "agent"))
        platforms = [line_of(one, visit.say) for one in assessed(visit.workspace, visit.shop, span.first, span.last)]
    except JinpaiError as error:
        return _nothing(visit, visit.say.words(error.words))
    rows, mean, result = together(visit, whole, agents)
    grid = tables.grid(result, "agent", visit.say, result["rows"], METRICS)
    said = (
        []
        if rows
        else [visit.say("这段时间没有客服接待。换个日子看看。", "No agent received anybody then. Try another day.")]
    )
    return visit.render(
        "numbers.html", span=span, spans=SPANS, said=" ".join(said), grid=grid, agents=[row["agent"] for row in rows], has_mean=bool(mean), is_timed=bool(columns.clock_of(result)), tabs=tabs(visit), platforms=platforms,
        basis=tables.basis(whole["meta"], visit.say), notes=tables.sentences(whole["meta"], visit.say),
        may_export=visit.may("numbers_xlsx"), is_last=last is not None and span.last >= last,
    )  # fmt: skip


def together(
    visit: Visit, whole: dict[str, Any], agents: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """合在一起 the agents' rows that the visitor may see, their mean where there is one, and the report of both and the shop."""
    rows = rows_of(visit, agents)
    # what an agent has no figure for is not there; the shop's row says which columns there are
    total = {**whole["rows"][0], "agent": visit.say("全店", "Shop")}
    mean = _mean(visit, agents["rows"], total)
    return rows, mean, whole | {"rows": [*rows, *mean, total]}


def _mean(visit: Visit, rows: list[dict[str, Any]], total: dict[str, Any]) -> list[dict[str, Any]]:
    """均值 of the agents in the table; an agent sees it of three or more, for of two it would be the colleague's."""
    known = [row for row in rows if row["agent"]]
    names = [name for name in total if name not in ("shop", "agent", "of") and any(name in row for row in known)]
    least = 2 if visit.only_agent is None else 3
    return [averages(known, names) | {"agent": visit.say("均值", "Mean")}] if len(known) >= least else []


def _nothing(visit: Visit, said: str) -> HttpResponse:
    return visit.render(
        "numbers.html", span=None, spans=SPANS, said=said, grid=None, tabs=tabs(visit), may_import=visit.may("imports")
    )


PAGE = Page("numbers", "numbers", Words("客服数据", "Numbers"), SEES_ALL | {"agent"}, show, place=2)
