"""账本的备份 keeping: a book on a database server as one file in the workspace, and back into whatever book there is.

A backup holds every book as book/book.json, and one in SQLite as its file besides: so that a book can move from one to
the other. Taken back, the records keep their numbers. A book that holds records already is left alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.book.opening import APP, book_file, is_elsewhere, opened_book
from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk, write_whole

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

FILE = "book.json"


def dump_file(root: Path) -> Path:
    """账本的副本 where the copy of a book on a server lies."""
    return root / "book" / FILE


def write_copy(workspace: Workspace) -> bool:
    """写副本 of the book of a workspace; False where there is none."""
    if not is_elsewhere() and not book_file(workspace.root).is_file():
        return False
    from django.core import serializers

    file = dump_file(workspace.root)
    with opened_book(workspace):
        every = (record for model in _models() for record in model.objects.order_by("pk").iterator())
        text = serializers.serialize("json", every)
    with disk(file):
        file.parent.mkdir(exist_ok=True)
    write_whole(file, text.encode(), mode=0o600)
    return True


def take_back(workspace: Workspace) -> int:
    """放回副本 puts the records of book/book.json into the book, and returns how many; 0 where there is no copy
    or the book came as a file.

    A book with records of its own, or a copy that cannot be read, is a JinpaiError and nothing is put in.
    """
    file = dump_file(workspace.root)
    if not file.is_file() or (not is_elsewhere() and book_file(workspace.root).is_file()):
        return 0
    with opened_book(workspace):
        return _load(file)


def _load(file: Path) -> int:
    from django.core import serializers
    from django.core.management.color import no_style
    from django.core.serializers.base import DeserializationError
    from django.db import connection, transaction

    if any(model.objects.exists() for model in _models()):
        raise JinpaiError(
            f"账本里已经有记录，{file} 没有放进去。要用备份里的，请换一个空的数据库。",
            f"The book holds records already; {file} was not put into it. To use the backup's, name an empty database.",
        )
    try:
        with transaction.atomic():
            count = 0
            for one in serializers.deserialize("json", file.read_bytes()):
                one.save()
                count += 1
            with connection.cursor() as cursor:
                for sql in connection.ops.sequence_reset_sql(no_style(), _models()):
                    cursor.execute(sql)
    except (DeserializationError, UnicodeDecodeError):
        raise JinpaiError(
            f"{file} 坏了，账本没有放回去。请换一个备份。",
            f"{file} is damaged; the book was not put back. Use another backup.",
        ) from None
    return count


def _models() -> list[Any]:
    from django.apps import apps
    from django.core import serializers

    return list(serializers.sort_dependencies([(apps.get_app_config(APP), None)]))
