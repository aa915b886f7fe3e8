"""辅导计划 coaching: who learns what from which day on, what became of it, and a form for the next one.

The supervisor comes here from an action of the diagnosis; an agent sees the own plans. What became of a plan is worked out
by a job that begins by itself. Source: the diagnosis contract, §5.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jinpai.book import coaching, queue
from jinpai.book.team import NotHere
from jinpai.desk import coached, under_way
from jinpai.desk.days import last_day
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import JinpaiError, Words
from jinpai.period import day_of, format_day, parse_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from jinpai.book.models import CoachingPlan, Job

SENDS = frozenset({"owner", "supervisor"})
DONE = {"plan": Words("计划排好了。", "The plan is made."), "end": Words("计划结束了。", "The plan has ended.")}
GROUPS = {"reason": Words("流失原因", "Reasons of lost orders"), "behaviour": Words("做法", "Habits")}


def job_for(visit: Visit, plans: Sequence[CoachingPlan]) -> Job | None:
    """任务 the last one that was asked to look at these plans."""
    place = coached.place(visit.workspace, visit.shop, coached.wanted(plans))
    return queue.last_for(visit.workspace.root, visit.shop, coached.KIND, place)


def show(visit: Visit) -> HttpResponse:
    """辅导计划 of the shop, or of the agent who looks; a POST makes one, ends one, or has them looked at."""
    from django.http import Http404
    from django.shortcuts import redirect

    if not visit.is_sent:
        done = DONE.get(visit.asked("done") or "")
        return _page(visit, done=visit.say.words(done) if done else "")
    act = visit.sent("do")
    try:
        if act in ("start", "stop"):
            return _look(visit, act)
        (_plan if act == "plan" else _end)(visit)
    except NotHere as error:
        raise Http404 from error
    except JinpaiError as error:
        return _page(visit, said=visit.say.words(error.words), status=400)
    return redirect(to(visit.shop, PAGE.path, done=act))


def _page(visit: Visit, *, status: int = 200, **messages: Any) -> HttpResponse:
    from jinpai.diagnosis.coaching import points
    from jinpai.roster import sub_accounts

    every = coaching.plans(visit.shop)
    mine = [one for one in every if visit.only_agent in (None, one.agent)]
    wanted = coached.wanted(every)
    found = coached.kept(visit.workspace, coached.place(visit.workspace, visit.shop, wanted)) if wanted else {}
    job = job_for(visit, every) if found is None else None
    may_send, known = visit.member.role in SENDS, points()
    given = {name: visit.sent(name) or visit.asked(name) or "" for name in ("agent", "point", "starts", "said")}
    answer = visit.render(
        "coaching.html", plans=[_told(visit, one, found or {}, mine, known) for one in mine], found=found is not None, job=under_way.told(visit, job) if job else None,
        may_send=may_send, groups=[(words, [(f"{kind}:{name}", one) for (kind, name), one in known.items() if kind == group]) for group, words in GROUPS.items()],
        agents=sub_accounts(visit.workspace, visit.shop) if may_send else [], given=given | _proposed(visit, given), most=coaching.MOST_LETTERS,
        notes=_notes(visit), now="coaching/now", query="", **{"said": "", "done": ""} | messages,
    )  # fmt: skip
    answer.status_code = status
    return answer


def _told(
    visit: Visit, one: CoachingPlan, found: coached.Kept, mine: Sequence[CoachingPlan], known: dict[tuple[str, str], Words]
) -> dict[str, Any]:  # fmt: skip
    """A plan as its card shows it."""
    result = found.get(str(one.pk), {})
    names = {
        other.pk: visit.say.words(known[other.kind, other.name]) for other in mine if (other.kind, other.name) in known
    }
    is_over = coaching.ended(one)
    return {
        "number": one.pk, "agent": one.agent, "point": names.get(one.pk, one.name), "starts": format_day(one.starts), "said": one.said, "by": one.by,
        "ended": visit.say.words(coaching.ENDS[one.end.how]) if is_over else "", "last_word": one.end.said if is_over else "",
        "told": result.get(visit.say.lang, []), "beside": [names[number] for number in result.get("beside", []) if number in names],
    }  # fmt: skip


def _proposed(visit: Visit, given: dict[str, str]) -> dict[str, str]:
    """What the form proposes: today, and an example of doing the chosen point well."""
    return {
        "starts": given["starts"] or format_day(_today(visit)),
        "said": given["said"] or _example(visit, given["point"]),
    }


def _example(visit: Visit, point: str) -> str:
    """The point in words, with a good reply where a criterion has one."""
    from jinpai.criteria import criteria
    from jinpai.diagnosis.coaching import points
    from jinpai.diagnosis.reasons import REASONS

    kind, _, name = point.partition(":")
    words = points().get((kind, name))
    if words is None:
        return ""
    speaks = [*(one for reason in REASONS if reason.name == name for one in reason.criteria), name]
    good = next((criteria()[one].good.removeprefix("客服：") for one in speaks if one in criteria()), "")
    return visit.say.words(words) + (visit.say(f"，例如：“{good}”", f", such as “{good}”") if good else "")


def _notes(visit: Visit) -> list[str]:
    from jinpai.render.coaching import NOTES

    return [visit.say.words(one) for one in NOTES]


def _plan(visit: Visit) -> None:
    from jinpai.diagnosis.coaching import points
    from jinpai.roster import sub_accounts

    today = _today(visit)
    kind, _, name = visit.sent("point").partition(":")
    coaching.plan(
        visit.person.name, visit.shop, visit.sent("agent"), (kind, name), parse_day(visit.sent("starts")), visit.sent("said"), today=today,
        seen=last_day(visit.workspace, visit.shop) or today, known=sub_accounts(visit.workspace, visit.shop), points=points(),
    )  # fmt: skip


def _today(visit: Visit) -> int:
    """The shop's day."""
    settings = visit.workspace.settings(visit.shop)
    return day_of(time.time_ns() // 1_000_000, settings.zone, settings.day_start_minutes)


def _end(visit: Visit) -> None:
    number = visit.sent("number")
    told = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    coaching.end(visit.person.name, visit.shop, told, visit.sent("how"), visit.sent("last_word"))


def _look(visit: Visit, act: str) -> HttpResponse:
    """Asks for the job, or stops it; then the page itself."""
    from django.http import HttpResponse
    from django.shortcuts import redirect

    plans = coaching.plans(visit.shop)
    job = job_for(visit, plans)
    is_open = job is not None and job.state in queue.OPEN
    if act == "stop":
        if job is not None and is_open:
            queue.stop(visit.workspace.root, visit.shop, job.pk)
    elif not is_open and plans:
        place = coached.place(visit.workspace, visit.shop, coached.wanted(plans))
        queue.ask(visit.workspace.root, visit.shop, coached.KIND, visit.person.name, {"outbox": place})
    if visit.request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(to(visit.shop, PAGE.path))


PAGE = Page(
    "coaching", "coaching", coached.TITLE, SEES_ALL | {"agent"}, show, sends=SENDS, mine=Words("我的辅导", "My coaching")
)  # fmt: skip
