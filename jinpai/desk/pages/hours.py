"""营业时间 hours: the weekly opening hours, days that are different, public holidays and promotions of the shop, to see and to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.desk import dated
from jinpai.desk.altering import DONE, MAY_ALTER, Overtaken, alter, mark
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import JinpaiError, Words
from jinpai.render.settings import COUNTRIES
from jinpai.workspace.hours import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

EMPTY = 2
"""So many lines stand ready for more."""
MOST = 400
"""More lines than a form has."""
DAYS = {"every_day": Words("每天", "Every day")} | dict(zip(WEEKDAYS, terms.WEEKDAYS, strict=True))
_PARTS = ("hours", "holidays", "promotions")


def show(visit: Visit) -> HttpResponse:
    """营业时间 as it stands; a form changes one of its three parts, or says why not and shows what was typed."""
    if not visit.is_sent:
        done = DONE.get(visit.asked("done") or "")
        return _page(visit, done=visit.say.words(done) if done else "")
    from django.shortcuts import redirect

    part = visit.sent("part")
    try:
        return redirect(to(visit.shop, PAGE.path, done=alter(visit, {part: _asked(visit, part)})))
    except JinpaiError as error:
        typed = {} if isinstance(error, Overtaken) else _typed(visit, part)
        answer = _page(visit, said=_in_words(visit, error.words), typed=typed)
        answer.status_code = 400
        return answer


def _asked(visit: Visit, part: str) -> Any:
    """What the form asks for, in the form of the file."""
    if part not in _PARTS:
        raise JinpaiError("没有选要改什么。", "Nothing to change was chosen.")
    if part == "holidays":
        return visit.sent("country")
    lines = _lines(visit)
    if part == "promotions":
        return dated.promotions_of(lines) or None
    return dated.hours_of({name: visit.sent(name) for name in DAYS}, lines) or None


def _lines(visit: Visit) -> list[tuple[str, str, str]]:
    """The lines of a form in which anything is typed, in order."""
    columns = [[said.strip() for said in visit.request.POST.getlist(name)[:MOST]] for name in ("one", "two", "three")]
    return [line for line in zip(*columns, strict=False) if any(line)]


def _typed(visit: Visit, part: str) -> dict[str, Any]:
    """What was typed into a form that was refused, so that it need not be typed again."""
    if part == "hours":
        return {"week": {name: visit.sent(name) for name in DAYS}, "special": _lines(visit)}
    return {"promotions": _lines(visit)} if part == "promotions" else {}


def _page(visit: Visit, *, said: str = "", done: str = "", typed: Mapping[str, Any] | None = None) -> HttpResponse:
    settings, say = visit.workspace.settings(visit.shop), visit.say
    shown, closed = settings.shown(), say("休息", "closed")
    hours: Any = shown["hours"]
    promotions: Any = shown["promotions"]
    country = settings.holidays
    told = {
        "week": dated.week(hours, closed), "special": dated.exceptions(hours, closed),
        "promotions": [(one["name"], one["first"], one["last"]) for one in promotions],
    } | dict(typed or {})  # fmt: skip
    blank = [("", "", "")] * EMPTY
    return visit.render(
        "hours.html", said=said, done=done, days=DAYS, week=told["week"], is_set=bool(hours), country=country,
        special=[*told["special"], *blank], promotions=[*told["promotions"], *blank],
        countries=COUNTRIES if country in COUNTRIES else {country: Words(country, country)} | COUNTRIES,
        may_alter=visit.member.role in MAY_ALTER, seen={part: mark(settings, part) for part in _PARTS},
    )  # fmt: skip


def _in_words(visit: Visit, words: Words) -> str:
    """A refusal with the days called as the form calls them."""
    told = visit.say.words(words)
    for name, label in DAYS.items():
        told = told.replace(f"{name} ", f"{visit.say.words(label)} ")
    return told.replace("..", visit.say(" 到 ", " to "))


PAGE = Page(
    "hours", "hours", Words("营业时间", "Opening hours"), SEES_ALL, show, sends=MAY_ALTER, under="settings",
    hint=Words("每天几点到几点、哪几天不一样、节假日和大促。", "From when to when on each day, days that differ, public holidays and promotions."),
)  # fmt: skip
