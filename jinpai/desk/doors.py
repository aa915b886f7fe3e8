"""门 doors: signing in and out, the language, the first page, and what is said where one cannot go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth import authenticate, login, logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from jinpai.book.people import memberships, record
from jinpai.book.second_factor import factor_of
from jinpai.desk.configuring import LOCKED_MINUTES
from jinpai.desk.page import in_order
from jinpai.desk.showing import to
from jinpai.desk.waiting import half_in
from jinpai.errors import Words
from jinpai.render.story import Say
from jinpai.terms import LANGS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WRONG = Words("登录名或密码不对，请再试一次。", "Name or password is wrong; try again.")
LOCKED = Words(
    f"连着输错太多次，请过 {LOCKED_MINUTES} 分钟再试；忘了密码请找老板重设。",
    f"Too many wrong tries: wait {LOCKED_MINUTES} minutes. The owner can set a new password.",
)
STALE = Words(
    "这一页放得太久了，刚才的操作没有做。请回到首页再来一次。",
    "This page was open too long and nothing was done. Go to the first page and try again.",
)
SAID = {
    400: Words("这个请求看不懂。请回到上一页再试一次。", "This request cannot be read. Go back and try again."),
    403: Words("你的角色不能看这一页。要看请找老板或主管。", "Your role may not open this page. Ask the owner or supervisor."),
    404: Words("没有这一页，或者不是你的店。", "There is no such page, or the shop is not yours."),
    500: Words("程序出错了，什么也没有改。请告诉管理员看服务器上的日志。", "The program failed; nothing was changed. Tell who runs it to look at the server's log."),
}  # fmt: skip


def lang_of(request: HttpRequest) -> str:
    """语言 the person's; a stranger's is that of the browser, Chinese where it does not say English first."""
    person: Any = getattr(request, "user", None)
    if person is not None and person.is_authenticated:
        return str(person.lang)
    return "en" if str(request.headers.get("Accept-Language", "")).lower().startswith("en") else "zh"


def home(request: HttpRequest) -> HttpResponse:
    """首页 the first page that the person may open, of the first shop; nobody's yet: a sentence."""
    for shop, member in memberships(request.user).items():
        for page in in_order():
            if member.role in page.roles and page.place:
                return redirect(to(shop, page.path))
    words = Words("你还不在任何店铺里。请老板把你加进店铺。", "You are in no shop yet. Ask the owner to add you.")
    return told(request, words, 200)


def sign_in(request: HttpRequest) -> HttpResponse:
    """登录 by name and password; who has come in goes on to where he wanted to be."""
    further = onward(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        return _door(request, None, further, 200)
    name, password = request.POST.get("name", "").strip(), request.POST.get("password", "")
    person = authenticate(request, name=name, password=password)
    if person is not None and factor_of(person) is not None:
        half_in(request, person)
        return redirect(f"{reverse('second-step')}?{urlencode({'next': further})}")
    if person is not None:
        login(request, person)
        record(person.name, "signed_in")
        return redirect(further)
    return locked_out(request) if getattr(request, "axes_locked_out", False) else _door(request, WRONG, further, 403)


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """锁住了 after too many wrong passwords."""
    return _door(request, LOCKED, "/", 429)


def _door(request: HttpRequest, said: Words | None, further: str, status: int) -> HttpResponse:
    say = Say(lang_of(request))
    shown = {"say": say, "lang": say.lang, "said": say.words(said) if said else "", "next": further}
    return render(request, "sign_in.html", shown, status=status)


def onward(asked: str | None) -> str:
    """去处 a place of ours to go on to; another site's is not gone to."""
    return asked if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else "/"


def sign_out(request: HttpRequest) -> HttpResponse:
    """退出登录 of whoever is signed in."""
    if request.user.is_authenticated:
        record(str(request.user.name), "signed_out")
    logout(request)
    return redirect("sign-in")


def language(request: HttpRequest) -> HttpResponse:
    """换语言 of the person who is signed in."""
    person: Any = request.user
    if request.POST.get("lang") in LANGS:
        person.lang = request.POST["lang"]
        person.save(update_fields=["lang"])
    return redirect(onward(request.POST.get("next")))


def told(request: HttpRequest, words: Words, status: int) -> HttpResponse:
    """一句话 a page that says one sentence."""
    say = Say(lang_of(request))
    return render(request, "told.html", {"say": say, "lang": say.lang, "said": say.words(words)}, status=status)


def bad(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """看不懂 a request that is malformed."""
    return told(request, SAID[400], 400)


def forbidden(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """没有权限 a page that the role may not open."""
    return told(request, SAID[403], 403)


def stale(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """表单过期 a form that was open too long, or did not come from here."""
    return told(request, STALE, 403)


def missing(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """没有这一页 nothing lies there for this person."""
    return told(request, SAID[404], 404)


def failed(request: HttpRequest) -> HttpResponse:
    """出错了 the program's own mistake."""
    return told(request, SAID[500], 500)
