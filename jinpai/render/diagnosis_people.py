"""诊断里的人 diagnosis_people: what to do first, the five factors, the fair comparison, and of what each gap is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.diagnosis import coaching
from jinpai.diagnosis.coding import BLOCKS
from jinpai.diagnosis.gap import REST
from jinpai.diagnosis.reasons import SIDES
from jinpai.render.diagnosis_cells import TITLES, VERDICTS, Cell, Section, between, money, points, tone
from jinpai.render.story import Say

if TYPE_CHECKING:
    from jinpai.diagnosis.actions import Action
    from jinpai.diagnosis.diagnosing import Diagnosis
    from jinpai.diagnosis.gap import Gap

SHOWN_ACTIONS = 3


def actions(found: Diagnosis, say: Say) -> Section:
    """先做这三件 every action, the first in sentences."""
    chosen = found.actions[:SHOWN_ACTIONS]
    lead = [] if chosen else [say("目前没有一件事看得出能多挣多少。", "Nothing can yet be said to bring anything.")]
    lead += [_sentence(at, one, found.ranks_people, say) for at, one in enumerate(chosen, 1)]
    rows = [
        [
            Cell(_doing(one, say), one.name, _coaching(one)), Cell(say.words(SIDES[one.side]), one.side),
            money(one.monthly, say), Cell(say("有把握", "sure") if one.is_sure else say("可能", "likely"), one.is_sure, tone="good" if one.is_sure else ""),
            Cell("、".join(one.agents) if found.ranks_people else ""),
        ]
        for one in found.actions
    ]  # fmt: skip
    heads = [
        say("做什么", "what"),
        say("谁这边", "whose"),
        say("每月能挽回", "a month"),
        say("把握", "how sure"),
        say("先找谁", "who first"),
    ]
    return Section("actions", say.words(TITLES["actions"]), lead, heads, rows, [
        say("钱是按模型估的：没有这个原因时会多成交多少单，乘以这些商品的平均订单。有把握（放在一起看也不是碰巧）的排前面。",
            "Money is modelled: orders that would have come without the reason, times the mean order of these products. Those beyond chance, all looked at together, come first."),
        say("在工作台点一件事，就能给客服排辅导计划，四周后看效果。", "In the desk an action opens a coaching plan, whose effect is seen after four weeks."),
    ])  # fmt: skip


def _doing(one: Action, say: Say) -> str:
    return say.words(one.words) if one.kind == "reason" else say(f"做到：{one.words.zh}", f"do: {one.words.en}")


def _coaching(one: Action) -> tuple[str, dict[str, str]] | None:
    """Where somebody is coached in it; what the shop has to do is nobody's to learn."""
    is_taught = (one.kind, one.name) in coaching.points()
    return ("coaching", {"point": f"{one.kind}:{one.name}"}) if is_taught else None


def _sentence(at: int, one: Action, ranks: bool, say: Say) -> str:
    about = money(one.monthly, say).shown
    who = "、".join(one.agents) if ranks else ""
    first = say(f"，先找 {who}", f", first with {who}") if who else ""
    return say(
        f"{at}. {_doing(one, say)}{first}。每月大约能挽回 {about}。",
        f"{at}. {_doing(one, say)}{first}: {about} a month.",
    )


def factors(found: Diagnosis, say: Say) -> Section:
    """五个因素 with what each loses a month."""
    rows = [
        [
            Cell(say.words(one.factor.words), one.factor.name), Cell(f"{one.lost:,}" if one.factor.reasons else "", one.lost if one.factor.reasons else None),
            money(one.monthly, say) if one.factor.reasons else Cell(say.words(one.factor.needs)),
            Cell("、".join(say.words(line.words) for line in one.reasons[:2])),
        ]
        for one in found.factors
    ]  # fmt: skip
    told = [one for one in found.factors if one.monthly is not None and one.monthly.value > 0]
    lead = []
    if told:
        most = max(told, key=lambda one: one.monthly.value if one.monthly else 0)
        lead.append(
            say(
                f"钱主要丢在「{most.factor.words.zh}」：每月 {money(most.monthly, say).shown}。",
                f"Most is lost by {most.factor.words.en}: {money(most.monthly, say).shown} a month.",
            )
        )
    heads = [
        say("因素", "factor"),
        say("流失人数", "lost buyers"),
        say("每月能挽回", "a month"),
        say("主要是", "mainly"),
    ]
    return Section("factors", say.words(TITLES["factors"]), lead, heads, rows)


def agents(found: Diagnosis, say: Say) -> Section:
    """公平对比 every agent with the team's enquiries, the lowest first."""
    gaps = sorted(found.gaps.gaps, key=lambda one: one.likely)
    below = [one.agent for one in gaps if one.verdict == "below"]
    above = [one.agent for one in reversed(gaps) if one.verdict == "above"]
    lead = []
    if not gaps:
        lead.append(
            say(
                "只有一位客服，或者还没有人付款，没得比。",
                "There is one agent, or nobody paid yet: nothing to compare.",
            )
        )
    elif not below and not above:
        lead.append(
            say(
                "同样的单子，客服之间没有超出偶然的差别。",
                "With the same enquiries, agents do not differ beyond chance.",
            )
        )
    if below:
        lead.append(
            say(
                f"同样的单子也低于全队：{'、'.join(below)}。",
                f"Below the team with the same enquiries: {', '.join(below)}.",
            )
        )
    if above:
        lead.append(say(f"高于全队：{'、'.join(above)}。", f"Above the team: {', '.join(above)}."))
    unadjusted = (
        "、".join(one.zh for one in found.gaps.unadjusted)
        if say.lang != "en"
        else ", ".join(one.en for one in found.gaps.unadjusted)
    )
    return Section(
        "agents", say.words(TITLES["agents"]), lead,
        [say("客服", "agent"), say("询单", "enquiries"), say("原始转化率", "raw"), say("折算转化率（同样的单子）", "adjusted (same enquiries)"), say("和全队比", "beside the team"), say("结论", "verdict")],
        [_agent(one, say) for one in gaps],
        [
            say(f"折算：如果全队的询单都给他接，会转化多少。没调整的：{unadjusted}。", f"Adjusted: what the agent would convert with all enquiries of the team. Not adjusted for: {unadjusted}."),
            say("和全队比一栏已经往全队收：人数少的时候，偏高偏低多半是运气。", "The comparison is drawn towards the team: with few enquiries, high and low are mostly luck."),
        ],
    )  # fmt: skip


def _agent(one: Gap, say: Say) -> list[Cell]:
    low, high = one.adjusted.interval
    more = (
        say(f"，再有 {one.needed:,} 个询单才看得出", f", {one.needed:,} more enquiries would tell")
        if one.needed
        else ""
    )
    return [
        Cell(one.agent, one.agent, ("conversations", {"agent": one.agent})), Cell(f"{one.enquiries:,}", one.enquiries), Cell(f"{one.paid / one.enquiries:.1%}", one.paid / one.enquiries),
        Cell(say(f"{one.adjusted.value:.1%}（大致 {low:.0%}–{high:.0%}）", f"{one.adjusted.value:.1%} ({low:.0%}–{high:.0%})"), one.adjusted.value),
        Cell(say(f"{points(one.likely, say)}（{between(one.likely_interval, say)}）", f"{points(one.likely, say)} ({between(one.likely_interval, say)})"), one.likely * 100),
        Cell(say.words(VERDICTS[one.verdict]) + more, one.verdict, tone={"below": "bad", "above": "good"}.get(one.verdict, "")),
    ]  # fmt: skip


def parts(found: Diagnosis, say: Say) -> Section:
    """差在哪儿 each agent's gap and its parts, in points."""
    blocks = [*found.gaps.blocks, REST]
    names = {name: say.words(BLOCKS[name]) for name in found.gaps.blocks} | {REST: say("其余", "the rest")}
    gaps = sorted(found.gaps.gaps, key=lambda one: one.gap.value)
    rows = [
        [Cell(one.agent, one.agent), Cell(points(one.gap, say), one.gap.value * 100), *(Cell(f"{one.parts[name].value * 100:+.1f}", one.parts[name].value * 100, tone=tone(one.parts[name])) for name in blocks)]
        for one in gaps
    ]  # fmt: skip
    notes = [
        say("单位是百分点，各部分加起来就是原始差距。深色的超出偶然。询单构成、忙闲和班次不是客服能选的。", "In points; parts add up to the raw gap. What is coloured goes beyond chance. Mix, load and shifts are not the agent's choice."),
        *([] if "handling" in found.gaps.blocks else [say("没有质检，接待方式算在其余里。", "Without inspection, handling is part of the rest.")]),
    ]  # fmt: skip
    return Section(
        "gaps",
        say.words(TITLES["gaps"]),
        [],
        [say("客服", "agent"), say("原始差距", "raw gap"), *(names[name] for name in blocks)],
        rows,
        notes,
    )
