"""人员 `jinpai people`: who may open the desk. The first owner is made here; there is no password to begin with."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import say
from jinpai.errors import JinpaiError, Words, WrongUse

if TYPE_CHECKING:
    from jinpai.workspace import Workspace


class Action(StrEnum):
    """做什么 what to do."""

    list = "list"
    add_owner = "add-owner"
    add = "add"
    password = "password"  # noqa: S105 - a verb
    remove = "remove"


def people(
    workspace: options.Workspace,
    action: Annotated[
        Action,
        typer.Argument(metavar="list|add-owner|add|password|remove", help="看名单、加老板、加人、改密码、移出店铺 || list, add an owner, add somebody, set a password, take out of a shop"),
    ] = Action.list,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="登录名 || the name to sign in by")] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="owner 老板、supervisor 主管、agent 客服、accountant 财务、auditor 审计 || owner, supervisor, agent, accountant or auditor")] = None,
    agent: Annotated[str | None, typer.Option("--agent", metavar="ACCOUNT", help="客服的子账号，如 店铺:小美 || an agent's sub-account")] = None,
    shop: options.Shop = None,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """谁能打开工作台：第一位老板在这里加；密码当场输入，也可以从标准输入给。 || Who may open the desk: the first owner is made here; the password is typed, or comes on standard input."""
    from jinpai.book.opening import opened_book
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    with opened_book(opened):
        if action is Action.list:
            _list(spoken)
            return
        if not name:
            raise WrongUse(
                f"请写上登录名：jinpai people {action} 登录名", f"Name somebody: jinpai people {action} NAME"
            )
        if action is Action.password:
            _password(name, spoken)
        elif action is Action.remove:
            _remove(opened, name, shop, spoken)
        else:
            _add(opened, name, "owner" if action is Action.add_owner else role, agent, shop, spoken)


def _list(lang: str) -> None:
    from jinpai.book.people import ROLES, everybody, memberships

    every = list(everybody())
    if not every:
        say(
            Words(
                "还没有人。加第一位老板：jinpai people add-owner 登录名",
                "Nobody yet. Make the first owner: jinpai people add-owner NAME",
            ),
            lang,
        )
    for person in every:
        told = [(shop, ROLES[one.role], one.agent) for shop, one in memberships(person).items()]
        zh = (
            "、".join(f"{shop} {role.zh}{f'（{agent}）' if agent else ''}" for shop, role, agent in told)
            or "不在任何店铺"
        )
        en = (
            ", ".join(f"{role.en}{f' ({agent})' if agent else ''} of {shop}" for shop, role, agent in told)
            or "in no shop"
        )
        say(Words(f"{person.name}：{zh}", f"{person.name}: {en}"), lang)


def _add(opened: Workspace, name: str, role: str | None, agent: str | None, shop: str | None, lang: str) -> None:
    from jinpai.book.people import HERE, ROLES, add, everybody

    if role is None:
        raise WrongUse("请写上角色：--role supervisor", "Say the role: --role supervisor")
    shops = [opened.shop(shop)] if shop or role != "owner" else opened.shops()
    is_known = name.strip() in {person.name for person in everybody()}
    password = None if is_known else _typed(lang)
    person = add(name, shops, role, HERE, password=password, agent=agent, lang=lang)
    told = ROLES[role]
    say(
        Words(
            f"好了：{person.name} 是 {'、'.join(shops)} 的{told.zh}。打开工作台：jinpai serve",
            f"Done: {person.name} is {told.en} of {', '.join(shops)}. Open the desk: jinpai serve",
        ),
        lang,
    )


def _password(name: str, lang: str) -> None:
    from jinpai.book.people import HERE, named, record, set_password
    from jinpai.book.second_factor import lift

    person = named(name)
    set_password(person, _typed(lang))
    record(HERE, "set_password", on=person.name)
    lifted = lift(person, HERE)
    say(
        Words(
            f"{person.name} 的密码改好了，已登录的地方要重新登录。{'二次验证也关闭了，登录后可以重新开启。' if lifted else ''}",
            f"The password of {person.name} is set; open sessions must sign in again.{' The second factor is off, and can be set up again.' if lifted else ''}",
        ),
        lang,
    )


def _remove(opened: Workspace, name: str, shop: str | None, lang: str) -> None:
    from jinpai.book.people import HERE, join, memberships, named, record

    person, of = named(name), opened.shop(shop)
    if of not in memberships(person):
        raise JinpaiError(f"{person.name} 不在店铺「{of}」里。", f"{person.name} is not in shop '{of}'.")
    join(person, of, "", HERE)
    record(HERE, "removed_person", of, person.name)
    say(Words(f"{person.name} 不再能看店铺「{of}」。", f"{person.name} no longer sees shop '{of}'."), lang)


def _typed(lang: str) -> str:
    """The password as typed, unseen and twice; without a terminal the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    words = (Words("密码（至少 10 个字）", "Password (at least 10 characters)"), Words("再输一遍", "Once more"))
    first, again = (str(typer.prompt(one.to(lang), hide_input=True)) for one in words)
    if first != again:
        raise JinpaiError("两遍不一样，什么也没有改。", "The two differ; nothing was changed.")
    return first
