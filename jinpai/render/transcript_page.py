"""会话网页 transcript page: one conversation as a self-contained page: the talk with its evidence marked, the score beside it.

Opens offline, without scripts or requests; what a person clicks on in the score is lit up in the talk by the style alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinpai.criteria.definition import GROUPS
from jinpai.errors import Words
from jinpai.render import evidence
from jinpai.render.evidence import clock, lasted
from jinpai.render.story import Say
from jinpai.render.transcript import response, words

TEMPLATES = Path(__file__).parent / "templates"
Told = Mapping[str, Any]
SILENCE_MS = 5 * 60_000
SHOWN_MS, SLOW_MS = 10_000, 60_000
"""A silence from five minutes on is told between the lines, a wait from ten seconds on; from a minute on it is slow."""
WORST = ("bad", "wait", "part", "cue", "good", "off")
"""Where several pieces of evidence overlap, the first of these gives the colour."""
EVENTS = {
    "assigned": Words("分配给", "assigned to"), "transferred": Words("转接", "transferred"), "accepted": Words("接入", "accepted"),
    "handed_to_human": Words("转人工", "handed to a person"), "closed": Words("会话结束", "closed"), "reopened": Words("会话重新打开", "reopened"),
}  # fmt: skip


def page(told: Told, lang: str = "zh") -> str:
    """会话网页 the page of what `jinpai.transcript.conversation` tells."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    say = Say(lang)
    house = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "transcript.css"))
    findings = told["findings"]
    return house.get_template("transcript.html").render(
        say=say, lang=lang, style=style + _lights(findings), meta=told["meta"], about=evidence.heading(told["meta"], say),
        agents="、".join(one["agent"] or say("未知客服", "unknown agent") for one in told["scores"]),
        score=score(told, say), groups=list(groups(findings, say)), talk=list(talk(told, say)),
        mood=told["mood"] and {"at": told["mood"]["seq"], "words": evidence.mood(told["mood"], say)},
        lost=_named(findings, ("bad", "part"), say), hints=_named(findings, ("wait",), say),
    )  # fmt: skip


def _lights(findings: Sequence[Told]) -> str:
    """The style that lights up a finding's words and its line in the score when either is clicked."""
    names = sorted({one["criterion"] for one in findings if re.fullmatch(r"[A-I]\d+", one["criterion"])})
    return "".join(
        f"body:has(#e-{name}:target,#c-{name}:target) .k-{name}{{outline:2px solid var(--accent);outline-offset:1px}}"
        f"body:has(#e-{name}:target,#c-{name}:target) .msg.c-{name}{{box-shadow:0 0 0 2px var(--ink-3)}}"
        f"body:has(#e-{name}:target,#c-{name}:target) .crit.c-{name}{{background:var(--line-2);outline:0}}"
        for name in names
    )


def _named(findings: Sequence[Told], kinds: Sequence[str], say: Say) -> list[tuple[str, str, str]]:
    return [
        (one["criterion"], evidence.kind(one), evidence.title(one, say))
        for one in findings
        if evidence.kind(one) in kinds
    ]


def score(told: Told, say: Say) -> dict[str, Any]:
    """得分 of the conversation and of its agents, by which scorecard."""
    whole, meta = told["score"], told["meta"]
    is_known = whole is not None and whole["score"] is not None
    agents = [
        (one["agent"] or say("未知客服", "unknown agent"), "—" if one["score"] is None else f"{one['score']:g}")
        for one in told["scores"]
    ]
    return {
        "value": f"{whole['score']:g}" if is_known else "—", "full": meta["full_mark"], "known": is_known,
        "passed": bool(is_known and whole["passed"]), "agents": agents if len(agents) > 1 else [],
        "counted": whole["findings"] if whole else 0,
        "card": "" if not meta["version"] else say(
            f"{meta['scorecard_zh']} · 版本 {meta['version'][:8]} · 合格线 {meta['pass_mark']}",
            f"{meta['scorecard']} · version {meta['version'][:8]} · pass mark {meta['pass_mark']}"),
    }  # fmt: skip


def groups(findings: Sequence[Told], say: Say) -> Iterator[dict[str, Any]]:
    """分组 the findings by group, with the points that the group got of its weight."""
    for letter, name in GROUPS.items():
        mine = [one for one in findings if one["group"] == letter]
        if not mine:
            continue
        counted = [one for one in mine if one["counts"]]
        weight, got = sum(one["weight"] for one in counted), sum(one["weight"] * one["result"] for one in counted)
        yield {
            "letter": letter, "name": say.words(name), "share": got / weight / 10 if weight else None,
            "points": f"{got / 1000:.4g} / {weight}" if weight else "", "items": [_item(one, say) for one in mine],
        }  # fmt: skip


def _item(found: Told, say: Say) -> dict[str, Any]:
    kind = evidence.kind(found)
    off = say("暂停计分", "suspended") if found["standing"] == "suspended" else say("不计分", "not counted")
    tag = {"wait": say("待确认", "to confirm"), "off": off}.get(kind, evidence.worth(found))
    is_lost = found["result"] < 1000
    return {
        "name": found["criterion"], "seq": found["seq"], "title": evidence.title(found, say), "kind": kind, "tag": tag, "agent": found["agent"],
        "parts": evidence.around(found), "plain": evidence.waited(found, say), "basis": evidence.basis(found, say),
        "at": clock(found["sent_at"]) if found["sent_at"] and not found["waited"] else "",
        "against": say(found["against"]["zh"], found["against"]["en"]) if found["against"] else "",
        "reason": evidence.reason(found, say) if is_lost else "", "critical": found["critical"],
    }  # fmt: skip


def talk(
    told: Told, say: Say, shown_ms: int = SHOWN_MS, slow_ms: int = SLOW_MS, first: str = ""
) -> Iterator[dict[str, Any]]:
    """对话 the lines of the talk, and between them the day, silences, waits and events of the platform.

    Waits from `shown_ms` on are told, those over `slow_ms` are slow; `first` says what the first response is of.
    """
    answers = {one["answered_seq"]: one for one in told["rounds"] if one["answered_seq"] is not None}
    waiting = sorted([*told["events"]], key=lambda one: one["seq"])
    before: Told | None = None
    for line in told["lines"]:
        while waiting and waiting[0]["seq"] < line["seq"]:
            yield _event(waiting.pop(0), say)
        mine = [one for one in told["findings"] if one["seq"] == line["seq"]]
        is_late = any(one["waited"] and evidence.kind(one) == "bad" for one in mine)
        yield from _day(before, line)
        answer = answers.get(line["seq"])
        if answer and answer["ms"] is not None and (answer["shop_first"] or answer["ms"] >= shown_ms):
            is_slow = is_late or (answer["ms"] > slow_ms and not answer["off_hours"])
            text = response(answer, say) + (first if answer["shop_first"] else "")
            yield {"is_line": False, "kind": "slow" if is_slow else "", "text": text}
        elif before is not None:
            yield from _quiet(before, line, say)
        yield _message(line, mine, told["meta"], say)
        before = line
    for one in waiting:
        yield _event(one, say)
    if any(one["answered_seq"] is None for one in told["rounds"]):
        yield {"is_line": False, "kind": "slow", "text": say("最后这句没有人回复", "nobody answered this")}


def _event(event: Told, say: Say) -> dict[str, Any]:
    name = EVENTS.get(event["event"], Words(event["event"], event["event"])).to(say.lang)
    whom = " → ".join(one for one in (event["agent"], event["to_agent"]) if one)
    return {"is_line": False, "kind": "", "text": f"{clock(event['sent_at'])} {name} {whom}".strip()}


def _day(before: Told | None, line: Told) -> Iterator[dict[str, Any]]:
    day = line["sent_at"][:10]
    if before is None or before["sent_at"][:10] != day:
        yield {"is_line": False, "kind": "day", "text": day}


def _quiet(before: Told, line: Told, say: Say) -> Iterator[dict[str, Any]]:
    quiet = int((_moment(line) - _moment(before)).total_seconds() * 1000)
    if quiet >= SILENCE_MS:
        text = say(f"{lasted(quiet, say)}没人说话", f"silence of {lasted(quiet, say)}")
        yield {"is_line": False, "kind": "", "text": text}


def _moment(line: Told) -> datetime:
    return datetime.fromisoformat(line["sent_at"])


def _message(line: Told, findings: Sequence[Told], meta: Told, say: Say) -> dict[str, Any]:
    is_buyer = line["sender"] == "buyer"
    role = say.words(evidence.SENDERS[line["sender"]]) if line["sender"] in ("auto", "assist", "note") else ""
    who = meta["buyer"] if is_buyer else " ".join(one for one in (line["agent"], role) if one)
    spoken = [one for one in findings if one["begins"] is not None]
    shown = words(line, say)
    text = shown if shown == line["text"] else ""
    pieces = evidence.segments(text, [(one["begins"], one["ends"]) for one in spoken])
    return {
        "is_line": True, "seq": line["seq"], "side": {"buyer": "", "agent": "a", "assist": "a"}.get(line["sender"], "auto"),
        "who": who, "at": clock(line["sent_at"]), "anchors": [one["criterion"] for one in findings],
        "pieces": [_piece(text, [spoken[at] for at in covering], is_buyer=is_buyer) for text, covering in pieces],
        "instead": "" if text else shown,
        "chips": [(one["criterion"], evidence.kind(one), evidence.title(one, say)) for one in findings],
    }  # fmt: skip


def _piece(text: str, covering: Sequence[Told], *, is_buyer: bool) -> dict[str, Any]:
    """A piece of a text with the colour of what it is evidence of; the buyer's words are only an occasion."""
    kinds = ["cue" if is_buyer else evidence.kind(one) for one in covering]
    return {
        "text": text, "kind": min(kinds, key=WORST.index) if kinds else "", "several": len(kinds) > 1,
        "names": [one["criterion"] for one in covering],
    }  # fmt: skip
