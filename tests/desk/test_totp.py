"""二次验证的定律 second factor: the code comes after the password, once each; and everybody's own account, over HTTP."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

import pytest
from django_otp.oath import hotp

from tests.desk.book import everything, on_both
from tests.desk.serving import PASSWORD, PEOPLE, SHOP, Visitor, address, jinpai
from tests.desk.test_people import PAGE, added, number, signed_in
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
NUMBERS = address(SHOP, "numbers")
NEW = "屋檐下的燕子又回来了"


def code(secret: bytes, off: int = 0) -> str:
    return f"{hotp(secret, int(time.time()) // 30 + off):06d}"


def far_from_a_step() -> None:
    """A step that ends between making a code and sending it would make the test false."""
    while time.time() % 30 > 24:
        time.sleep(0.5)


def set_up(visitor: Visitor) -> tuple[bytes, list[str]]:
    """The secret and the recovery codes of somebody who has set the second factor up, with the code of the step before."""
    far_from_a_step()
    got = visitor.post("/account", act="begin")
    spelt = re.search(r"<pre>([A-Z2-7]+)</pre>", got.text)[1]
    secret = base64.b32decode(spelt)
    picture = visitor.get("/account/second-factor.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]
    assert picture.text.startswith("<?xml")
    wrong = visitor.post("/account", act="confirm", code="12345")
    assert wrong.status == 400
    assert "验证码不对" in wrong.text
    done = visitor.post("/account", act="confirm", code=code(secret, -1))
    assert done.status == 200
    codes = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", done.text)
    assert len(codes) == 10
    assert codes[0] not in visitor.get("/account").text
    return secret, codes


@kills("jinpai/desk/configuring.py", '"old", "again", "code"', '"old", "again"')
@kills("jinpai/desk/doors.py", "if person is not None and factor_of(person) is not None:", "if False:")
@kills(
    "jinpai/book/second_factor.py",
    "        return _use(factor, str(step))",
    "        _use(factor, str(step)); return True",
)
@kills("jinpai/book/second_factor.py", "or not _use(factor, digest):", "or (_use(factor, digest) and False):")
@on_both
def test_the_code_is_asked_for_and_opens_once(desk: str, root: Path) -> None:
    who = added(root, "小心的", "auditor")
    first, elsewhere = signed_in(desk, who), signed_in(desk, who)
    secret, codes = set_up(first)
    assert first.get(NUMBERS).url.endswith("numbers")
    assert "/sign-in" in elsewhere.get(NUMBERS).url, "what was open without the code has ended"
    assert first.get("/account/second-factor.svg").status == 404, "it is shown no more"
    second = Visitor(desk)
    asked = second.sign_in(who, onward=NUMBERS)
    assert "/sign-in/code" in asked.url
    for path in (NUMBERS, "/account", "/"):
        assert "/sign-in?" in second.get(path).url, "the password alone opens nothing"
    assert second.post("/sign-in/code", code=code(secret, -1)).status == 403, "the code that set it up was used"
    assert second.post("/sign-in/code", code=code(secret, 40)).status == 403
    far_from_a_step()
    now = code(secret)
    assert second.post("/sign-in/code", code=now, next=NUMBERS).url == desk + NUMBERS
    third = Visitor(desk)
    third.sign_in(who)
    again = third.post("/sign-in/code", code=now)
    assert again.status == 403
    assert "已经用过" in again.text
    assert third.post("/sign-in/code", code=codes[3].upper().replace("-", " ")).url.endswith("today")
    assert "恢复码还剩 9 个" in third.get("/account").text
    fourth = Visitor(desk)
    fourth.sign_in(who)
    assert fourth.post("/sign-in/code", code=codes[3]).status == 403
    held = everything(root)
    for told in (
        secret.hex(),
        base64.b32encode(secret).decode().rstrip("="),
        base64.b64encode(secret).decode(),
        *codes,
    ):
        assert told not in held


@kills(
    "jinpai/desk/waiting.py",
    "person is not None and person.name == name and lets_in(person, code, key())",
    "person is not None",
)
def test_wrong_codes_are_throttled_like_wrong_passwords(desk: str, root: Path) -> None:
    who = added(root, "被猜码的", "auditor")
    secret, _ = set_up(signed_in(desk, who))
    guesser = Visitor(desk)
    guesser.sign_in(who)
    assert [guesser.post("/sign-in/code", code=f"00000{n}").status for n in range(5)] == [403, 403, 403, 403, 429]
    assert guesser.post("/sign-in/code", code=code(secret)).status == 429
    assert Visitor(desk).sign_in(who).status == 429
    assert Visitor(desk).sign_in(PEOPLE["auditor"]).status == 200


@kills("jinpai/desk/waiting.py", "hmac.compare_digest(person.get_session_auth_hash(), told[2])", "True")
def test_the_second_step_is_nobodys_without_the_first_or_after_another_password(desk: str, root: Path) -> None:
    who = added(root, "改过密码的", "auditor")
    inside = signed_in(desk, who)
    _, codes = set_up(inside)
    assert Visitor(desk).get("/sign-in/code").url.endswith("/sign-in")
    stranger = Visitor(desk)
    stranger.get("/sign-in")
    assert stranger.post("/sign-in/code", code=codes[0]).url.endswith("/sign-in")
    half = Visitor(desk)
    half.sign_in(who)
    assert inside.post("/account", act="password", old=PASSWORD, password=NEW, again=NEW).status == 200
    assert half.post("/sign-in/code", code=codes[0]).url.endswith("/sign-in")


@kills(
    "jinpai/desk/account.py",
    "    set_password(person, typed_twice(request))\n    _go_on_alone(request)",
    "    old = person.password\n    set_password(person, typed_twice(request)); person.__class__.objects.filter(pk=person.pk).update(password=old)",
)
@kills("jinpai/desk/account.py", "    if known is None:", "    if False:")
@kills("jinpai/desk/configuring.py", '"old", "again", "code"', '"code"')
@kills("jinpai/book/models/person.py", 'told = f"{self.epoch} {self.password}"', 'told = ""')
def test_a_new_password_wants_the_old_one_and_ends_every_other_session(desk: str, root: Path) -> None:
    who = added(root, "换密码的", "auditor")
    here, there = signed_in(desk, who), signed_in(desk, who)
    for old, password, again, said in (
        ("不是这个密码啊啊啊", NEW, NEW, "现在的密码不对"), (PASSWORD, "太短", "太短", "至少要"), (PASSWORD, NEW, PASSWORD, "两遍密码不一样"),
    ):  # fmt: skip
        got = here.post("/account", act="password", old=old, password=password, again=again)
        assert got.status == 400
        assert said in got.text
    held = everything(root)
    assert not [told for told in ("不是这个密码啊啊啊", NEW) if told in held], "what failed is counted, not kept"
    assert there.get(NUMBERS).url.endswith("numbers")
    got = here.post("/account", act="password", old=PASSWORD, password=NEW, again=NEW)
    assert "密码改好了" in got.text
    assert here.get(NUMBERS).url.endswith("numbers"), "this session goes on"
    assert "/sign-in" in there.get(NUMBERS).url
    assert Visitor(desk).sign_in(who).status == 403
    assert Visitor(desk).sign_in(who, NEW).status == 200
    assert here.post("/account", act="别的").status == 400


@kills(
    "jinpai/desk/account.py", "    _want_password(request)\n    second_factor.turn_off", "    second_factor.turn_off"
)
def test_it_is_turned_off_by_the_password_or_by_the_owner(desk: str, root: Path) -> None:
    who = added(root, "手机没了的", "auditor")
    visitor = signed_in(desk, who)
    set_up(visitor)
    assert visitor.post("/account", act="off", old="不是这个密码啊啊啊").status == 400
    assert "已开启" in visitor.get("/account").text
    assert "二次验证已关闭" in visitor.post("/account", act="off", old=PASSWORD).text
    assert Visitor(desk).sign_in(who).url.endswith("today")
    set_up(visitor)
    owner = signed_in(desk, PEOPLE["owner"])
    assert "二次验证已开启" in owner.get(PAGE).text
    assert owner.post(PAGE, act="reset-factor", id=number(root, who)).status == 200
    assert Visitor(desk).sign_in(who).url.endswith("today")


@kills("jinpai/commands/people.py", "lifted = lift(person, HERE)", "lifted = False")
def test_a_new_password_on_the_command_line_lets_in_who_lost_everything(desk: str, root: Path) -> None:
    who = added(root, "全丢了的", "auditor")
    set_up(signed_in(desk, who))
    done = jinpai("people", "password", who, "-w", root, said=NEW + "\n")
    assert "二次验证也关闭了" in done.stdout
    assert Visitor(desk).sign_in(who, NEW).url.endswith("today")
    assert "二次验证也关闭了" not in jinpai("people", "password", who, "-w", root, said=NEW + "\n").stdout


def test_everybody_has_an_account_and_a_stranger_none(desk: str, root: Path) -> None:
    for name in PEOPLE.values():
        got = signed_in(desk, name).get("/account")
        assert got.status == 200
        assert name in got.text
    assert "/sign-in" in Visitor(desk).get("/account").url
    assert "/sign-in" in Visitor(desk).get("/account/second-factor.svg").url
    visitor = signed_in(desk, PEOPLE["auditor"])
    assert visitor.post("/account", token=False, act="begin").status == 403
    assert "My account" in visitor.post("/language", lang="en", next="/account").text
    visitor.post("/language", lang="zh")
