"""怎么算的 why: the passport of one figure: what it means, its settings, what was left out, and the rows behind it.

An agent sees the own figures and the shop's, and of the shop's no rows behind them, for those are colleagues' talks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.desk.choosing import chosen
from jinpai.desk.days import Chosen, Span, asked_span
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.errors import JinpaiError, Words, WrongUse

if TYPE_CHECKING:
    from django.http import HttpResponse


def show(visit: Visit) -> HttpResponse:
    """口径与明细 of the metric that the address names, for an agent or the shop, over a day, week or month."""
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    from jinpai.explain import explain
    from jinpai.render import passport
    from jinpai.render.analysis import name_of

    part = None
    metric, agent = visit.asked("metric"), visit.asked("agent")
    if visit.only_agent is not None and agent not in (None, visit.only_agent):
        raise PermissionDenied
    try:
        span: Span | Chosen | None = asked_span(visit.workspace, visit.shop, visit.asked("day"), visit.asked("span"))
        if visit.asked("from") or visit.asked("to"):
            span = chosen(visit)
        if span is None or metric is None:
            raise Http404
        part = _part(visit)
        found = explain(visit.workspace, metric, visit.shop, agent=agent, start=span.start, end=span.end,
            builds=False, part=part)  # fmt: skip
    except JinpaiError as error:
        return visit.render("why.html", said=visit.say.words(error.words), span=None)
    lang = visit.say.lang
    hidden = visit.only_agent is not None and agent is None
    behind: dict[str, Any] = {"rows": [], "total": 0} if hidden or not found.get("behind") else found["behind"]
    heads, rows = passport.rows_behind(behind, lang)
    # a row opens its talk by the buyer's name
    names = passport.names_behind(behind)
    door = names.index("buyer") if "buyer" in names else None
    return visit.render(
        "why.html", said="", span=span, headline=passport.headline(found, lang), sections=passport.sections(found, lang), heads=heads,
        rows=list(zip(rows, [row.get("talk") for row in behind["rows"]], strict=True)), door=door, total=behind["total"], sql=found.get("sql") or {}, agent=agent,
        part=part and name_of(dict([part]), part[0], {}, visit.say),
    )  # fmt: skip


def _part(visit: Visit) -> tuple[str, str | int] | None:
    """哪一格 the hour, weekday or product that the address asks for."""
    from jinpai.explain import PARTS

    for name in PARTS:
        said = visit.asked(name)
        if said is not None:
            if name != "product" and not said.isdecimal():
                raise WrongUse(
                    f"「{said}」不是一个数。请从表格里点进来。", f"'{said}' is not a number. Open it from the table."
                )
            return name, said if name == "product" else int(said)
    return None


PAGE = Page("why", "why", Words("怎么算的", "How it is counted"), SEES_ALL | {"agent"}, show)
