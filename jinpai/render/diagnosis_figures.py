"""诊断的图 diagnosis_figures: what each section of the diagnosis draws; every mark says in words what it shows.

A figure that has fewer than two things to show is left out: the table says it better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.diagnosis.coding import BLOCKS
from jinpai.diagnosis.effects import MONTH
from jinpai.diagnosis.gap import REST
from jinpai.render.charts import radar, ranges, waterfall
from jinpai.render.diagnosis_cells import TITLES, VERDICTS, between, money, points, yuan
from jinpai.render.figures import Figure, drawn
from jinpai.render.story import Say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinpai.diagnosis.diagnosing import Diagnosis
    from jinpai.diagnosis.gap import Gap

WIDTH = 980
PEOPLE, SPLIT = 24, 3
"""So many agents at most are drawn beside each other, and of so many the gap is split."""


def figures(found: Diagnosis, say: Say, door: Callable[[str], str] = lambda _: "") -> dict[str, Figure]:
    """诊断的图 by the section that each belongs to; `door` is the address of the buyers who were lost for a reason."""
    people = {"agents": agents(found, say), "gaps": gaps(found, say)} if found.ranks_people else {}
    every = {"factors": factors(found, say, door), **people, "ledger": ledger(found, say, door), "effects": effects(found, say)}  # fmt: skip
    return {name: figure for name, figure in every.items() if figure is not None}


def factors(found: Diagnosis, say: Say, door: Callable[[str], str]) -> Figure | None:
    """五个因素 how much each loses beside the largest; what nobody could look at is said and has no point."""
    worth = [max(one.monthly.value, 0.0) if one.monthly else 0.0 for one in found.factors]
    if not max(worth, default=0):
        return None
    rows: list[dict[str, Any]] = []
    doors = {}
    for one, value in zip(found.factors, worth, strict=True):
        said = (
            say(f"每月 {yuan(value, say)}", f"{yuan(value, say)} a month")
            if value
            else say("看不出损失", "no loss seen")
        )
        said = said if one.factor.reasons else say("还没看", "not looked at")
        told = f"{say.words(one.factor.words)} {said}"
        rows.append({"name": say.words(one.factor.words), "share": value / max(worth) if one.factor.reasons else None, "said": said, "told": told})  # fmt: skip
        if one.reasons and (where := door(one.reasons[0].reason)):
            doors[told] = where
    return drawn(
        [lambda width, _phone: radar.radar(rows, width)], say.words(TITLES["factors"]), 520, say, doors=doors, told=[row["told"] for row in rows],
        hint=say("越靠外，每月丢的钱越多", "the farther out, the more is lost a month"),
    )  # fmt: skip


def agents(found: Diagnosis, say: Say) -> Figure | None:
    """公平对比 every agent's difference from the team with the same enquiries, and where it probably lies."""
    gaps = sorted(found.gaps.gaps, key=lambda one: one.likely)
    if len(gaps) > PEOPLE:
        gaps = [*gaps[: PEOPLE // 2], *gaps[-PEOPLE // 2 :]]
    rows = [
        {
            "name": one.agent, "value": one.likely * 100, "low": one.likely_interval[0] * 100, "high": one.likely_interval[1] * 100,
            "tone": {"below": "bad", "above": "good"}.get(one.verdict, ""), "told": f"{one.agent} {points(one.likely, say)}（{between(one.likely_interval, say)}）{say.words(VERDICTS[one.verdict])}",
        }
        for one in gaps
    ]  # fmt: skip
    hint = say("同样的询单，比全队高或低几个点；线是大致范围，跨过虚线就说不准", "points above or below the team with the same enquiries; the line is about where it lies")  # fmt: skip
    return _ranges(rows, "agents", hint, "+.0f", say)


def ledger(found: Diagnosis, say: Say, door: Callable[[str], str]) -> Figure | None:
    """流失账本 what each reason costs a month, and where that probably lies; those of which nothing can be said are in the table."""
    per = MONTH / max(found.ledger.days, 1) / 100
    rows, doors = [], {}
    for one in sorted(found.ledger.lines, key=lambda line: -(line.recoverable.value if line.recoverable else 0)):
        if one.recoverable is None or not one.lost or one.recoverable.value <= 0 or one.reason == "unexplained":
            continue  # of these the table says that no loss is seen, or nothing can be said
        low, high = max(one.recoverable.interval[0], 0.0), one.recoverable.interval[1]
        told = f"{say.words(one.words)} {money(one.recoverable, say, per * 100).shown}"
        rows.append({"name": say.words(one.words), "value": one.recoverable.value * per, "low": low * per, "high": high * per, "tone": "bad" if low > 0 else "", "told": told})  # fmt: skip
        if where := door(one.reason):
            doors[told] = where
    hint = say(
        "每月能挽回多少元；线是大致范围，碰到虚线就说不准", "recoverable yuan a month; the line is about where it lies"
    )
    return _ranges(rows, "ledger", hint, ",.0f", say, doors)


def effects(found: Diagnosis, say: Say) -> Figure | None:
    """做法的作用 by how many points conversion differs with each, and where that probably lies."""
    rows = [
        {
            "name": say.words(one.words), "value": one.effect.value * 100, "low": one.effect.interval[0] * 100, "high": one.effect.interval[1] * 100,
            "tone": "" if one.why else "good" if one.effect.interval[0] > 0 else "bad" if one.effect.interval[1] < 0 else "",
            "told": f"{say.words(one.words)} {points(one.effect, say)}（{between(one.effect.interval, say)}）"
            + (say("只是同时出现，不能当原因", "association") if one.why else ""),
        }
        for one in sorted(found.effects, key=lambda one: -one.effect.value)
    ]  # fmt: skip
    hint = say("做到时转化率高几个点；有颜色的不是碰巧，也没发现别的解释", "points of conversion with it; what is coloured is beyond chance and has no other explanation that was seen")  # fmt: skip
    return _ranges(rows, "effects", hint, "+.0f", say)


def _ranges(
    rows: list[dict[str, Any]], name: str, hint: str, form: str, say: Say, doors: dict[str, str] | None = None
) -> Figure | None:
    if len(rows) < 2:
        return None
    return drawn(
        [lambda width, phone: ranges.ranges(rows, width, form=form, phone=phone)], say.words(TITLES[name]), WIDTH, say, hint=hint, doors=doors or {},
        told=[row["told"] for row in rows],
    )  # fmt: skip


def gaps(found: Diagnosis, say: Say) -> Figure | None:
    """差在哪儿 the gaps of the agents who lie lowest, part by part."""
    lowest = sorted(found.gaps.gaps, key=lambda one: one.gap.value)[:SPLIT]
    if not lowest:
        return None
    blocks = [*found.gaps.blocks, REST]
    drawn_of = [(one.agent, _steps(one, blocks, say)) for one in lowest]

    def maker(agent: str, rows: list[dict[str, Any]]) -> Any:
        return lambda width, _phone: waterfall.waterfall(rows, agent, width)

    return drawn(
        [maker(agent, rows) for agent, rows in drawn_of], say.words(TITLES["gaps"]), WIDTH, say,
        hint=say("原始差距最大的几位；单位是百分点，各部分加起来就是最后一根", "those with the largest raw gaps, in points; parts add up to the last bar"),
        told=[row["told"] for _, rows in drawn_of for row in rows],
    )  # fmt: skip


def _steps(one: Gap, blocks: list[str], say: Say) -> list[dict[str, Any]]:
    rows, at = [], 0.0
    for name in blocks:
        value = one.parts[name].value * 100
        words = say.words(BLOCKS[name]) if name in BLOCKS else say("其余", "the rest")
        rows.append(_bar(one.agent, words, at, at + value, "up" if value > 0 else "down", say))
        at += value
    whole = _bar(one.agent, say("原始差距", "raw gap"), 0.0, one.gap.value * 100, "whole", say)
    return [*rows, whole]


def _bar(agent: str, words: str, start: float, end: float, kind: str, say: Say) -> dict[str, Any]:
    return {
        "name": words, "start": start, "end": end, "top": max(start, end), "kind": kind, "said": f"{end - start:+.1f}",
        "told": f"{agent} · {words} {points((end - start) / 100, say)}",
    }  # fmt: skip
