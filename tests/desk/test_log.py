"""操作日志的定律 log: every act has its words, the shop's people see the shop's acts, and a workbook of it runs nothing."""

from __future__ import annotations

import ast
import io
import time
from pathlib import Path

import openpyxl
import pytest

from jinpai.book.deeds import ACTS, doer, exported, on
from jinpai.book.models import Deed
from jinpai.book.people import HERE
from jinpai.errors import Words
from jinpai.render import listing
from tests.desk.book import change, on_both
from tests.desk.serving import OTHER, PEOPLE, SHOP, address
from tests.desk.test_people import added, signed_in
from tests.mutants import kills
from tests.shape.source import modules

LOG = address(SHOP, "log")


def recorded() -> dict[str, str]:
    """Every act that the code records, and where; one that is no plain text stands there as it is written."""
    found = {}
    for module in modules():
        its_own = module.name == "jinpai.book.people"
        taken = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "jinpai.book.people"
            and "record" in {one.name for one in node.names}
            for node in ast.walk(module.tree)
        )
        for node in ast.walk(module.tree):
            if (
                (its_own or taken)
                and isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "record"
            ):
                what = node.args[1]
                found[what.value if isinstance(what, ast.Constant) else ast.unparse(what)] = (
                    f"{module.path}:{node.lineno}"
                )
    return found


def test_every_act_that_is_recorded_has_its_words_and_none_has_words_for_nothing() -> None:
    assert recorded().keys() == ACTS.keys()
    for words in ACTS.values():
        assert words.zh
        assert words.en


@kills("jinpai/book/deeds.py", 'if deed.what in ("exported", "refused_export"):', "if False:")
@kills("jinpai/book/deeds.py", "if by == HERE else Words(by, by)", "if False else Words(by, by)")
def test_what_the_log_keeps_short_is_told_in_words() -> None:
    def told(what: str, kept: str) -> Words:
        return on(Deed(what=what, on=kept))

    assert doer(HERE).en == "command line"
    assert doer("老王") == Words("老王", "老王")
    assert told("exported", exported("数据 1.xlsx", 1200)) == Words("数据 1.xlsx，1,200 行", "数据 1.xlsx, 1,200 rows")
    assert told("exported", "从前的.xlsx") == Words("从前的.xlsx", "从前的.xlsx")
    assert told("revealed", "123456 buyer 找 一找").zh == "会话 123456：买家全名，原因：找 一找"
    assert told("revealed", "123456 2026-11-20T09:00:08 x").en.startswith(
        "conversation 123456: the line of 2026-11-20 09:00:08"
    )
    assert told("revealed", "").zh


@kills("jinpai/render/xlsx.py", 'quoted if text.lstrip(" ").startswith(STARTS_A_FORMULA) else look', "look")
def test_a_cell_that_looks_like_a_formula_is_quoted(tmp_path: Path) -> None:
    file = tmp_path / "log.xlsx"
    texts = ["=1+1", "+1", "-1", "@x", "＝1", " =1", "小美"]
    listing.write(file, "操作日志", ["谁"], [[text] for text in texts])
    cells = [row[0] for row in openpyxl.load_workbook(file).active.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == texts
    assert [cell.data_type for cell in cells] == ["s"] * len(texts)
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 6 + [False]


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/book/deeds.py", "Q(shop=shop) |", 'Q(shop__gt="") |')
@kills("jinpai/book/deeds.py", 'Q(shop="", by__in=names)', 'Q(shop="")')
@on_both
def test_a_shop_reads_its_own_acts_and_its_peoples(desk: str, root: Path) -> None:
    foreign = added(root, "隔壁的老板", "owner", OTHER)
    signed_in(desk, foreign)
    auditor = signed_in(desk, PEOPLE["auditor"])
    got = auditor.get(LOG)
    assert got.status == 200
    assert foreign not in got.text
    assert PEOPLE["auditor"] in got.text
    assert "<td>登录</td>" in got.text
    assert foreign in signed_in(desk, foreign).get(address(OTHER, "log")).text


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/book/deeds.py", "found.filter(by=by) if by else found", "found")
@kills("jinpai/book/deeds.py", '.order_by("-at", "-id")', '.order_by("at", "id")')
@on_both
def test_the_newest_is_first_and_a_page_has_fifty(desk: str, root: Path) -> None:
    owner = signed_in(desk, PEOPLE["owner"])
    later = time.time_ns() // 1_000_000 + 1_000
    change(
        root,
        'insert into book_deed (at, "by", shop, what, "on") values (?, ?, ?, ?, ?)',
        *((later + n, "=造的人", SHOP, "exported", f"=文件{n}号") for n in range(120)),
        # 2026-11-18 23:30 UTC is the next day in Shanghai
        (1795044600000, "夜里的", SHOP, "altered_person", "某某：agent → supervisor"),
    )
    mine = LOG + "?by=%3D%E9%80%A0%E7%9A%84%E4%BA%BA"
    first, second, last = (owner.get(f"{mine}&page={n}").text for n in (1, 2, 9))
    assert first.count("<td>=造的人</td>") == 50
    assert first.index("=文件119号") < first.index("=文件70号")
    assert "=文件69号" in second
    assert "=文件0号" in last
    assert "第 3 页，共 3 页，120 条" in last
    assert PEOPLE["owner"] not in first.split("<tbody>")[1].split("</tbody>")[0]
    night = owner.get(LOG + "?what=altered_person").text
    assert "2026-11-19 07:30" in night
    assert "某某：客服 → 主管" in night
    for odd in ("?page=x", "?page=-3", "?page=99999999999"):
        assert owner.get(LOG + odd).status == 200
    assert "没有这样的操作" in owner.get(LOG + "?what=nothing").text
    supervisor = signed_in(desk, PEOPLE["supervisor"])
    assert supervisor.get(address(SHOP, "log.xlsx")).status == 403
    assert "XLSX" not in supervisor.get(LOG).text
    got = owner.get(address(SHOP, "log.xlsx") + "?by=%3D%E9%80%A0%E7%9A%84%E4%BA%BA")
    cells = list(openpyxl.load_workbook(io.BytesIO(got.content)).active.iter_rows(min_row=2))
    assert len(cells) == 120
    assert cells[0][1].value == "=造的人"
    assert cells[0][1].quotePrefix
    assert cells[0][1].data_type == "s"
    assert "操作日志-甲店 1.xlsx" in owner.get(f"{LOG}?by=%E8%80%81%E7%8E%8B&what=exported").text, (
        "the export stands in the log"
    )
