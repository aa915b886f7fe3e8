"""导出的定律 exporting: every file that leaves says who took it when, stands in the log, and nobody takes more than the day's share."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from jinpai.desk.page import in_order
from tests.desk.book import change, on_both, rows
from tests.desk.serving import PEOPLE, SHOP, Answer, Visitor, address, made, serving
from tests.mutants import kills
from tests.shape.source import modules

DAY = "?day=2026-11-18"
BLANK = ("guide_notice", "guide_sheet")
"""Pages that give a form to fill in or a text, and nothing of the shop."""
DRAWN = (".png", ".pdf")
NUMBERS = address(SHOP, "numbers.xlsx") + DAY


def text_of(got: Answer) -> str:
    """Every cell of a workbook, or the text of a table."""
    if got.content.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(got.content))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    return got.content.decode("utf-8-sig")


def until(is_so: Callable[[], bool]) -> None:
    """Waits until it is so, a minute at most."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it never was so")


def test_files_leave_by_one_door() -> None:
    """An export that does not pass `exporting` would be neither counted nor recorded."""
    desk = [module for module in modules() if module.room == "desk"]
    held = {
        one.name
        for one in desk
        if re.search("content_disposition|FileResponse|as_attachment|Content-Disposition", one.text)
    }
    # the job that makes a file looks whether the page gave one
    assert held == {"jinpai.desk.showing", "jinpai.desk.jobs.export"}
    saving = {one.name for one in desk if re.search(r"import .*\bsaved\b", one.text)}
    assert saving == {"jinpai.desk.exporting", *(f"jinpai.desk.pages.{name}" for name in BLANK)}


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@on_both
@kills("jinpai/render/listing.py", "        marked(book, mark)\n", "")
@kills("jinpai/render/xlsx.py", "        marked(book, mark)\n", "")
@kills("jinpai/desk/exporting.py", "[*rows, [mark]]", "rows")
@kills("jinpai/desk/exporting.py", 'record(visit.person.name, "exported", visit.shop, exported(name, rows))', "pass")
def test_every_page_that_downloads_marks_and_records_what_it_gives(desk: str, root: Path) -> None:
    owner = Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    downloads = [page for page in in_order() if "." in page.path and page.name not in BLANK]
    assert len(downloads) >= 9
    # the one file that a job has to prepare
    owner.post(address(SHOP, "diagnosis"), do="start")
    until(lambda: 'id="ledger"' in owner.get(address(SHOP, "diagnosis")).text)
    for page in downloads:
        got = owner.get(address(SHOP, page.path) + DAY)
        assert got.status == 200, page.name
        assert "attachment" in got.headers["Content-Disposition"], page.name
        words = "" if page.path.endswith(DRAWN) else text_of(got)
        assert not words or re.search(rf"{PEOPLE['owner']} 20\d\d-\d\d-\d\d \d\d:\d\d 从店铺「{SHOP}」导出", words), (
            page.name
        )
        ((by, what, on),) = rows(root, 'select "by", what, "on" from book_deed order by id desc limit 1')
        assert (by, what) == (PEOPLE["owner"], "exported"), page.name
        assert re.fullmatch(rf".+-{SHOP}.*\.(xlsx|csv|png|svg|pdf) \d+", on), page.name
    assert "客服数据-甲店 1-2026-11-18-2026-11-18.xlsx，2 行" in owner.get(address(SHOP, "log")).text


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A desk that lets everybody export three times and ten rows a day."""
    root = made(tmp_path_factory.mktemp("strict"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JINPAI_DESK_EXPORTS", "3")
        environment.setenv("JINPAI_DESK_EXPORT_ROWS", "10")
        with serving(root) as base:
            yield base, root


def limited(strict: tuple[str, Path], role: str) -> Visitor:
    visitor = Visitor(strict[0])
    visitor.sign_in(PEOPLE[role])
    return visitor


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/exporting.py", "if len(before) >= files:", "if len(before) > files:")
@kills("jinpai/book/deeds.py", 'by=by, what="exported", at__gte=since', 'by=by, what="exported"')
@kills("jinpai/book/deeds.py", 'objects.filter(by=by, what="exported"', 'objects.filter(what="exported"')
def test_a_person_exports_so_often_a_day_and_no_more(strict: tuple[str, Path]) -> None:
    owner, supervisor = limited(strict, "owner"), limited(strict, "supervisor")
    long_ago = 1_700_000_000_000
    yesterday = [(long_ago + n, PEOPLE["supervisor"], SHOP, "exported", "旧的.xlsx 9") for n in range(5)]
    change(strict[1], 'insert into book_deed (at, "by", shop, what, "on") values (?, ?, ?, ?, ?)', *yesterday)
    assert [owner.get(NUMBERS).status for _ in range(4)] == [200, 200, 200, 429]
    refused = owner.get(NUMBERS)
    assert "今天已经导出 3 次，每人每天最多 3 次" in refused.text
    assert refused.content == b""
    assert "attachment" not in refused.headers.get("Content-Disposition", "")
    log = owner.get(address(SHOP, "log") + "?by=%E8%80%81%E7%8E%8B").text
    assert log.count("<td>导出被拒（超过每天上限）</td>") == 2
    assert supervisor.get(NUMBERS).status == 200, "another person's share is another, and yesterday's is over"


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/exporting.py", "if rows > left:", "if False:")
@kills("jinpai/desk/exporting.py", "left = most - sum(before)", "left = most")
def test_a_person_exports_so_many_rows_a_day_and_no_more(strict: tuple[str, Path]) -> None:
    auditor = limited(strict, "auditor")
    log = address(SHOP, "log.xlsx")
    by = f"{log}?by=%E5%91%BD%E4%BB%A4%E8%A1%8C"
    assert auditor.get(by).status == 200, "five people were added on the command line"
    assert auditor.get(by).status == 200
    refused = auditor.get(by)
    assert refused.status == 429
    assert "这次有 5 行，今天还能导出 0 行（每人每天最多 10 行）" in refused.text
