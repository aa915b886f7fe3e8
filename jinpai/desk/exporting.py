"""导出 exporting: the one way by which a file leaves the desk: counted, recorded, and marked with who took it when.

To see and to take away are two rights: a page that downloads has roles of its own. Nobody takes more than so many files
and rows a day, over all shops; what was refused stands in the log too. A large file is made by a job and fetched once. Source: the page of the desk, trust.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.book import queue
from jinpai.book.deeds import exported, exports_since
from jinpai.book.models.recorded import now_ms
from jinpai.book.people import record
from jinpai.desk.showing import minute, saved, to
from jinpai.errors import JinpaiError, Words
from jinpai.period import to_moment, to_ms
from jinpai.workspace import outbox

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.desk.page import Visit

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES, ROWS, AT_ONCE = "JINPAI_DESK_EXPORTS", "JINPAI_DESK_EXPORT_ROWS", "JINPAI_DESK_EXPORT_AT_ONCE"
MOST_FILES, MOST_ROWS, MOST_AT_ONCE = 20, 50_000, 5_000
"""So much a person may export in a day, and so many rows at once, where the environment does not say otherwise; more is a job."""
Write = Callable[[Path, str], None]


def workbook(visit: Visit, name: str, rows: int, write: Write) -> HttpResponse:
    """导出工作簿 what `write` puts into the file it is told, with the mark that it is told; so many rows of data."""

    def content(mark: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="jinpai-") as folder:
            file = Path(folder) / "export.xlsx"
            write(file, mark)
            return file.read_bytes()

    return _export(visit, f"{name}.xlsx", rows, SHEET, content)


def table(visit: Visit, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> HttpResponse:
    """导出 CSV with a byte order mark, so that spreadsheets read Chinese; formulas are neutralised, the mark is the last line."""
    from jinpai.render import csv

    def content(mark: str) -> bytes:
        return (csv.BOM + csv.table(heads, [*rows, [mark]])).encode()

    return _export(visit, f"{name}.csv", len(rows), "text/csv; charset=utf-8", content)


def picture(visit: Visit, name: str, kind: str, content: Callable[[str], bytes]) -> HttpResponse:
    """导出图片 what `content` draws with the mark that it is told: a file that counts as one and has no rows."""
    return _export(visit, name, 0, kind, content)


def fetched(visit: Visit, place: str, name: str) -> HttpResponse | None:
    """取走 the file that a job of the visitor made, once; None where it is not there any more. It was counted when it was made."""
    content = outbox.take(visit.workspace, place)
    return None if content is None else saved(content, "application/octet-stream", name)


def _export(visit: Visit, name: str, rows: int, kind: str, content: Callable[[str], bytes]) -> HttpResponse:
    now = to_moment(now_ms(), visit.workspace.settings(visit.shop).zone)
    since = to_ms(now.replace(hour=0, minute=0, second=0, microsecond=0))
    refused = _over(visit, rows, since)
    if refused is not None:
        return _refuse(visit, name, rows, refused)
    if rows > _most(AT_ONCE, MOST_AT_ONCE) and not visit.is_job:
        return _later(visit, name)
    by, at, shop = visit.person.name, minute(now), visit.shop
    mark = visit.say(f"{by} {at} 从店铺「{shop}」导出", f"Exported by {by} on {at} from the shop '{shop}'")
    answer = saved(content(mark), kind, name)
    refused = _count(visit, name, rows, since)
    return answer if refused is None else _refuse(visit, name, rows, refused)


def _count(visit: Visit, name: str, rows: int, since: int) -> Words | None:
    """Counts the export, unless another of the same person's used up the share meanwhile: one at a time is counted."""
    from django.db import transaction

    from jinpai.book.models import Person

    with transaction.atomic():
        Person.objects.select_for_update().get(pk=visit.person.pk)
        refused = _over(visit, rows, since)
        if refused is None:
            record(visit.person.name, "exported", visit.shop, exported(name, rows))
    return refused


def _refuse(visit: Visit, name: str, rows: int, refused: Words) -> HttpResponse:
    from jinpai.desk.doors import told

    record(visit.person.name, "refused_export", visit.shop, exported(name, rows))
    if visit.is_job:
        raise JinpaiError(*refused)
    return told(visit.request, refused, 429)


def _later(visit: Visit, name: str) -> HttpResponse:
    """A large file is a job's to make; the visitor is led to where it can be fetched."""
    from django.shortcuts import redirect

    arguments = {"outbox": f"export-{secrets.token_hex(12)}", "files": [name], "page": visit.page.name}
    arguments |= {"query": visit.request.GET.urlencode()}
    queue.ask(visit.workspace.root, visit.shop, "export", visit.person.name, arguments)
    record(visit.person.name, "asked_for_job", visit.shop, name)
    return redirect(to(visit.shop, "exports"))


def _over(visit: Visit, rows: int, since: int) -> Words | None:
    """Why the visitor may not export so many rows more today; None: may."""
    files, most = _most(FILES, MOST_FILES), _most(ROWS, MOST_ROWS)
    before = exports_since(visit.person.name, since)
    if len(before) >= files:
        return Words(
            f"今天已经导出 {len(before)} 次，每人每天最多 {files} 次，这次没有导出，已记入操作日志。请明天再导；平时不够用，请管理员改 {FILES}。",
            f"You exported {len(before)} times today; {files} a day is the limit. Nothing was exported, and the log says so. "
            f"Try again tomorrow; who runs the desk can raise {FILES}.",
        )
    left = most - sum(before)
    if rows > left:
        return Words(
            f"这次有 {rows:,} 行，今天还能导出 {max(left, 0):,} 行（每人每天最多 {most:,} 行），这次没有导出，已记入操作日志。"
            f"请缩小范围，或明天再导；平时不够用，请管理员改 {ROWS}。",
            f"These are {rows:,} rows, and {max(left, 0):,} are left for today ({most:,} a day is the limit). Nothing was exported, "
            f"and the log says so. Export less, or tomorrow; who runs the desk can raise {ROWS}.",
        )
    return None


def _most(name: str, default: int) -> int:
    said = os.environ.get(name, "")
    return int(said) if said.isdecimal() and said.isascii() else default
