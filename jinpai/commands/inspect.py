"""质检 `jinpai inspect`: what was found in the chats, by agent and criterion, or in one conversation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.listing import shown
from jinpai.commands.options import Format
from jinpai.commands.output import hand_over, hand_over_as, is_unicode, say
from jinpai.commands.progress import Progress
from jinpai.commands.report import form
from jinpai.errors import Words, WrongUse

if TYPE_CHECKING:
    from jinpai.workspace import Workspace


_POINTED = {
    "short": Words("编号", "number"), "agent": Words("客服", "agent"), "day": Words("日期", "day"),
}  # fmt: skip
"""A conversation to look at, by a number that is short enough to type."""


def inspect(
    workspace: options.Workspace,
    shop: options.Shop = None,
    start: options.Start = None,
    end: options.End = None,
    agent: Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="只看这位客服 || of this agent")] = None,
    conversation: options.Conversation = None,
    on: Annotated[bool, typer.Option("--on", help="打开这家店的质检 || turn inspection on for this shop")] = False,
    format: options.Form = None,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """聊天质检：每段会话哪里做到、哪里没做到、依据哪句话。 || Inspection: what each chat did and did not, with quotes."""
    spoken = options.language(lang)
    chosen = form(format, output)
    if chosen in ((Format.html,) if conversation is None else (Format.csv, Format.xlsx)):
        raise WrongUse(
            f"这里没有 {chosen} 格式：汇总用 table、json、csv、xlsx，一段会话用 table、json、html。",
            f"There is no {chosen} here: the summary is table, json, csv or xlsx, a conversation table, json or html.",
        )
    from jinpai import inspection
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    if on:
        inspection.turn_on(opened, shop)
    if conversation is not None:
        _conversation(opened, conversation, shop, (start, end), chosen, output, spoken)
        return
    with Progress(spoken) as progress:
        found = inspection.inspect(opened, shop, start=start, end=end, agent=agent, progress=progress)
    _summary(found, chosen, output, spoken)


def _conversation(
    workspace: Workspace, name: str, shop: str | None, days: tuple[str | None, str | None], chosen: Format,
    output: Path | None, lang: str,
) -> None:  # fmt: skip
    """One conversation as text, JSON or a page."""
    from jinpai import transcript
    from jinpai.render import json
    from jinpai.render import transcript as rendering

    with Progress(lang) as progress:
        told = transcript.conversation(workspace, name, shop, start=days[0], end=days[1], progress=progress)
    if chosen is Format.html:
        from jinpai.render.transcript_page import page

        hand_over(output, page(told, lang), lang)
    elif chosen is Format.json:
        hand_over(output, json.text(told, ascii_only=output is None and not is_unicode(sys.stdout)), lang)
    else:
        hand_over(output, "\n".join(rendering.transcript(told, lang)) + "\n", lang)


def _summary(found: dict[str, Any], chosen: Format, output: Path | None, lang: str) -> None:
    """The summary as asked for."""
    from jinpai.render import inspection as rendering

    if not hand_over_as(chosen, output, found, rendering, lang):
        _screen(found, lang)


def _screen(found: dict[str, Any], lang: str) -> None:
    """The summary on the screen: agents, criteria, and the conversations to look at first."""
    from jinpai.render.inspection import COLUMNS, STANDING

    meta = found["meta"]
    for card in meta["scorecards"]:
        say(_card(card), lang)
    if found["whole"] and found["whole"]["score"] is not None:
        one = found["whole"]
        say(
            Words(
                f"全店 {one['conversations']:,} 段会话，平均 {one['score']:g} 分（满分 {meta['full_mark']}），{one['passed']:,} 段合格。",
                f"{one['conversations']:,} conversations, mean {one['score']:g} of {meta['full_mark']}, {one['passed']:,} passed.",
            ),
            lang,
        )
    unknown = Words("未知", "unknown").to(lang)
    agents = [one | {"agent": one["agent"] or unknown} for one in found["agents"]]
    shown(
        {name: COLUMNS[name] for name in ("agent", "conversations", "score")},
        agents,
        lang,
        right=("conversations", "score"),
    )
    names = ("criterion", "title", "standing", "failed", "applicable", "rate")
    lines = [
        row | {"standing": STANDING[row["standing"]].to(lang), "title": Words(row["title"], row["title_en"]).to(lang),
               "rate": None if row["rate"] is None else f"{row['rate']:.1%}"}
        for row in found["criteria"]
    ]  # fmt: skip
    shown(
        {name: COLUMNS[name] for name in names},
        lines,
        lang,
        right=("failed", "applicable", "rate"),
        whole=("criterion",),
    )
    if meta["agent"] is None and len(agents) > 1:
        say(
            Words(
                "一位客服的：--agent 名字；每位客服每项：--output 质检.xlsx。",
                "One agent: --agent NAME; every agent and criterion: --output inspection.xlsx.",
            ),
            lang,
        )
    _to_look_at(found, lang)


def _to_look_at(found: dict[str, Any], lang: str) -> None:
    """The conversations with the lowest scores and the most discontented buyers."""
    if found["lowest"]:
        say(Words("得分最低的会话（看原文：--conversation 编号，存成网页再加 --output 会话.html）：",
                  "Lowest conversations (--conversation NUMBER shows one, with --output FILE.html as a page):"), lang)  # fmt: skip
        shown(_POINTED | {"score": Words("得分", "score")}, found["lowest"], lang, right=("score",), whole=("short",))
    if found["upset"]:
        say(Words("买家最不满的会话（情绪分越高越不满，不进客服得分）：",
                  "Most discontented buyers (points of mood, which enter no agent's score):"), lang)  # fmt: skip
        headings = _POINTED | {"points": Words("情绪分", "mood"), "words": Words("原话", "words")}
        shown(headings, found["upset"], lang, right=("points",), whole=("short",))


def _card(card: dict[str, Any]) -> Words:
    """One scorecard that made the scores; hints and suspended criteria never count."""
    since = Words(
        f"，{card['valid_from']} 起" if card["valid_from"] else "",
        f", from {card['valid_from']}" if card["valid_from"] else "",
    )
    return Words(
        f"{card['zh']}：满分 {card['full_mark']}，合格线 {card['pass_mark']}，版本 {card['version'][:8]}{since.zh}，{card['conversations']:,} 段会话；提醒和暂停计分的质检项不计分。",
        f"{card['scorecard']}: full mark {card['full_mark']}, pass {card['pass_mark']}, version {card['version'][:8]}{since.en}, "
        f"{card['conversations']:,} conversations; hints and suspended criteria do not count.",
    )
