"""二读关注点的测试: what nobody could tell is asked of a real server, masked, and counts from the next build on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from jinpai import cli, flow
from jinpai.errors import JinpaiError, WrongUse
from jinpai.importing import import_files
from jinpai.sourcing import stale
from jinpai.text.second_topics import SECOND_READ
from jinpai.topics.ranking import topics
from jinpai.topics.reading_again import read_again
from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.text.endpoint import Server, completion, reply

UNTOLD = "嗯呢那个呢 小红 小美"
"""Says nothing to lexicon and model, and names who wrote and who was asked."""
TALK = f"""buyer,agent,sender,sent_at,kind,text
小红,小美,buyer,2025-11-08 10:00:00,text,{UNTOLD}
小红,小美,agent,2025-11-08 10:00:05,text,在的
阿强,小美,buyer,2025-11-08 11:00:00,text,能便宜点吗
阿强,小美,agent,2025-11-08 11:00:05,text,在的
阿明,小美,buyer,2025-11-08 12:00:00,text,哦哦那边的
"""


def answers(talk: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    texts = json.loads(asked["messages"][-1]["content"])["texts"]
    reply(talk, completion(json.dumps({"answers": ["size" if "嗯呢" in one else "none" for one in texts]})))


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    made.does = [answers] * 9
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    told = {"url": server.url, "model": "小模型", "timeout_seconds": 5, "calls_a_minute": 6000}
    made.write_settings(None, {"inspection": True, "second_reader": told})
    (tmp_path / "messages.csv").write_text(TALK, encoding="utf-8")
    import_files(made, [tmp_path / "messages.csv"])
    flow.build(made)
    return made


def counted(shop: Workspace) -> dict[str, int]:
    return {row["topic"]: row["conversations"] for row in topics(shop)["rows"]}


@kills(
    "jinpai/text/concerns.py", "parts.append(self._second_read(texts, np.flatnonzero(~is_courtesy & ~told)))", "pass"
)
@kills("jinpai/text/concerns.py", "for own in (own_model(settings_folder), settings_folder / OWN_FOLDER / SECOND_READ):", "for own in (own_model(settings_folder),):")  # fmt: skip
@kills("jinpai/topics/reading_again.py", "if reader.is_new(one[0], offered, one[1]))", ")")
def test_what_a_second_reader_tells_counts_and_is_asked_once(shop: Workspace, server: Server) -> None:
    before = counted(shop)
    assert "size" not in before
    told = read_again(shop, None, 10)
    assert told.said == {UNTOLD: "尺寸尺码"}
    assert told.looked == 2
    assert stale(shop) == ["main"], "what was told changes the facts"
    after = counted(shop)
    assert after == before | {"size": 1}
    # a build asks nobody, and nothing is asked twice
    assert len(server.got) == 1
    assert read_again(shop, None, 10).looked == 0
    assert len(server.got) == 1
    (shop.root / "facts").rename(shop.root / "old")
    flow.build(shop)
    assert counted(shop) == after


@kills("jinpai/topics/reading_again.py", '[*one["buyers"], *one["agents"]]', '[*one["buyers"]]')
def test_a_nick_does_not_leave_and_words_do_not_stay(shop: Workspace, server: Server) -> None:
    read_again(shop, None, 10)
    sent = "".join(one for texts in server.asked for one in texts)
    assert sent
    assert not [name for name in ("小红", "小美") if name in sent]
    file = shop.settings("main").folder / "topics" / SECOND_READ
    assert "嗯呢" not in file.read_text(encoding="utf-8")


def test_without_an_answer_nothing_changes_and_it_is_said(shop: Workspace, server: Server) -> None:
    server.does = [lambda talk, _: reply(talk, b"{}", 404)]
    before = counted(shop)
    with pytest.raises(JinpaiError, match="404"):
        read_again(shop, None, 10)
    server.does = [lambda talk, _: reply(talk, b"{}", 500)] * 3
    told = read_again(shop, None, 10)
    assert told.said == {}
    assert told.left is not None
    assert stale(shop) == []
    assert counted(shop) == before


def test_the_command_says_what_came_of_it(shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["topics", "--second-read", "5", "--workspace", str(shop.root), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "→ 尺寸尺码" in said
    assert "二读看了 2 句，1 句看出了关注点" in said


def test_without_a_second_reader_it_is_said_how_to_set_one(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="second_reader"):
        read_again(Workspace.create(tmp_path / "店"), None, 5)


@kills("jinpai/text/second_topics.py", "if not (tab and len(key) == 32 and topic):", "if False:")
def test_a_broken_line_is_said_with_its_place(shop: Workspace) -> None:
    read_again(shop, None, 10)
    file = shop.settings("main").folder / "topics" / SECOND_READ
    file.write_text(file.read_text(encoding="utf-8") + "不是指纹\n", encoding="utf-8")
    with pytest.raises(JinpaiError, match="第 2 行"):
        topics(shop)
