"""规定与时间 what a setting, the day or the hour decides: the contact policy, the law in force, and how busy an agent was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jinpai import flow, inspection, transcript
from jinpai.criteria import criteria
from jinpai.criteria.dialogues import START, Dialogue
from jinpai.errors import JinpaiError
from jinpai.importing import import_files
from jinpai.layers import TOUCHED
from jinpai.trying import findings
from jinpai.workspace import Workspace
from jinpai.workspace.contact import ContactPolicy, read_contact_policy
from tests.laws.reckoning import settings
from tests.mutants import kills

WECHAT = Dialogue("H1", "加微信", [(4, "买家", "我再考虑考虑", None), (4, "客服", "好的，您加我微信吧", None)])
PHONE = Dialogue("H1", "电话", [(4, "买家", "能便宜点吗", None), (4, "客服", "电话里谈价格更方便", None)])
DAY = 20251110


def hits(policy: ContactPolicy) -> dict[tuple[str, str], int]:
    found = findings([WECHAT, PHONE], replace(settings(), contact_policy=policy))
    return {(key[0], key[1]): row["result"] for key, row in found.items() if key[1] in ("H1", "E4")}


@kills("jinpai/tables/judged.sql", "and t.sent_at >= p.from_at and t.sent_at < p.until_at", "")
@kills("jinpai/criteria/compiling.py", "found[ALLOWED].append((OFF_PLATFORM[way], at, EVER))", "pass")
def test_what_the_owner_allows_is_no_red_line_from_that_day_on() -> None:
    assert START // 86_400_000 == 20402, "the dialogues are of 10 November 2025"
    strict = {("H1·加微信", "H1"): 0, ("H1·加微信", "E4"): 0, ("H1·电话", "H1"): 0}
    assert hits(ContactPolicy()) == strict
    assert hits(ContactPolicy(wechat_from=DAY, allowed_by="店主")) == {("H1·电话", "H1"): 0, ("H1·加微信", "E4"): 1000}
    assert hits(ContactPolicy(wechat_from=DAY + 1, allowed_by="店主")) == strict
    assert hits(ContactPolicy(phone_always=True)) == {("H1·加微信", "H1"): 0, ("H1·加微信", "E4"): 0}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"wechat": "allowed"}, "allowed_by"),
        ({"wechat": "allowed", "allowed_by": "店主"}, "allowed_on"),
        ({"allowed_by": "店主"}, 'wechat = "never"'),
        ({"wechat": "yes"}, "wechat = 'yes'"),
        ({"phone": "never"}, "phone = 'never'"),
        ({"qq": "always"}, "qq"),
        ({"wechat": "allowed", "allowed_by": "店主", "allowed_on": "明天"}, "明天"),
    ],
)
def test_a_policy_that_will_not_do_is_said(tmp_path: Path, written: dict[str, str], words: str) -> None:
    workspace = Workspace.create(tmp_path / "店")
    with pytest.raises(JinpaiError, match="contact_policy") as raised:
        workspace.write_settings(None, {"contact_policy": written})
    assert words in raised.value.words.zh


def test_the_policy_is_read_as_it_is_shown() -> None:
    given = {"wechat": "allowed", "allowed_by": "店主", "allowed_on": "2025-11-01", "phone": "always"}
    policy = read_contact_policy(given)
    assert policy == ContactPolicy(20251101, "店主", phone_always=True)
    assert [policy.allowed_from(way) for way in ("wechat", "phone", "other")] == [20251101, 0, None]


@kills("jinpai/criteria/definition.py", "self.valid_from <= day and", "")
@kills("jinpai/criteria/definition.py", "day <= self.valid_to", "day < self.valid_to")
def test_the_article_is_that_of_the_day_of_the_chat() -> None:
    told = {day: [law.article for law in criteria()["H6"].laws_on(day)] for day in (20171231, 20251014, 20251015)}
    assert told == {20171231: [], 20251014: ["第八条"], 20251015: ["第九条"]}
    assert [law.title for law in criteria()["H5"].laws_on(DAY)] == ["广告法"]
    assert [law.article for law in criteria()["H8"].laws_on(DAY)] == ["第二十五条"]


CHAT = "buyer,agent,sender,sent_at,text\n"
FIRST = CHAT + "".join(
    f"买{number},小美,{sender},2025-11-10 {9 + number}:00:{second},{text}\n"
    for number in range(8) for sender, second, text in (("buyer", "00", "有货吗"), ("agent", "50", "有的"))
)  # fmt: skip
LATER = CHAT + "忙,小美,buyer,2025-11-10 11:00:00,有货吗\n忙,小美,agent,2025-11-10 11:00:20,五星好评返现5元\n"


@kills("jinpai/increment.py", "(_INSPECTED if self.settings.inspection else [])", "[]")
@kills("jinpai/tables/timed.sql", "where c.shop_first and c.answered_seq is not null and c.ms is not null and not c.is_crowded", "where c.shop_first and c.answered_seq is not null and c.ms is not null")  # fmt: skip
def test_who_has_too_many_conversations_open_is_not_measured(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺 数据")
    workspace.write_settings(None, {"inspection": True, "parallel_limit": 1})

    def slow() -> int:
        rows = inspection.inspect(workspace)["rows"]
        return sum(row["applicable"] for row in rows if row["criterion"] == "A1")

    for name, text in (("一.csv", FIRST), ("二.csv", LATER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    import_files(workspace, [tmp_path / "一.csv"])
    assert slow() == 8
    import_files(workspace, [tmp_path / "二.csv"])
    # the buyer of 11:00 was not in the second file, but the agent is busy with both now
    assert slow() == 7
    facts = workspace.facts()
    assert facts is not None
    assert len(facts.files(TOUCHED, "main")) == 1, "only what changes was computed"
    workspace.write_settings(None, {"parallel_limit": 0})
    assert slow() == 9


def test_a_transcript_names_the_law_of_its_day(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店")
    workspace.write_settings(None, {"inspection": True})
    (tmp_path / "聊天.csv").write_text(LATER, encoding="utf-8")
    import_files(workspace, [tmp_path / "聊天.csv"])
    flow.build(workspace)
    found = transcript.conversation(workspace, "")["findings"]
    assert [one["laws"] for one in found if one["criterion"] == "H6"] == [["反不正当竞争法 第九条"]]
