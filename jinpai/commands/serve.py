"""开工作台 `jinpai serve`: the desk on this computer, until Ctrl-C."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from jinpai.commands import options
from jinpai.commands.output import say
from jinpai.commands.progress import Progress
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from jinpai.workspace import Workspace


def serve(
    workspace: options.Workspace,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="在哪个地址上听，默认只有本机 || where to listen, by default this computer alone")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="端口，0 为任意空着的 || port, 0 for any that is free")] = 8000,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """打开工作台，按 Ctrl-C 停下。 || Open the desk; Ctrl-C stops it."""
    from jinpai.workspace import Workspace

    spoken = options.language(lang)
    opened = Workspace.open(workspace)
    listening = _listening(host, port)
    _prepare(opened, spoken)
    serve_on(listening, opened, spoken, _first_owner)


def serve_on(listening: socket.socket, opened: Workspace, lang: str, welcome: Callable[[str], None]) -> None:
    """开着 the desk on a socket until Ctrl-C; `welcome` says who may come in, once the book is open."""
    os.environ["JINPAI_WORKSPACE"] = str(opened.root)
    import uvicorn

    from jinpai.desk.asgi import application
    from jinpai.desk.keeping import worker

    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    say(Words(f"工作台开了：{address} 按 Ctrl-C 停下。", f"The desk is open: {address} Ctrl-C stops it."), lang)
    welcome(lang)
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning", server_header=False, lifespan="off"))
    with worker(opened.root):
        server.run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """A socket on the address, before anything is computed; one that is taken is a sentence."""
    try:
        made = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise JinpaiError(
            f"{host} 的 {port} 端口开不了：{error.strerror}。换一个端口：jinpai serve --port {port + 1 if port < 65535 else 8000}",
            f"Port {port} of {host} cannot be opened: {error.strerror}. Choose another: jinpai serve --port {port + 1 if port < 65535 else 8000}",
        ) from None
    return made


def _prepare(opened: Workspace, lang: str) -> None:
    """Facts that are behind are built before anybody looks: a page reads what there is."""
    from jinpai.flow import build

    with Progress(lang) as progress:
        build(opened, progress)


def _first_owner(lang: str) -> None:
    from jinpai.book.people import everybody

    if not list(everybody()):
        say(
            Words(
                "还没有人能登录。加第一位老板：jinpai people add-owner 登录名",
                "Nobody can sign in yet. Make the first owner: jinpai people add-owner NAME",
            ),
            lang,
        )
