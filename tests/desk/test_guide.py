"""上手指南的定律 guide: it names every format that is read and none that is not, knows what the shop has, and is reached from where nothing is."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from jinpai import templates
from jinpai.importers import IMPORTERS
from jinpai.render.guide import FILLED_IN, PLATFORMS, of_formats
from jinpai.workspace import Workspace
from tests.desk.serving import PASSWORD, PEOPLE, SHOP, Visitor, address, jinpai, serving
from tests.mutants import kills

PAGE = address(SHOP, "guide")


def test_every_format_that_is_read_is_told_of_and_no_other() -> None:
    told = {one for platform in PLATFORMS.values() for source in platform.sources for one in source.formats}
    assert told == {importer.name for importer in IMPORTERS}
    for table in FILLED_IN:
        assert templates.fields(table)


def test_a_platform_reaches_as_deep_as_what_is_read_of_it() -> None:
    for platform in PLATFORMS.values():
        read = [source.depth for source in platform.sources if source.formats]
        assert platform.deepest == max(read, default=1)
        for source in platform.sources:
            assert source.formats or source.note.zh or "没有官方导出" in source.how[0].zh, "what is not read says so"
    assert [of_formats({one}) for one in ("qianniu_t1", "canonical", "other")] == ["taobao", "own", "taobao"]


pytestmark = [pytest.mark.xdist_group("desk")]


def step(page: str, title: str) -> str:
    (found,) = (
        one
        for one in re.findall(r"<li class=\"[^\"]*\"><span class=\"mark\".*?</li>", page, re.DOTALL)
        if f'"step">{title}' in one
    )
    return found


@pytest.mark.slow
@kills("jinpai/desk/pages/guide.py", '"is_done": bool(done)', '"is_done": True')
@kills("jinpai/desk/pages/guide.py", 'rows.get("message"),', 'rows.get("messages"),')
@kills("jinpai/desk/pages/guide.py", "asked if asked in PLATFORMS else", "")
def test_it_knows_what_the_shop_has_and_shows_each_platform(desk: str) -> None:
    owner = Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    page = owner.get(PAGE).text
    assert "已有 2 行" in step(page, "导入订单 ")
    assert "已有 6 行 · 数据到 2026-11-2" in step(page, "导入聊天记录")
    for title, is_done in {"导入订单 ": True, "导入聊天记录": True, "导入退款": False, "导入客服名单": False}.items():
        assert ("做好了" in step(page, title)) == is_done, title
    assert "自己导成标准表" in page, "its files came with our own headings"
    for name, platform in PLATFORMS.items():
        shown = owner.get(f"{PAGE}?platform={name}").text
        assert platform.reach.zh in shown
        assert ("这个平台还做不到" in shown) == (platform.deepest < 3)
    assert owner.get(f"{PAGE}?platform=x").status == 200
    sheet = owner.get(address(SHOP, "guide/sheet.xlsx") + "?table=products")
    assert "商品编号" in [cell.value for cell in openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0][1]]
    assert owner.get(address(SHOP, "guide/sheet.xlsx") + "?table=orders").status == 404


@pytest.mark.slow
@kills(
    "jinpai/render/notice.py",
    "days, words = settings.retention_days, settings.text_retention_days",
    "days, words = 0, 0",
)
def test_the_notice_says_what_the_settings_say(tmp_path: Path) -> None:
    root = tmp_path / "w"
    workspace = Workspace.create(root, shop=SHOP)
    workspace.write_settings(SHOP, {"retention_days": 730, "appeal_days": 10, "staff_buyers": ["甲", "乙", "丙"]})
    for role in ("owner", "auditor", "accountant"):
        done = jinpai("people", "add", PEOPLE[role], "--role", role, "--shop", SHOP, "-w", root, said=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
    with serving(root) as base:
        owner, reader, accountant = Visitor(base), Visitor(base), Visitor(base)
        for visitor, role in ((owner, "owner"), (reader, "auditor"), (accountant, "accountant")):
            visitor.sign_in(PEOPLE[role])
        page = owner.get(PAGE).text
        assert "做好了" not in page, "of an empty shop nothing is done"
        text = owner.get(address(SHOP, "guide/notice.txt")).content.decode("utf-8-sig")
        for words in (
            SHOP,
            "聊天和订单保留 730 天",
            "聊天原文保留 [填天数",
            "10 天内申诉",
            "3 个买家账号",
            "第十三条第一款第二项",
        ):
            assert words in text, words
        assert "\r\n一、为什么用" in text
        assert "聊天和订单保留 730 天" in page
        for empty in ("today", "numbers", "conversations", "imports"):
            assert address(SHOP, "guide") in owner.get(address(SHOP, empty)).text, f"{empty} leads to the guide"
        assert reader.get(PAGE).status == 200
        assert address(SHOP, "imports") not in reader.get(PAGE).text, "who may not import is not sent there"
        assert accountant.get(PAGE).status == 403
