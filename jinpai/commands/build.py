"""重算 `jinpai build`: the facts from the raw rows and the settings."""

from __future__ import annotations

from jinpai.commands import options
from jinpai.commands.output import say
from jinpai.commands.progress import Progress
from jinpai.errors import Words


def build(workspace: options.Workspace, lang: options.Lang = None) -> None:
    """按现在的设置重新计算（改过设置后用）。 || Compute the facts again, for example after changing settings."""
    from jinpai import flow
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    with Progress(spoken) as progress:
        flow.build(Workspace.open(workspace), progress=progress)
    say(Words("算好了。", "Built."), spoken)
