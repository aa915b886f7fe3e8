"""转化诊断 `jinpai diagnose`: why conversion is low, whose it is, how many yuan, and what to do first."""

from __future__ import annotations

import sys

from jinpai.commands import options
from jinpai.commands.output import hand_over, is_unicode, say, told, write
from jinpai.commands.progress import Progress
from jinpai.commands.report import form
from jinpai.errors import Words, WrongUse


def diagnose(
    workspace: options.Workspace,
    shop: options.Shop = None,
    start: options.Start = None,
    end: options.End = None,
    window: options.Window = None,
    format: options.Form = None,
    output: options.Output = None,
    lang: options.Lang = None,
) -> None:
    """转化诊断：为什么转化低，差在谁、差多少钱、先做哪几件。 || Diagnosis: why conversion is low, whose, how many yuan, what first."""
    spoken = options.language(lang)
    chosen = form(format, output)
    from jinpai.diagnosis import diagnosing
    from jinpai.render import diagnosis as rendering
    from jinpai.workspace import Workspace

    if chosen is options.Format.csv:
        raise WrongUse(
            "诊断有好几张表，写不成一个 CSV。请用 --output 诊断.xlsx、诊断.html 或 --format json。",
            "The diagnosis is several tables and no single CSV: use --output diagnosis.xlsx, diagnosis.html or --format json.",
        )
    opened = Workspace.open(workspace)
    with Progress(spoken) as progress:
        found = diagnosing.diagnose(opened, shop, start=start, end=end, window=window, progress=progress)
    if chosen is options.Format.json:
        from jinpai.render import json

        hand_over(
            output, json.text(diagnosing.plain(found), ascii_only=output is None and not is_unicode(sys.stdout)), spoken
        )
    elif chosen is options.Format.xlsx:
        assert output is not None, "form() has asked for a file"
        write(
            output,
            lambda part: rendering.write(
                rendering.sections(found, spoken), rendering.headline(found, spoken), part, spoken
            ),
        )
        told(output, spoken)
    elif chosen is options.Format.html:
        hand_over(output, rendering.page(found, spoken), spoken)
    else:
        hand_over(output, rendering.text(found, spoken), spoken)
        if output is None:
            say(Words("全部的表：加 --output 诊断.html 或 诊断.xlsx。", "All tables: --output diagnosis.html or diagnosis.xlsx."), spoken, error=True)  # fmt: skip
