"""密钥 `jinpai keys`: where a workspace's key lies, whether it was copied; copy it out, put a copy back."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import say
from jinpai.errors import JinpaiError, Words, WrongUse

if TYPE_CHECKING:
    from jinpai.workspace import Workspace


class Action(StrEnum):
    """做什么 what to do with the key."""

    show = "show"
    export = "export"
    take = "import"


def keys(
    workspace: options.Workspace,
    action: Annotated[
        Action,
        typer.Argument(metavar="show|export|import", help="看一看、抄一份、放回去 || look, copy it out, put a copy back"),
    ] = Action.show,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="export 抄到哪里，import 从哪里放回 || where export writes and import reads"),
    ] = None,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """密钥在哪里、抄过没有；export 抄一份，import 放回去。 || Where the key lies and whether it was copied; export copies it, import puts it back."""
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    if action is Action.show:
        for words in _shown(opened, workspace):
            say(words, spoken)
    elif file is None:
        raise WrongUse(f"请写上文件：jinpai keys {action} 文件 --workspace {workspace}", f"Name the file: jinpai keys {action} FILE --workspace {workspace}")  # fmt: skip
    elif action is Action.export:
        _export(opened, file, spoken)
    else:
        _take(opened, file, workspace, spoken)


def _shown(opened: Workspace, named: Path) -> list[Words]:
    from jinpai.workspace.keys import copies, fingerprint
    from jinpai.workspace.secret import read_key

    key = read_key(opened.id)
    told = [
        Words(f"密钥文件：{opened.key_file}", f"Key file: {opened.key_file}"),
        Words(f"指纹：{fingerprint(key)}", f"Fingerprint: {fingerprint(key)}"),
    ]
    made = copies(opened)
    if not made:
        return [*told, Words(
            f"还没有抄过。密钥丢了，导入的原始记录就再也读不出来；请抄到 U 盘等别处：jinpai keys export 文件 --workspace {named}",
            f"Never copied. Without the key the imported raw rows can never be read again; copy it elsewhere, to a stick for instance: jinpai keys export FILE --workspace {named}",
        )]  # fmt: skip
    last = made[-1]
    day = time.strftime("%Y-%m-%d", time.localtime(last.at / 1000))
    is_there = Path(last.to).exists()
    return [*told, Words(
        f"抄过 {len(made)} 份，最近一份 {day} 抄到 {last.to}" + ("。" if is_there else "（现在看不到它，请确认还在）。"),
        f"Copied {len(made)} times, last on {day} to {last.to}" + ("." if is_there else " (not to be seen now; make sure that it is still there)."),
    )]  # fmt: skip


def _export(opened: Workspace, file: Path, lang: str) -> None:
    from jinpai.workspace.keys import export_key

    made = export_key(opened, file)
    say(Words(f"密钥已抄到 {made}。请和工作区、备份分开放；有它和工作区就能读原始记录。",
              f"The key was copied to {made}. Keep it apart from the workspace and its backups: with both, the raw rows can be read."), lang)  # fmt: skip


def _take(opened: Workspace, file: Path, named: Path, lang: str) -> None:
    from jinpai.workspace.keys import import_key

    if not file.is_file():
        raise JinpaiError(f"没有文件 {file}，请检查路径。", f"There is no file {file}; check the path.")
    if import_key(opened, file):
        say(Words(f"密钥已放回 {opened.key_file}。接着：jinpai build --workspace {named}",
                  f"The key is back at {opened.key_file}. Next: jinpai build --workspace {named}"), lang)  # fmt: skip
    else:
        say(Words("密钥本来就在，没有变化。", "The key is there already; nothing changed."), lang)
