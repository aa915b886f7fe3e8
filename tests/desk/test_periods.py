"""时段对比、换口径试算、平台考核的定律: the days beside, what another rule would give, and how far a platform's line is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai import flow
from jinpai.analysis import earlier, without_window
from jinpai.assessment import assessed
from jinpai.importing import import_files
from jinpai.render.compared import difference, line_of
from jinpai.render.story import Say
from jinpai.report import report
from jinpai.workspace import Workspace
from tests.desk.serving import AGENT, COLLEAGUE, PEOPLE, SHOP, Visitor, address, made, serving
from tests.mutants import kills

ZH = Say("zh")
LINES = """\
[[profiles]]
name = "pdd"
since = "2020-01-01"
opens = "08:00"
closes = "23:00"
unit = "conversation"
assist_counts = false
automatic = "left_out"
unanswered = "late"
target = 0.5
"""


MESSAGES = """\
shop,buyer,agent,sender,sent_at,kind,text,message_id
甲店 1,两手的,小美,buyer,2026-11-10T10:00:00+08:00,text,这款有蓝色吗,p1
甲店 1,两手的,小美,agent,2026-11-10T10:00:09+08:00,text,有的,p2
甲店 1,两手的,阿杰,buyer,2026-11-10T10:40:00+08:00,text,拍好了能改地址吗,p3
甲店 1,两手的,阿杰,agent,2026-11-10T10:40:09+08:00,text,可以改,p4
"""
ORDERS = """\
shop,order_id,buyer,created_at,paid_at,status,payable_amount,paid_amount
甲店 1,3001,两手的,2026-11-10T10:20:00+08:00,2026-11-10T10:50:00+08:00,交易成功,50.00,50.00
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("periods")
    root = made(folder)
    workspace = Workspace.open(root)
    for name, text in (("later.csv", MESSAGES), ("bought.csv", ORDERS)):
        (folder / name).write_text(text, encoding="utf-8")
        import_files(workspace, [folder / name])
    (workspace.settings(SHOP).folder / "profiles.toml").write_text(LINES, encoding="utf-8")
    flow.build(workspace)
    return root


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[str]:
    with serving(root) as base:
        yield base


@pytest.mark.parametrize(
    ("first", "last", "which", "found"),
    [
        (20261118, 20261120, "before", (20261115, 20261117)),
        (20261118, 20261120, "week", (20261111, 20261113)),
        (20261118, 20261120, "month", (20261018, 20261020)),
        (20261101, 20261130, "month", (20261001, 20261031)),
        (20260301, 20260331, "month", (20260201, 20260228)),
        (20260329, 20260330, "month", (20260228, 20260228)),
        (20260101, 20260115, "month", (20251201, 20251215)),
    ],
)
@kills("jinpai/analysis.py", "min(end // 100 * 100 + day % 100, end)", "end // 100 * 100 + day % 100")
@kills(
    "jinpai/analysis.py",
    "return add_days(first, -length), add_days(first, -1)",
    "return add_days(first, -length), first",
)
@kills("jinpai/analysis.py", "if is_whole else max(start, end)", "if False else max(start, end)")
def test_the_days_beside_are_as_many_and_a_whole_month_is_beside_a_whole_month(first, last, which, found) -> None:
    assert earlier(first, last, which) == found


@kills("jinpai/render/compared.py", 'return "0" if found == 0 else "≈ 0"', 'return "0"')
def test_a_difference_has_its_sign_and_what_cannot_be_seen_is_no_minus_nought() -> None:
    from decimal import Decimal

    def told(now: str, then: str, unit: str) -> str:
        return difference({"difference": Decimal(now) - Decimal(then), "then": then}, unit, ZH)

    assert told("0.25", "0.287", "rate") == "-3.7 个百分点"
    assert told("120.00", "100.00", "yuan") == "+20.00（+20%）"
    assert told("8", "0", "count") == "+8"
    assert told("0.9901", "0.9902", "ratio") == "≈ 0"
    assert told("5", "5", "count") == "0"


@kills("jinpai/metrics/parts.py", "[99_991_231] * bool(dated)", "[99_991_231]")
@kills("jinpai/assessment.py", "(target <= 1) == is_rate", "True")
@kills("jinpai/assessment.py", "distance = value - line if is_rate else line - value", "distance = value - line")
def test_a_platforms_line_is_in_its_metrics_own_unit(root: Path) -> None:
    found = assessed(Workspace.open(root), SHOP, 20261118, 20261120)
    assert [one["name"] for one in found] == ["pdd_3min_rate"], "of the profiles that the shop has"
    [one] = found
    assert (one["value"], one["line"], one["met"], one["spare"]) == (1.0, 0.5, True, 3)
    assert "达标，还差 50.0 个百分点到线" in line_of(one, ZH)["said"]
    assert line_of(one, ZH)["spare"] == "还能再有 3 个超时"
    from jinpai.assessment import _assessed

    seconds = _assessed(
        "tmall_response_seconds",
        {"tmall_response_seconds": 20.0, "of": {"tmall_response_seconds": [40.0, 2, None, None]}},
        30.0,
    )
    assert (seconds["met"], seconds["distance"], seconds["spare"]) == (True, 10.0, None)
    assert (
        _assessed("tmall_3min_rate", {"tmall_3min_rate": 0.9, "of": {"tmall_3min_rate": [9, 10, 0, 1]}}, 30.0)["line"]
        is None
    )


@kills("jinpai/report.py", "if profile.target > 1:", "if False:")
def test_a_line_of_seconds_says_nothing_of_a_rate(root: Path) -> None:
    workspace = Workspace.open(root)
    file = workspace.settings(SHOP).folder / "profiles.toml"
    seconds = LINES.replace("0.5", "30")
    try:
        file.write_text(seconds, encoding="utf-8")
        notes = report(workspace, SHOP, metrics=["pdd_3min_rate"], builds=False)["meta"]["notes"]
    finally:
        file.write_text(LINES, encoding="utf-8")
    assert not [note for note in notes if "条线" in note["zh"] or "线上" in note["zh"]]


@kills("jinpai/analysis.py", "name.removesuffix(end): parts", "name: parts")
def test_figures_of_two_windows_stand_beside_each_other_by_their_own_name() -> None:
    row = {"conversion_7d": 0.5, "enquiries": 2, "of": {"conversion_7d": [1, 2, 0.1, 0.9]}}
    assert without_window(row, "7d") == {"conversion": 0.5, "enquiries": 2, "of": {"conversion": [1, 2, 0.1, 0.9]}}


def rows_of(text: str) -> dict[str, list[str]]:
    """The rows of every table of a page by name, as one reads them."""
    found = re.findall(r'<tr><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', text, re.DOTALL)
    cells = {name: re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for name, row in found}
    return {name: [re.sub(r"<[^>]+>", " ", one).strip() for one in row] for name, row in cells.items()}


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/pages/periods.py", "agent = visit.only_agent", "pass")
@kills("jinpai/desk/pages/periods.py", "for one in (days, then)", "for one in (days, days)")
def test_two_periods_stand_beside_each_other_and_few_are_not_judged(desk: str) -> None:
    owner, agent = Visitor(desk), Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    agent.sign_in(PEOPLE["agent"])
    page = address(SHOP, "numbers/periods") + "?from=2026-11-19&to=2026-11-20"
    seen = rows_of(owner.get(page).text)
    assert seen["接待人数"][:3] == ["1", "2", "-1（-50%）"]
    assert seen["旺旺回复率"][3] == "太少，还看不出"
    assert seen["客服销售额"][:2] == ["0.00", "99.00"]
    assert seen["客服销售额"][3] == "", "an amount is not judged"
    assert rows_of(owner.get(f"{page}&agent=%E9%98%BF%E6%9D%B0").text)["接待人数"][1] == "1"
    other = agent.get(f"{page}&agent=%E9%98%BF%E6%9D%B0").text
    assert COLLEAGUE not in other
    assert rows_of(other)["接待人数"][:2] == ["1", "1"], "the own one"
    free = rows_of(owner.get(f"{page}&with=free&from2=2026-11-18&to2=2026-11-18").text)
    assert free["接待人数"][:2] == ["1", "2"]
    assert "请在页面上选一种" in owner.get(f"{page}&with=x").text
    assert "对调" in owner.get(f"{page}&with=free&from2=2026-11-18&to2=2026-11-17").text


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/pages/what_if.py", "if visit.only_agent in (None, one)", "if True")
@kills("jinpai/desk/trial.py", 'rule=asked.get("rule")', "rule=None")
def test_another_rule_gives_what_a_report_under_it_gives_and_changes_nothing(desk: str, root: Path) -> None:
    owner, agent = Visitor(desk), Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    agent.sign_in(PEOPLE["agent"])
    page = address(SHOP, "numbers/what-if") + "?from=2026-11-10&to=2026-11-20"
    assert "选一个和现在不同的口径" in owner.get(page).text
    workspace = Workspace.open(root)
    before = workspace.settings(SHOP).shown()
    for asked, change in (
        ("&rule=payment", {"rule": "payment"}), ("&window=7d", {"window": "7d"}),
    ):  # fmt: skip
        seen = owner.get(page + asked)
        days = {"start": "2026-11-10", "end": "2026-11-20", "builds": False}
        now, then = (
            report(workspace, SHOP, metrics=["attributed_amount", "enquiries"], **days, **one)["rows"][0]
            for one in ({}, change)
        )
        told = rows_of(seen.text)
        assert told["客服销售额"][:2] == [now["attributed_amount"], then["attributed_amount"]]
        assert told["询单人数"][:2] == [str(now["enquiries"]), str(then["enquiries"])]
        assert {AGENT, COLLEAGUE} <= told.keys()
        if "rule" in change:
            assert told[AGENT][:3] == ["149.00", "99.00", "-50.00（-34%）"], "ordered with one, paid with the other"
            assert told[COLLEAGUE][:2] == ["0.00", "50.00"]
    mine = agent.get(f"{page}&rule=payment").text
    assert AGENT in mine
    assert COLLEAGUE not in mine
    assert "不认识" in owner.get(f"{page}&window=x").text
    assert Workspace.open(root).settings(SHOP).shown() == before


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/templates/numbers.html", "{% if lined %}", "{% if false %}")
def test_the_platforms_card_says_how_many_late_answers_are_left(desk: str) -> None:
    owner = Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    seen = (
        owner.get(address(SHOP, "numbers") + "?span=week&day=2026-11-18")
        .text.split("平台考核")[1]
        .split("</section>")[0]
    )
    assert "还能再有 3 个超时" in seen
    assert "没设考核线" not in seen
