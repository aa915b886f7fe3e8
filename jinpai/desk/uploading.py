"""上传 uploading: how much a browser may send, refused before it is kept.

Django writes a request to the disk before any of our code sees it; the limit therefore stands before Django. Files come
to the page of imports alone, from people who have signed in; every other form is small.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from jinpai.errors import Words

MOST_MB = "JINPAI_DESK_UPLOAD_MB"
DEFAULT_MB = 2_048
SMALL = 1 << 20
PATH = "/imports"
"""Where files go: the end of the path of the page of imports."""
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def most_megabytes() -> int:
    """上限 so much one upload may hold."""
    said = os.environ.get(MOST_MB, "")
    return int(said) if said.isdecimal() and int(said) else DEFAULT_MB


def too_large() -> Words:
    """太大了 what to say of files over the limit."""
    most = most_megabytes()
    return Words(
        f"这一批文件超过 {most:,} MB，没有导入。请分几次上传，或把文件放进监视的文件夹（jinpai watch）。",
        f"These files are over {most:,} MB and were not imported. Upload them in parts, or use a watched folder (jinpai watch).",
    )


def limited(app: App) -> App:
    """限量 the application, which never gets more of a request than is allowed; over it the visitor is led back."""

    async def within(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        most, taken = _most(scope), 0
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told) > most:
            await _refuse(scope, receive, send)
            return

        async def counted() -> MutableMapping[str, Any]:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # more than was announced is no browser's doing
            return {"type": "http.disconnect"} if taken > most else message

        await app(scope, counted, send)

    return within


def _most(scope: Scope) -> int:
    is_known = any(name == b"cookie" and b"sessionid=" in value for name, value in scope["headers"])
    return most_megabytes() << 20 if is_known and scope["path"].endswith(PATH) else SMALL


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the rest away, for a browser listens only when it has sent everything, and leads back with a note."""
    while (await receive()).get("more_body"):
        pass
    to = scope.get("raw_path", b"/").split(b"?")[0] + b"?too_large=1"
    headers = [(b"location", to), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
