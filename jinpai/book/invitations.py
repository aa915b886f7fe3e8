"""邀请 invitations: one-time links into a shop, or to a new password; of their tokens the book knows the digests alone.

A link holds for 72 hours, and as long as whoever made it still may give what it gives.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from hashlib import sha256
from typing import TYPE_CHECKING

from jinpai.book.people import enter, join, memberships, named, record, set_password
from jinpai.book.team import NotHere, NotYours, changing, gives, want_agent, want_right
from jinpai.errors import JinpaiError, WrongUse

if TYPE_CHECKING:
    from jinpai.book.models import Invitation, Person

HOURS = 72
_HOUR_MS = 3_600_000


def invite(by: Person, shop: str, role: str, agent: str | None, known: Collection[str]) -> str:
    """邀请 a link's token, which is told once, into a shop in a role that `by` may give."""
    mine = memberships(by).get(shop)
    if not role:
        raise WrongUse("请选一个角色。", "Choose a role.")
    want_right(mine.role if mine else "", role)
    want_agent(role, agent, known)
    token = _made(by, shop, role=role, agent=agent if role == "agent" else None)
    record(by.name, "invited", shop, f"：{role}")
    return token


def offer_password(by: Person, shop: str, person_id: int) -> str:
    """重设密码的链接 the token of a link by which somebody in the shop chooses a new password."""
    with changing(by, shop, person_id) as (_, theirs):
        want_all_shops(by, theirs.person)
        token = _made(by, shop, person=theirs.person)
        record(by.name, "offered_password", shop, theirs.person.name)
    return token


def want_all_shops(by: Person, person: Person) -> None:
    """要管得了他的每家店 who opens somebody's door opens every shop behind it, and so must own them all; else NotYours."""
    owned = {shop for shop, one in memberships(by).items() if one.role == "owner"}
    if not owned or not owned.issuperset(memberships(person)):
        raise NotYours(
            "只有老板能重设，而且这个人在的每家店都要归这位老板；不然请他在「我的账号」里自己改。",
            "An owner alone resets this, and of every shop that the person is in; otherwise the person changes it under My account.",
        )


def open_invitations(shop: str) -> list[Invitation]:
    """还开着的邀请 into a shop that were neither used nor withdrawn and have not run out, newest first."""
    from jinpai.book.models import Invitation
    from jinpai.book.models.recorded import now_ms

    every = Invitation.objects.filter(shop=shop, end=None, ends__gt=now_ms()).select_related("person")
    return list(every.order_by("-at", "-id"))


def withdraw(by: Person, shop: str, number: int) -> None:
    """撤回 an open invitation of the shop; another's is NotHere."""
    mine = memberships(by).get(shop)
    found = next((one for one in open_invitations(shop) if one.pk == number), None)
    if found is None or mine is None:
        raise NotHere("没有这个邀请。", "There is no such invitation.")
    want_right(mine.role, found.role or "owner")
    _end(found, "withdrawn", by.name)
    record(by.name, "withdrew_invitation", shop, found.person.name if found.person else f"：{found.role}")


def invitation_of(token: str) -> Invitation:
    """打开邀请 the invitation that a token opens; one that no longer does is a JinpaiError that says why."""
    from jinpai.book.models import Invitation
    from jinpai.book.models.recorded import now_ms

    found: Invitation | None = Invitation.objects.select_related("end", "person").filter(digest=_digest(token)).first()
    if found is None:
        raise NotHere(
            "没有这个链接。请检查有没有复制全。", "There is no such link. See whether it was copied as a whole."
        )
    ended = getattr(found, "end", None)
    if ended is not None and ended.how == "used":
        raise JinpaiError(
            "这个链接已经用过了。要再来一次，请找老板要新的。", "This link was used. Ask the owner for a new one."
        )
    if ended is not None or not _still_given(found):
        raise JinpaiError(
            "这个链接已经撤回了。请找老板要新的。", "This link was withdrawn. Ask the owner for a new one."
        )
    if found.ends <= now_ms():
        raise JinpaiError(
            f"这个链接过期了：{HOURS} 小时内有效。请找老板要新的。",
            f"This link has run out: it holds for {HOURS} hours. Ask the owner for a new one.",
        )
    return found


def accept(token: str, person: Person) -> Invitation:
    """接受邀请 gives a person the invitation's role; who is in the shop already keeps the role that he has."""
    from django.db import transaction

    with transaction.atomic():
        found = invitation_of(token)
        if found.person is not None:
            raise NotHere("这个链接是用来改密码的。", "This link is for a new password.")
        if found.shop in memberships(person):
            raise JinpaiError(
                f"你已经在店铺「{found.shop}」里了。要换角色，请老板在「人员」里改。",
                f"You are in shop '{found.shop}' already. The owner changes your role on the page People.",
            )
        _end(found, "used", person.name)
        join(person, found.shop, found.role, found.by, found.agent)
        record(person.name, "joined", found.shop, f"：{found.role}")
    return found


def accept_new(token: str, name: str, password: str, lang: str) -> Person:
    """新人接受邀请 enters somebody under a name and takes the role; all of it or nothing."""
    from django.db import transaction

    with transaction.atomic():
        invitation_of(token)
        person = enter(name, password, lang)
        accept(token, person)
    return person


def choose_password(token: str, password: str) -> Person:
    """选新密码 of the person whom the link is for; sessions that are open end."""
    from django.db import transaction

    with transaction.atomic():
        found = invitation_of(token)
        if found.person is None:
            raise NotHere("这个链接是用来加入店铺的。", "This link is for joining a shop.")
        person: Person = found.person
        set_password(person, password)
        _end(found, "used", person.name)
        record(person.name, "changed_password")
    return person


def _still_given(found: Invitation) -> bool:
    """Whether who made a link may still give what it gives."""
    by = named(found.by)
    if found.person is not None:
        try:
            want_all_shops(by, found.person)
        except NotYours:
            return False
        return True
    mine = memberships(by).get(found.shop)
    return mine is not None and found.role in gives(mine.role)


def _made(by: Person, shop: str, *, role: str = "", agent: str | None = None, person: Person | None = None) -> str:
    from jinpai.book.models import Invitation
    from jinpai.book.models.recorded import now_ms

    token = secrets.token_urlsafe(32)
    ends = now_ms() + HOURS * _HOUR_MS
    Invitation(shop=shop, role=role, agent=agent, person=person, digest=_digest(token), ends=ends, by=by.name).save()
    return token


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _end(found: Invitation, how: str, by: str) -> None:
    """The one end: a second one at the same time is told that the first was faster."""
    from django.db import IntegrityError, transaction

    from jinpai.book.models import InvitationEnd

    try:
        with transaction.atomic():
            InvitationEnd(invitation=found, how=how, by=by).save()
    except IntegrityError:
        raise JinpaiError("这个链接刚被用掉了。", "This link was used just now.") from None
