"""网址 routes: the doors, and every page under its shop's address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jinpai.desk import doors
from jinpai.desk.account import account, picture
from jinpai.desk.invited import invited
from jinpai.desk.page import guarded, in_order
from jinpai.desk.second_step import second_step

urlpatterns = [
    path("", login_required(doors.home), name="home"),
    path("sign-in", doors.sign_in, name="sign-in"),
    path("sign-in/code", never_cache(second_step), name="second-step"),
    path("invitation/<str:token>", never_cache(invited), name="invitation"),
    path("account", never_cache(login_required(account)), name="account"),
    path("account/second-factor.svg", never_cache(login_required(picture)), name="second-factor"),
    # by a form alone, so that no address of another site does it
    path("sign-out", require_POST(doors.sign_out), name="sign-out"),
    path("language", require_POST(login_required(doors.language)), name="language"),
    *(path(f"shop/<str:shop>/{page.path}", guarded(page), name=page.name) for page in in_order()),
]
handler400, handler403, handler404, handler500 = (
    f"jinpai.desk.doors.{name}" for name in ("bad", "forbidden", "missing", "failed")
)
