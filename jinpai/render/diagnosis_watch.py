"""异常行为提醒 diagnosis_watch: what is watched, how usual it is, who stands out, what else explains it, and the conversations.

It blames nobody: a hit is a conversation to read before the person is asked. For the page of owners and supervisors alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from jinpai.diagnosis.gaming import FEWEST_HITS, FEWEST_OTHERS, PATTERNS
from jinpai.period import to_moment
from jinpai.render.story import Say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

State = Literal["out", "nobody", "few", "never", "unseen"]
STATES: tuple[State, ...] = ("out", "nobody", "few", "never", "unseen")
OWN = frozenset(one.name for one in PATTERNS if one.against == "own")
"""Patterns in which an agent is held against the own other talks."""
MEASURED = frozenset(one.name for one in PATTERNS if "{n}" in one.seen.zh)
"""Patterns of which each occasion has a figure."""


@dataclass(frozen=True, slots=True)
class Watched:
    """一种提醒 as a page shows it: what is watched, sentences, what else explains it, and rows of evidence.

    A row: conversation, seq, when, agent (empty where nobody stands out), what was seen (which differs where `is_measured`), the words.
    """

    name: str
    state: State
    title: str
    meaning: str
    told: list[str]
    harmless: str
    is_measured: bool
    evidence: list[tuple[int | None, int | None, str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Watch:
    """提醒页 what all patterns come to, each of them, what cannot be seen, and how it is worked out."""

    lead: list[str]
    patterns: list[Watched]
    not_seen: list[str]
    how: list[str]


def watched(found: Mapping[str, Any], zone: ZoneInfo, lang: str) -> Watch:
    """提醒页 of what was looked at, those patterns first in which somebody stands out."""
    say = Say(lang)
    shown = sorted((_pattern(one, zone, say) for one in found["patterns"]), key=lambda one: STATES.index(one.state))
    return Watch(_lead(shown, say), shown, [say.words(one) for one in found["not_seen"]], _how(say))


def _lead(shown: list[Watched], say: Say) -> list[str]:
    out = [one for one in shown if one.state == "out"]
    unseen = sum(one.state == "unseen" for one in shown)
    names = say("、", ", ").join(one.title for one in out)
    first = (
        say(f"看了 {len(shown) - unseen} 种情况，{len(out)} 种有人和同事不一样：{names}。", f"{len(shown) - unseen} patterns were looked at; in {len(out)} somebody differs: {names}.")
        if out
        else say(f"看了 {len(shown) - unseen} 种情况，没有人和同事明显不一样。", f"{len(shown) - unseen} patterns were looked at; nobody differs clearly.")
    )  # fmt: skip
    return [
        first,
        say("这只是提醒，不是结论，不扣分也不扣钱。先看聊天，再问本人。", "A reminder and no verdict: it takes neither points nor money. Read the talks, then ask."),
    ]  # fmt: skip


def _how(say: Say) -> list[str]:
    return [
        say("和同事比：照同事的比例，碰巧到这个程度的机会不到千分之一，才说不一样。同事之间本来差得就多的，要差得更多才说。",
            "Somebody stands out where chance alone, at the colleagues' share, would do so in fewer than one of a thousand; where colleagues differ much, only beyond that."),
        say(f"少于 {FEWEST_HITS} 次，或者拿来比的不到 {FEWEST_OTHERS} 个，都不说。", f"With fewer than {FEWEST_HITS} hits, or fewer than {FEWEST_OTHERS} to compare with, nothing is said."),
        say("有人不一样的，列他最近的 20 段；没有的，列全队最近的几段作例子，不写是谁。", "The latest 20 of whoever stands out; else a few of anybody's as examples, without a name."),
    ]  # fmt: skip


def _pattern(one: Mapping[str, Any], zone: ZoneInfo, say: Say) -> Watched:
    state = _state(one)
    return Watched(
        one["name"], state, say.words(one["words"]), say.words(one["meaning"]), _told(one, state, say), say.words(one["harmless"]), one["name"] in MEASURED,
        [_row(row, state, zone, say) for row in one["evidence"]] if state != "unseen" else [],
    )  # fmt: skip


def _state(one: Mapping[str, Any]) -> State:
    standing = [row["stands_out"] for row in one["agents"]]
    if not one["looked_at"]:
        return "unseen"
    if True in standing:
        return "out"
    if not one["team"]["hits"]:
        return "never"
    return "nobody" if False in standing else "few"


def _told(one: Mapping[str, Any], state: State, say: Say) -> list[str]:
    if state == "unseen":
        return [say(f"没看：{one['lacking'].zh}。", f"Not looked at. {one['lacking'].en}.")]
    team = one["team"]
    usual = say(
        f"全队：{one['occasions'].zh}共 {team['occasions']:,} 个，这样的 {team['hits']:,} 个（{_share(team)}），{team['agents']:,} 位客服里 {team['with_hits']:,} 位有过。",
        f"The team: {team['hits']:,} of {team['occasions']:,} ({_share(team)}), {one['occasions'].en}; {team['with_hits']:,} of {team['agents']:,} agents have some.",
    )  # fmt: skip
    if state == "out":
        return [*(_agent(row, one["name"] in OWN, say) for row in one["agents"] if row["stands_out"]), usual]
    return [usual]


def _agent(row: Mapping[str, Any], is_own: bool, say: Say) -> str:
    others = f"{row['others']:.1%}"
    beside = say(f"自己别的会话 {others}", f"{others} in the own other talks") if is_own else say(f"同事 {others}", f"colleagues {others}")  # fmt: skip
    return say(
        f"{row['agent']}：{row['occasions']:,} 个里有 {row['hits']:,} 个（{_share(row)}），{beside}。",
        f"{row['agent']}: {row['hits']:,} of {row['occasions']:,} ({_share(row)}), {beside}.",
    )


def _share(row: Mapping[str, Any]) -> str:
    return f"{row['share']:.1%}" if row["share"] is not None else "–"


def _row(
    row: Mapping[str, Any], state: State, zone: ZoneInfo, say: Say
) -> tuple[int | None, int | None, str, str, str, str]:
    at = to_moment(row["at"], zone).isoformat(sep=" ", timespec="minutes")[:16] if row["at"] is not None else ""
    agent = (row["agent"] or "") if state == "out" else ""
    return row["conversation_key"], row["seq"], at, agent, say.words(row["seen"]), row["text"]
