"""备份 `jinpai backup` and `jinpai restore`: a workspace into one zip file and back, without the key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import say
from jinpai.commands.progress import Progress
from jinpai.errors import JinpaiError, Words


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="备份写到哪个文件 || the file to write")],
    workspace: options.Workspace,
    lang: options.Lang = None,
) -> None:
    """备份设置、原始记录和账本（不含密钥；结果可以重算）。 || Back up settings, raw rows and the book: not the key, and not what can be computed again."""
    from jinpai.book.keeping import dump_file, write_copy
    from jinpai.workspace import Workspace
    from jinpai.workspace.backup import back_up
    from jinpai.workspace.keys import copies

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    try:
        write_copy(opened)
        with Progress(spoken) as progress:
            made = back_up(opened, file, progress)
    finally:
        dump_file(opened.root).unlink(missing_ok=True)
    size = f"{made.size / 1_000_000:,.1f} MB" if made.size >= 1_000_000 else f"{made.size / 1_000:,.0f} KB"
    say(Words(f"已备份到 {file}：{made.files:,} 个文件，{size}。", f"Backed up to {file}: {made.files:,} files, {size}."), spoken)  # fmt: skip
    if copies(opened):
        say(Words("密钥不在备份里；没有它，备份读不出来。请确认抄出的那份还在。",
                  "The key is not in it, and without it the backup cannot be read. Make sure that the copy of the key is still there."), spoken)  # fmt: skip
    else:
        say(Words(f"密钥不在备份里，也还没有抄过；没有它，备份读不出来。请另存到别处：jinpai keys export 文件 --workspace {workspace}",
                  f"The key is not in it and was never copied; without it the backup cannot be read. Keep a copy elsewhere: jinpai keys export FILE --workspace {workspace}"), spoken)  # fmt: skip


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="备份文件 || the backup")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="恢复到哪个新文件夹 || the new folder to restore into")],
    lang: options.Lang = None,
) -> None:
    """从备份恢复到一个新文件夹，再重算。 || Restore a backup into a new folder and compute everything anew."""
    from jinpai import flow
    from jinpai.book.keeping import take_back
    from jinpai.workspace.backup import restore as put_back

    spoken = options.language(lang)
    with Progress(spoken) as progress:
        opened = put_back(file, folder, progress)
    say(Words(f"已恢复到 {folder}。", f"Restored into {folder}."), spoken)
    records = take_back(opened)
    if records:
        say(Words(f"账本放回了 {records:,} 条记录。", f"{records:,} records are back in the book."), spoken)
    if not opened.key_file.exists():
        raise JinpaiError(
            f"这台电脑上没有这个工作区的密钥，还算不了。请放回密钥：jinpai keys import 密钥文件 --workspace {folder}，再运行 jinpai build --workspace {folder}。",
            f"This computer has not the workspace's key, so that nothing can be computed yet. Put it back: jinpai keys import FILE --workspace {folder}, then run jinpai build --workspace {folder}.",
        )
    with Progress(spoken) as progress:
        flow.build(opened, progress=progress)
    say(Words("已重新计算。备份之后删过的买家会跟着旧备份回来，请再删一次。",
              "Computed anew. Buyers erased after the backup are back with it; erase them again."), spoken)  # fmt: skip
