"""转化诊断 diagnosis: what was found as sections, each a sentence first, then a table; for the screen, a page, a workbook and the desk.

A figure is shown as shop people read it (about 23 %–32 %, yuan a month); the workbook has the numbers themselves. Nothing is
computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.diagnosis.coding import BLOCKS
from jinpai.diagnosis.effects import MONTH
from jinpai.diagnosis.gap import REST
from jinpai.diagnosis.reasons import SIDES
from jinpai.errors import Words
from jinpai.period import format_day
from jinpai.render.story import Say

if TYPE_CHECKING:
    from jinpai.diagnosis.actions import Action
    from jinpai.diagnosis.diagnosing import Diagnosis
    from jinpai.diagnosis.gap import Gap
    from jinpai.diagnosis.ledger import Line
    from jinpai.diagnosis.outcome import Estimate

VERDICTS = {
    "below": Words("低于全队", "below the team"), "above": Words("高于全队", "above the team"),
    "inside": Words("没有超出偶然的差别", "no difference beyond chance"), "too_few": Words("询单太少，还看不出", "too few to tell"),
}  # fmt: skip
CHANGES = {"down": Words("比上周低", "lower than the week before"), "up": Words("比上周高", "higher than the week before")}
WHY = {
    "overlap": Words("几乎都做或都不做，没得比", "hardly anybody differs in it"), "balance": Words("做和没做的单子不一样", "the enquiries differ"),
    "prompted": Words("可能是买家引出来的", "the buyer may have called it forth"),
}  # fmt: skip
TITLES = {
    "actions": Words("先做这三件", "What to do first"), "factors": Words("五个因素", "The five factors"), "agents": Words("公平对比", "Fair comparison"),
    "gaps": Words("差在哪儿", "Of what the gap is made"), "weeks": Words("走势", "Weeks"), "ledger": Words("流失账本", "Ledger of lost orders"),
    "effects": Words("做法的作用", "What behaviours bring"),
}  # fmt: skip
SHOWN_ACTIONS = 3
_TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Cell:
    """一格 what stands in a cell, the number behind it, and what a click on it asks for (a page's name and its query)."""

    shown: str
    value: float | int | str | None = None
    door: tuple[str, Mapping[str, str]] | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """一节 a title, sentences, and rows under heads; `notes` are for those who ask how it was worked out."""

    name: str
    title: str
    lead: list[str]
    heads: list[str]
    rows: list[list[Cell]]
    notes: list[str] = field(default_factory=list)


def sections(found: Diagnosis, lang: str) -> list[Section]:
    """各节 what the diagnosis says, in the order in which it is read."""
    say = Say(lang)
    people = [_agents(found, say), _gaps(found, say)] if found.ranks_people else []
    return [_actions(found, say), _factors(found, say), *people, _ledger(found, say), _weeks(found, say), _effects(found, say)]


def headline(found: Diagnosis, lang: str) -> list[str]:
    """开头的话 what was looked at, and what was not."""
    say = Say(lang)
    rate = found.gaps.team
    told = [
        say(
            f"{format_day(found.first or 0)} 至 {format_day(found.last or 0)}，已满统计期的询单 {found.ledger.enquiries:,} 个，付款 {found.ledger.enquiries - found.ledger.lost:,} 个"
            f"（有客服接的转化率 {rate:.1%}），流失 {found.ledger.lost:,} 人。",
            f"{format_day(found.first or 0)} to {format_day(found.last or 0)}: {found.ledger.enquiries:,} mature enquiries, {found.ledger.enquiries - found.ledger.lost:,} paid "
            f"(conversion of those with an agent {rate:.1%}), {found.ledger.lost:,} lost.",
        )
    ]  # fmt: skip
    if not found.inspected:
        told.append(say("聊天质检没有打开，所以聊天里的原因和做法都没看。打开后再诊断会清楚得多。",
                        "Inspection is off, so no reason or behaviour in the chats was looked at. Turn it on for a much clearer diagnosis."))  # fmt: skip
    if not found.ranks_people:
        remedy = found.identity["remedy"]
        told.append(say("能对上号的买家太少，所以不比较客服。", "Too few buyers are matched, so agents are not compared. ") + say.words(Words(**remedy)))
    return told


def yuan(fen: float, say: Say) -> str:
    """几元 whole yuan, 万 from ten thousand on in Chinese."""
    whole = round(fen / 100)
    if not say.lang == "en" and abs(whole) >= _TEN_THOUSAND:
        return f"{whole / _TEN_THOUSAND:.1f} 万元"
    return say(f"{whole:,} 元", f"¥{whole:,}")


def _money(one: Estimate | None, say: Say, per: float = 1.0) -> Cell:
    """An amount with about where it lies; what may be nothing is said to be so."""
    if one is None:
        return Cell(say("太少，说不准", "too little to tell"))
    low, high = (end * per for end in one.interval)
    if high <= 0 or one.value <= 0:
        return Cell(say("看不出损失", "no loss seen"), round(one.value * per / 100, 2))
    about = say(f"大致 {yuan(max(low, 0), say)}–{yuan(high, say)}", f"about {yuan(max(low, 0), say)}–{yuan(high, say)}")
    return Cell(f"{yuan(one.value * per, say)}（{about}）" if say.lang != "en" else f"{yuan(one.value * per, say)} ({about})", round(one.value * per / 100, 2))  # fmt: skip


def points(one: Estimate | float, say: Say) -> str:
    """几个点 a difference of shares in points, with its sign."""
    value = one if isinstance(one, float) else one.value
    return say(f"{value * 100:+.1f} 个点", f"{value * 100:+.1f} points")


def _between(ends: Iterable[float], say: Say) -> str:
    low, high = ends
    return say(f"大致 {low * 100:+.1f} 到 {high * 100:+.1f}", f"about {low * 100:+.1f} to {high * 100:+.1f}")


def _actions(found: Diagnosis, say: Say) -> Section:
    chosen = found.actions[:SHOWN_ACTIONS]
    lead = [] if chosen else [say("目前没有一件事看得出能多挣多少。", "Nothing can yet be said to bring anything.")]
    lead += [_sentence(at, one, found.ranks_people, say) for at, one in enumerate(chosen, 1)]
    rows = [
        [
            Cell(_doing(one, say), one.name), Cell(say.words(SIDES[one.side]) if one.side in SIDES else one.side, one.side),  # type: ignore[index]
            _money(one.monthly, say), Cell(say("有把握", "sure") if one.is_sure else say("可能", "likely"), one.is_sure, tone="good" if one.is_sure else ""),
            Cell("、".join(one.agents) if found.ranks_people else ""),
        ]
        for one in found.actions
    ]  # fmt: skip
    heads = [say("做什么", "what"), say("谁这边", "whose"), say("每月能挽回", "a month"), say("把握", "how sure"), say("先找谁", "who first")]
    return Section("actions", say.words(TITLES["actions"]), lead, heads, rows, [
        say("钱是按模型估的：没有这个原因时会多成交多少单，乘以这些商品的平均订单。区间不含 0 的排前面。",
            "Money is modelled: orders that would have come without the reason, times the mean order of these products. Those whose interval leaves out nothing come first."),
    ])  # fmt: skip


def _doing(one: Action, say: Say) -> str:
    return say.words(one.words) if one.kind == "reason" else say(f"做到：{one.words.zh}", f"do: {one.words.en}")


def _sentence(at: int, one: Action, ranks: bool, say: Say) -> str:
    money = _money(one.monthly, say).shown
    who = "、".join(one.agents) if ranks else ""
    first = say(f"，先找 {who}", f", first with {who}") if who else ""
    return say(f"{at}. {_doing(one, say)}{first}。每月大约能挽回 {money}。", f"{at}. {_doing(one, say)}{first}: {money} a month.")


def _factors(found: Diagnosis, say: Say) -> Section:
    rows = [
        [
            Cell(say.words(one.factor.words), one.factor.name), Cell(f"{one.lost:,}" if one.factor.reasons else "", one.lost if one.factor.reasons else None),
            _money(one.monthly, say) if one.factor.reasons else Cell(say.words(one.factor.needs)),
            Cell("、".join(say.words(line.words) for line in one.reasons[:2])),
        ]
        for one in found.factors
    ]  # fmt: skip
    told = [one for one in found.factors if one.monthly is not None and one.monthly.value > 0]
    lead = []
    if told:
        most = max(told, key=lambda one: one.monthly.value if one.monthly else 0)
        lead.append(say(f"钱主要丢在「{most.factor.words.zh}」：每月 {_money(most.monthly, say).shown}。", f"Most is lost by {most.factor.words.en}: {_money(most.monthly, say).shown} a month."))
    heads = [say("因素", "factor"), say("流失人数", "lost buyers"), say("每月能挽回", "a month"), say("主要是", "mainly")]
    return Section("factors", say.words(TITLES["factors"]), lead, heads, rows)


def _agents(found: Diagnosis, say: Say) -> Section:
    gaps = sorted(found.gaps.gaps, key=lambda one: one.likely)
    below = [one.agent for one in gaps if one.verdict == "below"]
    above = [one.agent for one in reversed(gaps) if one.verdict == "above"]
    lead = []
    if not gaps:
        lead.append(say("只有一位客服，或者还没有人付款，没得比。", "There is one agent, or nobody paid yet: nothing to compare."))
    elif not below and not above:
        lead.append(say("同样的单子，客服之间没有超出偶然的差别。", "With the same enquiries, agents do not differ beyond chance."))
    if below:
        lead.append(say(f"同样的单子也低于全队：{'、'.join(below)}。", f"Below the team with the same enquiries: {', '.join(below)}."))
    if above:
        lead.append(say(f"高于全队：{'、'.join(above)}。", f"Above the team: {', '.join(above)}."))
    unadjusted = "、".join(one.zh for one in found.gaps.unadjusted) if say.lang != "en" else ", ".join(one.en for one in found.gaps.unadjusted)
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
    more = say(f"，再有 {one.needed:,} 个询单才看得出", f", {one.needed:,} more enquiries would tell") if one.needed else ""
    return [
        Cell(one.agent, one.agent, ("conversations", {"agent": one.agent})), Cell(f"{one.enquiries:,}", one.enquiries), Cell(f"{one.paid / one.enquiries:.1%}", one.paid / one.enquiries),
        Cell(say(f"{one.adjusted.value:.1%}（大致 {low:.0%}–{high:.0%}）", f"{one.adjusted.value:.1%} ({low:.0%}–{high:.0%})"), one.adjusted.value),
        Cell(say(f"{points(one.likely, say)}（{_between(one.likely_interval, say)}）", f"{points(one.likely, say)} ({_between(one.likely_interval, say)})"), one.likely * 100),
        Cell(say.words(VERDICTS[one.verdict]) + more, one.verdict, tone={"below": "bad", "above": "good"}.get(one.verdict, "")),
    ]  # fmt: skip


def _gaps(found: Diagnosis, say: Say) -> Section:
    blocks = [*found.gaps.blocks, REST]
    names = {name: say.words(BLOCKS[name]) for name in found.gaps.blocks} | {REST: say("其余", "the rest")}
    gaps = sorted(found.gaps.gaps, key=lambda one: one.gap.value)
    rows = [
        [Cell(one.agent, one.agent), Cell(points(one.gap, say), one.gap.value * 100), *(Cell(f"{one.parts[name].value * 100:+.1f}", one.parts[name].value * 100, tone=_side(one.parts[name])) for name in blocks)]
        for one in gaps
    ]  # fmt: skip
    notes = [
        say("单位是百分点，各部分加起来就是原始差距。深色的超出偶然。询单构成、忙闲和班次不是客服能选的。", "In points; parts add up to the raw gap. What is coloured goes beyond chance. Mix, load and shifts are not the agent's choice."),
        *([] if "handling" in found.gaps.blocks else [say("没有质检，接待方式算在其余里。", "Without inspection, handling is part of the rest.")]),
    ]  # fmt: skip
    return Section("gaps", say.words(TITLES["gaps"]), [], [say("客服", "agent"), say("原始差距", "raw gap"), *(names[name] for name in blocks)], rows, notes)


def _side(one: Estimate) -> str:
    low, high = one.interval
    return "bad" if high < 0 else "good" if low > 0 else ""


def _ledger(found: Diagnosis, say: Say) -> Section:
    account = found.ledger
    per = MONTH / max(account.days, 1)
    unseen = [say.words(one.words) for one in account.lines if not one.is_looked_at]
    rows = [_line(line, account.lost, per, say) for line in account.lines if line.is_looked_at]
    rows.append([Cell(say("合计", "total")), Cell(""), Cell(f"{account.lost:,}", account.lost), Cell("100%", 1.0), Cell(yuan(sum(one.at_stake for one in account.lines), say), round(sum(one.at_stake for one in account.lines) / 100, 2)), Cell("")])
    notes = [
        say("一个流失的买家只记一个原因，按上面的次序，先碰到的算。流失金额：没有这个原因时成交的可能，乘以这类订单的平均金额。",
            "A lost buyer has one reason, the first in this order. At stake: the chance of converting without the reason, times the mean order of its kind."),
        say("能挽回：没有这个原因时会多成交的那部分。已付款的询单里也有同样的情况，模型拿来对照。", "Recoverable: what would have been sold more without the reason; paid enquiries with the same evidence are held beside."),
        *([say(f"这次没能看：{'、'.join(unseen)}。", f"Not looked at: {', '.join(unseen)}.")] if unseen else []),
    ]  # fmt: skip
    heads = [say("原因", "reason"), say("谁这边", "whose"), say("流失", "lost"), say("占比", "share"), say("流失金额", "at stake"), say("每月能挽回", "recoverable a month")]
    return Section("ledger", say.words(TITLES["ledger"]), _lost(found, say), heads, rows, notes)


def _line(line: Line, lost: int, per: float, say: Say) -> list[Cell]:
    asked = ("lost", {"reason": line.reason})
    return [
        Cell(say.words(line.words), line.reason, asked if line.lost else None), Cell(say.words(SIDES[line.side]), line.side, tone=line.side),  # type: ignore[index]
        Cell(say(f"{line.lost:,} 人", f"{line.lost:,}"), line.lost), Cell(f"{line.lost / lost:.1%}" if lost else "", line.lost / lost if lost else None), Cell(yuan(line.at_stake, say), round(line.at_stake / 100, 2)),
        _money(line.recoverable, say, per) if line.reason != "unexplained" else Cell(""),
    ]  # fmt: skip


def _lost(found: Diagnosis, say: Say) -> list[str]:
    lines = [one for one in found.ledger.lines if one.lost and one.reason != "unexplained"]
    if not lines:
        return []
    by = {side: sum(one.lost for one in found.ledger.lines if one.side == side) for side in SIDES}
    unknown = by["none"]
    return [
        say(f"流失 {found.ledger.lost:,} 人：客服这边 {by['agent']:,} 人，店铺这边 {by['shop']:,} 人，买家自己 {by['buyer']:,} 人，原因不明 {unknown:,} 人。",
            f"{found.ledger.lost:,} lost: by the agent {by['agent']:,}, by the shop {by['shop']:,}, the buyer's own {by['buyer']:,}, unexplained {unknown:,}."),
    ]  # fmt: skip


def _weeks(found: Diagnosis, say: Say) -> Section:
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
        for before, after in zip(levels, levels[1:], strict=False)
    ]  # fmt: skip
    rows = [
        [Cell(one.week, one.week), Cell(f"{one.enquiries:,}", one.enquiries), Cell(f"{one.paid / one.enquiries:.1%}", one.paid / one.enquiries),
         Cell(f"{points(one.difference, say)}（{_between(one.difference.interval, say)}）" if say.lang != "en" else f"{points(one.difference, say)} ({_between(one.difference.interval, say)})", one.difference.value * 100),
         Cell(say("，", ", ").join(_said(one, say)), one.verdict, tone={"below": "bad", "above": "good"}.get(one.verdict, ""))]
        for one in weeks
    ]  # fmt: skip
    marks = [
        say(f"{one.name or '节假日'}：比平常 {points(one.effect, say)}（{_between(one.effect.interval, say)}）。", f"{one.name or 'Holidays'}: {points(one.effect, say)} beside plain days ({_between(one.effect.interval, say)}).")
        for one in found.drift.marks
    ]  # fmt: skip
    heads = [say("周", "week"), say("询单", "enquiries"), say("转化率", "conversion"), say("比应有的水平", "beside what was to be expected"), say("结论", "verdict")]
    return Section("weeks", say.words(TITLES["weeks"]), lead, heads, rows, [
        say(f"已经去掉商品、价位、星期、时段、忙闲、客服的不同。各周本来就比纯偶然多晃 {found.drift.dispersion:.1f} 倍，结论按这个算。",
            f"Products, prices, weekdays, hours, load and agents are taken out. Weeks differ {found.drift.dispersion:.1f} times as much as chance alone, which the verdicts allow for."), *marks,
    ])  # fmt: skip


def _said(one: Any, say: Say) -> list[str]:
    told = [say.words(VERDICTS[one.verdict] if one.verdict in ("inside", "too_few") else {"below": Words("偏低", "low"), "above": Words("偏高", "high")}[one.verdict])]
    return [*told, say.words(CHANGES[one.change])] if one.change else told


def _effects(found: Diagnosis, say: Say) -> Section:
    rows = [
        [
            Cell(f"{one.words.zh if say.lang != 'en' else one.words.en}", one.behaviour), Cell(f"{one.done:,}/{one.occasions:,}", one.done / one.occasions),
            Cell(say(f"{points(one.effect, say)}（{_between(one.effect.interval, say)}）", f"{points(one.effect, say)} ({_between(one.effect.interval, say)})"), one.effect.value * 100, tone=_side(one.effect)),
            Cell(f"{one.monthly.value:+.1f}", one.monthly.value), Cell(yuan(one.amount.value, say), round(one.amount.value / 100, 2)),
            Cell(say("只是同时出现，不能当原因：", "association: ") + say("；", "; ").join(say.words(WHY[name]) for name in one.why) if one.why else say("排除其他因素后", "other factors taken out"), "association" if one.why else ""),
        ]
        for one in found.effects
    ]  # fmt: skip
    lead = [] if rows else [say("还没有一种做法的做与没做都够多，说不准。", "No behaviour has enough occasions with and without it.")]
    heads = [say("做法", "behaviour"), say("做到/该做", "done/occasions"), say("转化差多少", "difference"), say("全做到，每月多成交", "orders a month if always done"), say("每月多少钱", "a month"), say("能不能当原因", "cause or not")]
    return Section("effects", say.words(TITLES["effects"]), lead, heads, rows)


def text(found: Diagnosis, lang: str) -> str:
    """纯文本 headline and every section's sentences."""
    told = [*headline(found, lang)]
    for one in sections(found, lang):
        if one.lead:
            told += ["", one.title, *(f"  {line}" for line in one.lead)]
    return "\n".join(told) + "\n"


def write(found: Diagnosis, path: Path, lang: str) -> None:
    """写工作簿 a sheet for each section, numbers as numbers, with its sentences on a last sheet."""
    import xlsxwriter

    say = Say(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head, quoted = (book.add_format(one) for one in ({"bold": True}, {"quote_prefix": True}))
        every = sections(found, lang)
        for section in every:
            sheet = book.add_worksheet(section.title[:31])
            for at, name in enumerate(section.heads):
                sheet.write_string(0, 2 * at, name, head)
                sheet.write_string(0, 2 * at + 1, say("数值", "number"), head)
            for line, row in enumerate(section.rows, 1):
                for at, cell in enumerate(row):
                    sheet.write_string(line, 2 * at, cell.shown, quoted)
                    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                        sheet.write_number(line, 2 * at + 1, cell.value)
            sheet.freeze_panes(1, 1)
        notes = book.add_worksheet(say("口径与明细", "How it is counted"))
        lines = [*headline(found, lang), *(f"{one.title}：{told}" for one in every for told in (*one.lead, *one.notes))]
        for line, sentence in enumerate(lines):
            notes.write_string(line, 0, sentence, quoted)


def page(found: Diagnosis, lang: str) -> str:
    """一页网页 the diagnosis as one page that needs no network."""
    from jinpai.render.topics import drawn

    say = Say(lang)
    return drawn("diagnosis.html", lang, title=say("转化诊断", "Diagnosis"), shop=found.shop, headline=headline(found, lang), sections=sections(found, lang), say=say,
        period=f"{format_day(found.first or 0)} – {format_day(found.last or 0)}")  # fmt: skip
