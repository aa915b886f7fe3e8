"""格子 diagnosis_cells: how the figures of the diagnosis are written for shop people: points, yuan, and about where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinpai.errors import Words
from jinpai.render.story import Say

if TYPE_CHECKING:
    from jinpai.diagnosis.outcome import Estimate

VERDICTS = {
    "below": Words("低于全队", "below the team"), "above": Words("高于全队", "above the team"),
    "inside": Words("没有超出偶然的差别", "no difference beyond chance"), "too_few": Words("询单太少，还看不出", "too few to tell"),
}  # fmt: skip
CHANGES = {
    "down": Words("比上周低", "lower than the week before"),
    "up": Words("比上周高", "higher than the week before"),
}
WHY = {
    "overlap": Words("几乎都做或都不做，没得比", "hardly anybody differs in it"), "balance": Words("做和没做的单子不一样", "the enquiries differ"),
    "prompted": Words("可能是买家引出来的", "the buyer may have called it forth"),
}  # fmt: skip
TITLES = {
    "actions": Words("先做这三件", "What to do first"), "factors": Words("五个因素", "The five factors"), "agents": Words("公平对比", "Fair comparison"),
    "gaps": Words("差在哪儿", "Of what the gap is made"), "weeks": Words("走势", "Weeks"), "ledger": Words("流失账本", "Ledger of lost orders"),
    "concessions": Words("让利账本", "Ledger of concessions"), "effects": Words("做法的作用", "What behaviours bring"),
}  # fmt: skip
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


def section_of(told: Mapping[str, Any]) -> Section:
    """一节 out of the plain form in which it was kept."""
    rows = [[Cell(cell["shown"], cell["value"], None, cell["tone"]) for cell in row] for row in told["rows"]]
    return Section(told["name"], told["title"], told["lead"], told["heads"], rows, told["notes"])


def yuan(fen: float, say: Say) -> str:
    """几元 whole yuan, 万 from ten thousand on in Chinese."""
    whole = round(fen / 100)
    if say.lang != "en" and abs(whole) >= _TEN_THOUSAND:
        return f"{whole / _TEN_THOUSAND:.1f} 万元"
    return say(f"{whole:,} 元", f"¥{whole:,}")


def money(one: Estimate | None, say: Say, per: float = 1.0) -> Cell:
    """几元上下 an amount with about where it lies; what may be nothing is said to be so."""
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


def between(ends: Iterable[float], say: Say) -> str:
    """大致范围 where a difference lies, in points."""
    low, high = ends
    return say(f"大致 {low * 100:+.1f} 到 {high * 100:+.1f}", f"about {low * 100:+.1f} to {high * 100:+.1f}")


def tone(one: Estimate) -> str:
    """好坏 of a difference that goes beyond chance."""
    low, high = one.interval
    return "bad" if high < 0 else "good" if low > 0 else ""
