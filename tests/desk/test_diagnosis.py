"""转化诊断页的测试 diagnosed by a job on a click, kept for the page, Today and a workbook; doors lead to the conversations."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from jinpai import flow
from jinpai.workspace import Workspace, outbox
from tests.desk.book import rows
from tests.desk.serving import SHOP, Visitor, address, made, serving, signed_in
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
DAYS = "?from=2026-11-01&to=2026-11-30"
PAGE, LOST, SHEET = (address(SHOP, name) for name in ("diagnosis", "diagnosis/lost", "diagnosis.xlsx"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    root = made(tmp_path_factory.mktemp("diagnosed"))
    workspace = Workspace.open(root)
    workspace.write_settings(SHOP, {"inspection": True, "window": "same_day"})
    flow.build(workspace)
    with serving(root) as base:
        yield base, root


def diagnosed(visitor: Visitor, asked: str = DAYS) -> str:
    """The page once it has the result."""
    if "开始诊断" in visitor.get(PAGE + asked).text:
        visitor.post(PAGE + asked, do="start")
    for _ in range(600):
        text = visitor.get(PAGE + asked).text
        if 'id="ledger"' in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text[-2000:])


@kills("jinpai/desk/jobs/diagnose.py", "diagnosing.keep(task.workspace, asked, place, found)", "pass")
@kills("jinpai/desk/diagnosing.py", "facts.build if facts else None,", "None,")
def test_a_click_diagnoses_and_the_result_stays_until_the_facts_change(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner = signed_in(base, "owner")
    text = diagnosed(owner)
    assert "已满统计期的询单" in text
    assert "询单太少，还看不出" in text
    assert "先做这三件" in text
    again = owner.get(PAGE + DAYS).text
    assert 'id="ledger"' in again
    before = len(list((root / outbox.FOLDER).iterdir()))
    (root.parent / "更多.csv").write_text(
        "shop,buyer,agent,sender,sent_at,kind,text,message_id\n"
        f"{SHOP},新来的,小美,buyer,2026-11-19T10:00:00+08:00,text,在吗,z1\n",
        encoding="utf-8",
    )
    from jinpai.importing import import_files

    import_files(Workspace.open(root), [root.parent / "更多.csv"])
    flow.build(Workspace.open(root))
    assert "开始诊断" in owner.get(PAGE + DAYS).text
    diagnosed(owner)
    assert len(list((root / outbox.FOLDER).iterdir())) > before, "another result lies beside the one of before"


@kills("jinpai/desk/pages/diagnosis.py", "sends=SENDS)", "sends=SEES_ALL)")
def test_an_auditor_looks_and_does_not_begin_it(opened: tuple[str, Path]) -> None:
    base, _ = opened
    auditor = signed_in(base, "auditor")
    asked = "?from=2026-10-01&to=2026-11-30"
    assert "请老板或主管来诊断" in auditor.get(PAGE + asked).text
    assert auditor.post(PAGE + asked, do="start").status == 403
    assert signed_in(base, "agent").get(PAGE + asked).status == 403


@kills("jinpai/render/diagnosis_sales.py", "asked if line.lost else None", "None")
@kills("jinpai/diagnosis/dearest.py", 'words.get(place, "")', '""')
@kills("jinpai/desk/pages/lost.py", 'if one.name == visit.asked("reason")', "")
def test_reasons_lead_to_lost_buyers_and_these_to_their_talks(opened: tuple[str, Path]) -> None:
    base, _ = opened
    supervisor = signed_in(base, "supervisor")
    text = diagnosed(supervisor)
    doors = re.findall(r'href="([^"]*diagnosis/lost[^"]*)"', text)
    assert doors
    lost = supervisor.get(doors[0].replace("&amp;", "&")).text
    talks = re.findall(r'href="([^"]*/conversation\?of=\d+)"', lost)
    assert talks
    assert supervisor.get(talks[0]).status == 200
    assert re.search("「(能便宜吗|在吗|什么时候发货)」", lost), "the words that the reason rests on stand beside it"
    assert (
        "还没有诊断，或者结果已经过期" in supervisor.get(LOST + "?reason=objection&from=2020-01-01&to=2020-01-02").text
    )
    assert "晴天里" not in lost, "a list of lost buyers names nobody"


@kills("jinpai/render/diagnosis.py", "*([mark] if mark else [])", "*[]")
def test_the_workbook_has_the_tables_and_says_who_took_it(opened: tuple[str, Path]) -> None:
    base, _ = opened
    owner = signed_in(base, "owner")
    diagnosed(owner)
    book = openpyxl.load_workbook(io.BytesIO(owner.get(SHEET + DAYS).content))
    assert "流失账本" in book.sheetnames
    assert any("老王" in str(row[0].value) for row in book["口径与明细"].iter_rows())
    assert "开始诊断" in owner.get(SHEET + "?from=2020-01-01&to=2020-01-31").text


@kills("jinpai/desk/pages/today.py", 'if not visit.may("diagnosis"):', "if False:")
@kills("jinpai/desk/pages/today.py", 'for name in ("actions", "ledger", "weeks")', 'for name in ("ledger", "weeks")')
def test_today_says_what_to_do_first(opened: tuple[str, Path]) -> None:
    base, _ = opened
    owner = signed_in(base, "owner")
    assert "去诊断" in owner.get(address(SHOP, "today")).text
    diagnosed(owner, "")
    assert "看诊断" in owner.get(address(SHOP, "today")).text
    mine = signed_in(base, "agent").get(address(SHOP, "my-today"))
    assert mine.status == 200
    assert "小美" in mine.text
    assert "先做这三件" not in mine.text
    assert "转化诊断" not in mine.text


@kills("jinpai/desk/pages/diagnosis.py", "queue.stop(visit.workspace.root, visit.shop, job.pk)", "pass")
@kills("jinpai/desk/pages/diagnosis.py", "    elif not is_open:\n", "    else:\n")
def test_a_stopped_diagnosis_can_be_begun_again(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner = signed_in(base, "owner")
    first, asked = "?from=2026-11-02&to=2026-11-30", "?from=2026-11-02&to=2026-11-29"
    owner.post(PAGE + first, do="start")
    # it waits for the other, so that it can be stopped for certain
    owner.post(PAGE + asked, do="start")
    owner.post(PAGE + asked, do="start")
    of_these = [
        one
        for (one,) in rows(root, "select arguments from book_job where kind = ?", "diagnose")
        if "20261129" in str(one)
    ]
    assert len(of_these) == 1, "asked for twice it is one job"
    assert "开始诊断" not in owner.get(PAGE + asked).text
    owner.post(PAGE + asked, do="stop")
    assert "开始诊断" in owner.get(PAGE + asked).text
    assert "已满统计期的询单" in diagnosed(owner, asked)


@kills(
    "jinpai/desk/templates/diagnosis.html", '{% for line in job.said %}<p class="empty">{{ line }}</p>{% endfor %}', ""
)
def test_days_without_enquiries_are_told_by_the_job(opened: tuple[str, Path]) -> None:
    base, _ = opened
    owner = signed_in(base, "owner")
    asked = "?from=2020-01-01&to=2020-01-31"
    owner.post(PAGE + asked, do="start")
    for _ in range(300):
        text = owner.get(PAGE + asked).text
        if "没有已满统计期的询单" in text:
            return
        time.sleep(0.1)
    raise AssertionError(text[-1500:])
