"""流失原因的测试 every reason has a talk of its own, the order decides, and what came after the order does not count."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jinpai.criteria import criterion_digests
from jinpai.decisions import COLUMNS, write_decisions
from jinpai.diagnosis.reasons import NAMES, REASONS, SIDES, judge
from jinpai.flow import build, opened
from jinpai.period import Window
from jinpai.report import report
from jinpai.workspace import Workspace
from tests.mutants import kills

from .talks import LATER, START, Talk, judged, reasons, shop

FACTS = '[shop]\nships_within = "48小时"\n'
CHAT = [(5, "买家", "嗯嗯"), (5, "客服", "这款面料很舒服的")] * 5
TALKS = {
    "never_answered": [(0, "买家", "这款有货吗"), (1, "机器人", "您好，稍后为您服务")],
    "first_late": [(0, "买家", "这款有货吗"), (61, "客服", "有货的")],
    "left_waiting": [
        (0, "买家", "这款有货吗"),
        (5, "客服", "有货的"),
        (5, "买家", "什么材质的"),
        (61, "客服", "纯棉的"),
    ],
    "out_of_stock": [(0, "买家", "黑色的什么材质"), (5, "客服", "不好意思亲，黑色断货了")],
    "off_topic": [(0, "买家", "这款能机洗吗"), (5, "客服", "这个不太清楚呢，您自己看详情页吧")],
    "wrong_information": [(0, "买家", "多久发货"), (5, "客服", "亲，24小时内发货")],
    "refused_flat": [(0, "买家", "能便宜点吗"), (5, "客服", "本店不议价")],
    "over_budget": [(0, "买家", "预算三百以内的，有什么推荐"), (5, "客服", "推荐您这款，399元")],
    "objection": [(0, "买家", "太贵了吧"), (5, "客服", "就是这个价的")],
    "compared": [(0, "买家", "别家才卖50"), (5, "客服", "我们支持七天无理由，还送运费险，一分钱一分货")],
    "unpaid_not_reminded": [
        (0, "买家", "这款几天能到"),
        (5, "客服", "三天到的"),
        (60, "下单", "一"),
        (86_400, "关闭", "一"),
    ],
    "not_asked": [(0, "买家", "多久发货"), (5, "客服", "亲，48小时内发货"), *CHAT],
    "only_looking": [(0, "买家", "什么材质的"), (5, "客服", "纯棉的亲")],
    "unexplained": [(0, "买家", "几天能到"), (5, "客服", "三天到的，喜欢可以拍下哦")],
}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    talks = [Talk(name, lines) for name, lines in TALKS.items()]
    bought = [
        Talk(f"{name}·买了", [*lines, (20, "下单", "买"), (5, "付款", "买")])
        for name, lines in TALKS.items() if name not in ("never_answered", "unpaid_not_reminded")
    ]  # fmt: skip
    return shop(tmp_path_factory.mktemp("原因"), talks + bought, facts=FACTS)


def test_each_reason_is_told_by_its_talk(every: Workspace) -> None:
    found = reasons(every)
    assert {name: found[name]["reason"] for name in TALKS} == {name: name for name in TALKS}
    assert [one.name for one in REASONS] == list(TALKS), "in the order of the contract"
    assert {found[name]["agent"] for name in TALKS} == {"小美"}


def test_a_reason_rests_on_a_message(every: Workspace) -> None:
    found = reasons(every)
    assert {name: found[name]["text"] for name in ("never_answered", "first_late", "left_waiting", "out_of_stock", "off_topic")} == {
        "never_answered": "这款有货吗", "first_late": "这款有货吗", "left_waiting": "什么材质的",
        "out_of_stock": "不好意思亲，黑色断货了", "off_topic": "这个不太清楚呢，您自己看详情页吧",
    }  # fmt: skip
    one = found["wrong_information"]
    assert one["text"][one["begins"] : one["ends"]] == "24小时内发货"
    assert all(row["conversation_key"] is not None for row in found.values() if row["lost"])


def test_who_paid_has_evidence_and_no_reason(every: Workspace) -> None:
    found = reasons(every)
    for name in TALKS:
        if f"{name}·买了" not in found:
            continue
        one = found[f"{name}·买了"]
        assert not one["lost"]
        assert (one["reason"], one["side"], one["seq"], one["conversation_key"]) == (None, None, None, None)
        assert one[f"has_{name}"], name


def test_sides_are_the_reasons_or_the_kinds(every: Workspace) -> None:
    found = reasons(every)
    assert {name: found[name]["side"] for name in TALKS} == {one.name: one.side for one in REASONS} | {
        "over_budget": "agent"
    }
    assert found["objection"]["objection_kind"] == "price"
    assert set(SIDES) == {one.side for one in REASONS}


def test_the_reasons_add_up_to_what_the_report_says_was_lost(every: Workspace) -> None:
    told = report(every, metrics=["lost", "conversion"], window="next_day")
    with judged(every) as (engine, _):
        rows = engine.rows("select reason, count(*) as n from lost_reason where lost group by reason")
        every_one = engine.rows("select count(*) as n from lost_reason")[0]["n"]
    assert sum(one["n"] for one in rows) == told["rows"][0]["lost_next_day"]
    assert None not in {one["reason"] for one in rows}
    assert every_one == told["rows"][0]["of"]["conversion_next_day"][1]


BOTH = {
    "没人回也只问一句": ("never_answered", [(0, "买家", "什么材质的")]),
    "太晚又没货": ("first_late", [(0, "买家", "黑色的什么材质"), (61, "客服", "不好意思亲，黑色断货了")]),
    "没货又推脱": ("out_of_stock", [(0, "买家", "黑色能机洗吗"), (5, "客服", "这个不太清楚呢，您自己看详情页吧"), (5, "客服", "黑色断货了")]),
    "推脱又一口回绝": ("off_topic", [(0, "买家", "这款能机洗吗"), (5, "客服", "这个不太清楚呢，您自己看详情页吧"), (5, "买家", "能便宜点吗"), (5, "客服", "本店不议价")]),
    "一口回绝又比价": ("refused_flat", [(0, "买家", "能便宜点吗"), (5, "客服", "本店不议价"), (5, "买家", "别家才卖50"), (5, "客服", "好的亲")]),
    "异议又比价": ("objection", [(0, "买家", "太贵了吧"), (5, "客服", "就是这个价的"), (5, "买家", "别家才卖50"), (5, "客服", "好的亲")]),
    "比价又没付": ("compared", [(0, "买家", "别家才卖50"), (5, "客服", "一分钱一分货哦，我们支持七天无理由"), (60, "下单", "一"), (86_400, "关闭", "一")]),
}  # fmt: skip
NEAR = {
    # an answer at 59 s is in time, and so is a reminder, and an objection that was answered is none
    "五十九秒": ("unexplained", [(0, "买家", "几天能到"), (59, "客服", "三天到的")]),
    "后面五十九秒": ("unexplained", [(0, "买家", "几天能到"), (5, "客服", "三天到的"), (5, "买家", "包邮吗"), (59, "客服", "包邮的")]),
    "说谢谢没人回": ("unexplained", [(0, "买家", "几天能到"), (5, "客服", "三天到的"), (5, "买家", "好的谢谢")]),
    "催过了": ("unexplained", [(0, "买家", "几天能到"), (5, "客服", "三天到的"), (60, "下单", "一"), (2000, "客服", "亲，看到您那单还没付款呢"), (86_400, "关闭", "一")]),
    "马上关了": ("unexplained", [(0, "买家", "几天能到"), (5, "客服", "三天到的"), (60, "下单", "一"), (1700, "关闭", "一")]),
    "嫌贵讲了值": ("only_looking", [(0, "买家", "在吗"), (5, "客服", "在的"), (5, "买家", "什么材质的"), (5, "客服", "头层牛皮，质量有保证")]),
    "给了理由": ("unexplained", [(0, "买家", "能便宜点吗"), (5, "客服", "已是最优惠价了亲，不过满199减20，您带两件更划算")]),
    "五个来回": ("unexplained", [(0, "买家", "多久发货"), (5, "客服", "亲，48小时内发货"), *CHAT[:8]]),
    "客服请了下单": ("unexplained", [(0, "买家", "多久发货"), (5, "客服", "亲，48小时内发货，喜欢可以拍下哦"), *CHAT]),
    "和事实一样": ("unexplained", [(0, "买家", "多久发货"), (5, "客服", "亲，48小时内发货")]),
    "问两件事": ("unexplained", [(0, "买家", "什么材质的"), (5, "客服", "纯棉的"), (5, "买家", "有什么颜色"), (5, "客服", "米白和豆沙")]),
    "说稍等没回来": ("left_waiting", [(0, "买家", "什么材质的"), (5, "客服", "纯棉的"), (5, "买家", "几天能到"), (5, "客服", "稍等，我帮您查一下")]),
    "钱不够": ("over_budget", [(0, "买家", "买不起啊"), (5, "客服", "好的亲")]),
}  # fmt: skip
AFTER = {
    # what came after the order, or after the window, says nothing of it
    "下单后推脱": [(0, "买家", "几天能到"), (5, "客服", "三天到的"), (30, "下单", "一"), (5, "付款", "一"), (5, "买家", "能机洗吗"), (5, "客服", "这个不太清楚呢，您自己看详情页吧")],
    "下单后才回": [(0, "买家", "几天能到"), (30, "下单", "一"), (5, "付款", "一"), (100, "客服", "三天到的")],
    "下单后断货": [(0, "买家", "几天能到"), (5, "客服", "三天到的"), (30, "下单", "一"), (5, "付款", "一"), (30, "客服", "不好意思亲，黑色断货了")],
}  # fmt: skip


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    told = {name: lines for group in (BOTH, NEAR) for name, (_, lines) in group.items()} | AFTER
    young = [Talk("还没到期", [(0, "买家", "有货吗"), (70, "客服", "有货")], starts=LATER)]
    twice = [
        Talk("早上没人晚上有人", [(0, "买家", "什么材质的"), (7200, "买家", "什么材质的"), (5, "客服", "纯棉的")]),
        Talk(
            "等久了下单再问",
            [
                (0, "买家", "几天能到"),
                (5, "客服", "三天到的"),
                (5, "买家", "包邮吗"),
                (100, "下单", "一"),
                (5, "付款", "一"),
                (5, "客服", "包邮的"),
                (5, "买家", "能改地址吗"),
                (5, "客服", "可以的"),
            ],
        ),
        Talk(
            "拍下后再聊断货",
            [
                (0, "买家", "几天能到"),
                (5, "客服", "三天到的"),
                (60, "下单", "一"),
                (7200, "买家", "黑色还有吗"),
                (5, "客服", "亲，黑色断货了"),
                (86_400, "关闭", "一"),
            ],
        ),
        Talk(
            "问的同时拍下",
            [(0, "买家", "几天能到"), (0, "下单", "一"), (5, "客服", "亲，黑色断货了"), (86_400, "关闭", "一")],
        ),
        Talk("窗口之后断货", [(0, "买家", "几天能到"), (5, "客服", "三天到的")]),
        Talk("窗口之后断货", [(0, "客服", "亲，黑色断货了")], starts=START + timedelta(days=3)),
    ]
    return shop(tmp_path_factory.mktemp("边界"), [*(Talk(*one) for one in told.items()), *young, *twice], facts=FACTS)


@kills(
    "jinpai/diagnosis/reasons.py",
    "min(case e.reason {places} end) as place",
    "max(case e.reason {places} end) as place",
)
def test_of_two_the_first_in_the_order_decides(edges: Workspace) -> None:
    found = reasons(edges)
    assert {name: found[name]["reason"] for name in BOTH} == {name: reason for name, (reason, _) in BOTH.items()}
    place = {name: at for at, name in enumerate(NAMES)}
    for name, (reason, _) in BOTH.items():
        there = [one for one in NAMES[:-1] if found[name][f"has_{one}"]]
        assert len(there) > 1, name
        assert place[reason] == min(place[one] for one in there)


@kills(
    "jinpai/diagnosis/evidence.py", "arg_max(waited_ms, round_seq) >= $late_ms", "arg_max(waited_ms, round_seq) >= 0"
)
@kills(
    "jinpai/diagnosis/evidence.py",
    "arg_min(waited_ms, round_seq) >= $late_ms",
    "arg_min(waited_ms, round_seq) >= 59000",
)
@kills(
    "jinpai/diagnosis/evidence.py",
    "where w.answered and w.rounds > 1 and w.last_late and exists (",
    "where w.answered and w.rounds > 1 and w.last_late and not exists (",
)
@kills(
    "jinpai/diagnosis/evidence.py",
    "and f.counts and f.result < {MET} and f.seq > w.last_seq",
    "and f.counts and f.result > {MET} and f.seq > w.last_seq",
)
@kills(
    "jinpai/diagnosis/evidence.py",
    "and g.sent_at > d.ordered_at and g.sent_at <= d.until_at)",
    "and g.sent_at > d.until_at)",
)
@kills("jinpai/diagnosis/evidence.py", ">= m.ordered_at + $remind_ms", ">= m.ordered_at")
@kills("jinpai/diagnosis/evidence.py", "having max(x.turn) >= $from_turns", "having max(x.turn) >= 2")
@kills("jinpai/diagnosis/evidence.py", "having count(distinct topic) > 1", "having count(distinct topic) > 9")
@kills(
    "jinpai/diagnosis/evidence.py",
    "case when c.topic = 'cannot_afford' then 'over_budget' else 'objection' end, c.conversation_seq",
    "'objection', c.conversation_seq",
)
def test_a_near_miss_is_none(edges: Workspace) -> None:
    found = reasons(edges)
    assert {name: found[name]["reason"] for name in NEAR} == {name: reason for name, (reason, _) in NEAR.items()}
    assert found["钱不够"]["side"] == "buyer"


@kills(
    "jinpai/diagnosis/matured.py",
    "coalesce(e.ordered_at, {end}), coalesce(e.paid_at, {end})) as until_at",
    "{end}) as until_at",
)
@kills("jinpai/diagnosis/matured.py", "and m.sent_at < t.until_at", "")
@kills("jinpai/diagnosis/matured.py", "else t.conversation_seq - 1 end", "else t.last_seq end")
@kills("jinpai/diagnosis/evidence.py", "and not r.gave_away and r.started_at < t.until_at", "and not r.gave_away")
def test_what_came_after_the_order_or_the_window_does_not_count(edges: Workspace) -> None:
    found = reasons(edges)
    for name in AFTER:
        assert not found[name]["lost"]
        there = [one for one in NAMES[:-1] if found[name][f"has_{one}"]]
        assert there == [], name
    waited = found["等久了下单再问"]
    assert (waited["lost"], waited["has_left_waiting"]) == (False, True), "before the order he did wait"
    assert found["窗口之后断货"]["reason"] == "unexplained"
    for name in ("拍下后再聊断货", "问的同时拍下"):
        one = found[name]
        assert (one["reason"], one["has_out_of_stock"]) == ("unpaid_not_reminded", False), name
        assert one["conversation_key"] is not None
    assert found["早上没人晚上有人"]["reason"] == "first_late"


@kills("jinpai/diagnosis/matured.py", "and {end} <= $horizon and", "and")
def test_what_has_not_matured_is_not_there(edges: Workspace) -> None:
    assert "还没到期" not in reasons(edges)
    # a day and a night later even the passer-by has none: his window of a week is open
    assert "还没到期" not in reasons(edges, "7d")
    assert reasons(edges, "same_day").keys() == reasons(edges).keys()


@kills("jinpai/diagnosis/matured.py", "(not e.recent or e.main_ends_at <= $horizon)", "true")
def test_who_bought_lately_is_mature_with_the_main_window(tmp_path: Path) -> None:
    bought = [(0, "买家", "几天能到"), (5, "客服", "三天到的"), (30, "下单", "一"), (5, "付款", "一")]
    again = [(86_400, "买家", "几天能到"), (5, "客服", "三天到的"), (30, "下单", "二"), (5, "付款", "二")]
    made = shop(tmp_path, [Talk("回头客", [*bought, *again])])
    with opened(made, "main") as engine:
        latest = engine.rows("select max(day_ends_at) as day, max(main_ends_at) as main from enquiry where recent")[0]
        for horizon, rows in ((latest["day"], 1), (latest["main"], 2)):
            judge(engine, made.settings("main"), Window.parse("same_day"), horizon=horizon)
            assert len(engine.rows("select * from lost_reason")) == rows


def test_without_inspection_only_the_clock_speaks(tmp_path: Path) -> None:
    made = shop(tmp_path, [Talk(name, lines) for name, lines in TALKS.items()], inspection=False)
    found = reasons(made)
    with judged(made) as (_, told):
        assert told.looked_at == ("never_answered", "first_late", "unexplained")
    assert {one["reason"] for one in found.values()} == {"never_answered", "first_late", "unexplained"}
    told_by_text = [one.name for one in REASONS if one.is_told]
    assert all(row[f"has_{name}"] is None for row in found.values() for name in told_by_text)


def test_what_could_not_be_looked_at_is_said(tmp_path: Path, every: Workspace) -> None:
    made = shop(tmp_path, [Talk("一", TALKS["wrong_information"])])
    with judged(made) as (_, told):
        assert set(NAMES) - set(told.looked_at) == {"wrong_information"}
    assert reasons(made)["一"]["has_wrong_information"] is None
    with judged(every) as (_, told):
        assert told.looked_at == NAMES


def test_hours_are_the_shops(tmp_path: Path) -> None:
    # 10:00 is before opening at 12:00: a message left then belongs to nobody's speed
    talks = [
        Talk("开门前", [(0, "买家", "几天能到"), (3600, "客服", "三天到的")]),
        Talk("开门后", [(7300, "买家", "几天能到"), (61, "客服", "三天到的")]),
    ]
    made = shop(
        tmp_path,
        talks,
        hours={"weekly": {"every_day": ["12:00-22:00"]}},
    )
    found = reasons(made)
    assert {name: one["reason"] for name, one in found.items()} == {"开门前": "unexplained", "开门后": "first_late"}


@kills("jinpai/diagnosis/reasons.py", "group by criterion having not bool_or(counts)", "where criterion = ''")
def test_people_have_the_last_word(tmp_path: Path) -> None:
    made = shop(tmp_path, [Talk(name, TALKS[name]) for name in ("off_topic", "refused_flat", "first_late")])
    digest = criterion_digests(made.settings("main"))["B2"]
    with opened(made, "main") as engine:
        findings = engine.rows(
            "select f.*, m.message_key from finding as f left join message as m on m.buyer_key = f.buyer_key and m.seq = f.seq "
            "where f.criterion = 'D1'"
        )
    verdicts = [
        {name: one.get(name) for name in COLUMNS["verdict"]} | {"outcome": "overturn", "right_result": 1000}
        for one in findings
    ]
    write_decisions(made.root, "main", "verdict", verdicts)
    write_decisions(made.root, "main", "suspension", [{"criterion": "B2", "digest": digest}])
    build(made)
    with judged(made) as (_, told):
        assert "off_topic" not in told.looked_at
        assert "refused_flat" in told.looked_at
    found = reasons(made)
    assert found["off_topic"]["has_off_topic"] is None
    assert {name: one["reason"] for name, one in found.items()} == {
        "off_topic": "only_looking", "refused_flat": "unexplained", "first_late": "first_late",
    }  # fmt: skip
