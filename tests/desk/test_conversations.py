"""聊天记录的定律 conversations: what a search finds, page by page, and who may read which conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.desk.serving import (
    AGENT,
    COLLEAGUE,
    MESSAGES,
    ORDERS,
    PASSWORD,
    PEOPLE,
    SHOP,
    Visitor,
    address,
    jinpai,
    serving,
)
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
EVIL = "<script>alert(1)</script>&amp;"


def talks() -> Iterator[str]:
    """Sixty more conversations of the colleague, one in which both answered, and one with HTML in it."""
    for n in range(60):
        at = f"2026-11-19T{8 + n // 6:02}:{n % 6 * 10:02}"
        yield f"{SHOP},路人{n:02}号,{COLLEAGUE},buyer,{at}:00+08:00,text,ＡＢＣ款还有吗,p{n}"
        yield f"{SHOP},路人{n:02}号,{COLLEAGUE},agent,{at}:{n % 50 + 5:02}+08:00,text,有的,q{n}"
    yield f"{SHOP},转来的,{COLLEAGUE},buyer,2026-11-20T09:00:00+08:00,text,{EVIL},r1"
    yield f"{SHOP},转来的,{COLLEAGUE},agent,2026-11-20T09:00:50+08:00,text,同事马上来,r2"
    yield f"{SHOP},转来的,{AGENT},agent,2026-11-20T09:01:00+08:00,text,我来看看,r3"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    folder = tmp_path_factory.mktemp("talks")
    root = folder / "店铺 数据"
    workspace = Workspace.create(root, shop=SHOP)
    workspace.write_settings(SHOP, {"inspection": True})
    files = {"messages.csv": MESSAGES + "\n".join(talks()) + "\n", "orders.csv": ORDERS}
    for name, text in files.items():
        Path(folder, name).write_text(text, encoding="utf-8")
    import_files(workspace, [folder / name for name in files])
    for role in ("owner", "agent"):
        more = ["--agent", AGENT] if role == "agent" else []
        done = jinpai(
            "people", "add", PEOPLE[role], "--role", role, "--shop", SHOP, *more, "-w", root, said=PASSWORD + "\n"
        )
        assert done.returncode == 0, done.stderr
    with serving(root) as base:
        yield base


@pytest.fixture(scope="module")
def owner(shop: str) -> Visitor:
    visitor = Visitor(shop)
    visitor.sign_in(PEOPLE["owner"])
    return visitor


@pytest.fixture(scope="module")
def agent(shop: str) -> Visitor:
    visitor = Visitor(shop)
    visitor.sign_in(PEOPLE["agent"])
    return visitor


def found(visitor: Visitor, **asked: object) -> tuple[int, list[str]]:
    """How many there are, and the numbers on the page."""
    got = visitor.get(address(SHOP, "conversations") + "?" + urlencode(asked))
    assert got.status == 200, got.text[-300:]
    total = re.search(r"共 ([\d,]+) 段会话", got.text)
    assert total, got.text[-1500:]
    return int(total[1]), re.findall(r"conversation\?of=(\d+)", got.text)


def read(visitor: Visitor, number: str) -> str:
    got = visitor.get(address(SHOP, "conversation") + f"?of={number}")
    assert got.status == 200
    return got.text


@kills("jinpai/conversations.py", "PAGE, (at - 1) * PAGE)", "PAGE, (at - 1) * (PAGE - 1))")
def test_the_pages_together_are_the_whole_and_no_row_comes_twice(owner: Visitor) -> None:
    for sort in ("time", "score", "wait"):
        total, first = found(owner, sort=sort)
        _, second = found(owner, sort=sort, page=2)
        assert total == 64
        assert (len(first), len(second)) == (50, 14)
        assert len({*first, *second}) == total
        assert found(owner, sort=sort, page=99)[1] == second


@kills(
    "jinpai/conversations.py",
    '"agent": f"exists (select 1 from part as p where p.agent = $agent',
    '"agent": f"exists (select 1 from part as p where true',
)
def test_every_filter_finds_what_fits_and_nothing_else(owner: Visitor) -> None:
    for asked, count in (
        ({"text": "abc款"}, 60), ({"text": "便宜"}, 1), ({"text": "没人说过"}, 0), ({"text": "<SCRIPT>"}, 1), ({"agent": AGENT}, 3),
        ({"agent": COLLEAGUE}, 62), ({"buyer": "晴天里"}, 1), ({"buyer": "路**号"}, 60), ({"buyer": "%"}, 0), ({"from": "2026-11-20"}, 2),
        ({"from": "2026-11-18", "to": "2026-11-18"}, 2), ({"to": "2026-11-18"}, 2), ({"outcome": "bought"}, 1), ({"product": "没有的"}, 0),
        ({"topic": "没有的"}, 0), ({"failed": "没有的"}, 0), ({"below": "0"}, 0), ({"below": "9999"}, 64),
        ({"text": "款", "agent": AGENT}, 1),
    ):  # fmt: skip
        assert found(owner, **asked)[0] == count, asked
    parts = [found(owner, outcome=one)[0] for one in ("bought", "lost", "none")]
    assert sum(parts) == 64
    slow = found(owner, failed="A1")[0]
    assert 0 < slow < 64


@kills("jinpai/conversation.py", "if only is not None and not engine.rows(_MAY, here):", "if False:")
@kills("jinpai/conversations.py", "where.append(_MINE)", "pass")
def test_an_agent_finds_and_opens_only_what_the_own_account_took_part_in(owner: Visitor, agent: Visitor) -> None:
    total, mine = found(agent)
    assert total == 3
    assert set(mine) == set(found(owner, agent=AGENT)[1])
    _, every = found(owner, to="2026-11-18")
    (foreign,) = set(every) - set(mine)
    assert found(agent, agent=COLLEAGUE)[1] == found(owner, text="同事马上来")[1]
    assert "同事马上来" in read(agent, found(agent, text="同事马上来")[1][0]), (
        "a colleague's line in an own conversation"
    )
    assert found(agent, text="abc款")[0] == 0
    assert found(agent, buyer="晴天里")[0] == 0
    page = address(SHOP, "conversation")
    for wrong in (foreign, "1", "", "晴天里", "9" * 30, "%25"):
        assert agent.get(f"{page}?of={quote(wrong)}").status == 404, wrong
    assert owner.get(f"{page}?of={foreign}").status == 200
    assert owner.get(f"{page}?of=%25").status == 404
    assert owner.get(address("没有的店", "conversation") + f"?of={foreign}").status == 404
    for number in mine:
        for near in re.findall(r"conversation\?of=(\d+)", read(agent, number)):
            assert near in mine


def test_a_conversation_shows_words_waits_score_orders_and_outcome(owner: Visitor) -> None:
    late = read(owner, found(owner, text="同事马上来")[1][0])
    assert '<div class="gap slow">首次响应 50 秒（不含自动回复）</div>' in late
    assert EVIL not in late
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in late
    bought = read(owner, found(owner, outcome="bought")[1][0])
    for words in ("云**鹿", "沙发垫", "首次响应 9 秒", "质检", "¥99.00", "1001", "已付款", "下单", "这段会话"):
        assert words in bought, words
    assert "云边小鹿" not in bought
    assert '<div class="gap ">首次响应 9 秒' in bought
    lines = set(re.findall(r'id="(line-\d+)"', bought))
    links = set(re.findall(r'href="#(line-\d+)"', bought))
    assert links
    assert links <= lines


def test_next_and_previous_follow_the_list_that_was_searched(owner: Visitor) -> None:
    _, three = found(owner, agent=AGENT)
    page = address(SHOP, "conversation")
    middle = owner.get(f"{page}?" + urlencode({"of": three[1], "agent": AGENT})).text
    assert re.search(rf'rel="prev" href="[^"]*of={three[0]}&amp;agent=', middle)
    assert re.search(rf'rel="next" href="[^"]*of={three[2]}&amp;agent=', middle)


def test_what_an_address_says_wrongly_is_told_in_a_sentence(owner: Visitor) -> None:
    page = address(SHOP, "conversations")
    for asked, sentence in (
        ({"from": "昨天"}, "不是一个日子"), ({"below": "很低"}, "不是一个整数"), ({"outcome": "x"}, "没有「x」这个选择"), ({"sort": "x; drop"}, "请在页面上选"),
        ({"from": "2026-11-20", "to": "2026-11-18"}, 'role="alert"'), ({"text": EVIL + "'"}, "这几天没有符合的会话"),
    ):  # fmt: skip
        got = owner.get(f"{page}?{urlencode(asked)}")
        assert got.status == 200, asked
        assert sentence in got.text, asked
        assert EVIL not in got.text
    assert owner.get(f"{page}?page=x").status == 200


@kills(
    "jinpai/desk/pages/conversation.py",
    "transcript_page.talk(told, say, 0, SLOW_MS, first)",
    "transcript_page.talk(told, say, 0, 10**9, first)",
)
def test_without_inspection_the_talk_is_read_and_the_way_to_turn_it_on_is_told(desk: str) -> None:
    visitor = Visitor(desk)
    visitor.sign_in(PEOPLE["owner"])
    assert found(visitor)[0] == 3
    text = read(visitor, found(visitor, buyer="晴天里")[1][0])
    assert "能便宜吗" in text
    assert "jinpai inspect --on" in text
    assert '<div class="gap slow">首次响应 40 秒（不含自动回复）</div>' in text
    assert found(visitor, below="60")[0] == 0
