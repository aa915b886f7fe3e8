"""书架的定律 shelf: what stays open is what stands now, what one reader makes no other sees, what is remembered is what holds."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from jinpai import flow, shelf
from jinpai.importing import import_files
from jinpai.report import histogram, report
from jinpai.workspace import Workspace
from tests.desk.serving import MESSAGES, ORDERS, SHOP
from tests.mutants import kills

MORE = """\
shop,buyer,agent,sender,sent_at,kind,text,message_id
甲店 1,新来的,小美,buyer,2026-11-20T21:00:00+08:00,text,在吗,z1
甲店 1,新来的,小美,agent,2026-11-20T21:00:05+08:00,text,在的,z2
"""


def brought(workspace: Workspace, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    import_files(workspace, [folder / name], shop=SHOP)
    flow.build(workspace)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "店", shop=SHOP)
    (tmp_path / "orders.csv").write_text("\n".join(line for line in ORDERS.splitlines() if "乙店" not in line))
    import_files(made, [tmp_path / "orders.csv"], shop=SHOP)
    brought(made, tmp_path, "messages.csv", "\n".join(line for line in MESSAGES.splitlines() if "乙店" not in line))
    return made


def talks(workspace: Workspace) -> int:
    with flow.opened(workspace, SHOP) as engine:
        return int(engine.rows("select count(*) as n from conversation")[0]["n"])


@kills("jinpai/shelf.py", "if kept is None or kept.build != build:", "if kept is None:")
def test_a_reader_sees_the_facts_that_stand_when_it_begins_and_no_others(workspace: Workspace, tmp_path: Path) -> None:
    before = talks(workspace)
    assert shelf.opened(workspace, SHOP) is shelf.opened(workspace, SHOP)
    with flow.opened(workspace, SHOP) as older:
        brought(workspace, tmp_path, "more.csv", MORE)
        assert talks(workspace) == before + 1
        assert older.rows("select count(*) as n from conversation")[0]["n"] == before


@kills("jinpai/engine.py", '_lasting = "temp"', '_lasting = ""')
def test_what_a_reader_makes_is_seen_by_no_other_and_gone_afterwards(workspace: Workspace) -> None:
    with flow.opened(workspace, SHOP) as one, flow.opened(workspace, SHOP) as other:
        one.make("found", "select 1 as n")
        other.make("found", "select 2 as n")
        assert [each.rows("select n from found")[0]["n"] for each in (one, other)] == [1, 2]
    with flow.opened(workspace, SHOP) as third:
        assert not third.has("found")
        assert third.rows("select count(*) as n from duckdb_tables() where table_name = 'found'") == [{"n": 0}]
        assert third.has("conversation")


def test_shops_beyond_the_last_few_are_put_away(workspace: Workspace, tmp_path: Path) -> None:
    first = shelf.opened(workspace, SHOP)
    for n in range(shelf.MOST):
        shelf.opened(Workspace.create(tmp_path / f"店{n}", shop=SHOP), SHOP)
    assert shelf.opened(workspace, SHOP) is not first


def asked(workspace: Workspace) -> dict[str, object]:
    told = report(workspace, SHOP, metrics=["received_buyers"], builds=False)
    row: dict[str, object] = told["rows"][0]
    return row


@kills(
    "jinpai/shelf.py",
    "found: _Answer = pickle.loads(kept)",
    "found: _Answer = self.__dict__.setdefault('x', pickle.loads(kept))",
)
def test_an_answer_is_the_askers_own(workspace: Workspace) -> None:
    for _ in range(3):
        row = asked(workspace)
        assert row["received_buyers"] == 3
        row["received_buyers"] = 99


@kills("jinpai/report.py", 'f"first_response_seconds_p50{clock}"', 'f"first_response_seconds{clock}"')
def test_the_distribution_holds_every_first_answer(workspace: Workspace) -> None:
    seconds = dict(histogram(workspace, SHOP))
    assert seconds == {5: 1, 9: 1, 40: 1}
    told = report(workspace, SHOP, metrics=["first_response_seconds"], builds=False)["rows"][0]
    assert told["first_response_seconds"] == 18.0
    assert told["of"]["first_response_seconds"][:2] == [54.0, 3]


def test_a_new_build_is_asked_anew(workspace: Workspace, tmp_path: Path) -> None:
    assert asked(workspace)["received_buyers"] == 3
    brought(workspace, tmp_path, "more.csv", MORE)
    assert asked(workspace)["received_buyers"] == 4


@kills("jinpai/shelf.py", ".answer((settings, question), compute)", ".answer(question, compute)")
def test_other_settings_are_asked_anew(workspace: Workspace) -> None:
    times = []
    for _ in range(2):
        shelf.remembered(workspace, SHOP, "how often", lambda: times.append(1))
        shelf.remembered(workspace, SHOP, "how often", lambda: times.append(1))
        workspace.write_settings(SHOP, {"slow_seconds": 45})
    assert len(times) == 2


@kills("jinpai/shelf.py", "kept = self._kept(question)", "kept = None")
def test_of_many_who_ask_at_once_one_computes(workspace: Workspace) -> None:
    times: list[int] = []

    def slowly() -> int:
        times.append(1)
        time.sleep(0.2)
        return 7

    answers: list[int] = []

    def ask() -> None:
        answers.append(shelf.remembered(workspace, SHOP, "slow", slowly))

    together = [threading.Thread(target=ask) for _ in range(8)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert (len(times), answers) == (1, [7] * 8)


def test_what_fails_is_not_kept_and_nobody_waits_for_it(workspace: Workspace) -> None:
    def failing() -> int:
        raise ValueError("not today")

    for _ in range(2):
        with pytest.raises(ValueError, match="not today"):
            shelf.remembered(workspace, SHOP, "fails", failing)
    assert shelf.remembered(workspace, SHOP, "fails", lambda: 1) == 1


@kills("jinpai/shelf.py", "self._answers.popitem(last=False)", "break")
def test_answers_take_no_more_room_than_they_have(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "ROOM", 1000)
    times = []

    def long() -> str:
        times.append(1)
        return "字" * 250

    for n in (1, 2, 1):
        shelf.remembered(workspace, SHOP, n, long)
    assert len(times) == 3
