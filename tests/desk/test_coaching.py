"""辅导计划页的测试 coaching: planned from an action, told to the agent, compared by a job, ended once; each sees what is his."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai import flow
from jinpai.diagnosis.coaching import Plan
from jinpai.diagnosis.courses import courses
from jinpai.render.coaching import told
from jinpai.render.story import Say
from jinpai.workspace import Workspace
from tests.desk.serving import AGENT, COLLEAGUE, OTHER, SHOP, Visitor, address, made, serving, signed_in
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
PAGE = address(SHOP, "coaching")
ASKED = {"do": "plan", "agent": AGENT, "point": "behaviour:first_within_15s", "starts": "2026-11-17", "said": "先把快捷短语备好"}  # fmt: skip


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    root = made(tmp_path)
    flow.build(Workspace.open(root))
    with serving(root) as base:
        yield base, root


def compared(visitor: Visitor) -> str:
    """The page once the job is done, which the page itself asks for."""
    assert 'hx-trigger="load"' in visitor.get(PAGE).text
    visitor.post(PAGE, do="start")
    for _ in range(600):
        text = visitor.get(PAGE).text
        if "<h3>" in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text[-2000:])


@kills("jinpai/desk/jobs/coaching.py", "one.kind, one.name, one.starts", "one.kind, one.name, 20200101")
@kills("jinpai/desk/pages/coaching.py", "if visit.only_agent in (None, one.agent)]", "]")
@kills("jinpai/desk/pages/today.py", "in plans(visit.shop, visit.only_agent)", "in plans(visit.shop)")
@kills("jinpai/desk/coached.py", "        sorted(one.pk for one in plans),\n", "")
def test_a_plan_is_told_to_the_agent_and_compared_by_a_job(opened: tuple[str, Path]) -> None:
    base, root = opened
    boss, agent = signed_in(base, "supervisor"), signed_in(base, "agent")
    assert "计划排好了" in boss.post(PAGE, **ASKED).text
    boss.post(PAGE, **ASKED | {"agent": COLLEAGUE, "said": "阿杰的事", "point": "reason:refused_flat"})
    text = compared(boss)
    plans = [Plan(1, AGENT, "behaviour", "first_within_15s", 20261117), Plan(2, COLLEAGUE, "reason", "refused_flat", 20261117)]  # fmt: skip
    for one in courses(Workspace.open(root), SHOP, plans):
        for part in told(one, Say("zh")):
            for line in [part.name, part.verdict, *part.lines]:
                assert line in text
    assert "还早" in text
    assert "先把快捷短语备好" in text
    assert "还价被一口回绝" in text
    mine = agent.get(PAGE).text
    assert "我的辅导" in mine
    assert "先把快捷短语备好" in mine
    assert "阿杰的事" not in mine
    assert COLLEAGUE not in mine
    assert 'value="plan"' not in mine
    today = agent.get(address(SHOP, "my-today")).text
    assert "先把快捷短语备好" in today
    assert "阿杰的事" not in today
    assert f"<b>{COLLEAGUE}</b> · 还价别一口回绝" in boss.get(address(SHOP, "today")).text
    boss.post(PAGE, **ASKED | {"point": "behaviour:no_long_wait"})
    assert 'hx-trigger="load"' in boss.get(PAGE).text, "another plan is looked at anew"


@kills("jinpai/desk/pages/coaching.py", "show, sends=SENDS,", "show, sends=SEES_ALL | {'agent'},")
@kills("jinpai/book/coaching.py", "CoachingPlan.objects.filter(shop=shop, pk=number)", "CoachingPlan.objects.filter(pk=number)")  # fmt: skip
@kills("jinpai/book/coaching.py", "for one in plans(shop) if not ended(one))", "for one in plans(shop))")
def test_it_is_ended_once_by_those_who_may_and_the_log_says_so(opened: tuple[str, Path]) -> None:
    base, _ = opened
    owner = signed_in(base)
    owner.post(PAGE, **ASKED)
    for role in ("agent", "auditor"):
        assert signed_in(base, role).post(PAGE, do="end", number="1", how="done").status == 403
    assert "已经在辅导了" in owner.post(PAGE, **ASKED).text
    assert owner.post(address(OTHER, "coaching"), do="end", number="1", how="done").status == 404
    assert owner.post(PAGE, do="end", number="77", how="done").status == 404
    assert "请选怎么结束" in owner.post(PAGE, do="end", number="1", how="maybe").text
    ended = owner.post(PAGE, do="end", number="1", how="done", last_word="两周就会了").text
    assert "计划结束了" in ended
    assert "结束时说：两周就会了" in ended
    assert "这个计划已经结束了" in owner.post(PAGE, do="end", number="1", how="done").text
    assert "正在辅导" not in owner.get(address(SHOP, "today")).text
    assert "计划排好了" in owner.post(PAGE, **ASKED).text, "what has ended can be taught again"
    log = owner.get(address(SHOP, "log")).text
    assert f"{AGENT}，2026-11-17，首响 15 秒内" in log
    assert "结束辅导计划" in log


@kills("jinpai/book/coaching.py", "if not first <= starts <= last:", "if False:")
@kills("jinpai/book/coaching.py", "if point not in points:", "if False:")
@kills("jinpai/book/coaching.py", "if agent not in known:", "if False:")
def test_a_form_that_will_not_do_says_what_and_keeps_what_was_written(opened: tuple[str, Path]) -> None:
    base, _ = opened
    owner = signed_in(base)
    for change, says in (
        ({"agent": "没有这个人"}, "请选一位客服"),
        ({"point": "reason:out_of_stock"}, "请选要练的一点"),
        ({"starts": "2019-01-01"}, "太远了，请选"),
        ({"starts": "明天"}, "不是一个日子"),
        ({"said": " "}, "请写一句"),
        ({"said": "长" * 501}, "最多写 500 个字，现在是 501 个"),
    ):
        got = owner.post(PAGE, **ASKED | change)
        assert got.status == 400
        assert says in got.text
        if "said" not in change:
            assert "先把快捷短语备好</textarea>" in got.text
    assert "现在没有人在辅导" in owner.get(PAGE).text


@kills("jinpai/desk/pages/coaching.py", "words = points().get((kind, name))", "words = None")
def test_an_action_opens_the_form_with_its_point_and_an_example(opened: tuple[str, Path]) -> None:
    base, _ = opened
    text = signed_in(base).get(f"{PAGE}?point=reason:refused_flat").text
    assert re.search(r'<option value="reason:refused_flat" selected>', text)
    assert re.search(r"还价别一口回绝，给理由、活动或替代款，例如：“[^”]{6,}”</textarea>", text)
    assert "</textarea>" in signed_in(base).get(f"{PAGE}?point=reason:nonsense").text
