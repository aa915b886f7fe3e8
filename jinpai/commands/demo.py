"""演示 `jinpai demo`: an invented shop from its export files to the report, to see what the program does."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import console, say, write_text
from jinpai.commands.progress import Progress
from jinpai.errors import Words
from jinpai.render.importing import imported

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

EXPORTS = "平台导出"
"""The folder, inside the workspace, of the files a shop would have exported."""
OWNER = "demo"


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="放在哪个文件夹 || the folder to put it in")] = Path(
        "jinpai-demo"
    ),
    lang: options.Lang = None,
) -> None:
    """用一家虚构的店演示：生成数据、导入、出报表，在终端里还会打开工作台。 || Show it on an invented shop: data, import, report, and on a terminal the desk."""
    from jinpai import flow, simulate
    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    spoken, since = options.language(lang), time.monotonic()
    say(
        Words("① 生成一家虚构的店（三个月的聊天和订单）……", "1. Inventing a shop: three months of chats and orders …"),
        spoken,
    )
    data = simulate.demo(folder / EXPORTS)
    workspace = (
        Workspace.open(folder) if Workspace.exists(folder) else Workspace.create(folder, shop=simulate.hexiaoman().key)
    )
    workspace.write_settings(None, data.settings)
    say(Words(f"② 导入 {len(data.files)} 个文件……", f"2. Importing {len(data.files)} files …"), spoken)
    with Progress(spoken) as progress:
        for one in import_files(workspace, data.files, progress=progress):
            say(Words(*(f"   {words}" for words in imported(one))), spoken)
    say(Words("③ 计算……", "3. Computing …"), spoken)
    with Progress(spoken) as progress:
        flow.build(workspace, progress=progress)
    _show(workspace, folder, spoken)
    say(
        Words(
            f"用时 {time.monotonic() - since:.0f} 秒。接着可以试：", f"Took {time.monotonic() - since:.0f} s. Try next:"
        ),
        spoken,
    )
    for line in (
        "report --by agent,day",
        "report --window 7d --rule payment",
        "explain conversion_next_day",
        "inspect --on",
        "topics --output 关注点.html",
        "problems",
    ):
        verb, _, rest = line.partition(" ")
        print(f"   {program()} {verb} {rest}".rstrip() + f' --workspace "{folder}"')
    if sys.stdout.isatty():
        print()
        _open_desk(workspace, spoken)


def _open_desk(workspace: Workspace, lang: str) -> None:
    """The desk, with an owner whose password is another one each time."""
    import secrets
    import socket

    from jinpai.commands.serve import serve_on

    password = secrets.token_urlsafe(12)

    def welcome(lang: str) -> None:
        from jinpai.book.people import add, everybody, set_password

        known = {person.name: person for person in everybody()}.get(OWNER)
        if known is None:
            add(OWNER, workspace.shops(), "owner", "演示", password=password, lang=lang)
        else:
            set_password(known, password)
        say(Words(f"登录名 {OWNER}，密码 {password}", f"Name {OWNER}, password {password}"), lang)

    try:
        listening = socket.create_server(("127.0.0.1", 8000))
    except OSError:  # somebody else has it: any other will do
        listening = socket.create_server(("127.0.0.1", 0))
    serve_on(listening, workspace, lang, welcome)


def _show(workspace: Workspace, folder: Path, lang: str) -> None:
    """The report on screen, for the shop and for its agents, and as a page in the folder."""
    from jinpai.render import html, table
    from jinpai.report import report

    print()
    table.show(report(workspace), console(), lang)
    print()
    table.show(report(workspace, by=("agent",)), console(), lang, notes=False)
    print()
    page = folder / "report.html"
    write_text(page, html.page(workspace, lang=lang))
    say(
        Words(
            f"网页报告：{page.absolute()}（用浏览器打开，不用联网）",
            f"The report as a page: {page.absolute()} (opens in a browser, offline)",
        ),
        lang,
    )


def program() -> str:
    """怎样再叫它 `jinpai`, or its path where the shell would not find it, as in a folder of its own."""
    if shutil.which("jinpai"):
        return "jinpai"
    called = Path(sys.argv[0])
    inside = called.is_absolute() and called.is_relative_to(Path.cwd())
    return str(called.relative_to(Path.cwd()) if inside else called)
