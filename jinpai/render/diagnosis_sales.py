"""诊断里的钱和时间 diagnosis_sales: the ledger of lost orders, weeks and levels, and what behaviours bring."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jinpai.diagnosis.effects import MONTH
from jinpai.diagnosis.reasons import SIDES
from jinpai.errors import Words
from jinpai.period import format_day
from jinpai.render.diagnosis_cells import (
    CHANGES,
    TITLES,
    VERDICTS,
    WHY,
    Cell,
    Section,
    between,
    money,
    points,
    tone,
    yuan,
)
from jinpai.render.story import Say

if TYPE_CHECKING:
    from jinpai.diagnosis.diagnosing import Diagnosis
    from jinpai.diagnosis.ledger import Line


def account(found: Diagnosis, say: Say) -> Section:
    """流失账本 a line for each reason that was looked at, and their sum."""
    account = found.ledger
    per = MONTH / max(account.days, 1)
    unseen = [say.words(one.words) for one in account.lines if not one.is_looked_at]
    rows = [_line(line, account.lost, per, say) for line in account.lines if line.is_looked_at]
    rows.append(
        [
            Cell(say("合计", "total")),
            Cell(""),
            Cell(f"{account.lost:,}", account.lost),
            Cell("100%", 1.0),
            Cell(
                yuan(sum(one.at_stake for one in account.lines), say),
                round(sum(one.at_stake for one in account.lines) / 100, 2),
            ),
            Cell(""),
        ]
    )
    notes = [
        say("一个流失的买家只记一个原因，按上面的次序，先碰到的算。流失金额：没有这个原因时成交的可能，乘以这类订单的平均金额。",
            "A lost buyer has one reason, the first in this order. At stake: the chance of converting without the reason, times the mean order of its kind."),
        say("能挽回：没有这个原因时会多成交的那部分。已付款的询单里也有同样的情况，模型拿来对照。", "Recoverable: what would have been sold more without the reason; paid enquiries with the same evidence are held beside."),
        *([say(f"这次没能看：{'、'.join(unseen)}。", f"Not looked at: {', '.join(unseen)}.")] if unseen else []),
    ]  # fmt: skip
    heads = [
        say("原因", "reason"),
        say("谁这边", "whose"),
        say("流失", "lost"),
        say("占比", "share"),
        say("流失金额", "at stake"),
        say("每月能挽回", "recoverable a month"),
    ]
    return Section("ledger", say.words(TITLES["ledger"]), _lost(found, say), heads, rows, notes)


def _line(line: Line, lost: int, per: float, say: Say) -> list[Cell]:
    asked = ("lost", {"reason": line.reason})
    return [
        Cell(say.words(line.words), line.reason, asked if line.lost else None), Cell(say.words(SIDES[line.side]), line.side, tone=line.side),
        Cell(say(f"{line.lost:,} 人", f"{line.lost:,}"), line.lost), Cell(f"{line.lost / lost:.1%}" if lost else "", line.lost / lost if lost else None), Cell(yuan(line.at_stake, say), round(line.at_stake / 100, 2)),
        money(line.recoverable, say, per) if line.reason != "unexplained" else Cell(""),
    ]  # fmt: skip


def _lost(found: Diagnosis, say: Say) -> list[str]:
    lines = [one for one in found.ledger.lines if one.lost and one.reason != "unexplained"]
    if not lines:
        return []
    sides = found.ledger.rows["side"].to_pylist()
    by = {side: sides.count(side) for side in SIDES}
    unknown = by["none"]
    return [
        say(f"流失 {found.ledger.lost:,} 人：客服这边 {by['agent']:,} 人，店铺这边 {by['shop']:,} 人，买家自己 {by['buyer']:,} 人，原因不明 {unknown:,} 人。",
            f"{found.ledger.lost:,} lost: by the agent {by['agent']:,}, by the shop {by['shop']:,}, the buyer's own {by['buyer']:,}, unexplained {unknown:,}."),
    ]  # fmt: skip


def weeks(found: Diagnosis, say: Say) -> Section:
    """走势 every week, in sentences those that stand apart."""
    weeks = found.drift.weeks
    odd = [one for one in weeks if one.verdict in ("below", "above") or one.change]
    lead = [] if odd or not weeks else [say("各周之间没有超出偶然的变化。", "No change between weeks beyond chance.")]
    lead += [
        say(f"{one.week}：{'、'.join(_said(one, say))}（{points(one.difference, say)}）。", f"{one.week}: {', '.join(_said(one, say))} ({points(one.difference, say)}).")
        for one in odd
    ]  # fmt: skip
    levels = found.drift.levels
    lead += [
        say(f"从 {format_day(after.first)} 起水平变了：比整段平均 {points(before.difference, say)} → {points(after.difference, say)}。",
            f"The level changed on {format_day(after.first)}: from {points(before.difference, say)} to {points(after.difference, say)} beside the mean.")
        for before, after in pairwise(levels)
    ]  # fmt: skip
    rows = [
        [Cell(one.week, one.week), Cell(f"{one.enquiries:,}", one.enquiries), Cell(f"{one.paid / one.enquiries:.1%}", one.paid / one.enquiries),
         Cell(f"{points(one.difference, say)}（{between(one.difference.interval, say)}）" if say.lang != "en" else f"{points(one.difference, say)} ({between(one.difference.interval, say)})", one.difference.value * 100),
         Cell(say("，", ", ").join(_said(one, say)), one.verdict, tone={"below": "bad", "above": "good"}.get(one.verdict, ""))]
        for one in weeks
    ]  # fmt: skip
    marks = [
        say(f"{one.name or '节假日'}：比平常 {points(one.effect, say)}（{between(one.effect.interval, say)}）。", f"{one.name or 'Holidays'}: {points(one.effect, say)} beside plain days ({between(one.effect.interval, say)}).")
        for one in found.drift.marks
    ]  # fmt: skip
    heads = [
        say("周", "week"),
        say("询单", "enquiries"),
        say("转化率", "conversion"),
        say("比应有的水平", "beside what was to be expected"),
        say("结论", "verdict"),
    ]
    return Section("weeks", say.words(TITLES["weeks"]), lead, heads, rows, [
        say(f"已经去掉商品、价位、星期、时段、忙闲、客服的不同。各周本来就比纯偶然多晃 {found.drift.dispersion:.1f} 倍，结论按这个算。",
            f"Products, prices, weekdays, hours, load and agents are taken out. Weeks differ {found.drift.dispersion:.1f} times as much as chance alone, which the verdicts allow for."), *marks,
    ])  # fmt: skip


def _said(one: Any, say: Say) -> list[str]:
    told = [
        say.words(
            VERDICTS[one.verdict]
            if one.verdict in ("inside", "too_few")
            else {"below": Words("偏低", "low"), "above": Words("偏高", "high")}[one.verdict]
        )
    ]
    return [*told, say.words(CHANGES[one.change])] if one.change else told


def behaviours(found: Diagnosis, say: Say) -> Section:
    """做法的作用 every behaviour by what it would bring."""
    rows = [
        [
            Cell(say.words(one.words), one.behaviour, ("coaching", {"point": f"behaviour:{one.behaviour}"})), Cell(f"{one.done:,}/{one.occasions:,}", one.done / one.occasions),
            Cell(say(f"{points(one.effect, say)}（{between(one.effect.interval, say)}）", f"{points(one.effect, say)} ({between(one.effect.interval, say)})"), one.effect.value * 100, tone=tone(one.effect)),
            Cell(f"{one.monthly.value:+.1f}", one.monthly.value), Cell(yuan(one.amount.value, say), round(one.amount.value / 100, 2)),
            Cell(say("只是同时出现，不能当原因：", "association: ") + say("；", "; ").join(say.words(WHY[name]) for name in one.why) if one.why else say("排除其他因素后", "other factors taken out"), "association" if one.why else ""),
        ]
        for one in found.effects
    ]  # fmt: skip
    lead = (
        []
        if rows
        else [say("还没有一种做法的做与没做都够多，说不准。", "No behaviour has enough occasions with and without it.")]
    )
    heads = [
        say("做法", "behaviour"),
        say("做到/该做", "done/occasions"),
        say("转化差多少", "difference"),
        say("全做到，每月多成交", "orders a month if always done"),
        say("每月多少钱", "a month"),
        say("能不能当原因", "cause or not"),
    ]
    return Section("effects", say.words(TITLES["effects"]), lead, heads, rows)
