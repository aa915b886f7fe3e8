"""店铺的人 team: who is in a shop, and what its owner or supervisor changes about that.

Every change is one transaction that holds the shop's people: a right is looked up, and the last owner counted, in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jinpai.book.people import ROLES, join, memberships, record
from jinpai.errors import JinpaiError, WrongUse

if TYPE_CHECKING:
    from jinpai.book.models import Membership, Person

GIVES = {"owner": frozenset(ROLES), "supervisor": frozenset({"agent"})}
"""Whom a role may invite, alter and take out: a supervisor agents alone."""


class NotYours(JinpaiError):
    """不归你管 a change that the role may not make."""


class NotHere(JinpaiError):
    """不在这家店 somebody or something that is not the shop's."""


def team(shop: str) -> list[Membership]:
    """本店人员 who is in a shop, as it was said last: by role, then name."""
    from jinpai.book.models import Membership

    every = Membership.objects.filter(shop=shop).select_related("person").order_by("at", "id")
    last = {one.person_id: one for one in every}
    order = [*ROLES]
    return sorted((one for one in last.values() if one.role), key=lambda one: (order.index(one.role), one.person.name))


def gives(role: str) -> frozenset[str]:
    """可管的角色 the roles that somebody of this role may give and take."""
    return GIVES.get(role, frozenset())


def want_right(role: str, *touched: str) -> None:
    """要有权 a role that may not give or take the others is NotYours."""
    if not gives(role).issuperset(touched):
        raise NotYours(
            "主管只能管客服；老板、主管、财务和审计请老板来改。",
            "A supervisor manages agents alone; owners, supervisors, accountants and auditors are the owner's to change.",
        )


def want_agent(role: str, agent: str | None, known: Collection[str]) -> None:
    """要有子账号 an agent's sub-account is one that the chats know; another, or none, is WrongUse."""
    if role == "agent" and agent not in known:
        raise WrongUse(
            "客服要选一个子账号：名单来自导入的聊天记录，里面没有就先导入。",
            "An agent has a sub-account out of the imported chats; where it is missing, import first.",
        )


def alter(by: Person, shop: str, person_id: int, role: str, agent: str | None, known: Collection[str]) -> None:
    """改角色 of somebody in a shop; the last owner cannot be lowered."""
    if role not in ROLES:
        raise WrongUse("请选一个角色。", "Choose a role.")
    want_agent(role, agent, known)
    with changing(by, shop, person_id) as (mine, theirs):
        want_right(mine.role, theirs.role, role)
        if role != "owner":
            _want_another_owner(shop, theirs)
        if (theirs.role, theirs.agent) != (role, agent if role == "agent" else None):
            join(theirs.person, shop, role, by.name, agent)
            record(by.name, "altered_person", shop, f"{theirs.person.name}：{theirs.role} → {role}")


def take_out(by: Person, shop: str, person_id: int) -> None:
    """移出店铺 ends somebody's role in a shop; the last owner stays."""
    with changing(by, shop, person_id) as (mine, theirs):
        want_right(mine.role, theirs.role)
        _want_another_owner(shop, theirs)
        join(theirs.person, shop, "", by.name)
        record(by.name, "removed_person", shop, theirs.person.name)


def end_sessions(by: Person, shop: str, person_id: int) -> None:
    """退出所有登录 of somebody in a shop, wherever they are open."""
    with changing(by, shop, person_id) as (mine, theirs):
        want_right(mine.role, theirs.role)
        theirs.person.end_sessions()
        record(by.name, "ended_sessions", shop, theirs.person.name)


@contextmanager
def changing(by: Person, shop: str, person_id: int) -> Iterator[tuple[Membership, Membership]]:
    """改人员 the roles of who changes and of who is changed, while nobody else changes the shop's people."""
    from django.db import transaction

    from jinpai.book.models import Membership, Person

    with transaction.atomic():
        of_shop = Membership.objects.filter(shop=shop).values("person")
        list(Person.objects.select_for_update().filter(pk__in=of_shop).order_by("pk"))
        mine = memberships(by).get(shop)
        theirs = next((one for one in team(shop) if one.person_id == person_id), None)
        if mine is None or theirs is None:
            raise NotHere("店铺里没有这个人。", "There is no such person in the shop.")
        yield mine, theirs


def _want_another_owner(shop: str, theirs: Membership) -> None:
    if theirs.role == "owner" and sum(one.role == "owner" for one in team(shop)) == 1:
        raise JinpaiError(
            f"{theirs.person.name} 是店铺「{shop}」最后一位老板，不能移出，也不能改成别的角色。请先让另一个人当老板。",
            f"{theirs.person.name} is the last owner of shop '{shop}' and can be neither taken out nor lowered. Make somebody else an owner first.",
        )
