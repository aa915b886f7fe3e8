"""人员的定律 people: who is in a shop and what owner and supervisor may do about it, over HTTP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jinpai.book.people import ROLES
from jinpai.desk.page import in_order
from tests.desk.book import on_both, rows
from tests.desk.serving import AGENT, COLLEAGUE, OTHER, PASSWORD, PEOPLE, SHOP, Visitor, address, jinpai
from tests.desk.test_rights import place
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
PAGE = address(SHOP, "people")


def added(root: Path, name: str, role: str, shop: str = SHOP, known: bool = False) -> str:
    more = ["--agent", AGENT] if role == "agent" else []
    said = "" if known else PASSWORD + "\n"
    done = jinpai("people", "add", name, "--role", role, "--shop", shop, *more, "-w", root, said=said)
    assert done.returncode == 0, done.stderr
    return name


def number(root: Path, name: str) -> str:
    return str(rows(root, "select id from book_person where name = ?", name)[0][0])


def role_of(root: Path, name: str, shop: str = SHOP) -> str:
    told = rows(
        root,
        "select role from book_membership where person_id = ? and shop = ? order by at, id",
        int(number(root, name)),
        shop,
    )
    return str(told[-1][0]) if told else ""


def acts(root: Path, on: str) -> list[tuple[str, str]]:
    return rows(root, 'select "by", what from book_deed where "on" like ? order by id', f"{on}%")


def signed_in(desk: str, name: str) -> Visitor:
    visitor = Visitor(desk)
    assert visitor.sign_in(name).status == 200
    return visitor


@kills("jinpai/desk/page.py", 'if request.method != "POST" or not page.sends:', "if False:")
@pytest.mark.parametrize("role", ROLES)
def test_a_form_is_taken_by_pages_that_have_one_from_roles_that_may_send_it(desk: str, role: str) -> None:
    visitor = signed_in(desk, PEOPLE[role])
    for page in in_order():
        got = visitor.post(place(SHOP, page.name, page.path))
        if role not in page.roles:
            assert got.status == 403, (role, page.name)
        elif not page.sends:
            assert got.status == 405, (role, page.name)
        elif role not in page.sends:
            assert got.status == 403, (role, page.name)
        else:
            assert got.status in (200, 400), (role, page.name, got.text[-500:])
        assert visitor.post(address(OTHER, page.path)).status == 404
        assert visitor.post(address(SHOP, page.path), token=False).status == 403, "a form of another site"
    assert Visitor(desk).post(PAGE, token=False).status == 403


@on_both
def test_an_owner_changes_a_role_takes_out_and_each_change_is_added(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    who = number(root, added(root, "换岗的", "auditor"))
    assert "还没登录过" in owner.get(PAGE).text
    got = owner.post(PAGE, act="alter", id=who, role="agent", agent=COLLEAGUE)
    assert got.status == 200
    assert "角色改好了" in got.text
    assert role_of(root, "换岗的") == "agent"
    assert "阿杰" in got.text
    assert owner.post(PAGE, act="alter", id=who, role="agent", agent="没有的账号").status == 400
    assert owner.post(PAGE, act="alter", id=who, role="agent").status == 400
    assert owner.post(PAGE, act="alter", id=who, role="").status == 400
    assert owner.post(PAGE, act="alter", id=who, role="皇帝").status == 400
    assert owner.post(PAGE, act="别的", id=who).status == 400
    for nobody in ("0", "-1", "x", "9" * 30, "99999"):
        assert owner.post(PAGE, act="take-out", id=nobody).status == 404
    assert owner.post(PAGE, act="take-out", id=who).status == 200
    assert role_of(root, "换岗的") == ""
    assert "换岗的" not in owner.get(PAGE).text
    assert acts(root, "换岗的") == [
        ("命令行", "added_person"), (PEOPLE["owner"], "altered_person"), (PEOPLE["owner"], "removed_person"),
    ]  # fmt: skip


@kills("jinpai/book/team.py", "want_right(mine.role, theirs.role, role)", "want_right(mine.role, theirs.role)")
@kills("jinpai/book/team.py", '"supervisor": frozenset({"agent"})', '"supervisor": frozenset(ROLES)')
@on_both
def test_a_supervisor_alters_agents_alone_and_raises_nobody(desk: str, root: Path) -> None:
    visitor = signed_in(desk, PEOPLE["supervisor"])
    me, agent = number(root, PEOPLE["supervisor"]), number(root, added(root, "小徒弟", "agent"))
    for who, role in (
        (me, "owner"),
        (agent, "owner"),
        (agent, "supervisor"),
        (number(root, PEOPLE["auditor"]), "agent"),
    ):
        got = visitor.post(PAGE, act="alter", id=who, role=role, agent=AGENT)
        assert got.status == 403
        assert "主管只能管客服" in got.text
    for act in ("take-out", "end-sessions", "offer-password", "reset-factor"):
        assert visitor.post(PAGE, act=act, id=number(root, PEOPLE["owner"])).status == 403, act
    assert visitor.post(PAGE, act="offer-password", id=agent).status == 403
    assert [role_of(root, PEOPLE[role]) for role in ROLES] == list(ROLES)
    assert visitor.post(PAGE, act="alter", id=agent, role="agent", agent=COLLEAGUE).status == 200
    assert visitor.post(PAGE, act="take-out", id=agent).status == 200
    assert role_of(root, "小徒弟") == ""


@kills("jinpai/book/team.py", 'if theirs.role == "owner" and sum(', "if False and sum(")
@kills("jinpai/book/team.py", 'if role != "owner":', "if False:")
@on_both
def test_the_last_owner_of_a_shop_stays_one(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    me = number(root, PEOPLE["owner"])
    for sent in ({"act": "take-out"}, {"act": "alter", "role": "auditor"}):
        got = owner.post(PAGE, id=me, **sent)
        assert got.status == 400
        assert "最后一位老板" in got.text
    second = added(root, "二老板", "owner")
    assert owner.post(PAGE, act="alter", id=number(root, second), role="auditor").status == 200
    assert owner.post(PAGE, act="take-out", id=me).status == 400
    assert role_of(root, PEOPLE["owner"]) == "owner"


@kills(
    "jinpai/book/team.py", "Membership.objects.filter(shop=shop).select_related", "Membership.objects.select_related"
)
@on_both
def test_nobody_of_another_shop_is_seen_or_changed(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    foreign = added(root, "隔壁老板", "owner", OTHER)
    assert foreign not in owner.get(PAGE).text
    for act in ("alter", "take-out", "end-sessions", "offer-password", "reset-factor"):
        assert owner.post(PAGE, act=act, id=number(root, foreign), role="auditor").status == 404, act
    assert role_of(root, foreign, OTHER) == "owner"


@kills("jinpai/book/models/person.py", "self.epoch += 1", "self.epoch += 0")
@on_both
def test_open_sessions_are_ended(desk: str, root: Path) -> None:
    owner, other = signed_in(desk, PEOPLE["owner"]), signed_in(desk, added(root, "手机丢了", "auditor"))
    assert other.get(address(SHOP, "numbers")).url.endswith("numbers")
    got = owner.get(PAGE).text
    assert re.search(r"手机丢了.*?上次登录 20\d\d-", got, re.DOTALL)
    assert owner.post(PAGE, act="end-sessions", id=number(root, "手机丢了")).status == 200
    assert "/sign-in" in other.get(address(SHOP, "numbers")).url


def test_settings_are_cards_of_what_a_role_may_open(desk: str) -> None:
    for role, there in {"owner": True, "supervisor": True, "auditor": False}.items():
        got = signed_in(desk, PEOPLE[role]).get(address(SHOP, "settings")).text
        assert ("谁能打开这家店的工作台" in got) == there
        assert "操作日志" in got
