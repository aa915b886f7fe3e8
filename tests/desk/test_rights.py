"""权限的定律 rights: every page as every role, as a stranger, and in a shop that is not one's own; nobody sees what is not theirs."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from jinpai.book.people import ROLES
from jinpai.desk.page import in_order
from tests.desk.book import on_both, rows
from tests.desk.serving import AGENT, COLLEAGUE, OTHER, PASSWORD, PEOPLE, SHOP, Visitor, address, jinpai
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
ASKED = {"why": "?metric=received_buyers&day=2026-11-18", "conversation": "?of=344796"}


def place(shop: str, page: str, path: str) -> str:
    return address(shop, path) + ASKED.get(page, "")


@pytest.mark.parametrize("role", ROLES)
@kills("jinpai/desk/page.py", "if member.role not in page.roles:", "if False:")
@kills(
    "jinpai/desk/page.py", "member = memberships(person).get(shop)", "member = next(iter(memberships(person).values()))"
)
@on_both
def test_a_role_opens_its_pages_of_its_shop_and_nothing_else(desk: str, role: str) -> None:
    visitor = Visitor(desk)
    assert visitor.sign_in(PEOPLE[role]).status == 200
    for page in in_order():
        got = visitor.get(place(SHOP, page.name, page.path))
        assert got.status == (200 if role in page.roles else 403), (role, page.name, got.text[-500:])
        if got.status == 403:
            assert "你的角色不能看这一页" in got.text
        for elsewhere in (OTHER, "没有的店"):
            assert visitor.get(place(elsewhere, page.name, page.path)).status == 404


@kills("jinpai/desk/page.py", "never_cache(login_required(view))", "never_cache(view)")
def test_a_stranger_is_led_to_the_door_and_then_to_where_he_wanted_to_be(desk: str) -> None:
    for page in in_order():
        wanted = place(SHOP, page.name, page.path)
        stranger = Visitor(desk)
        got = stranger.get(wanted)
        assert got.status == 200
        assert "/sign-in?next=" in got.url
        assert "登录工作台" in got.text
        assert stranger.sign_in(PEOPLE["owner"], onward=wanted).url == desk + wanted


@kills("jinpai/desk/pages/numbers.py", 'visit.only_agent in (None, row["agent"])', "True")
@kills(
    "jinpai/desk/pages/why.py",
    "if visit.only_agent is not None and agent not in (None, visit.only_agent):",
    "if False:",
)
@kills("jinpai/explain.py", '"s.conversation_key"', '"cast(1 as bigint)"')
@kills("jinpai/desk/page.py", 'if role == "agent" and self.mine.zh else self', "if False else self")
@kills("jinpai/desk/pages/why.py", "hidden = visit.only_agent is not None and agent is None", "hidden = False")
def test_an_agent_sees_the_own_figures_and_the_shops_and_no_colleagues(desk: str) -> None:
    agent, owner = Visitor(desk), Visitor(desk)
    agent.sign_in(PEOPLE["agent"])
    owner.sign_in(PEOPLE["owner"])
    day = address(SHOP, "numbers") + "?day=2026-11-18"
    assert f'<th scope="row">{COLLEAGUE}</th>' in owner.get(day).text
    seen = agent.get(day).text
    assert f'<th scope="row">{AGENT}</th>' in seen
    assert '<th scope="row">全店</th>' in seen
    assert COLLEAGUE not in seen
    why = place(SHOP, "why", "why")
    assert owner.get(f"{why}&agent=%E9%98%BF%E6%9D%B0").status == 200
    assert agent.get(f"{why}&agent=%E9%98%BF%E6%9D%B0").status == 403
    own = agent.get(f"{why}&agent=%E5%B0%8F%E7%BE%8E").text
    assert "背后的会话和订单" in own
    assert "云**鹿" in own
    assert "云边小鹿" not in own
    behind = re.findall(r'href="([^"]+conversation\?of=\d+)">云\*\*鹿</a>', own)
    assert len(behind) == 1
    opened = agent.get(behind[0]).text
    assert "这款沙发垫多大能用" in opened
    assert "我的聊天" in opened
    assert "聊天记录" not in opened
    assert ">回列表</a>" in opened
    assert "背后的会话和订单" in owner.get(why).text
    assert "背后的会话和订单" not in agent.get(why).text


@kills("jinpai/desk/configuring.py", '"axes.backends.AxesStandaloneBackend", ', "")
@on_both
def test_after_five_wrong_passwords_the_door_stays_shut_for_that_name_alone(desk: str, root: Path) -> None:
    said = jinpai("people", "add", "被猜的", "--role", "auditor", "--shop", SHOP, "-w", root, said=PASSWORD + "\n")
    assert said.returncode == 0, said.stderr
    guesser = Visitor(desk)
    answers = [guesser.sign_in("被猜的", f"猜第{n}次的密码") for n in range(5)]
    assert [one.status for one in answers] == [403, 403, 403, 403, 429]
    assert "登录名或密码不对" in answers[0].text
    shut = guesser.sign_in("被猜的")
    assert shut.status == 429
    assert "请过 15 分钟再试" in shut.text
    assert Visitor(desk).sign_in(PEOPLE["auditor"]).status == 200
    unknown = Visitor(desk).sign_in("没有的人")
    assert "登录名或密码不对" in unknown.text, "whether a name exists is nobody's business"


@kills("jinpai/book/people.py", "last.items()) if one.role}", "last.items())}")
@on_both
def test_who_is_taken_out_sees_nothing_at_once_and_a_new_password_ends_what_is_open(desk: str, root: Path) -> None:
    jinpai("people", "add", "临时工", "--role", "auditor", "--shop", SHOP, "-w", root, said=PASSWORD + "\n")
    visitor = Visitor(desk)
    visitor.sign_in("临时工")
    page = address(SHOP, "numbers")
    assert visitor.get(page).status == 200
    assert jinpai("people", "remove", "临时工", "--shop", SHOP, "-w", root).returncode == 0
    assert visitor.get(page).status == 404
    alone = visitor.get("/").text
    assert "你还不在任何店铺里" in alone
    assert "退出" in alone
    jinpai("people", "add", "临时工", "--role", "auditor", "--shop", SHOP, "-w", root)
    assert visitor.get(page).status == 200
    assert jinpai("people", "password", "临时工", "-w", root, said="换成另外一句很长的话\n").returncode == 0
    assert "/sign-in" in visitor.get(page).url


@kills("jinpai/desk/routes.py", "require_POST(doors.sign_out)", "doors.sign_out")
@kills("jinpai/desk/configuring.py", '"django.middleware.csrf.CsrfViewMiddleware",', "")
@kills(
    "jinpai/desk/doors.py",
    "asked if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else",
    "asked or",
)
def test_no_other_site_signs_anybody_out_or_leads_him_away(desk: str) -> None:
    visitor = Visitor(desk)
    assert visitor.sign_in(PEOPLE["owner"], onward="https://elsewhere.example/").url.startswith(desk)
    assert visitor.get("/sign-out").status == 405
    foreign = visitor.post("/sign-out", token=False)
    assert foreign.status == 403
    assert "刚才的操作没有做" in foreign.text
    assert visitor.get(address(SHOP, "numbers")).status == 200
    assert "/sign-in" in visitor.post("/sign-out").url
    assert "/sign-in" in visitor.get(address(SHOP, "numbers")).url


def test_every_answer_forbids_what_the_desk_does_not_use(desk: str) -> None:
    for path in ("/sign-in", "/nowhere"):
        told = Visitor(desk).get(path).headers
        policy = told["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert told["X-Frame-Options"] == "DENY"
        assert told["X-Content-Type-Options"] == "nosniff"
        assert told["Referrer-Policy"] == "same-origin"
    visitor = Visitor(desk)
    visitor.sign_in(PEOPLE["owner"])
    for cookie in visitor.jar:
        assert cookie.has_nonstandard_attr("HttpOnly"), cookie.name
    assert "no-store" in visitor.get(address(SHOP, "numbers")).headers["Cache-Control"]


@on_both
def test_an_export_is_the_pages_figures_and_stands_in_the_log(desk: str, root: Path) -> None:
    visitor = Visitor(desk)
    visitor.sign_in(PEOPLE["owner"])
    got = visitor.get(address(SHOP, "numbers.xlsx") + "?day=2026-11-18")
    assert got.status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(got.content)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [AGENT, COLLEAGUE]
    deeds = rows(root, 'select "by", shop, what, "on" from book_deed order by id')
    assert (PEOPLE["owner"], SHOP, "exported", "客服数据-甲店 1-2026-11-18-2026-11-18.xlsx 2") in deeds
    assert (PEOPLE["owner"], "", "signed_in", "") in deeds


def test_what_an_address_says_wrongly_is_told_in_a_sentence(desk: str) -> None:
    visitor = Visitor(desk)
    visitor.sign_in(PEOPLE["owner"])
    numbers, why = address(SHOP, "numbers"), address(SHOP, "why")
    for path, sentence in {
        f"{numbers}?day=%E6%98%A8%E5%A4%A9": "日期「昨天」不是一个日子",
        f"{numbers}?day=2031-01-01": "这段时间没有客服接待",
        f"{why}?metric=conversoin": "是不是要写 conversion",
        f"{why}?metric=aov&day=20269999": "不是一个日子",
    }.items():
        got = visitor.get(path)
        assert got.status == 200, path
        assert sentence in got.text, path
    assert visitor.get(why).status == 404
    assert visitor.get(f"{numbers}.xlsx?day=x").status == 404
