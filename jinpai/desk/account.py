"""我的账号 account: everybody's own: password, language, and the second factor with its picture for the phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from jinpai.book import second_factor
from jinpai.book.people import LEAST_LETTERS, ROLES, memberships, record, set_password
from jinpai.desk.invited import typed_twice
from jinpai.desk.page import Page, frame
from jinpai.desk.waiting import key
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.render.story import Say

if TYPE_CHECKING:
    from django.http import HttpRequest

PENDING = "second_factor"
"""Where a session keeps the sealed secret that is not confirmed yet."""
DONE = {
    "password": Words("密码改好了，别处已登录的都退出了。", "The password is changed; every other session has ended."),
    "off": Words("二次验证已关闭。", "The second factor is off."),
}


def account(request: HttpRequest) -> HttpResponse:
    """我的账号 the page, and what its forms ask for."""
    if request.method != "POST":
        return _page(request, done=DONE.get(request.GET.get("done", "")))
    try:
        return _ACTS.get(request.POST.get("act", ""), _nothing)(request)
    except JinpaiError as error:
        return _page(request, said=error.words, status=400)


def picture(request: HttpRequest) -> HttpResponse:
    """二维码 the address for the phone as SVG, while it waits to be confirmed; never cached, and nobody else's."""
    import segno

    secret = _pending(request)
    if not secret:
        raise Http404
    out = io.BytesIO()
    segno.make(second_factor.address(_person(request), secret), error="m").save(out, kind="svg", scale=5, border=1)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


def _page(
    request: HttpRequest, *, said: Words | None = None, done: Words | None = None, status: int = 200, **told: Any
) -> HttpResponse:
    person = _person(request)
    mine, say = memberships(person), Say(person.lang)
    shop = request.GET.get("shop", "")
    member = mine.get(shop) or next(iter(mine.values()), None)
    secret, factor = _pending(request), second_factor.factor_of(person)
    shown = {
        "said": say.words(said) if said else "", "done": say.words(done) if done else "", "least": LEAST_LETTERS, "codes": [], "roles": ROLES,
        "mine": mine, "spelt": second_factor.spelt(secret) if secret and factor is None else "", "is_on": factor is not None,
        "left": second_factor.codes_left(factor) if factor else 0,
    }  # fmt: skip
    return render(request, "account.html", frame(person, PAGE, member) | shown | told, status=status)


def _person(request: HttpRequest) -> Any:
    return request.user


def _pending(request: HttpRequest) -> bytes:
    return second_factor.opened(_person(request), request.session.get(PENDING, ""), key())


def _want_password(request: HttpRequest) -> None:
    """The password that one has; wrong ones count as at the door."""
    name = _person(request).name
    known = authenticate(request, name=name, password=request.POST.get("old", ""))
    if known is None:
        raise WrongUse("现在的密码不对，什么也没有改。", "The present password is wrong; nothing was changed.")


def _go_on_alone(request: HttpRequest) -> None:
    """This session goes on, every other ends."""
    person = _person(request)
    person.end_sessions()
    update_session_auth_hash(request, person)


def _password(request: HttpRequest) -> HttpResponse:
    _want_password(request)
    person = _person(request)
    set_password(person, typed_twice(request))
    _go_on_alone(request)
    record(person.name, "changed_password")
    return redirect("/account?done=password")


def _begin(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if second_factor.factor_of(person) is None:
        request.session[PENDING] = second_factor.new_secret(person, key())
    return redirect("/account")


def _confirm(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if second_factor.factor_of(person) is not None:
        return redirect("/account")
    sealed, code = request.session.get(PENDING, ""), request.POST.get("code", "").replace(" ", "")
    codes = second_factor.turn_on(person, sealed, code, key())
    if codes is None:
        raise WrongUse(
            "验证码不对。请用手机上现在显示的 6 位数再试；手机时间要准。",
            "The code is wrong. Use the six digits that the phone shows now; its clock must be right.",
        )
    del request.session[PENDING]
    _go_on_alone(request)
    return _page(request, codes=codes)


def _off(request: HttpRequest) -> HttpResponse:
    _want_password(request)
    second_factor.turn_off(_person(request))
    return redirect("/account?done=off")


def _nothing(_: HttpRequest) -> HttpResponse:
    raise WrongUse("没有选要做什么。", "Nothing to do was chosen.")


_ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "password": _password, "begin": _begin, "confirm": _confirm, "off": _off,
}  # fmt: skip
PAGE = Page("account", "", Words("我的账号", "My account"), frozenset(ROLES), account)
