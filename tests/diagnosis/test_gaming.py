"""异常行为提醒的测试 each pattern has a plain hit and a near miss, and who stands out does so against the team."""

from __future__ import annotations

from typing import Any

import pytest

from jinpai.diagnosis.gaming import PATTERNS, watch
from jinpai.diagnosis.occasions import watched
from jinpai.flow import opened
from jinpai.workspace import Workspace
from tests.mutants import kills

from .talks import Talk, shop

ASKED = [(0, "买家", "什么材质的"), (5, "客服", "纯棉的")]
UPSET = [(5, "买家", "我要投诉你们，太差了"), (5, "客服", "非常抱歉")]
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "filler": (
        {"空话": [(0, "买家", "什么材质的"), (5, "客服", "在的")]},
        {"先应一声再答": [(0, "买家", "什么材质的"), (5, "客服", "在的"), (20, "客服", "纯棉的")]},
    ),
    "quick_reminder": (
        {"刚催就付": [*ASKED, (30, "下单", "一"), (2000, "客服", "亲，看到您那单还没付款呢"), (20, "付款", "一")]},
        {"催了慢慢付": [*ASKED, (30, "下单", "一"), (2000, "客服", "亲，看到您那单还没付款呢"), (21, "付款", "一")]},
    ),
    "handed_after_complaint": (
        {"抱怨完转走": [*ASKED, *UPSET, (60, "转给", "小乙"), (30, "小乙", "您好，我来处理")]},
        {
            "没抱怨转走": [*ASKED, (60, "转给", "小乙"), (30, "小乙", "您好，我来处理"), *UPSET],
            "转给售后": [*ASKED, *UPSET, (60, "转给", "小后"), (30, "小后", "您好，我来处理")],
            "抱怨过了很久": [*ASKED, *UPSET, *[(600, "买家", "在吗"), (600, "客服", "在的")] * 2, (60, "转给", "小乙"), (30, "小乙", "您好")],
        },
    ),
    "handed_at_the_end": (
        {"转完没人": [*ASKED, (5, "买家", "几天到"), (10, "转给", "小乙"), (30, "买家", "人呢")]},
        {"转完有人": [*ASKED, (5, "买家", "几天到"), (10, "转给", "小乙"), (30, "小乙", "三天到的")]},
    ),
    "paid_review": (
        {"返现": [*ASKED, (5, "客服", "收到货给个五星好评返现5元哦")]},
        {"只请好评": [*ASKED, (5, "客服", "满意的话给个五星好评哦")]},
    ),
    "only_happy_invited": (
        {"抱怨没邀": [*ASKED, *UPSET]},
        {"抱怨也邀": [*ASKED, *UPSET, (60, "邀评", "小美")], "高兴没邀": ASKED},
    ),
    "reordered": (
        {
            "静默重拍": [(0, "下单", "一", "P9"), (600, "买家", "拍错颜色了"), (5, "客服", "您取消了重新拍一下，我给您备注"), (60, "关闭", "一"), (60, "下单", "二", "P9"), (5, "付款", "二")],
        },
        {
            "重拍了别的": [(0, "下单", "一", "P9"), (600, "买家", "拍错颜色了"), (5, "客服", "您取消了重新拍一下"), (60, "关闭", "一"), (60, "下单", "二", "P8"), (5, "付款", "二")],
            "客服早就在": [*ASKED, (30, "下单", "一", "P9"), (600, "买家", "拍错颜色了"), (5, "客服", "您取消了重新拍一下"), (60, "关闭", "一"), (60, "下单", "二", "P9"), (5, "付款", "二")],
            "隔了两天": [(0, "下单", "一", "P9"), (600, "关闭", "一"), (172_800, "买家", "拍错颜色了"), (5, "客服", "您重新拍一下"), (60, "下单", "二", "P9"), (5, "付款", "二")],
        },
    ),
    "own_orders": (
        {"员工小号": [*ASKED, (30, "下单", "一"), (5, "付款", "一")]},
        {"普通买家": [*ASKED, (30, "下单", "一"), (5, "付款", "一")]},
    ),
    "links_everywhere": (
        {"没问就发": [(0, "买家", "在吗"), (5, "客服", "在的"), (5, "客服", "看看这款", "P5")]},
        {
            "问了才发": [(0, "买家", "给推荐一款呗"), (5, "客服", "看看这款", "P5")],
            "买家先发的": [(0, "买家", "几天能到", "P5"), (5, "客服", "这款三天到", "P5")],
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    talks = [Talk(name, lines) for groups in CASES.values() for group in groups for name, lines in group.items()]
    return shop(tmp_path_factory.mktemp("提醒"), talks, after_sales=["小后"], staff_buyers=["员工小号"])


@pytest.fixture(scope="module")
def seen(made: Workspace) -> dict[str, Any]:
    with opened(made, "main") as engine:
        found = watch(engine, made.settings("main"))
        names = {
            row["buyer_key"]: row["buyer"]
            for row in engine.rows(
                "select distinct buyer_key, buyer from original union select distinct buyer_key, buyer from orders"
            )
        }
        rows = {
            name: [row | {"buyer": names[row["buyer_key"]]} for row in hits]
            for name, hits in watched(engine, dict.fromkeys(CASES, ()), examples=99).items()
        }
    return found | {"rows": rows}


def test_every_pattern_has_its_cases() -> None:
    assert [one.name for one in PATTERNS] == list(CASES)


@kills("jinpai/diagnosis/gaming.py", "f.result < 600 as is_hit", "true as is_hit")
@kills("jinpai/diagnosis/gaming.py", "f.paid_at - f.sent_at <= {QUICK_SECONDS * 1000} as is_hit", "true as is_hit")
@kills("jinpai/diagnosis/gaming.py", "and t.sent_at >= g.at - {COMPLAINT_MINUTES * 60_000}", "")
@kills("jinpai/diagnosis/gaming.py", "and t.seq < g.seq and t.side = 'buyer'", "and t.side = 'buyer'")
@kills("jinpai/diagnosis/gaming.py", "and coalesce(a.team, '') <> 'aftersales' and", "and")
@kills("jinpai/diagnosis/gaming.py", "s.answers = 0 as is_hit", "true as is_hit")
@kills("jinpai/diagnosis/gaming.py", "and j.product_id = i.product_id and i.product_id <> 'unknown'", "")
@kills("jinpai/diagnosis/gaming.py", "and a.owner_order is null", "")
@kills("jinpai/diagnosis/gaming.py", "b.buyer is not null as is_hit", "true as is_hit")
@kills("jinpai/diagnosis/gaming.py", "where w.seq is null and b.seq is null", "where b.seq is null")
@kills("jinpai/diagnosis/gaming.py", "i.sent_at is null as is_hit", "true as is_hit")
@kills("jinpai/diagnosis/occasions.py", "where w.is_hit and {of}", "where {of}")
def test_a_plain_case_is_a_hit_and_a_near_one_is_none(seen: dict[str, Any]) -> None:
    for name, (hits, near) in CASES.items():
        found = {row["buyer"] for row in seen["rows"][name]}
        assert hits.keys() <= found, name
        assert not near.keys() & found, name


def test_the_evidence_can_be_opened(seen: dict[str, Any]) -> None:
    assert all(one["looked_at"] for one in seen["patterns"])
    for name, rows in seen["rows"].items():
        for row in rows:
            # whoever wrote last in it, where the pattern is about the whole talk
            assert row["agent"] == "小美" or name == "only_happy_invited"
            assert row["at"] > 0
            assert row["conversation_key"] is not None, name
    told = {name: rows[0] for name, rows in seen["rows"].items()}
    assert told["quick_reminder"]["seen"].zh == "催付后 20 秒付款"
    assert told["handed_after_complaint"]["text"] == "我要投诉你们，太差了"
    assert told["paid_review"]["text"] == "收到货给个五星好评返现5元哦"
    assert told["links_everywhere"]["text"] == "看看这款"


def test_the_words_accuse_nobody() -> None:
    for one in PATTERNS:
        for words in (one.words, one.meaning, one.harmless, one.seen):
            assert not any(bad in words.zh for bad in ("作弊", "刷单", "违规", "骗", "造假", "处罚", "扣"))


def test_of_one_agent_nothing_stands_out(seen: dict[str, Any]) -> None:
    told = {one["name"]: one for one in seen["patterns"]}
    mine = next(one for one in told["filler"]["agents"] if one["agent"] == "小美")
    assert mine["stands_out"] is None, "there is nobody to compare him with"
    assert mine["hits"] == told["filler"]["team"]["hits"] > 0
    assert told["own_orders"]["team"]["with_hits"] == 1


def _crowd() -> list[Talk]:
    """Five agents of 25 talks: one drops a card into each, the others into every fifth."""
    talks = []
    for agent in ("甲", "乙", "丙", "丁", "戊"):
        for number in range(25):
            card = [(5, agent, "看看这款", "P5")] if agent == "甲" or number % 5 == 0 else []
            talks.append(Talk(f"{agent}{number}", [(number, "买家", "几天能到"), (5, agent, "三天到的"), *card]))
    return talks


@kills("jinpai/diagnosis/gaming.py", '"stands_out": chance < SELDOM', '"stands_out": chance < 2')
def test_who_differs_from_the_team_stands_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = shop(tmp_path_factory.mktemp("团队"), [*_crowd(), *_happy()])
    with opened(made, "main") as engine:
        found = {one["name"]: one for one in watch(engine, made.settings("main"))["patterns"]}
    links = {one["agent"]: one for one in found["links_everywhere"]["agents"] if one["agent"] in "甲乙丙丁戊"}
    assert {agent: one["stands_out"] for agent, one in links.items()} == dict.fromkeys("甲乙丙丁戊", False) | {
        "甲": True
    }
    assert (links["甲"]["hits"], links["甲"]["occasions"], links["甲"]["share"]) == (25, 25, 1.0)
    happy = {one["agent"]: one["stands_out"] for one in found["only_happy_invited"]["agents"]}
    assert happy == {"己": True, "庚": False}


def _happy() -> list[Talk]:
    """己 invites all but whoever complained; 庚 forgets three of those and three others."""
    talks = []
    for agent in ("己", "庚"):
        for number in range(30):
            upset = number < 8
            lines: list[Any] = [(number, "买家", "几天能到"), (5, agent, "三天到的")]
            lines += [(5, "买家", "我要投诉你们，太差了"), (5, agent, "非常抱歉")] if upset else []
            forgotten = upset if agent == "己" else number in (0, 1, 2, 10, 11, 12)
            lines += [] if forgotten else [(60, "邀评", agent)]
            talks.append(Talk(f"{agent}{number}", lines))
    return talks


def test_what_cannot_be_looked_at_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = shop(tmp_path_factory.mktemp("没质检"), [Talk("一", ASKED)], inspection=False)
    with opened(made, "main") as engine:
        found = watch(engine, made.settings("main"))
    there = {one["name"] for one in found["patterns"] if one["looked_at"]}
    assert there == {"handed_at_the_end", "reordered"}
    assert len(found["not_seen"]) == 3
