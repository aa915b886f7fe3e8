"""质检 inspection: what the chats scored, how often each group of criteria was met, and red-line hits to be looked at.

Unknown where inspection is off. A score is out of 100, whatever the full mark of its scorecard. Source: the inspection
contract, §1 and §2.
"""

from __future__ import annotations

from jinpai.errors import Words
from jinpai.metrics.definition import Metric, Part, count_if

PASSED = 600
"""A criterion is met from so many thousandths on."""
_SCORES, _FINDINGS = "score", "settled"
_SCORED = Part(_SCORES, count_if("score is not null"))
_EVERY = Part(_SCORES, "count(*)")
_GROUPS = (
    ("timeliness", "A", "时效", "timeliness"), ("knowledge", "B", "产品", "knowledge"),
    ("recommending", "C", "需求与推荐", "needs and recommending"), ("objections", "D", "异议", "objections"),
    ("closing", "E", "促成", "closing"), ("complaints", "F", "售后安抚", "complaints"), ("manner", "G", "态度", "manner"),
    ("aftercare", "I", "售后跟进", "after-care"),
)  # fmt: skip


def _met(name: str, letter: str, zh: str, en: str) -> Metric:
    # the name of a criterion is its group's letter and a number
    mine = f"counts and criterion > '{letter}' and criterion < '{chr(ord(letter) + 1)}'"
    return Metric(f"inspection_{name}_rate", f"质检做到率·{zh}", "ratio", "rate", "higher",
        Words(f"{zh}组里做到的质检结果 ÷ 适用的质检结果；提醒和暂停计分的不算", f"Criteria of {en} met ÷ those that applied, without hints and suspended ones"),
        Part(_FINDINGS, count_if(f"{mine} and result >= {PASSED}")), Part(_FINDINGS, count_if(mine)), origin="inspection.md")  # fmt: skip


metric = (
    Metric("inspected_conversations", "质检会话数", "amount", "count", "none",
        Words("买卖双方都说过话、有质检结果的会话", "Conversations in which both sides wrote and something was found"), _EVERY, origin="inspection.md"),
    Metric("inspection_score", "质检平均分", "ratio", "points", "higher",
        Words("会话得分之和 ÷ 有得分的会话，换算成百分制", "Scores of conversations ÷ conversations with a score, out of 100"),
        Part(_SCORES, "sum(score)"), _SCORED, origin="inspection.md"),
    Metric("inspection_passed_rate", "质检合格率", "ratio", "rate", "higher",
        Words("得分到合格线的会话 ÷ 有得分的会话", "Conversations that reach the pass mark ÷ conversations with a score"),
        Part(_SCORES, count_if("passed")), _SCORED, origin="inspection.md"),
    *(_met(*group) for group in _GROUPS),
    Metric("inspection_hints", "质检提醒", "amount", "count", "lower",
        Words("红线等提醒的次数，没有人确认前不计分", "Hits of red lines and other hints, not counted until a person confirms them"),
        Part(_FINDINGS, count_if("is_hint and not is_confirmed")), origin="inspection.md"),
    Metric("hinted_per_1000", "每千会话提醒", "ratio", "per_1000", "lower",
        Words("有提醒的会话 ÷ 质检会话数 × 1000", "Conversations with a hint, in a thousand inspected"),
        Part(_SCORES, count_if("hints > 0")), _EVERY, origin="inspection.md"),
)  # fmt: skip
