"""网址 routes: the doors, and every page under its shop's address."""

from __future__ import annotations

from django.urls import path

from jinpai.desk import doors
from jinpai.desk.page import guarded, in_order

urlpatterns = [
    path("", doors.home, name="home"),
    path("sign-in", doors.sign_in, name="sign-in"),
    path("sign-out", doors.sign_out, name="sign-out"),
    path("language", doors.language, name="language"),
    *(path(f"shop/<str:shop>/{page.path}", guarded(page), name=page.name) for page in in_order()),
]
handler400, handler403, handler404, handler500 = (
    f"jinpai.desk.doors.{name}" for name in ("bad", "forbidden", "missing", "failed")
)
