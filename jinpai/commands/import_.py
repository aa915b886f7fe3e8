"""导入 `jinpai import`: files into the workspace, then the facts are built anew from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jinpai import terms
from jinpai.commands import options
from jinpai.commands.output import say
from jinpai.commands.progress import Progress
from jinpai.errors import Words


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="要导入的文件 || the files to import")],
    workspace: options.Workspace,
    shop: options.Shop = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAME", help="文件格式，默认自动识别 || the files' format, by default found out"
        ),
    ] = None,
    lang: options.Lang = None,
) -> None:
    """导入聊天、订单等文件；全部成功或全部不动。 || Import chats, orders and other files: all of them or none."""
    from jinpai import flow
    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    with Progress(spoken) as progress:
        done = import_files(opened, files, shop=shop, format=source, progress=progress)
    for one in done:
        say(imported(one), spoken)
    failed = sum(one.problems for one in done)
    if failed:
        say(Words(f"有 {failed:,} 行没导进来，清单：jinpai problems --workspace {workspace}",
                  f"{failed:,} rows were not imported; the list: jinpai problems --workspace {workspace}"), spoken)  # fmt: skip
    before = flow.repeats(opened)
    with Progress(spoken) as progress:
        flow.build(opened, progress=progress)
    again = flow.repeats(opened) - before
    if again:
        say(
            Words(
                f"有 {again:,} 行和别的文件重复，只算一次。",
                f"{again:,} rows were in another file already and count once.",
            ),
            spoken,
        )


def imported(one: Any) -> Words:
    """导入一句 what became of one file: format, rows by table, problems, summary rows."""
    name = Path(str(one.file)).name
    if one.already:
        return Words(f"{name}：以前导入过，没有变化", f"{name}: imported before, nothing changed")
    zh, en = [], []
    for table, rows in one.rows.items():
        words = terms.TABLES.get(table, Words(table, table))
        zh.append(f"{words.zh} {rows:,} 行")
        en.append(f"{words.en} {rows:,}")
    for count, words in (
        (one.problems, Words("没导进来", "not imported")),
        (one.summary, Words("汇总行", "summary rows")),
    ):
        if count:
            zh.append(f"{words.zh} {count:,} 行")
            en.append(f"{words.en} {count:,}")
    return Words(
        f"{name}（{one.format}）：{'，'.join(zh) or '没有数据行'}",
        f"{name} ({one.format}): {', '.join(en) or 'no rows'}",
    )
