"""辅导进展的话 coaching: what became of a plan, in the sentences of its card, for the supervisor and for the agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinpai.diagnosis.coaching import LEAST, SPAN
from jinpai.diagnosis.coaching import points as taught
from jinpai.diagnosis.reasons import REASONS
from jinpai.errors import Words
from jinpai.render.diagnosis_cells import between, points

if TYPE_CHECKING:
    from jinpai.diagnosis.coaching import Coached, Course, Period
    from jinpai.render.story import Say

VERDICTS = {
    "better": Words("有效果", "it works"), "worse": Words("变差了", "it became worse"), "inside": Words("还看不出是不是辅导的作用", "it cannot be told yet whether coaching did it"),
    "too_early": Words("还早", "too early"), "too_few": Words("次数太少，看不出", "too few to tell"), "alone": Words("没有人可比，只能看前后", "nobody to compare with"),
    "unseen": Words("这一点没有数据", "no data on this"),
}  # fmt: skip
TONES = {"better": "good", "worse": "bad"}
NOTES = (
    Words(f"前后各 {SPAN} 天，只算已满统计期的询单。转化率已经去掉商品、价位、星期、时段、忙闲的不同。", f"{SPAN} days before and after, mature enquiries alone. Of conversion, products, prices, weekdays, hours and load are taken out."),
    Words("来练的人，之前偏低多半有点运气不好，不练也会回升一些；大家一起变好变差也要去掉。剩下的才算辅导的。", "Who is coached was partly unlucky before and would have recovered somewhat anyway; what changed for everybody is taken off too. The rest is coaching's."),
)  # fmt: skip
"""怎么算的 what stands beside the figures for those who ask."""


@dataclass(frozen=True, slots=True)
class Told:
    """一项 one figure of a plan: its name, the verdict with its tone, and the sentences."""

    name: str
    verdict: str
    tone: str
    lines: list[str]


def told(found: Coached, say: Say) -> list[Told]:
    """进展 of a plan's point and of the agent's conversion; a reason of lost orders is called by its own name."""
    plan = found.plan
    reason = next((one.words for one in REASONS if plan.kind == "reason" and one.name == plan.name), None)
    name = say.words(reason or taught()[plan.kind, plan.name])
    compared = len(found.compared)
    return [
        _course(found.point, name, compared, say),
        _course(found.conversion, say("询单转化率", "conversion"), compared, say),
    ]


def _course(one: Course, name: str, compared: int, say: Say) -> Told:
    lines = []
    if one.before.occasions or one.after.occasions:
        name_of = (
            say("出现的比例", "how often it was there")
            if one.is_better_low
            else say("做到的比例", "how often it was done")
        )
        lines.append(
            say(f"{_share(one.before, say)} → {_share(one.after, say)}", f"{_share(one.before, say)} → {_share(one.after, say)}")
            + (say(f"（{name_of}，越低越好）", f" ({name_of}, the lower the better)") if one.is_better_low else "")
        )  # fmt: skip
    if one.others is not None:
        before, after = one.others
        lines.append(
            say(f"同期没辅导的 {compared} 位同事：{before:.0%} → {after:.0%}", f"{compared} colleagues without coaching: {before:.0%} → {after:.0%}")
        )  # fmt: skip
    if one.change is not None:
        lines.append(
            say(f"去掉运气和大家共同的变化：{points(one.change.value, say)}（{between(one.change.interval, say)}）",
                f"Luck and everybody's change taken off: {points(one.change.value, say)} ({between(one.change.interval, say)})")
        )  # fmt: skip
    lines += _missing(one, say)
    return Told(name, say.words(VERDICTS[one.verdict]), TONES.get(one.verdict, ""), lines)


def _missing(one: Course, say: Say) -> list[str]:
    if one.verdict == "too_early":
        return [
            say(
                f"再有 {one.wait} 天已满统计期的询单，才好比。", f"{one.wait} more days of mature enquiries are needed."
            )
        ]
    if one.verdict == "too_few":
        return [say(f"前后都要有 {LEAST} 次以上才比。", f"At least {LEAST} occasions before and after are needed.")]
    if one.verdict == "unseen":
        return [say("要打开聊天质检，或者这段时间还没有询单。", "Inspection is off, or these days have no enquiries.")]
    return []


def _share(one: Period, say: Say) -> str:
    if one.share is None:
        return say("没有", "none")
    return say(f"{one.share:.0%}（{one.occasions:,} 次）", f"{one.share:.0%} (of {one.occasions:,})")
