"""邀请的定律 invitations: a link works once, for 72 hours, until it is withdrawn, and gives what its maker may give."""

from __future__ import annotations

import re
import time
from hashlib import sha256
from pathlib import Path

import pytest

from tests.desk.book import change, everything, on_both, rows
from tests.desk.serving import AGENT, OTHER, PASSWORD, PEOPLE, SHOP, Answer, Visitor, address, jinpai
from tests.desk.test_people import PAGE, added, number, role_of, signed_in
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
NEW = "河边的柳树又绿了一年"


def link(got: Answer) -> str:
    assert got.status == 200, got.text[-800:]
    return re.search(r"/invitation/[\w-]+", got.text)[0]


def taken(desk: str, path: str, name: str, password: str = NEW) -> tuple[Visitor, Answer]:
    visitor = Visitor(desk)
    visitor.get("/sign-in")  # a link that no longer holds has no form
    return visitor, visitor.post(path, name=name, password=password, again=password)


@kills("jinpai/book/invitations.py", 'if ended is not None and ended.how == "used":', "if False:")
@kills("jinpai/book/invitations.py", "digest=_digest(token), ends=ends", "digest=token, ends=ends")
@on_both
def test_a_link_lets_one_person_in_once(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    made = owner.post(PAGE, act="invite", role="auditor")
    path = link(made)
    token = path.rsplit("/", 1)[1]
    assert token not in owner.get(PAGE).text, "it is told once"
    assert token not in everything(root)
    kept = "select count(*) from book_invitation where digest = ?"
    assert rows(root, kept, sha256(token.encode()).hexdigest()) == [(1,)]
    stranger = Visitor(desk)
    assert "审计" in stranger.get(path).text
    for name, password, again, said in (
        ("", NEW, NEW, "登录名要写"), (PEOPLE["owner"], NEW, NEW, "已经有人用了"), ("新审计", "短", "短", "密码至少要"),
        ("新审计", NEW, NEW + "吗", "两遍密码不一样"),
    ):  # fmt: skip
        got = stranger.post(path, name=name, password=password, again=again)
        assert got.status == 400
        assert said in got.text
    visitor, got = taken(desk, path, "新审计")
    assert got.url.endswith("today")
    assert role_of(root, "新审计") == "auditor"
    assert visitor.get(PAGE).status == 403
    late = taken(desk, path, "第二个")[1]
    assert late.status == 410
    assert "已经用过了" in late.text
    assert rows(root, "select count(*) from book_person where name = '第二个'") == [(0,)]
    assert Visitor(desk).sign_in("新审计", NEW).status == 200


@kills("jinpai/book/invitations.py", "if found.ends <= now_ms():", "if False:")
@on_both
def test_a_link_runs_out_after_72_hours(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    path = link(owner.post(PAGE, act="invite", role="auditor"))
    token = "very-old-token"
    now = time.time_ns() // 1_000_000
    ends = rows(root, "select max(ends) from book_invitation")[0][0]
    assert abs(ends - now - 72 * 3_600_000) < 60_000
    change(
        root,
        'insert into book_invitation (at, shop, role, agent, person_id, digest, ends, "by") values (?, ?, ?, null, null, ?, ?, ?)',
        (now - 73 * 3_600_000, SHOP, "auditor", sha256(token.encode()).hexdigest(), now - 1, PEOPLE["owner"]),
    )
    got = taken(desk, f"/invitation/{token}", "来晚了")[1]
    assert got.status == 410
    assert "过期了" in got.text
    assert Visitor(desk).get(path).status == 200
    assert Visitor(desk).get("/invitation/no-such-token").status == 404


@kills("jinpai/book/invitations.py", "if ended is not None or not _still_given(found):", "if not _still_given(found):")
@on_both
def test_a_link_is_withdrawn(desk: str, root: Path) -> None:
    owner, supervisor = signed_in(desk, PEOPLE["owner"]), signed_in(desk, PEOPLE["supervisor"])
    path = link(owner.post(PAGE, act="invite", role="accountant"))
    last = str(rows(root, "select max(id) from book_invitation")[0][0])
    assert supervisor.post(PAGE, act="withdraw", id=last).status == 403
    assert Visitor(desk).get(path).status == 200
    got = owner.post(PAGE, act="withdraw", id=last)
    assert "链接已撤回" in got.text
    gone = taken(desk, path, "没赶上")[1]
    assert gone.status == 410
    assert "已经撤回" in gone.text
    assert owner.post(PAGE, act="withdraw", id=last).status == 404


@kills("jinpai/book/invitations.py", 'want_right(mine.role if mine else "", role)', "pass")
def test_a_supervisor_invites_agents_alone(desk: str, root: Path) -> None:
    visitor = signed_in(desk, PEOPLE["supervisor"])
    for role in ("owner", "supervisor", "accountant", "auditor"):
        assert visitor.post(PAGE, act="invite", role=role).status == 403, role
    assert visitor.post(PAGE, act="invite", role="agent").status == 400
    path = link(visitor.post(PAGE, act="invite", role="agent", agent=AGENT))
    assert taken(desk, path, "新客服")[1].status == 200
    assert role_of(root, "新客服") == "agent"


@kills("jinpai/book/invitations.py", "return mine is not None and found.role in gives(mine.role)", "return True")
def test_a_link_gives_nothing_once_its_maker_may_not(desk: str, root: Path) -> None:
    second = added(root, "临时老板", "owner")
    path = link(signed_in(desk, second).post(PAGE, act="invite", role="owner"))
    assert jinpai("people", "remove", second, "--shop", SHOP, "-w", root).returncode == 0
    got = taken(desk, path, "后门")[1]
    assert got.status == 410
    assert "已经撤回" in got.text


@kills("jinpai/book/invitations.py", "if found.shop in memberships(person):", "if False:")
@on_both
def test_who_is_signed_in_takes_the_role_and_who_is_in_the_shop_keeps_his(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    path = link(owner.post(PAGE, act="invite", role="accountant"))
    neighbour = signed_in(desk, added(root, "两头跑", "auditor", OTHER))
    asked = owner.get(path).text
    assert f"以 {PEOPLE['owner']} 加入" in asked
    got = owner.post(path)
    assert got.status == 400
    assert "你已经在店铺" in got.text
    assert role_of(root, PEOPLE["owner"]) == "owner"
    assert neighbour.post(path).status == 200
    assert role_of(root, "两头跑") == "accountant"


@kills("jinpai/book/invitations.py", "if not owned or not owned.issuperset(memberships(person)):", "if not owned:")
def test_an_owner_gives_a_link_for_a_new_password_to_people_of_own_shops_alone(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    who = added(root, "忘密码的", "auditor")
    open_session = signed_in(desk, who)
    path = link(owner.post(PAGE, act="offer-password", id=number(root, who)))
    stranger = Visitor(desk)
    assert "给 忘密码的 设新密码" in stranger.get(path).text
    assert "/sign-in" in stranger.post(path, password=NEW, again=NEW).url
    assert "/sign-in" in open_session.get(address(SHOP, "numbers")).url, "what was open has ended"
    assert Visitor(desk).sign_in(who).status == 403
    assert Visitor(desk).sign_in(who, NEW).status == 200
    assert stranger.post(path, password=PASSWORD, again=PASSWORD).status == 410
    both = added(root, "在两家店的", "auditor")
    added(root, both, "owner", OTHER, known=True)
    for act in ("offer-password", "reset-factor"):
        got = owner.post(PAGE, act=act, id=number(root, both))
        assert got.status == 403, act
        assert "每家店" in got.text
