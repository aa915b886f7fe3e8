"""The book in backups: with all that was recorded up to the instant, on either database, and from one to the other."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from jinpai import cli
from jinpai.book import judging, out
from jinpai.book.judging import Said
from jinpai.book.opening import book_file, opened_book
from jinpai.errors import JinpaiError
from jinpai.flow import opened
from jinpai.workspace import Workspace
from tests.book.shop import at_points, conversation, made
from tests.laws.reckoning import contents
from tests.mutants import kills


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return made(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def judged(shop: Workspace, database: str) -> Iterator[Workspace]:
    """The shop after two verdicts, built."""
    with opened_book(shop), at_points(shop) as points:
        for buyer, name in (("云边小鹿", "D1"), ("看看的", "G1")):
            point = points.one(conversation(points, buyer), name)
            judging.judge([Said(point, "na", "王主管", "不算")], points.settings, point.known_at)
        out.hand_over(shop, "main")
    assert cli.main(["build", "--workspace", str(shop.root)]) == 0
    yield shop
    for folder in ("decisions", "book"):
        shutil.rmtree(shop.root / folder, ignore_errors=True)


def facts(workspace: Workspace) -> dict[str, list[str]]:
    with opened(workspace, "main") as engine:
        return contents(engine, ("settled", "score", "verdict"), without=frozenset())


def verdicts(workspace: Workspace) -> list[tuple[int, str, str]]:
    from jinpai.book.models import Verdict

    with opened_book(workspace):
        return [(one.pk, one.criterion, one.why) for one in Verdict.objects.order_by("pk")]


@kills("jinpai/workspace/backup.py", "            if name in _BOOK[1:]:\n                continue\n", "")
@kills("jinpai/workspace/backup.py", "    if name != _BOOK[0]:", "    if name != '':")
def test_a_backup_has_the_book_with_what_was_recorded_last(judged: Workspace, tmp_path: Path, database: str) -> None:
    file, folder = tmp_path / "备份.zip", tmp_path / "新 店"
    if database == "sqlite":
        # somebody has the book open, and what was recorded last lies beside the file
        with closing(sqlite3.connect(book_file(judged.root), isolation_level=None)) as other:
            other.execute("pragma wal_autocheckpoint = 0")
            other.execute("insert into book_verdict select 99, at, shop, conversation, criterion, finding, result, message, begins, ends, "
                "agent, criterion_digest, scorecard, outcome, right_result, by, '最后一条' from book_verdict limit 1")  # fmt: skip
            assert cli.main(["backup", str(file), "--workspace", str(judged.root)]) == 0
        with zipfile.ZipFile(file) as archive:
            assert [name for name in archive.namelist() if name.startswith("book/book.sqlite3")] == [
                "book/book.sqlite3"
            ]
        assert verdicts(judged)[-1][2] == "最后一条"
    else:
        assert cli.main(["backup", str(file), "--workspace", str(judged.root)]) == 0
    was, before = verdicts(judged), facts(judged)
    with pytest.MonkeyPatch.context() as patch:
        # a book on a server comes back into the file of the new workspace
        patch.delenv("JINPAI_BOOK", raising=False)
        assert cli.main(["restore", str(file), str(folder)]) == 0
        back = Workspace.open(folder)
        assert verdicts(back) == was
        assert facts(back) == before
        with opened_book(back), at_points(back) as points:
            point = points.one(conversation(points, "看看的"), "G2")
            (more,) = judging.judge([Said(point, "agree", "李主管")], points.settings, point.known_at)
            assert more.pk > was[-1][0], "numbers go on where they were"


def test_a_book_moves_to_a_server_with_a_backup(shop: Workspace, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    import psycopg

    monkeypatch.delenv("JINPAI_BOOK", raising=False)
    with opened_book(shop), at_points(shop) as points:
        point = points.one(conversation(points, "云边小鹿"), "D1")
        judging.judge([Said(point, "na", "王主管", "不算")], points.settings, point.known_at)
        out.hand_over(shop, "main")
    was = verdicts(shop)
    assert cli.main(["backup", str(tmp_path / "备份.zip"), "--workspace", str(shop.root)]) == 0
    assert not (shop.root / "book" / "book.json").exists()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database moved")
    monkeypatch.setenv("JINPAI_BOOK", server.replace("/postgres?", "/moved?"))
    assert cli.main(["restore", str(tmp_path / "备份.zip"), str(tmp_path / "新店")]) == 0
    back = Workspace.open(tmp_path / "新店")
    assert verdicts(back) == was
    with opened_book(back):
        out.hand_over(back, "main")


@kills("jinpai/book/out.py", "    if count < before:", "    if False:")
def test_a_book_that_was_lost_does_not_undo_what_it_handed_over(
    judged: Workspace, tmp_path: Path, database: str
) -> None:
    if database == "postgresql":
        return
    for file in (judged.root / "book").iterdir():
        file.unlink()
    before = facts(judged)
    with opened_book(judged), pytest.raises(JinpaiError, match="账本换了地方"):
        out.hand_over(judged, "main")
    assert cli.main(["build", "--workspace", str(judged.root)]) == 0
    assert facts(judged) == before


def test_a_copy_is_not_put_over_a_book_with_records(judged: Workspace, tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    if database == "sqlite":
        return
    file = tmp_path / "备份.zip"
    assert cli.main(["backup", str(file), "--workspace", str(judged.root)]) == 0
    assert cli.main(["restore", str(file), str(tmp_path / "新店"), "--lang", "zh"]) == 1
    assert "已经有记录" in capsys.readouterr().err
