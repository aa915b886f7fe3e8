"""查看原文的定律 revealing: what is masked is shown to who may see it, with a reason, once; the log holds the look and not the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from jinpai import flow
from jinpai.erasure import Request, erase
from jinpai.errors import JinpaiError
from jinpai.importing import import_files
from jinpai.revealing import words_of
from jinpai.workspace import Workspace
from tests.desk.book import everything
from tests.desk.serving import AGENT, MESSAGES, PEOPLE, SHOP, Answer, Visitor, address, made, serving
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
BUYER, PHONE = "退货的小鹿", "13800000001"
HEAD = MESSAGES.splitlines()[0]
MORE = f"""\
{HEAD}
{SHOP},早来的,{AGENT},buyer,2026-11-20T08:00:00+08:00,text,我的电话 13900000002,v0
{SHOP},{BUYER},{AGENT},buyer,2026-11-20T09:00:00+08:00,text,我要退货,v1
{SHOP},{BUYER},{AGENT},buyer,2026-11-20T09:00:08+08:00,text,打我电话 {PHONE} 就行,v2
{SHOP},{BUYER},{AGENT},agent,2026-11-20T09:00:20+08:00,text,好的,v3
"""
PAGE = address(SHOP, "conversation")
REASON = "核对退货电话"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("masked")
    root = made(folder)
    (folder / "more.csv").write_text(MORE, encoding="utf-8")
    import_files(Workspace.open(root), [folder / "more.csv"])
    flow.build(Workspace.open(root))
    return root


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[str]:
    with serving(root) as base:
        yield base


def signed_in(desk: str, role: str) -> Visitor:
    visitor = Visitor(desk)
    assert visitor.sign_in(PEOPLE[role]).status == 200
    return visitor


@pytest.fixture(scope="module")
def talk(desk: str) -> str:
    """The number of the conversation with a phone in it."""
    found = signed_in(desk, "owner").get(f"{address(SHOP, 'conversations')}?" + urlencode({"text": "就行"})).text
    return re.findall(r"conversation\?of=(\d+)", found)[0]


def asked(visitor: Visitor, talk: str, what: str, reason: str = REASON) -> Answer:
    return visitor.post(f"{PAGE}?of={talk}", what=what, reason=reason)


def line(visitor: Visitor, talk: str) -> str:
    return re.findall(r'<option value="(\d+)">', visitor.get(f"{PAGE}?of={talk}").text)[0]


@kills("jinpai/revealing.py", 'batch.column("text")[position - first]', 'batch.column("text")[0]')
@kills("jinpai/desk/revealing.py", "anonymous(reason, [text])", "reason")
@kills("jinpai/desk/revealing.py", "if not LEAST_REASON <= len(reason) <= LONGEST_REASON:", "if False:")
def test_a_line_is_shown_once_for_a_reason_and_the_log_holds_the_look(desk: str, root: Path, talk: str) -> None:
    supervisor = signed_in(desk, "supervisor")
    before = supervisor.get(f"{PAGE}?of={talk}").text
    assert PHONE not in before
    assert "09:00:08 那一句里的手机" in before
    seq = line(supervisor, talk)
    for reason in ("", "看看", "字" * 201):
        refused = asked(supervisor, talk, seq, reason)
        assert "请写明为什么要看" in refused.text
        assert PHONE not in refused.text
    got = asked(supervisor, talk, seq, f"{REASON} {PHONE}")
    assert got.status == 200
    assert f"打我电话 {PHONE} 就行" in got.text
    assert BUYER not in got.text, "one thing at a time"
    assert PHONE not in got.url
    assert "no-store" in got.headers["Cache-Control"]
    after = supervisor.get(f"{PAGE}?of={talk}").text
    assert PHONE not in after
    assert PHONE not in everything(root)
    log = signed_in(desk, "auditor").get(address(SHOP, "log") + "?what=revealed").text
    assert "2026-11-20 09:00:08 那一句，原因：核对退货电话 [手机]" in log
    assert PEOPLE["supervisor"] in log


@kills("jinpai/revealing.py", "return None if is_masked(name) else name", "return None")
def test_a_name_is_shown_and_who_may_read_the_talk_sees_who_looked(desk: str, root: Path, talk: str) -> None:
    owner, agent = signed_in(desk, "owner"), signed_in(desk, "agent")
    got = asked(owner, talk, "buyer", f"在千牛里找 {BUYER}")
    assert f'<mark class="raw">{BUYER}</mark>' in got.text
    assert PHONE not in got.text
    seen = agent.get(f"{PAGE}?of={talk}").text
    assert "买家全名，原因：在千牛里找 [名字]" in seen
    assert PEOPLE["owner"] in seen.split("谁看过")[1]
    assert BUYER not in seen
    assert "查看原文</button>" not in seen
    assert f"{BUYER}]" not in everything(root)


@kills(
    "jinpai/desk/revealing.py",
    'MAY_REVEAL = frozenset({"owner", "supervisor"})',
    'MAY_REVEAL = frozenset({"owner", "supervisor", "agent", "auditor"})',
)
def test_who_may_not_look_does_not_and_what_is_not_masked_is_not_looked_at(desk: str, root: Path, talk: str) -> None:
    owner = signed_in(desk, "owner")
    seq = line(owner, talk)
    held = everything(root).count("revealed")
    for role in ("agent", "auditor", "accountant"):
        visitor = signed_in(desk, role)
        for what in (seq, "buyer"):
            assert asked(visitor, talk, what).status == 403, role
    for what in ("", "99999", "1", "x", "buyer' or 1=1"):
        got = asked(owner, talk, what)
        assert "没有选要看什么" in got.text, what
        assert PHONE not in got.text
    assert everything(root).count("revealed") == held, "nothing was seen, nothing is said to have been"
    assert owner.post(f"{PAGE}?of={talk}", token=False, what="buyer", reason=REASON).status == 403


@kills("jinpai/revealing.py", 'Private(workspace.key_for("tokens")).text(text) != places[0]["text"]', "False")
def test_without_the_key_or_with_other_raw_rows_there_is_a_sentence_and_no_words(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", shop=SHOP)
    (tmp_path / "a.csv").write_text(MORE, encoding="utf-8")
    import_files(workspace, [tmp_path / "a.csv"])
    place = built(workspace)
    assert words_of(workspace, SHOP, *place) == f"打我电话 {PHONE} 就行"
    hidden = workspace.key_file.rename(workspace.key_file.with_suffix(".away"))
    with pytest.raises(JinpaiError, match="找不到密钥文件"):
        words_of(workspace, SHOP, *place)
    hidden.rename(workspace.key_file)
    # with a row before it gone, another line stands where the facts have this one
    erase(workspace, Request(SHOP, "早来的"))
    with pytest.raises(JinpaiError, match="原始记录里已经没有这一句"):
        words_of(workspace, SHOP, *place)
    assert words_of(workspace, SHOP, *built(workspace)) == f"打我电话 {PHONE} 就行"


def built(workspace: Workspace) -> tuple[int, int]:
    """The facts anew, and where the line with the phone stands in them."""
    flow.build(workspace)
    with flow.opened(workspace, SHOP) as engine:
        (found,) = engine.rows(
            "select s.conversation_key, o.seq from span as s inner join original as o on o.buyer_key = s.buyer_key "
            "and o.conversation_seq = s.conversation_seq where o.text like '打我%'"
        )
    return found["conversation_key"], found["seq"]
