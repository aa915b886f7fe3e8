"""打开账本 opening: Django configured in code for one workspace at a time, its tables brought up to date.

`JINPAI_BOOK=postgresql://user:password@host:5432/name` puts the book of every workspace of this computer into
PostgreSQL; without it each workspace has book/book.sqlite3. SQLite's settings are those under which four writers at
once had no lock error: transactions begin IMMEDIATE, WAL, a patience of 20 s, synchronous NORMAL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk, one_writer

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

URL = "JINPAI_BOOK"
FILE = "book.sqlite3"
APP = "book"
_PATIENCE_SECONDS = 60
ANYWHERE: dict[str, Any] = {
    "USE_TZ": True, "TIME_ZONE": "UTC", "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField", "LOGGING_CONFIG": None,
    "AUTH_USER_MODEL": "book.Person", "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
}  # fmt: skip
"""Django's settings of the book, with a site or without."""


def book_file(root: Path) -> Path:
    """账本文件 where the SQLite book of a workspace lies."""
    return root / "book" / FILE


def is_elsewhere() -> bool:
    """在数据库服务器上 whether the book lies in PostgreSQL and not in the workspace."""
    return bool(os.environ.get(URL))


def database(root: Path) -> dict[str, Any]:
    """数据库设置 Django's setting for the book of a workspace; an address that will not do is a JinpaiError."""
    address = os.environ.get(URL)
    if address:
        return _postgresql(address)
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    return {
        "ENGINE": "django.db.backends.sqlite3", "NAME": str(book_file(root)),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }  # fmt: skip


def _postgresql(address: str) -> dict[str, Any]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        # the address may hold a password: it is not repeated
        raise JinpaiError(
            f"环境变量 {URL} 要写成 postgresql://用户:密码@主机:5432/库名；不用 PostgreSQL 就不要设它。",
            f"{URL} is written postgresql://user:password@host:5432/name; leave it unset for the file in the workspace.",
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": name, "HOST": host, "PORT": str(port or ""),
        "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""), "OPTIONS": options,
    }  # fmt: skip


@contextmanager
def opened_book(workspace: Workspace) -> Iterator[None]:
    """打开账本 the models of `jinpai.book.models` speak to the book of this workspace; closed at the end.

    Without Django, with a database that cannot be reached, or a book of a newer program: a JinpaiError.
    """
    ready()
    wanted = database(workspace.root)
    if not is_elsewhere():
        with disk(workspace.root):
            book_file(workspace.root).parent.mkdir(exist_ok=True)
    _point_at(wanted)
    from django.db import Error, connection

    try:
        bring_up_to_date(workspace)
        yield
    except Error as error:
        raise _unreachable(error) from error
    finally:
        connection.close()


def _unreachable(error: Exception) -> JinpaiError:
    # the first line says what; what follows may name the whole statement
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    where = f"环境变量 {URL} 指的数据库" if is_elsewhere() else "工作区里的 book 文件夹"
    return JinpaiError(
        f"账本读写出错：{said}。请检查{where}；什么也没有记下。",
        f"The book could not be read or written: {said}. Check {URL if is_elsewhere() else 'the folder book/'}; nothing was recorded.",
    )


def ready() -> None:
    """备好 Django configured, once in a program, so that the models can be imported; with no database yet."""
    try:
        import django
        from django.conf import settings
    except ImportError:
        raise JinpaiError(
            "账本要用 Django，这里没有装。请运行 pip install 'jinpai[book]'。",
            "The book needs Django, which is not installed. Run pip install 'jinpai[book]'.",
        ) from None
    if not settings.configured:
        nowhere = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        settings.configure(DATABASES=nowhere, INSTALLED_APPS=["jinpai.book"], **ANYWHERE)
        django.setup()


def _point_at(wanted: dict[str, Any]) -> None:
    """One program may open one workspace after the other; a connection belongs to one database."""
    from django.db import connections

    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = connections.configure_settings({"default": wanted})["default"]


def bring_up_to_date(workspace: Workspace) -> None:
    """跟上版本 makes what tables the book lacks, one program at a time; a book of a newer program is a JinpaiError."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = {name for app, name in executor.loader.disk_migrations if app == APP}
    newer = {name for app, name in executor.loader.applied_migrations if app == APP} - known
    if newer:
        raise JinpaiError(
            f"账本是新版的程序写的（{max(newer)}）。请把金牌客服升级到那一版。",
            f"The book was written by a newer program ({max(newer)}). Upgrade Jinpai to that version.",
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with one_writer(workspace.root, patience_seconds=_PATIENCE_SECONDS):
            call_command("migrate", verbosity=0, interactive=False)
