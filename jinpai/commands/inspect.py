"""质检 `jinpai inspect`: what was found in the chats, by agent and criterion, or in one conversation."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from jinpai.commands import options
from jinpai.commands.listing import shown
from jinpai.commands.options import Format
from jinpai.commands.output import hand_over, is_unicode, say, told, write
from jinpai.commands.progress import Progress
from jinpai.commands.report import form
from jinpai.errors import Words, WrongUse


def inspect(
    workspace: options.Workspace,
    shop: options.Shop = None,
    start: options.Start = None,
    end: options.End = None,
    agent: Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="只看这位客服 || of this agent")] = None,
    conversation: Annotated[
        int | None, typer.Option("--conversation", metavar="KEY", help="看一段会话的原文和依据 || one conversation")
    ] = None,
    on: Annotated[bool, typer.Option("--on", help="打开这家店的质检 || turn inspection on for this shop")] = False,
    format: options.Form = None,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """聊天质检：每段会话哪里做到、哪里没做到、依据哪句话。 || Inspection: what each chat did and did not, with quotes."""
    spoken = options.language(lang)
    chosen = form(format, output)
    if chosen is Format.html or (conversation is not None and chosen in (Format.csv, Format.xlsx)):
        raise WrongUse(
            f"这里没有 {chosen} 格式，请用 table 或 json，汇总还可以用 csv、xlsx。",
            f"There is no {chosen} here; use table or json, or for the summary csv or xlsx.",
        )
    from jinpai import inspection
    from jinpai.render import inspection as rendering
    from jinpai.render import json
    from jinpai.workspace import Workspace

    opened = Workspace.open(workspace)
    if on:
        inspection.turn_on(opened, shop)
    with Progress(spoken) as progress:
        if conversation is not None:
            found = inspection.conversation(opened, conversation, shop, progress=progress)
        else:
            found = inspection.inspect(opened, shop, start=start, end=end, agent=agent, progress=progress)
    if chosen is Format.json:
        hand_over(output, json.text(found, ascii_only=output is None and not is_unicode(sys.stdout)), spoken)
    elif conversation is not None:
        hand_over(output, "\n".join(rendering.transcript(found, spoken)) + "\n", spoken)
    elif chosen is Format.xlsx:
        assert output is not None, "form() has asked for a file"
        write(output, lambda part: rendering.write(found, part, spoken))
        told(output, spoken)
    elif chosen is Format.csv:
        from jinpai.render.csv import BOM

        text = rendering.csv(found, spoken)
        hand_over(output, BOM + text if output else text, spoken)
    else:
        _screen(found, spoken)


def _screen(found: dict[str, Any], lang: str) -> None:
    """The summary on the screen: agents, criteria, and the conversations to look at first."""
    from jinpai.render.inspection import COLUMNS, STANDING, rows

    meta = found["meta"]
    say(
        Words(
            f"{meta['scorecard']}，满分 {meta['full_mark']}，版本 {meta['version']}；提醒和停用的检查项不计分。",
            f"{meta['scorecard']}, full mark {meta['full_mark']}, version {meta['version']}; hints and suspended criteria do not count.",
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
    told = ("agent", "criterion", "title", "standing", "failed", "applicable", "rate")
    lines = [
        row | {"agent": row["agent"] or unknown, "standing": STANDING[row["standing"]].to(lang),
               "rate": None if row["rate"] is None else f"{row['rate']:.1%}"}
        for row in rows(found, lang)
    ]  # fmt: skip
    shown(
        {name: COLUMNS[name] for name in told},
        lines,
        lang,
        right=("failed", "applicable", "rate"),
        whole=("criterion",),
    )
    if found["lowest"]:
        say(
            Words(
                "得分最低的会话（看原文：--conversation 编号）：",
                "Lowest conversations (--conversation KEY shows one):",
            ),
            lang,
        )
        names = {
            "conversation": Words("会话", "conversation"),
            "agent": COLUMNS["agent"],
            "day": Words("日期", "day"),
            "score": Words("得分", "score"),
        }
        shown(names, found["lowest"], lang, right=("score",), whole=("conversation",))
