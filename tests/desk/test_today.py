"""今日看板的定律 today: a difference is news only beyond chance, each figure has its own day, an agent sees the own part alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai.importing import import_files
from jinpai.today import compared, today
from jinpai.workspace import Workspace
from tests.desk.serving import AGENT, COLLEAGUE, MESSAGES, PEOPLE, SHOP, Visitor, address, made, serving
from tests.mutants import kills

HEAD = MESSAGES.splitlines()[0]
MORE = f"""\
{HEAD}
{SHOP},没人理的,小美,buyer,2026-11-20T21:00:00+08:00,text,有人吗在不在,t1
{SHOP},没人理的,小美,buyer,2026-11-20T21:05:00+08:00,text,那我走了,t2
{SHOP},阿杰的,{COLLEAGUE},buyer,2026-11-20T21:10:00+08:00,text,尺码偏小吗,t3
{SHOP},阿杰的,{COLLEAGUE},agent,2026-11-20T21:10:05+08:00,text,偏小一码,t4
{SHOP},老客,小美,buyer,2026-11-13T21:10:00+08:00,text,在吗,t5
{SHOP},老客,小美,agent,2026-11-13T21:10:30+08:00,text,在的,t6
{SHOP},收尾的,小美,buyer,2026-11-21T23:30:00+08:00,text,在吗,t7
"""


@pytest.mark.parametrize(
    ("now", "usual", "verdict"),
    [
        ((56, 70), (48, 80), "above"),
        ((48, 80), (56, 70), "below"),
        ((40, 100), (41, 100), "inside"),
        ((29, 29), (1, 400), None),
    ],
)
@kills("jinpai/today.py", '"above" if least > 0', '"above" if most > 0')
@kills("jinpai/today.py", '"below" if most < 0', '"below" if least < 0')
@kills("jinpai/today.py", "if min(now[1], usual[1]) < LEAST:", "if False:")
def test_a_difference_is_news_where_its_interval_leaves_out_nothing(now, usual, verdict) -> None:
    # 56/70 against 48/80 is Newcombe's own example: 0.0524 to 0.3339
    assert compared(now, usual) == verdict


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("today")
    root = made(folder)
    (folder / "more.csv").write_text(MORE, encoding="utf-8")
    import_files(Workspace.open(root), [folder / "more.csv"])
    from jinpai import flow

    flow.build(Workspace.open(root))
    return root


@kills("jinpai/today.py", "ripe = add_days(day, 1 - _days_of(window))", "ripe = day")
@kills("jinpai/today.py", "add_days(day, -7 * week), {})", "add_days(day, -week), {})")
def test_each_figure_is_of_the_day_that_is_ready_and_beside_its_weekday(root: Path) -> None:
    workspace = Workspace.open(root)
    told = today(workspace, SHOP, 20261120)
    assert told["figures"]["conversion_same_day"]["day"] == 20261120
    assert told["figures"]["conversion_next_day"]["day"] == 20261119
    received = told["figures"]["received_buyers"]
    assert (received["value"], str(received["usual"])) == (2, "1.00"), "on the Friday before there was one"
    late = [told["figures"][f"conversion_{one}"]["is_late"] for one in ("same_day", "next_day")]
    assert late == [True, False], "orders end on that evening; of the day before nobody asked, which no waiting changes"
    assert told["agents"] == sorted([AGENT, COLLEAGUE])
    assert told["month"]["enquiries"] == today(workspace, SHOP, 20261120)["month"]["enquiries"]
    mine = today(workspace, SHOP, 20261120, COLLEAGUE)
    assert mine["figures"]["received_buyers"]["value"] == 1


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[str]:
    with serving(root) as base:
        yield base


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/conversations.py", "and p.shop_first and not p.gave_away and p.answered_at is null", "and p.shop_first")
@kills(
    "jinpai/desk/pages/today.py",
    "today(visit.workspace, visit.shop, span.first, visit.only_agent)",
    "today(visit.workspace, visit.shop, span.first)",
)
def test_the_owner_sees_whom_nobody_answered_and_an_agent_the_own_day(desk: str, root: Path) -> None:
    owner, agent = Visitor(desk), Visitor(desk)
    first = owner.sign_in(PEOPLE["owner"])
    assert first.url == desk + address(SHOP, "today")
    seen = owner.get(address(SHOP, "today") + "?day=2026-11-20").text
    unanswered = seen.split("没人回的买家")[1].split("</section>")[0]
    assert "有人吗在不在" in unanswered
    assert "没**的" in unanswered
    assert "尺码偏小吗" not in unanswered
    assert f"{COLLEAGUE}、{AGENT}" in seen or f"{AGENT}、{COLLEAGUE}" in seen
    assert agent.sign_in(PEOPLE["agent"]).url == desk + address(SHOP, "my-today")
    mine = agent.get(address(SHOP, "my-today") + "?day=2026-11-20").text
    assert "我的今天" in mine
    assert COLLEAGUE not in mine
    assert "agent=%E5%B0%8F%E7%BE%8E" in mine, "each figure opens the own passport"
    own, whole = (today(Workspace.open(root), SHOP, 20261120, one)["month"]["enquiries"] for one in (AGENT, None))
    told = [re.findall(r"metric=enquiries[^>]*>(\d+)</a>", page) for page in (mine, seen)]
    assert told == [[str(own)], [str(whole)]]
    assert own < whole
    assert agent.get(address(SHOP, "today")).status == 403
    assert "不是一个日子" in owner.get(address(SHOP, "today") + "?day=x").text
