"""让利账本的测试 what was asked for and given, by whom and when, what it goes together with, and the amounts named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jinpai.diagnosis.concessions import concession_quotes, concessions, stated_amount
from jinpai.flow import opened
from jinpai.metrics.values import wilson
from jinpai.period import Window
from jinpai.workspace import Workspace
from tests.mutants import kills

from .talks import Talk, shop

BUYS = [(30, "下单", "一"), (5, "付款", "一")]
TALKS = {
    "有条件": [(0, "买家", "能便宜点吗"), (5, "客服", "亲，满199减20，两件一起拍更划算"), *BUYS],
    "一口答应": [(0, "买家", "能便宜点吗"), (5, "客服乙", "好的，给您便宜10元"), *BUYS],
    "答应了没买": [(0, "买家", "能便宜点吗"), (5, "客服乙", "行吧给你抹零")],
    "没让": [(0, "买家", "能便宜点吗"), (5, "客服", "本店不议价")],
    "没让换人": [(0, "买家", "能便宜点吗"), (5, "客服", "本店不议价"), (5, "买家", "好吧"), (5, "小后", "好的亲")],
    "没让也买": [(0, "买家", "能便宜点吗"), (5, "客服", "本店不议价"), *BUYS],
    "没问就送": [(0, "买家", "什么材质的"), (5, "客服", "纯棉的"), (5, "客服", "亲，下单送您一份小礼品哦"), *BUYS],
    "要券": [(0, "买家", "有优惠券吗"), (5, "客服", "亲可以领一张5元优惠券"), *BUYS],
    "要赠品": [(0, "买家", "送点小礼物呗"), (5, "客服", "好的亲")],
    "下单后才让": [(0, "买家", "能便宜点吗"), (5, "客服", "本店不议价"), *BUYS, (5, "客服", "好的，给您便宜30元")],
    "只说活动": [(0, "买家", "什么材质的"), (5, "客服", "纯棉的，目前没有活动哦")],
    "主动说满减": [
        (0, "买家", "什么材质的"),
        (5, "客服", "纯棉的，满199减20哦亲"),
        (5, "客服", "亲可以领一张5元优惠券"),
    ],
    "先说满减再答应": [(0, "买家", "能便宜点吗"), (5, "客服", "满199减20哦亲"), (5, "客服", "行吧给你抹零")],
    "只去问问": [(0, "买家", "能便宜点吗"), (5, "客服", "稍等一下，我问下仓库")],
    "满送": [(0, "买家", "能便宜点吗"), (5, "客服", "亲，今天满199送一条毛巾")],
    "只说配两条": [(0, "买家", "什么材质的"), (5, "客服", "建议您选90*210的，靠背再配一条90*180")],
    "问怎么用券": [(0, "买家", "优惠券怎么用"), (5, "客服", "下单时自动抵扣")],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return shop(tmp_path_factory.mktemp("让利"), [Talk(name, lines) for name, lines in TALKS.items()])


@pytest.fixture(scope="module")
def told(made: Workspace) -> dict[str, Any]:
    with opened(made, "main") as engine:
        found = concessions(engine, Window.parse("next_day"))
        rows = engine.rows(
            "select c.*, b.buyer from concession as c inner join (select distinct buyer_key, buyer from original) as b on b.buyer_key = c.buyer_key "
            "order by c.seq, c.thing"
        )
        return found | {"rows": rows, "quotes": concession_quotes(engine), "latest": concession_quotes(engine, 1)}


def of(told: dict[str, Any], buyer: str) -> list[tuple[Any, ...]]:
    return [
        (one["act"], one["thing"], one["agent"], one["unasked"], one["conditional"], one["amount"]) for one in told["rows"] if one["buyer"] == buyer
    ]  # fmt: skip


@kills(
    "jinpai/diagnosis/concessions.py",
    "then coalesce(a.seq > o.seq, true) end as unasked",
    "then coalesce(a.seq < o.seq, true) end as unasked",
)
@kills(
    "jinpai/diagnosis/concessions.py",
    "when h.side = 'buyer' and h.signal = 'coupon' and b.bargain then 'coupon'",
    "when h.side = 'buyer' and h.signal = 'coupon' then 'coupon'",
)
@kills(
    "jinpai/diagnosis/concessions.py",
    "and ((c.turn is not null and not o.plain) or o.thing = 'coupon')",
    "and o.thing = 'coupon'",
)
@kills(
    "jinpai/diagnosis/concessions.py",
    "then c.turn is not null and not o.plain end as conditional",
    "then c.turn is not null end as conditional",
)
@kills(
    "jinpai/diagnosis/concessions.py",
    "case when a.thing <> 'gift' then substr",
    "case when a.thing = 'gift' then substr",
)
@kills("jinpai/diagnosis/concessions.py", "where a.act = 'asked' or p.is_told", "")
@kills("jinpai/diagnosis/concessions.py", "and a.conditional and a.has_more then", "and false then")
def test_each_wish_and_offer_is_a_row(told: dict[str, Any]) -> None:
    asked = ("asked", "discount", "小美", None, None, None)
    assert of(told, "有条件") == [asked, ("given", "discount", "小美", False, True, 2000)]
    assert of(told, "一口答应") == [
        ("asked", "discount", "小乙", None, None, None),
        ("given", "discount", "小乙", False, False, 1000),
    ]
    assert of(told, "答应了没买")[1] == ("given", "discount", "小乙", False, False, None)
    assert of(told, "没让") == [asked]
    assert [one[4] for one in of(told, "先说满减再答应")[1:]] == [True, False]
    assert of(told, "没问就送") == [("given", "gift", "小美", True, False, None)]
    assert of(told, "要券") == [
        ("asked", "coupon", "小美", None, None, None),
        ("given", "coupon", "小美", False, False, 500),
    ]
    assert of(told, "要赠品") == [("asked", "gift", "小美", None, None, None)]
    assert of(told, "只去问问") == [asked]
    assert of(told, "满送") == [asked, ("given", "gift", "小美", False, True, None)]
    assert of(told, "只说配两条") == of(told, "只说活动") == of(told, "问怎么用券") == of(told, "主动说满减") == []


@kills("jinpai/diagnosis/concessions.py", "and c.seq <= t.until_seq", "")
@kills(
    "jinpai/diagnosis/concessions.py",
    "count(case when h.asked and h.given then 1 end) as with_all",
    "count(case when h.given then 1 end) as with_all",
)
@kills(
    "jinpai/diagnosis/concessions.py",
    "sum(case when m.paid and not h.conditional then h.amount end)",
    "sum(case when m.paid then h.amount end)",
)
def test_what_it_goes_together_with(told: dict[str, Any]) -> None:
    whole = told["shop"]
    # asked and given: 有条件, 一口答应, 要券 paid, 答应了没买 not; 先说满减再答应, 满送 not; asked only: 没让也买, 下单后才让 paid, 没让, 要赠品, 只去问问 not
    assert whole["of"]["conversion_with"] == [3, 6, *(round(one, 6) for one in wilson(3, 6) or ())]
    assert whole["of"]["conversion_without"][:2] == [2, 6]
    assert (whole["asked"], whole["given"], whole["given_unasked"]) == (12, 8, 1)
    assert whole["of"]["conditional_share"][:2] == [3, 9]
    # of those who paid after an offer, three named an amount: 20 on a condition, 10 and 5 without
    assert whole["of"]["amount_known"][:2] == [3, 4]
    assert (whole["given_away"], whole["given_away_on_condition"]) == (1500, 2000)
    assert whole["things"]["given"] == {"discount": 5, "gift": 2, "coupon": 1}
    agents = {one["agent"]: one for one in told["agents"]}
    assert agents["小乙"]["of"]["conversion_with"][:2] == [1, 2]
    assert sum(one["given"] for one in agents.values()) == whole["given"]
    # 小后 wrote last and owns the enquiry in which 小美 refused
    assert agents["小后"]["of"]["conversion_without"][:2] == [0, 1]
    for name in ("conversion_with", "conversion_without"):
        for place in (0, 1):
            assert sum(one["of"][name][place] for one in agents.values()) == whole["of"][name][place]


def test_the_words_can_be_read(told: dict[str, Any]) -> None:
    given = [one for one in told["quotes"] if one["agent"] == "小乙" and one["act"] == "given"]
    assert {one["text"] for one in given} == {"好的，给您便宜10元", "行吧给你抹零"}
    assert len(told["quotes"]) == len(told["rows"])
    kinds = [(one["agent"], one["act"], one["thing"], one["unasked"]) for one in told["latest"]]
    assert sorted(map(str, kinds)) == sorted(
        {str((one["agent"], one["act"], one["thing"], one["unasked"])) for one in told["rows"]}
    )
    for one in told["rows"]:
        assert one["conversation_key"] is not None
        assert one["begins"] < one["ends"]


@pytest.mark.parametrize(("words", "fen"), [
    ("好的，给您便宜10元", 1000), ("满199减20哦亲", 2000), ("OK 立減三十", 3000), ("亲可以领一张5元优惠券", 500), ("便宜五毛", 50),
    ("便宜12.5元", 1250), ("给您打9折", None), ("改成200", None), ("优惠到199", None), ("满2件8折", None), ("少了两包补给您", None), ("行吧给你抹零", None),
])  # fmt: skip
def test_an_amount_is_read_or_absent(words: str, fen: int | None) -> None:
    assert stated_amount(words) == fen


def test_without_inspection_nothing_is_claimed(tmp_path: Path) -> None:
    made = shop(tmp_path, [Talk("一", TALKS["有条件"])], inspection=False)
    with opened(made, "main") as engine:
        found = concessions(engine, Window.parse("next_day"))
    assert (found["looked_at"], found["shop"], found["agents"]) == (False, None, [])
