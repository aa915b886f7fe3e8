"""邀请的门 invited: who opens a one-time link: somebody new chooses a name and a password, somebody known takes the role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import login
from django.shortcuts import redirect, render

from jinpai.book.invitations import accept, accept_new, choose_password, invitation_of
from jinpai.book.people import LEAST_LETTERS, ROLES
from jinpai.book.team import NotHere
from jinpai.desk.doors import lang_of, told
from jinpai.errors import JinpaiError, WrongUse
from jinpai.render.story import Say

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from jinpai.book.models import Invitation

BY_PASSWORD = "django.contrib.auth.backends.ModelBackend"  # noqa: S105 - a way of signing in


def invited(request: HttpRequest, token: str) -> HttpResponse:
    """打开链接 a link that no longer holds says why; else what is to be chosen, and then it is done."""
    try:
        found = invitation_of(token)
    except JinpaiError as error:
        return told(request, error.words, 404 if isinstance(error, NotHere) else 410)
    if request.method != "POST":
        return _asked(request, found, "", 200)
    try:
        return _taken(request, found, token)
    except JinpaiError as error:
        return _asked(request, found, Say(lang_of(request)).words(error.words), 400)


def _asked(request: HttpRequest, found: Invitation, said: str, status: int) -> HttpResponse:
    say = Say(lang_of(request))
    shown = {
        "say": say, "lang": say.lang, "said": said, "found": found, "role": say.words(ROLES[found.role]) if found.role else "",
        "least": LEAST_LETTERS, "name": request.POST.get("name", ""),
    }  # fmt: skip
    return render(request, "invitation.html", shown, status=status)


def _taken(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    person: Any = request.user
    if found.person is not None:
        choose_password(token, typed_twice(request))
        return redirect("sign-in")
    if person.is_authenticated:
        accept(token, person)
    else:
        person = accept_new(token, request.POST.get("name", ""), typed_twice(request), lang_of(request))
        login(request, person, backend=BY_PASSWORD)
    return redirect("home")


def typed_twice(request: HttpRequest) -> str:
    """输了两遍的密码 the new password of a form; two that differ are WrongUse."""
    password = str(request.POST.get("password", ""))
    if password != request.POST.get("again", ""):
        raise WrongUse("两遍密码不一样，什么也没有改。", "The two passwords differ; nothing was changed.")
    return password
