"""会话原文 transcript: a conversation on the screen: its lines, what was found under each, and the steps of its score."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinpai.render.evidence import KINDS, SENDERS, clock, heading, lasted, mood, quoted, reason, title, verdict, worth
from jinpai.render.story import Say

Told = Mapping[str, Any]
_PICTURE = re.compile(r"\s*<img\s[^<>]*>\s*")
"""A picture as Qianniu's exports write it: <img class="…" src="…">; nothing is fetched."""


def transcript(told: Told, lang: str) -> Iterator[str]:
    """会话原文 the lines of a conversation, under each what was found in it, then the score."""
    say = Say(lang)
    yield from _head(told, say)
    answers = {one["answered_seq"]: one for one in told["rounds"] if one["answered_seq"] is not None}
    for line in told["lines"]:
        answer = answers.get(line["seq"])
        if answer and answer["ms"] is not None:
            yield f"         ── {response(answer, say)}"
        who = SENDERS[line["sender"]].to(lang) if line["sender"] in SENDERS else line["sender"]
        name = f" {line['agent']}" if line["agent"] and line["sender"] != "buyer" else ""
        yield f"{clock(line['sent_at'])} {who}{name}：{words(line, say)}"
        for found in told["findings"]:
            if found["seq"] == line["seq"]:
                yield from _found(found, say)
    known = {line["seq"] for line in told["lines"]}
    for found in told["findings"]:
        if found["seq"] not in known:
            yield from _found(found, say)
    yield ""
    yield from _scores(told, say)


def steps(told: Told, lang: str) -> Iterator[str]:
    """得分怎么来的 each criterion's weight × result with its words and where they stand, then what did not count."""
    say = Say(lang)
    yield from _head(told, say)
    counted = [found for found in told["findings"] if found["counts"]]
    whole = told["score"]
    if whole and whole["thousandths"] is not None:
        got = sum(found["weight"] * found["result"] for found in counted)
        yield say(
            f"得分 = Σ(权重 × 结果) ÷ Σ(权重) × 满分 = {got / 1000:g} ÷ {whole['weight']} × {told['meta']['full_mark']} = {whole['score']:g}",
            f"score = Σ(weight × result) ÷ Σ(weight) × full mark = {got / 1000:g} ÷ {whole['weight']} × {told['meta']['full_mark']} = {whole['score']:g}",
        )
    for found in counted:
        got = f"{found['weight']} × {found['result'] / 10:g}% = {found['weight'] * found['result'] / 1000:g}"
        yield from _step(found, got, say)
    others = [found for found in told["findings"] if not found["counts"]]
    if others:
        yield ""
        yield say("不计分的：", "Not counted:")
    for found in others:
        yield from _step(found, verdict(found, say), say)
    yield ""
    yield from _scores(told, say)


def _step(found: Told, got: str, say: Say) -> Iterator[str]:
    agent = f" · {found['agent']}" if found["agent"] else ""
    yield f"  {found['criterion']} {title(found, say)}：{got}{agent}"
    place = say(f"{found['file']} 第 {found['row']} 行", f"{found['file']} row {found['row']}") if found["file"] else ""
    at = f"{clock(found['sent_at'])} " if found["sent_at"] and not found["waited"] else ""
    said = quoted(found, say)
    if said or place:
        yield f"      {at}{said}{'　' if said and place else ''}{place}"


def _head(told: Told, say: Say) -> Iterator[str]:
    meta, whole = told["meta"], told["score"]
    agents = "、".join(one["agent"] or say("未知客服", "unknown agent") for one in told["scores"])
    yield say(f"会话 {meta['short']} · {heading(meta, say)}", f"Conversation {meta['short']} · {heading(meta, say)}")
    yield f"{meta['buyer']} × {agents}" if agents else meta["buyer"]
    if whole and whole["score"] is not None:
        yield say(
            f"质检 {whole['score']:g} / {meta['full_mark']}（合格线 {meta['pass_mark']}）· {meta['scorecard_zh']}，版本 {meta['version'][:8]}",
            f"inspection {whole['score']:g} / {meta['full_mark']} (pass {meta['pass_mark']}) · {meta['scorecard']}, version {meta['version'][:8]}",
        )
    if told["mood"]:
        yield mood(told["mood"], say)
    yield ""


def _scores(told: Told, say: Say) -> Iterator[str]:
    meta = told["meta"]
    for one in told["scores"]:
        agent = one["agent"] or say("未知客服", "unknown agent")
        if one["score"] is None:
            yield say(f"{agent}：没有计分的质检项", f"{agent}: nothing that counts")
            continue
        yield say(
            f"{agent}：{one['score']:g} 分（满分 {meta['full_mark']}，{one['findings']} 项计分）",
            f"{agent}: {one['score']:g} of {meta['full_mark']} points ({one['findings']} criteria)",
        )


def _found(found: Told, say: Say) -> Iterator[str]:
    # a finding on a whole message stands under it: no need to quote it again
    points = worth(found) if found["counts"] else ""
    said = " ".join(part for part in (verdict(found, say), points, quoted(found, say)) if part)
    yield f"    {found['criterion']} {title(found, say)}：{said}"
    if found["against"]:
        yield f"        {say('对照', 'against')} {say(found['against']['zh'], found['against']['en'])}"
    if found["result"] < 1000:
        yield f"        {reason(found, say)}"


def response(answer: Told, say: Say) -> str:
    """响应 how long an answer took, on the clock that counts."""
    off = say("（非营业时间）", " (outside hours)") if answer["off_hours"] else ""
    took = lasted(answer["ms"], say)
    return (
        say(f"首次响应 {took}", f"first response {took}")
        if answer["shop_first"]
        else say(f"{took}后回复", f"after {took}")
    ) + off


def words(line: Told, say: Say) -> str:
    """说了什么 the text of a line, or what kind of message it was."""
    if _PICTURE.fullmatch(line["text"] or ""):
        return f"[{KINDS['image'].to(say.lang)}]"
    return line["text"] or (f"[{KINDS[line['kind']].to(say.lang)}]" if line["kind"] in KINDS else "")
