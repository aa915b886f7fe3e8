"""怎么算的 `jinpai explain`: the passport of one number."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from jinpai.commands import options
from jinpai.commands.options import TextFormat
from jinpai.commands.output import console, is_unicode
from jinpai.errors import WrongUse


def explain(
    metric: Annotated[
        str, typer.Argument(metavar="METRIC", help="指标名，如 conversion_next_day || the metric's name")
    ],
    workspace: options.Workspace,
    shop: options.Shop = None,
    agent: Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="只看这位客服 || of this agent")] = None,
    day: Annotated[str | None, typer.Option("--day", metavar="DAY", help="只看这一天 || of this day")] = None,
    start: options.Start = None,
    end: options.End = None,
    window: options.Window = None,
    rule: options.Rule = None,
    as_of: options.AsOf = None,
    enquiry_agents: options.Agents = None,
    conversation: options.Conversation = None,
    changes: options.Overrides = None,
    format: Annotated[TextFormat, typer.Option("--format", help="输出格式 || output format")] = TextFormat.table,
    lang: options.Lang = None,
) -> None:
    """一个数字怎么算的：规则、设置、排除、成熟度、背后的会话和订单。 || How a number came about: rule, settings, exclusions, the rows behind it."""
    spoken = options.language(lang)
    if conversation is not None:
        _score(workspace, metric, conversation, shop, (start or day, end or day), format, spoken)
        return
    from jinpai import explain as explaining
    from jinpai.render import json, passport
    from jinpai.workspace import Workspace

    found = explaining.explain(
        Workspace.open(workspace), metric, shop=shop, agent=agent, day=day, start=start, end=end, window=window,
        rule=rule, as_of=as_of, enquiry_agents=enquiry_agents, overrides=options.overrides(changes),
    )  # fmt: skip
    if format is TextFormat.json:
        sys.stdout.write(json.text(found, ascii_only=not is_unicode(sys.stdout)))
    else:
        passport.show(found, console(), spoken)


def _score(
    workspace: Path, metric: str, name: str, shop: str | None, days: tuple[str | None, str | None], format: TextFormat,
    lang: str,
) -> None:  # fmt: skip
    """How the score of one conversation came about."""
    from jinpai import transcript
    from jinpai.metrics import choose
    from jinpai.period import Window
    from jinpai.render import json
    from jinpai.render.transcript import steps
    from jinpai.workspace import Workspace

    [(chosen, _)] = choose([metric], Window.parse("next_day"))
    if chosen.family != "inspection":
        raise WrongUse(
            f"{metric} 不看单段会话。--conversation 用于质检指标，如 jinpai explain inspection_score。",
            f"{metric} is not about one conversation. --conversation goes with inspection metrics: jinpai explain inspection_score.",
        )
    told = transcript.conversation(Workspace.open(workspace), name, shop, start=days[0], end=days[1])
    if format is TextFormat.json:
        sys.stdout.write(json.text(told, ascii_only=not is_unicode(sys.stdout)))
    else:
        for line in steps(told, lang):
            console().print(line, highlight=False, markup=False, soft_wrap=True)
