"""人员与权限 people: who may open the desk; a person's role in each shop, as it was said last.

Roles are those of the desk's page: 老板 owner, 主管 supervisor, 客服 agent, 财务 accountant, 审计 auditor.
Called inside `opened_book`, or by the desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.catalogue import suggestion
from jinpai.errors import JinpaiError, Words, WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinpai.book.models import Membership, Person

ROLES = {
    "owner": Words("老板", "owner"), "supervisor": Words("主管", "supervisor"), "agent": Words("客服", "agent"),
    "accountant": Words("财务", "accountant"), "auditor": Words("审计", "auditor"),
}  # fmt: skip
HERE = "命令行"
"""命令行 who acts where nobody has signed in."""
LEAST_LETTERS = 10
"""A password's least length; above it, length is worth more than odd signs (NIST SP 800-63B)."""


def enter(name: str, password: str, lang: str = "zh") -> Person:
    """登记 a new person. A name that is taken, or a password that is too short or too common, is a JinpaiError."""
    from jinpai.book.models import Person

    name = name.strip()
    if not name or len(name) > 80:
        raise WrongUse("登录名要写 1–80 个字。", "A name to sign in by has 1 to 80 characters.")
    if Person.objects.filter(name=name).exists():
        raise JinpaiError(f"登录名「{name}」已经有人用了，请换一个。", f"The name '{name}' is taken; choose another.")
    person = Person(name=name, lang=lang)
    set_password(person, password)
    return person


def set_password(person: Person, password: str) -> None:
    """改密码 of a person, who is saved; one that will not do is a JinpaiError."""
    from django.contrib.auth.password_validation import CommonPasswordValidator
    from django.core.exceptions import ValidationError

    if len(password) < LEAST_LETTERS:
        raise JinpaiError(
            f"密码至少要 {LEAST_LETTERS} 个字，现在是 {len(password)} 个。可以用一句自己记得住的话。",
            f"A password has at least {LEAST_LETTERS} characters, this one {len(password)}. A phrase that you remember will do.",
        )
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        raise JinpaiError(
            "这个密码太常见，别人一猜就中，请换一个。",
            "This password is too common to keep anybody out; choose another.",
        ) from None
    if person.name.casefold() in password.casefold() and len(password) < len(person.name) + LEAST_LETTERS:
        raise JinpaiError(
            "除去登录名，密码就太短了，请再长一点。",
            "Without the name in it the password is too short; make it longer.",
        )
    person.set_password(password)
    person.save()


def join(person: Person, shop: str, role: str, by: str, agent: str | None = None) -> Membership:
    """任职 gives a person a role in a shop ("" ends it); an agent's is bound to a sub-account."""
    from jinpai.book.models import Membership

    if role and role not in ROLES:
        hint = suggestion(role, ROLES)
        raise WrongUse(f"没有「{role}」这个角色。{hint.zh}", f"There is no role '{role}'. {hint.en}")
    if role == "agent" and not agent:
        raise WrongUse("客服要写上子账号：--agent 店铺:小美", "An agent has a sub-account: --agent SHOP:NAME")
    made = Membership(person=person, shop=shop, role=role, agent=agent if role == "agent" else None, by=by)
    made.save()
    return made


def add(
    name: str, shops: Iterable[str], role: str, by: str, *, password: str | None = None, agent: str | None = None, lang: str = "zh"
) -> Person:  # fmt: skip
    """加人 gives somebody a role in shops, entered with `password` where nobody has the name yet; all of it or nothing."""
    from django.db import transaction

    with transaction.atomic():
        person = named(name) if password is None else enter(name, password, lang)
        for shop in shops:
            join(person, shop, role, by, agent)
            record(by, "added_person", shop, f"{person.name}：{role}")
    return person


def memberships(person: Person) -> dict[str, Membership]:
    """任职的店铺 a person's role in each shop, as it was said last; shops that were left are not there."""
    last = {one.shop: one for one in person.memberships.order_by("at", "id")}
    return {shop: one for shop, one in sorted(last.items()) if one.role}


def everybody() -> Iterable[Person]:
    """全部人员 by name."""
    from jinpai.book.models import Person

    every: Iterable[Person] = Person.objects.order_by("name")
    return every


def named(name: str) -> Person:
    """找人 the person of a name; an unknown one is a JinpaiError with a suggestion."""
    from jinpai.book.models import Person

    found: Person | None = Person.objects.filter(name=name.strip()).first()
    if found is None:
        hint = suggestion(name, [one.name for one in everybody()])
        raise JinpaiError(f"没有登录名「{name}」。{hint.zh}", f"There is nobody called '{name}'. {hint.en}")
    return found


def record(by: str, what: str, shop: str = "", on: str = "") -> None:
    """记日志 that somebody did something."""
    from jinpai.book.models import Deed

    Deed(by=by, shop=shop, what=what, on=on).save()
