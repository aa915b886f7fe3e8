"""大导出的定律 large exports: a job makes the file, whatever kills it; who asked fetches it once; it counts when it is made, and one at a time."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.desk.book import change, rows
from tests.desk.serving import (
    PASSWORD,
    PEOPLE,
    SHOP,
    Jobs,
    Visitor,
    address,
    jinpai,
    job_number,
    made,
    serving,
    signed_in,
)
from tests.desk.test_imports import worker_of
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
MANY = 20_000
"""So many lines take a workbook seconds."""
LOG, PAGE, LIST = (address(SHOP, path) for path in ("log.xlsx", "exports", "exports/now"))
OF_SUPERVISOR = "?by=%E4%B8%BD%E5%A7%90&what=revealed"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    root = made(tmp_path_factory.mktemp("large exports"))
    many = [(n, PEOPLE["supervisor"], SHOP, "revealed", f"{n} buyer 核对") for n in range(1, MANY + 1)]
    change(root, 'insert into book_deed (at, "by", shop, what, "on") values (?, ?, ?, ?, ?)', *many)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JINPAI_DESK_EXPORT_ROWS", "1000000")
        with serving(root) as base:
            yield base, root


def exported(root: Path, by: str = "owner") -> int:
    return len(rows(root, "select id from book_deed where \"by\" = ? and what = 'exported'", PEOPLE[by]))


@pytest.mark.skipif(os.name == "nt", reason="processes are looked up with ps")
@kills("jinpai/desk/exporting.py", "and not visit.is_job:", "and False:")
@kills("jinpai/desk/pages/exports.py", "KIND, visit.person.name)\n", "KIND)\n")
@kills("jinpai/desk/pages/exports.py", "listed(visit, KIND, by)", "listed(visit, KIND)")
def test_a_killed_export_is_made_again_and_fetched_once_by_who_asked(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner, auditor = signed_in(base), signed_in(base, "auditor")
    before = exported(root)
    led = owner.get(LOG + OF_SUPERVISOR)
    assert led.url.endswith("/exports")
    assert "attachment" not in led.headers.get("Content-Disposition", "")
    assert exported(root) == before, "it counts when it is made"
    Jobs(owner, LIST).until("running")
    os.kill(worker_of(root), signal.SIGKILL)
    done = Jobs(owner, LIST).until("done", lambda job: "下载</button>" in job)
    number = owner.get(LIST).text.split('name="job" value="')[1].split('"')[0]
    assert "下载" in done
    assert exported(root) == before + 1
    assert "没有在做的导出" in auditor.get(PAGE).text
    assert "这个任务已经结束了" in auditor.post(PAGE, job=number, do="fetch").text
    (file,) = (root / "outbox").iterdir()
    assert os.name != "posix" or file.stat().st_mode & 0o077 == 0
    got = owner.post(PAGE, job=number, do="fetch")
    assert "attachment" in got.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(got.content), read_only=True).worksheets[0]
    assert sum(1 for _ in sheet.iter_rows(min_row=2)) >= MANY
    assert list((root / "outbox").iterdir()) == []
    assert "已经下载过，或者过了一天" in owner.post(PAGE, job=number, do="fetch").text
    assert exported(root) == before + 1


@kills("jinpai/desk/jobs/export.py", "member is None or member.role not in page.roles", "member is None")
def test_rights_are_those_of_when_it_is_made_and_one_that_waits_is_cancelled(opened: tuple[str, Path]) -> None:
    base, root = opened
    said = jinpai("people", "add", "离职的", "--role", "auditor", "--shop", SHOP, "-w", root, said=PASSWORD + "\n")
    assert said.returncode == 0, said.stderr
    leaver, owner = Visitor(base), signed_in(base)
    leaver.sign_in("离职的")
    owner.get(LOG + OF_SUPERVISOR)
    leaver.get(LOG + OF_SUPERVISOR)
    assert jinpai("people", "add", "离职的", "--role", "supervisor", "--shop", SHOP, "-w", root).returncode == 0
    job = Jobs(leaver, LIST).until("failed")
    assert "你现在的角色不能导出这个了" in job
    owner.get(LOG + OF_SUPERVISOR)
    number = job_number(Jobs(owner, LIST).first())
    owner.post(PAGE, job=number, do="stop")
    assert "已取消" in Jobs(owner, LIST).until("stopped")


@kills(
    "jinpai/desk/exporting.py",
    "    refused = _count(visit, name, rows, since)\n",
    '    record(by, "exported", shop, exported(name, rows))\n',
)
def test_of_two_at_the_same_instant_one_is_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = made(tmp_path)
    monkeypatch.setenv("JINPAI_DESK_EXPORTS", "1")
    with serving(root) as base:
        visitors = [signed_in(base) for _ in range(6)]
        answers: list[int] = []
        start = threading.Barrier(len(visitors))

        def take(visitor: Visitor) -> None:
            start.wait()
            answers.append(visitor.get(address(SHOP, "log.xlsx")).status)

        threads = [threading.Thread(target=take, args=(one,)) for one in visitors]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sorted(answers) == [200, 429, 429, 429, 429, 429]
    assert exported(root) == 1
