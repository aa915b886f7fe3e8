"""一人模式的定律 alone: it is offered where one sub-account writes, shows to-dos and counts and no rate of few, and changes no figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai import flow
from jinpai.importing import import_files
from jinpai.sourcing import stale
from jinpai.today import LEAST, enough
from jinpai.unpaid import unpaid
from jinpai.workspace import Workspace
from tests.desk.serving import COLLEAGUE, MESSAGES, OTHER, PEOPLE, SHOP, Visitor, address, made, serving
from tests.desk.test_people import added
from tests.mutants import kills

ORDERS = f"""\
shop,order_id,buyer,created_at,paid_at,closed_at,status,payable_amount,paid_amount
{SHOP},3001,山里人,2026-11-20T20:40:00+08:00,,,等待买家付款,30.50,
{SHOP},3002,没聊过的,2026-11-19T09:00:00+08:00,,,等待买家付款,7.00,
{SHOP},3003,山里人,2026-11-19T10:00:00+08:00,2026-11-19T10:01:00+08:00,,交易成功,9.00,9.00
{SHOP},3004,山里人,2026-11-19T11:00:00+08:00,,2026-11-20T11:00:00+08:00,交易关闭,5.00,
{SHOP},3005,太早的,2026-11-17T11:00:00+08:00,,,等待买家付款,5.00,
{SHOP},3006,明天的,2026-11-21T11:00:00+08:00,,,等待买家付款,5.00,
"""


@pytest.mark.parametrize(
    ("value", "of", "stays"),
    [
        (0.5, [LEAST // 2, LEAST, 0.3, 0.7], True),
        (0.5, [14, LEAST - 1, 0.3, 0.7], False),
        (None, [0, 0, None, None], False),
        ("12.00", None, True),
        (80.0, [240, 3, None, None], True),
    ],
)
@kills("jinpai/today.py", "of[1] >= LEAST)", "of[1] >= 0)")
def test_a_rate_of_few_is_not_shown(value, of, stays: bool) -> None:
    figure = {"day": 20261120, "value": value, "of": of, "usual": None, "verdict": None, "is_late": value is None}
    told = enough({"figures": {"one": figure}, "month": {"one": value, "of": {} if of is None else {"one": of}}})
    assert ("one" in told["figures"]) is stays
    assert (told["month"]["one"] is not None) is stays


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    root = made(folder)
    (folder / "more.csv").write_text(ORDERS, encoding="utf-8")
    silent = f"{MESSAGES.splitlines()[0]}\n{SHOP},没人理的,小美,buyer,2026-11-20T21:00:00+08:00,text,有人吗在不在,t1\n"
    silent += f"{SHOP},山里人,小美,buyer,2026-11-19T21:00:00+08:00,text,有货吗,t2\n{SHOP},山里人,小美,agent,2026-11-19T21:00:05+08:00,text,有的,t3\n"
    (folder / "silent.csv").write_text(silent, encoding="utf-8")
    import_files(Workspace.open(root), [folder / "more.csv", folder / "silent.csv"])
    flow.build(Workspace.open(root))
    return root


@kills("jinpai/unpaid.py", "and paid_at is null and closed_at is null", "and paid_at is null")
@kills("jinpai/unpaid.py", "created_day >= $from and created_day <= $to", "created_day <= $to")
@kills("jinpai/unpaid.py", "arg_max(c.conversation_key, c.first_at)", "arg_min(c.conversation_key, c.first_at)")
def test_unpaid_orders_are_those_that_wait_still(root: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(root)
    found = unpaid(workspace, SHOP, 20261120, 9)
    assert [(one["order"], one["buyer"], one["amount"]) for one in found["rows"]] == [
        ("3001", "山**人", "30.50"), ("1003", "看**的", "12.00"), ("3002", "没**的", "7.00"),
    ]  # fmt: skip
    assert (found["total"], found["amount"]) == (3, "49.50")
    with flow.opened(workspace, SHOP) as engine:
        talks = engine.rows(
            "select conversation_key from conversation where buyer_key in (select buyer_key from orders where order_id = '3001') order by first_at"
        )
    assert len(talks) == 2
    assert found["rows"][0]["number"] == talks[-1]["conversation_key"]
    assert found["rows"][2]["number"] is None
    assert len(unpaid(workspace, SHOP, 20261120, 1)["rows"]) == 1
    empty = Workspace.create(tmp_path / "w", shop=SHOP)
    assert unpaid(empty, SHOP, 20261120, 9) == {"rows": [], "total": 0, "amount": None}


@kills("jinpai/workspace/settings.py", "if name not in ONLY_SHOWN", "if name")
def test_it_changes_no_figure(root: Path) -> None:
    workspace = Workspace.open(root)
    assert stale(workspace) == []
    before = workspace.settings(SHOP).digest
    workspace.write_settings(SHOP, {"solo": True})
    assert workspace.settings(SHOP).digest == before
    assert stale(workspace) == []
    workspace.write_settings(SHOP, {"solo": None})


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[str]:
    with serving(root) as base:
        yield base


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills(
    "jinpai/desk/pages/settings.py",
    "sub_accounts(visit.workspace, visit.shop)) == 1",
    "sub_accounts(visit.workspace, visit.shop)) > 0",
)
@kills("jinpai/desk/pages/settings.py", 'if not (is_alone and one.name == "people")', "if one.name")
@kills("jinpai/desk/pages/today.py", "if visit.only_agent is None and visit.workspace", "if visit.workspace")
def test_one_person_sees_what_to_do_and_no_comparison(desk: str, root: Path) -> None:
    owner, agent, there = Visitor(desk), Visitor(desk), Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    agent.sign_in(PEOPLE["agent"])
    there.sign_in(added(root, "一个人的店", "owner", OTHER))
    assert "只有一个子账号在聊" not in owner.get(address(SHOP, "settings")).text
    assert "只有一个子账号在聊" in there.get(address(OTHER, "settings")).text
    today = address(SHOP, "today") + "?day=2026-11-20"
    usual = owner.get(today).text
    assert "这一天在岗" in usual
    assert COLLEAGUE in owner.get(address(SHOP, "today") + "?day=2026-11-18").text
    seen = re.search(
        r'name="name" value="solo"><input type="hidden" name="seen" value="(\w+)"',
        owner.get(address(SHOP, "rules")).text,
    )
    assert seen
    assert "改好了。" in owner.post(address(SHOP, "rules"), name="solo", value="true", seen=seen[1]).text
    assert "一人模式：否 → 是" in owner.get(address(SHOP, "log") + "?what=changed_setting").text
    assert "还没有后台任务" in owner.get(address(SHOP, "jobs")).text, "nothing is computed for it"
    page = owner.get(today).text.split("<main")[1]
    assert "有人吗在不在" in page.split("没人回的买家")[1].split("</section>")[0]
    waiting = page.split("下单没付款")[1].split("</section>")[0]
    assert "3 单 · ¥49.50" in waiting
    assert waiting.index("3001") < waiting.index("1003") < waiting.index("3002")
    assert waiting.count('<a class="line"') == 1
    assert "没聊过" in waiting
    assert "%" not in re.sub(r"<[^>]*>", "", page), "of three enquiries no rate is told"
    assert "这一天在岗" not in page
    assert COLLEAGUE not in owner.get(address(SHOP, "today") + "?day=2026-11-18").text.split("<main")[1]
    settings = owner.get(address(SHOP, "settings")).text
    assert address(SHOP, "people") not in settings
    assert "一人模式开着" in settings
    assert "邀请他们进来" not in owner.get(address(SHOP, "guide")).text
    assert owner.get(address(SHOP, "people")).status == 200
    assert "下单没付款" not in agent.get(address(SHOP, "my-today") + "?day=2026-11-20").text
    Workspace.open(root).write_settings(SHOP, {"solo": None})
