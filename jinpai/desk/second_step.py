"""登录第二步 second step: after the right password, the code of the phone; wrong ones are counted as wrong passwords are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import authenticate, login
from django.shortcuts import redirect, render

from jinpai.book.people import record
from jinpai.book.second_factor import factor_of
from jinpai.desk import doors
from jinpai.desk.waiting import HALF_IN, waiting
from jinpai.errors import Words
from jinpai.render.story import Say

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WRONG = Words(
    "验证码不对，或者已经用过。等手机换一个新的再试。",
    "The code is wrong or was used. Wait for the phone's next one and try again.",
)


def second_step(request: HttpRequest) -> HttpResponse:
    """第二步 asks for the code; who has waited too long begins again."""
    person = waiting(request)
    further = doors.onward(request.POST.get("next") or request.GET.get("next"))
    if person is None or factor_of(person) is None:
        return redirect("sign-in")
    if request.method != "POST":
        return _door(request, None, further, 200)
    known = authenticate(request, name=person.name, code=str(request.POST.get("code", ""))[:80])
    if known is None:
        if getattr(request, "axes_locked_out", False):
            return doors.locked_out(request)
        return _door(request, WRONG, further, 403)
    request.session.pop(HALF_IN, None)
    login(request, known)
    record(person.name, "signed_in")
    return redirect(further)


def _door(request: HttpRequest, said: Words | None, further: str, status: int) -> HttpResponse:
    say = Say(doors.lang_of(request))
    shown = {"say": say, "lang": say.lang, "said": say.words(said) if said else "", "next": further}
    return render(request, "second_step.html", shown, status=status)
