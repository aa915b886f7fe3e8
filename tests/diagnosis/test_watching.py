"""让利账本和提醒进诊断的测试 what the diagnosis says of concessions and unusual behaviour, and of whom it may say it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jinpai.diagnosis.diagnosing import Diagnosis, diagnose, plain
from jinpai.diagnosis.gaming import PATTERNS
from jinpai.render.diagnosis import sections, text
from jinpai.render.diagnosis_cells import Section
from jinpai.render.diagnosis_watch import watched
from jinpai.workspace import Workspace
from tests.mutants import kills

from .talks import START, Line, Talk, shop

AGENTS = ("阿甲", "阿乙", "阿丙", "阿丁")
ZONE = ZoneInfo("Asia/Shanghai")


def _talks() -> list[Talk]:
    """Everybody is asked for a discount in 30 talks: the even ones are given one and two of three of them buy, of the odd ones every fifth."""
    talks = [Talk("打**码", [(0, "买家", "在吗"), (5, AGENTS[0], "在的")])]
    for agent in AGENTS:
        for at in range(30):
            lines: list[Line] = [
                (at, "买家", "能便宜点吗"),
                (5, agent, "好的，给您便宜10元" if at % 2 == 0 else "本店不议价"),
            ]
            lines += [(5, agent, "看看这款", "P5")] if agent == AGENTS[0] or at % 5 == 0 else []
            lines += [(30, "下单", "一"), (5, "付款", "一")] if (at % 3 if at % 2 == 0 else at % 5 == 0) else []
            talks.append(Talk(f"{agent}{at}", lines))
    return talks


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return shop(tmp_path_factory.mktemp("诊断"), _talks(), staff_buyers=["没买过的"])


@pytest.fixture(scope="module")
def found(made: Workspace) -> Diagnosis:
    return diagnose(made, watches=True)


@pytest.fixture(scope="module")
def unmatched(made: Workspace, found: Diagnosis) -> Diagnosis:
    """The same where every buyer would have to be matched: one is masked."""
    assert found.ranks_people
    made.write_settings(None, {"min_match_rate": 1.0})
    return diagnose(made, watches=True)


def section(of: Diagnosis, lang: str = "zh") -> Section:
    return next(one for one in sections(of, lang) if one.name == "concessions")


def states(of: Diagnosis) -> dict[str, str]:
    assert of.watched is not None
    return {one.name: one.state for one in watched(of.watched, ZONE, "zh").patterns}


@kills("jinpai/render/diagnosis_concessions.py", "if between[0] > 0:", "if between[0] > 1:")
@kills("jinpai/render/diagnosis_concessions.py", 'for one in (shop, *told["agents"])', "for one in (shop,)")
@kills("jinpai/diagnosis/diagnosing.py", '"concessions": found.concessions | {', '"concessions": {')
def test_the_ledger_of_concessions_is_said_and_stands_in_a_table(found: Diagnosis) -> None:
    told = section(found)
    assert told.lead[0] == "买家讲价、要券、要赠品的有 120 段聊天（便宜 120、优惠券 0、赠品 0）；客服让了的有 60 段。"
    # per agent 15 even ones, 10 of them paid; 15 odd ones, 3 of them paid
    assert told.lead[1].startswith("买家开口要的询单：让了的付款率 67%")
    assert "，没让的 20%" in told.lead[1]
    assert told.lead[1].endswith("让了的更高，但不能说是让出来的。")
    assert told.lead[2] == "让了也付了款的 40 个询单里，40 个说了让多少，合计 400 元，其中带条件的 0 元。"
    rows = {row[0].shown: row for row in told.rows}
    assert set(rows) == {"全店", *AGENTS}
    assert [cell.value for cell in rows["阿乙"]] == ["阿乙", 30, 15, 15, 0, 0, 0, 0.0, 0.666667, 0.2, 100.0]
    assert rows["阿乙"][2].door == ("concessions", {"agent": "阿乙", "act": "given"})
    assert rows["全店"][1].door == ("concessions", {"act": "asked"})
    assert rows["阿乙"][5].door is None
    json = plain(found)["concessions"]
    assert [one["agent"] for one in json["agents"]] == sorted(AGENTS)
    assert (json["shop"]["given_away"], json["shop"]["asked"]) == (40_000, 120)
    assert "客服让了的有 60 段" in text(found, "zh")
    assert "In 120 talks the buyer asked" in section(found, "en").lead[0]
    assert any("不能当原因" in note for note in told.notes)


@kills("jinpai/diagnosis/diagnosing.py", 'conceded["agents"] = []', "pass")
@kills("jinpai/diagnosis/diagnosing.py", 'offers = [one | {"agent": None} for one in offers]', "pass")
@kills(
    "jinpai/diagnosis/diagnosing.py", "first=first, last=last, matches=ranks)", "first=first, last=last, matches=True)"
)
def test_with_few_matched_buyers_what_was_won_names_nobody(found: Diagnosis, unmatched: Diagnosis) -> None:
    assert not unmatched.ranks_people
    assert [row[0].shown for row in section(unmatched).rows] == ["全店"]
    assert section(unmatched).rows[0][1].value == 120
    assert plain(unmatched)["concessions"]["agents"] == []
    assert {one["agent"] for one in unmatched.offers} == {None}
    assert {one["agent"] for one in found.offers} == set(AGENTS)
    # what was said is there whoever paid; what was ordered is not looked at
    changed = {name for name, state in states(unmatched).items() if state != states(found)[name]}
    assert changed == {"quick_reminder", "reordered", "own_orders"} == {one.name for one in PATTERNS if one.by_orders}
    assert {states(unmatched)[name] for name in changed} == {"unseen"}
    assert states(unmatched)["links_everywhere"] == "out"


@kills("jinpai/diagnosis/diagnosing.py", "if watches else None", "if True else None")
def test_unusual_behaviour_is_in_no_file(made: Workspace, found: Diagnosis) -> None:
    assert diagnose(made).watched is None
    words = str(plain(found)) + "".join(str(one) for lang in ("zh", "en") for one in sections(found, lang))
    for one in PATTERNS:
        assert one.words.zh not in words
        assert one.words.en not in words


@kills("jinpai/render/diagnosis_watch.py", 'if row["stands_out"]), usual]', "), usual]")
def test_who_does_not_stand_out_is_not_named(found: Diagnosis) -> None:
    assert found.watched is not None
    for lang, one_named in (
        ("zh", "阿甲：31 个里有 30 个（96.8%），同事 19.8%。"),
        ("en", "阿甲: 30 of 31 (96.8%), colleagues 19.8%."),
    ):
        shown = watched(found.watched, ZONE, lang)
        links = shown.patterns[0]
        assert (links.name, links.state) == ("links_everywhere", "out")
        assert links.told[0].startswith(one_named)
        assert not any(name in str(shown) for name in AGENTS[1:])
    assert "0 种" not in watched(found.watched, ZONE, "zh").lead[0]


def _pattern(*standing: bool | None, looked_at: bool = True, hits: int = 4) -> dict[str, Any]:
    one = PATTERNS[1]
    agents = [
        {"agent": f"甲{at}", "hits": 4, "occasions": 9, "share": 4 / 9, "others": 0.1, "stands_out": out}
        for at, out in enumerate(standing)
    ]
    row = {"conversation_key": 7, "seq": 3, "at": 1_762_740_000_000, "agent": "甲0", "seen": one.seen, "text": "亲"}
    return {
        "name": one.name, "words": one.words, "meaning": one.meaning, "occasions": one.occasions, "harmless": one.harmless, "looked_at": looked_at,
        "lacking": None if looked_at else one.meaning, "agents": agents, "evidence": [row],
        "team": {"hits": hits, "occasions": 20, "share": hits / 20, "agents": 3, "with_hits": 2},
    }  # fmt: skip


@pytest.mark.parametrize(("told", "state", "agent"), [
    (_pattern(False, True), "out", "甲0"), (_pattern(False, None), "nobody", ""), (_pattern(None, None), "few", ""),
    (_pattern(False, hits=0), "never", ""), (_pattern(looked_at=False), "unseen", None),
])  # fmt: skip
@kills("jinpai/render/diagnosis_watch.py", '(row["agent"] or "") if state == "out" else ""', '(row["agent"] or "")')
@kills("jinpai/render/diagnosis_watch.py", 'return "nobody" if False in standing else "few"', 'return "nobody"')
@kills("jinpai/render/diagnosis_watch.py", 'if not one["team"]["hits"]:', "if False:")
@kills("jinpai/render/diagnosis_watch.py", 'if state != "unseen" else []', "")
def test_each_pattern_has_its_state(told: dict[str, Any], state: str, agent: str | None) -> None:
    shown = watched({"patterns": [told], "not_seen": []}, ZONE, "zh")
    (one,) = shown.patterns
    assert one.state == state
    assert [row[3] for row in one.evidence] == ([] if agent is None else [agent])
    assert one.evidence == [] or one.evidence[0][2] == "2025-11-10 10:00"
    assert ("没有人和同事明显不一样" in shown.lead[0]) == (state != "out")
    assert ("看了 0 种" in shown.lead[0]) == (state == "unseen")


def test_without_inspection_the_ledger_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = [Talk(f"买家{at}", [(at, "买家", "能便宜点吗"), (5, "客服", "本店不议价")]) for at in range(3)]
    told.append(Talk("后来的", [(0, "买家", "在吗"), (5, "客服", "在的")], starts=START + timedelta(days=2)))
    plain_shop = shop(tmp_path_factory.mktemp("没质检"), told, inspection=False)
    assert section(diagnose(plain_shop)).lead == ["聊天质检没有打开，谁要了、谁让了看不出来。"]
    plain_shop.write_settings(None, {"inspection": True})
    quiet = section(diagnose(plain_shop, start="2025-11-12", end="2025-11-12"))
    assert quiet.lead == ["这段日子售前聊天里没人讲价、要券、要赠品，客服也没让。"]
    assert quiet.rows == []
