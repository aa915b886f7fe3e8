"""人员 people: who is in the shop as what; roles, invitations, sessions and lost passwords. A supervisor has agents alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jinpai.book import invitations, second_factor, team
from jinpai.book.people import ROLES
from jinpai.desk.page import Page, Visit
from jinpai.desk.showing import minute, to
from jinpai.errors import JinpaiError, Words
from jinpai.period import to_moment, to_ms
from jinpai.roster import sub_accounts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.book.models import Invitation, Membership

DONE = {
    "alter": Words("角色改好了。", "The role is changed."),
    "take-out": Words("已移出店铺，马上生效。", "Taken out of the shop, at once."),
    "end-sessions": Words("已退出这个人的所有登录。", "All sessions of this person have ended."),
    "withdraw": Words("链接已撤回。", "The link is withdrawn."),
    "reset-factor": Words("二次验证已关闭，他可以在「我的账号」重新开启。", "The second factor is off; it can be set up again under My account."),
}  # fmt: skip


def show(visit: Visit) -> HttpResponse:
    """人员 of the shop; a form is done and the page shown again, and a link is told once."""
    if not visit.is_sent:
        done = DONE.get(visit.asked("done") or "")
        return _page(visit, done=visit.say.words(done) if done else "")
    from django.http import Http404
    from django.shortcuts import redirect

    act = visit.sent("act")
    try:
        if act in _LINKS:
            return _page(visit, link=_LINKS[act](visit))
        _ACTS.get(act, _nothing)(visit)
    except team.NotHere as error:
        raise Http404 from error
    except JinpaiError as error:
        status = 403 if isinstance(error, team.NotYours) else 400
        return _page(visit, said=visit.say.words(error.words), status=status)
    return redirect(to(visit.shop, PAGE.path, done=act))


def _page(visit: Visit, *, status: int = 200, link: str = "", **told: Any) -> HttpResponse:
    mine = team.gives(visit.member.role)
    answer = visit.render(
        "people.html", team=[_row(visit, one) for one in team.team(visit.shop)], roles=ROLES, gives=[one for one in ROLES if one in mine],
        agents=sub_accounts(visit.workspace, visit.shop), hours=invitations.HOURS, is_owner=visit.member.role == "owner",
        open=[_link(visit, one) for one in invitations.open_invitations(visit.shop)],
        link=visit.request.build_absolute_uri(f"/invitation/{link}") if link else "", **{"said": "", "done": ""} | told,
    )  # fmt: skip
    answer.status_code = status
    return answer


def _row(visit: Visit, one: Membership) -> dict[str, Any]:
    last = one.person.last_login
    return {
        "id": one.person_id, "name": one.person.name, "role": one.role, "agent": one.agent, "is_me": one.person_id == visit.person.pk,
        "last": minute(to_moment(to_ms(last), visit.workspace.settings(visit.shop).zone)) if last else "",
        "has_factor": second_factor.factor_of(one.person) is not None, "is_mine": one.role in team.gives(visit.member.role),
    }  # fmt: skip


def _link(visit: Visit, one: Invitation) -> dict[str, Any]:
    ends = minute(to_moment(one.ends, visit.workspace.settings(visit.shop).zone))
    return {
        "id": one.pk, "role": one.role, "agent": one.agent, "person": one.person.name if one.person else "", "by": one.by, "ends": ends,
        "is_mine": (one.role or "owner") in team.gives(visit.member.role),
    }  # fmt: skip


def _number(visit: Visit) -> int:
    """Whom or what a form is about; what is no number is nobody."""
    told = visit.sent("id")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0


def _nothing(_: Visit) -> None:
    raise JinpaiError("没有选要做什么。", "Nothing to do was chosen.")


def _alter(visit: Visit) -> None:
    known = sub_accounts(visit.workspace, visit.shop)
    team.alter(visit.person, visit.shop, _number(visit), visit.sent("role"), visit.sent("agent") or None, known)


def _invite(visit: Visit) -> str:
    known = sub_accounts(visit.workspace, visit.shop)
    return invitations.invite(visit.person, visit.shop, visit.sent("role"), visit.sent("agent") or None, known)


_ACTS: dict[str, Callable[[Visit], None]] = {
    "alter": _alter,
    "take-out": lambda visit: team.take_out(visit.person, visit.shop, _number(visit)),
    "end-sessions": lambda visit: team.end_sessions(visit.person, visit.shop, _number(visit)),
    "withdraw": lambda visit: invitations.withdraw(visit.person, visit.shop, _number(visit)),
    "reset-factor": lambda visit: second_factor.reset(visit.person, visit.shop, _number(visit)),
}
_LINKS: dict[str, Callable[[Visit], str]] = {
    "invite": _invite,
    "offer-password": lambda visit: invitations.offer_password(visit.person, visit.shop, _number(visit)),
}
_MAY = frozenset({"owner", "supervisor"})
PAGE = Page(
    "people", "people", Words("人员", "People"), _MAY, show, sends=_MAY, under="settings",
    hint=Words("谁能打开这家店的工作台，各是什么角色；邀请新人、移出、重设密码。", "Who may open the desk of this shop, and as what; invite, take out, reset a password."),
)  # fmt: skip
