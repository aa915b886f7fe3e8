"""人员的账本 team, invitations and codes on both databases: what is added, once, and never altered."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from jinpai.book import invitations, people, second_factor, team
from jinpai.book.opening import opened_book
from jinpai.errors import JinpaiError
from jinpai.workspace import Workspace
from tests.mutants import kills

PASSWORD = "窗台上的那一朵花开了吗"


def test_every_record_of_people_is_only_added_to(database: str, tmp_path: Path) -> None:
    from django.db import DatabaseError, connection, transaction

    with opened_book(Workspace.create(tmp_path / "人员")):
        owner = people.add("老王", ["main"], "owner", "命令行", password=PASSWORD)
        token = invitations.invite(owner, "main", "auditor", None, ())
        guest = invitations.accept_new(token, "查账的", PASSWORD, "zh")
        key = bytes(32)
        sealed = second_factor.new_secret(guest, key)
        secret = second_factor.opened(guest, sealed, key)
        assert len(secret) == 20
        assert second_factor.opened(owner, sealed, key) == b"", "a secret is one person's"
        assert second_factor.opened(guest, sealed, bytes(31) + b"x") == b""
        import django_otp.oath

        codes = second_factor.turn_on(guest, sealed, f"{django_otp.oath.TOTP(secret).token():06d}", key)
        assert codes is not None
        assert second_factor.lets_in(guest, codes[0], key)
        for table in ("membership", "deed", "invitation", "invitationend", "secondfactor", "recoverycode", "usedcode"):
            for sql in (f"update book_{table} set at = 1", f"delete from book_{table}"):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(sql)


@kills(
    "jinpai/book/team.py",
    'list(Person.objects.select_for_update().filter(pk__in=of_shop).order_by("pk"))',
    "import time; time.sleep(0)",
)
def test_two_owners_who_lower_each_other_at_once_leave_one(database: str, tmp_path: Path) -> None:
    with opened_book(Workspace.create(tmp_path / "两位老板")):
        from django.db import connection

        first, second = (people.add(name, ["main"], "owner", "命令行", password=PASSWORD) for name in ("甲", "乙"))
        for _ in range(5):
            start, said = threading.Barrier(2), []

            def lower(by: object, whom: object, start: threading.Barrier, said: list[str]) -> None:
                start.wait()
                try:
                    team.alter(by, "main", whom.pk, "auditor", None, ())  # type: ignore[attr-defined,arg-type]
                except JinpaiError as error:
                    said.append(error.words.zh)
                finally:
                    connection.close()

            both = [
                threading.Thread(target=lower, args=(*pair, start, said)) for pair in ((first, second), (second, first))
            ]
            for one in both:
                one.start()
            for one in both:
                one.join()
            assert sorted(one.role for one in team.team("main")) == ["auditor", "owner"]
            assert len(said) == 1
            for person in (first, second):
                people.join(person, "main", "owner", "命令行")


@kills(
    "jinpai/book/invitations.py",
    "    except IntegrityError:\n        raise JinpaiError(",
    "    except IntegrityError:\n        return\n        raise JinpaiError(",
)
def test_of_two_who_open_one_link_at_once_one_comes_in(database: str, tmp_path: Path) -> None:
    with opened_book(Workspace.create(tmp_path / "抢链接")):
        from django.db import connection

        owner = people.add("老王", ["main"], "owner", "命令行", password=PASSWORD)
        for turn in range(4):
            token = invitations.invite(owner, "main", "auditor", None, ())
            start, came = threading.Barrier(2), []

            def take(name: str, token: str, start: threading.Barrier, came: list[str]) -> None:
                start.wait()
                try:
                    came.append(invitations.accept_new(token, name, PASSWORD, "zh").name)
                except JinpaiError:
                    pass
                finally:
                    connection.close()

            both = [threading.Thread(target=take, args=(f"{who}{turn}", token, start, came)) for who in ("甲", "乙")]
            for one in both:
                one.start()
            for one in both:
                one.join()
            assert len(came) == 1
            assert sum(one.role == "auditor" for one in team.team("main")) == turn + 1


@kills("jinpai/desk/page.py", "if member.role not in page.sends:", "if False:")
def test_who_may_only_look_at_a_page_sends_it_no_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import PermissionDenied
    from django.test import RequestFactory

    from jinpai.desk.page import Page, guarded
    from jinpai.errors import Words

    monkeypatch.delenv("JINPAI_BOOK", raising=False)
    page = Page("x", "x", Words("试", "x"), frozenset({"owner", "auditor"}), lambda _: None, sends=frozenset({"owner"}))
    with opened_book(Workspace.create(tmp_path / "只看")):
        request = RequestFactory().post("/shop/main/x")
        request.user = people.add("查账的", ["main"], "auditor", "命令行", password=PASSWORD)
        with pytest.raises(PermissionDenied):
            guarded(page)(request, "main")
