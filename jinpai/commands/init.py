"""建工作区 `jinpai init`: a new workspace, or another shop in one that exists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import say
from jinpai.errors import Words

DEFAULT_ZONE = "Asia/Shanghai"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="工作区放在哪个文件夹 || the folder of the workspace")],
    shop: Annotated[
        str | None, typer.Option("--shop", metavar="KEY", help="店铺代号，默认 main || the shop's key, by default main")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--time-zone",
            metavar="ZONE",
            help="店铺时区，默认 Asia/Shanghai || the shop's time zone, by default Asia/Shanghai",
        ),
    ] = None,
    lang: options.Lang = None,
) -> None:
    """新建工作区；已有的工作区则添加一家店。 || Make a workspace; in one that exists, add a shop."""
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    key = shop or "main"
    if Workspace.exists(folder):
        Workspace.open(folder).add_shop(key, zone)
        say(Words(f"已添加店铺 {key}：{folder}", f"Added shop {key}: {folder}"), spoken)
    else:
        Workspace.create(folder, shop=key, zone=zone or DEFAULT_ZONE)
        say(Words(f"工作区建好了：{folder}（店铺 {key}）", f"Workspace ready: {folder} (shop {key})"), spoken)
    settings = folder / "config" / key
    say(Words(f"店铺设置在 {settings}，都有说明。下一步：jinpai import 文件… --workspace {folder}",
              f"Settings, with comments, are in {settings}. Next: jinpai import FILE… --workspace {folder}"), spoken)  # fmt: skip
