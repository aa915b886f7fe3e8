"""质检标准的测试 scorecards: which card and which version of it scores a conversation, and that an old score keeps its card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jinpai.criteria import criteria, scorecards
from jinpai.errors import JinpaiError
from jinpai.workspace.settings import settle
from tests.laws.reckoning import counted, file
from tests.mutants import kills

DAY = 86_400_000
NOVEMBER_20 = 1_763_604_000_000  # 10:00 in Shanghai
CARDS = {
    "default": "",
    "default@12月": 'valid_from = 2025-12-01\nfull_mark = 30\npass_mark = 18\nleave_out = ["G2"]\n[weights]\nG3 = 50',
    "sofa": 'zh = "沙发"\ncategories = ["沙发"]\n[weights]\nG2 = 7',
    "after": 'zh = "售后"\nstage = "aftersales"\n[weights]\nG2 = 9',
    "sofa_after": 'zh = "沙发售后"\ncategories = ["沙发"]\nstage = "aftersales"\n[weights]\nG2 = 11',
}


def written(folder: Path, cards: Mapping[str, str]) -> Path:
    """A shop's settings folder with these scorecards."""
    (folder / "scorecards").mkdir(parents=True, exist_ok=True)
    for name, text in cards.items():
        (folder / "scorecards" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def talk(buyer: str, at: int, product: str | None = None) -> list[dict[str, Any]]:
    """A question and an answer, the question with a card of a product."""
    both = {"buyer": buyer, "agent": "小美", "kind": "text"}
    return [
        both | {"sender": "buyer", "sent_at": at, "text": "在吗", "product_id": product},
        both | {"sender": "agent", "sent_at": at + 5000, "text": "亲，在的"},
    ]


ROWS: dict[str, list[dict[str, Any]]] = {
    "messages": [
        *talk("早", NOVEMBER_20), *talk("晚", NOVEMBER_20 + 20 * DAY), *talk("沙发", NOVEMBER_20, "P1"),
        *talk("灯", NOVEMBER_20, "P2"), *talk("售后", NOVEMBER_20), *talk("沙发售后", NOVEMBER_20, "P1"),
        *talk("末", NOVEMBER_20 + 40 * DAY),
    ],
    "orders": [
        {"order_id": buyer, "buyer": buyer, "created_at": at, "paid_at": at, "paid_amount": 100}
        for buyer, at in (("售后", NOVEMBER_20 - DAY), ("沙发售后", NOVEMBER_20 - DAY), ("末", NOVEMBER_20 + 41 * DAY))
    ],
    "products": [{"product_id": "P1", "title": "三人位", "category": "沙发"}, {"product_id": "P2", "title": "吊灯"}],
}  # fmt: skip


def scored(folder: Path) -> dict[str, dict[str, Any]]:
    """By buyer: the score of the whole conversation, and the weight that its card gives to G2."""
    with counted(
        [file(ROWS)], settle("main", {"rules.toml": {"inspection": True}}, folder), wanted=["score", "original"]
    ) as (engine, _):
        weights = {
            row["conversation_key"]: row["weight"]
            for row in engine.rows("select * from finding where criterion = 'G2'")
        }
        buyers = {row["message_key"]: row["buyer"] for row in engine.rows("select message_key, buyer from original")}
        return {
            buyers[row["conversation_key"]]: row | {"g2": weights.get(row["conversation_key"])}
            for row in engine.rows("select * from score where scope = 'shop'")
        }  # fmt: skip


@kills("jinpai/tables/conversation_card.sql", "max(s.card)", "min(s.card)")
@kills("jinpai/tables/conversation_card.sql", "s.from_day <= u.day", "s.from_day <= 99999999")
@kills("jinpai/tables/conversation_card.sql", "where not s.of_category or g.card is not null", "where s.card > 0")
def test_day_category_and_stage_choose_the_card(tmp_path: Path) -> None:
    found = scored(written(tmp_path, CARDS))
    told = {buyer: (one["scorecard"], one["g2"], one["full_mark"]) for buyer, one in found.items()}
    usual = dict(scorecards(tmp_path / "none")[0].card.weights)["G2"]
    assert told == {
        "早": ("default", usual, 100), "晚": ("default", None, 30), "灯": ("default", usual, 100), "沙发": ("sofa", 7, 100),
        "售后": ("after", 9, 100), "沙发售后": ("sofa_after", 11, 100), "末": ("default", None, 30),
    }  # fmt: skip
    assert found["早"]["version"] != found["晚"]["version"]


def test_an_old_score_keeps_its_scorecard(tmp_path: Path) -> None:
    before = scored(written(tmp_path, {"default": CARDS["default"]}))
    after = scored(written(tmp_path, {"default@12月": CARDS["default@12月"]}))
    assert before["早"] == after["早"]
    assert before["晚"] != after["晚"]


def test_a_shops_own_card_replaces_the_shipped_one(tmp_path: Path) -> None:
    assert {one["scorecard"] for one in scored(tmp_path / "none").values()} == {"default"}
    assert {one["scorecard"] for one in scored(written(tmp_path, {"ours": ""})).values()} == {"ours"}


@kills(
    "jinpai/tables/score.sql",
    "m.score * k.full_mark >= k.pass_mark * 1000",
    "m.score * k.full_mark > k.pass_mark * 1000",
)
def test_the_pass_mark_is_in_points_of_the_full_mark(tmp_path: Path) -> None:
    scores = {one["score"] for one in scored(written(tmp_path, {"default": "full_mark = 1000"})).values()}
    line = max(scores)
    found = scored(written(tmp_path, {"default": f"full_mark = 1000\npass_mark = {line}"})).values()
    assert {one["passed"] for one in found} == {one["score"] >= line for one in found}
    assert any(one["passed"] for one in found)


WRONG = {
    "valid_from": ("valid_from = '昨天'", "valid_from"),
    "stage": ("stage = 'both'", "presales"),
    "categories": ("categories = 3", "categories"),
    "critical": ("critical = ['H9']", "H9"),
    "mark": ("full_mark = true", "full_mark"),
    "weight": ("weights = { G1 = 1001 }", "1001"),
    "key": ("volid_from = 2025-01-01", "valid_from"),
}


@pytest.mark.parametrize(("text", "named"), WRONG.values(), ids=WRONG)
def test_what_a_card_cannot_say_is_said(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(JinpaiError, match=named):
        scorecards(written(tmp_path, {"default": text}))


DOUBTS = {
    "the same day twice": {"default@a": "valid_from = 2025-12-01", "default@b": "valid_from = 2025-12-01"},
    "two for all": {"one": "", "two": ""},
    "two for a category": {"one": "categories = ['沙发', '床']", "two": "categories = ['床']"},
}


@pytest.mark.parametrize("cards", DOUBTS.values(), ids=DOUBTS)
def test_two_cards_for_the_same_conversations_are_refused(tmp_path: Path, cards: Mapping[str, str]) -> None:
    with pytest.raises(JinpaiError, match=r"管同样的会话|同一天生效"):
        scorecards(written(tmp_path, cards))


def test_critical_is_the_owners_choice(tmp_path: Path) -> None:
    assert scorecards(tmp_path)[0].card.critical == tuple(name for name, one in criteria().items() if one.critical)
    assert scorecards(written(tmp_path, {"default": "critical = ['G3']"}))[0].card.critical == ("G3",)
