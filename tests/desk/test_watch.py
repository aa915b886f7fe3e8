"""异常行为提醒和让利账本的页面 what is unusual is read by owners and supervisors alone, and opens at the line; what was given away opens too."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from html import unescape

import openpyxl
import pytest

from tests.desk.serving import PASSWORD, PEOPLE, Answer, Visitor, address, jinpai, serving, signed_in
from tests.diagnosis.talks import Line, Talk, shop
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
SHOP = "main"
DAYS = "?from=2025-11-01&to=2025-11-30"
PAGE, WATCH, GIVEN, SHEET = (
    address(SHOP, name) for name in ("diagnosis", "diagnosis/watch", "diagnosis/concessions", "diagnosis.xlsx")
)
EAGER, OTHERS = "阿甲", ("阿乙", "阿丙", "阿丁")
NUMBER = "13812345678"


def told() -> list[Talk]:
    """Four agents of 25 talks: one drops a product card into each, the others into every fifth; every fourth buyer bargains and every third pays."""
    talks = []
    for agent in (EAGER, *OTHERS):
        for at in range(25):
            lines: list[Line] = [(at, "买家", "几天能到"), (5, agent, "三天到的")]
            lines += [(5, agent, f"看看这款，电话{NUMBER}", "P5")] if agent == EAGER or at % 5 == 0 else []
            lines += [(5, "买家", "能便宜点吗"), (5, agent, "好的，给您便宜10元")] if at % 4 == 0 else []
            lines += [(30, "下单", "一"), (5, "付款", "一")] if at % 3 == 0 else []
            talks.append(Talk(f"{agent}{at}", lines))
    return talks


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    made = shop(tmp_path_factory.mktemp("提醒"), told())
    for role, name in PEOPLE.items():
        more = ["--agent", EAGER] if role == "agent" else []
        done = jinpai("people", "add", name, "--role", role, "--shop", SHOP, *more, "-w", made.root, said=PASSWORD + "\n")  # fmt: skip
        assert done.returncode == 0, done.stderr
    with serving(made.root) as running:
        owner = signed_in(running)
        assert "还没有诊断，或者结果已经过期" in owner.get(WATCH + DAYS).text
        assert "还没有诊断，或者结果已经过期" in owner.get(GIVEN + DAYS).text
        owner.post(PAGE + DAYS, do="start")
        for _ in range(600):
            if 'id="ledger"' in owner.get(PAGE + DAYS).text:
                break
            time.sleep(0.1)
        yield running


def read(visitor: Visitor, path: str) -> Answer:
    got = visitor.get(path)
    assert got.status == 200, got.text[-500:]
    return got


@kills(
    "jinpai/desk/pages/watch.py",
    '("异常行为提醒", "Unusual behaviour"), SENDS, show',
    '("异常行为提醒", "Unusual behaviour"), SENDS | {"auditor"}, show',
)
@kills("jinpai/desk/pages/diagnosis.py", 'and found["watch"] and visit.may("watch") else', 'and found["watch"] else')
@kills("jinpai/desk/jobs/diagnose.py", "watches=True", "watches=False")
def test_owner_and_supervisor_alone_read_it_and_no_file_has_it(base: str) -> None:
    for role in PEOPLE:
        visitor = signed_in(base, role)
        may = role in ("owner", "supervisor")
        got = visitor.get(WATCH + DAYS)
        assert (got.status, EAGER in got.text) == (200 if may else 403, may), role
        assert ("异常行为提醒" in visitor.get(PAGE + DAYS).text) == may, role
    sheets = openpyxl.load_workbook(io.BytesIO(read(signed_in(base), SHEET + DAYS).content))
    words = " ".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)
    assert "让利账本" in sheets.sheetnames
    assert "商品链接" not in words
    assert "异常" not in words


@kills("jinpai/diagnosis/occasions.py", "and s.agent = w.agent", "and s.agent <> w.agent")
@kills("jinpai/diagnosis/occasions.py", "latest.place <= {most}", "latest.place <= 2")
def test_who_stands_out_is_named_with_the_talks_to_read_and_nobody_else(base: str) -> None:
    supervisor = signed_in(base, "supervisor")
    text = read(supervisor, WATCH + DAYS).text
    assert "1 种有人和同事不一样：买家没要就发商品链接" in text
    assert f"{EAGER}：25 个里有 25 个（100.0%），同事 19.7%。" in text
    assert "也可能是：店里要求主动推荐，或者在推活动款。" in text
    assert "不扣分也不扣钱" in text
    assert "「口径」里还没登记自家人的买家账号" in text
    assert not any(name in text for name in OTHERS)
    card = text.split('id="links_everywhere"')[1].split("</section>")[0]
    rows = re.findall(r'<td>阿甲</td><td><a href="([^"]+)#(line-\d+)">「([^」]+)」', card)
    assert len(rows) == 20, "the latest of 25"
    assert all("看看这款" in words for _, _, words in rows)
    assert NUMBER not in text, "a number in a quote is masked"
    where, line, _ = rows[0]
    talk = read(supervisor, unescape(where)).text
    assert "看看这款" in talk.split(f'id="{line}"')[1].split('class="msg')[0]


@kills("jinpai/desk/templates/diagnosis.html", "'concessions': 'diagnosis/concessions'", "'concessions': 'concessions'")
@kills("jinpai/desk/pages/concessions.py", 'and agent in (None, one["agent"])', "")
@kills("jinpai/desk/pages/concessions.py", 'if one["act"] == act', "if True")
@kills("jinpai/desk/pages/concessions.py", '(one["unasked"] or not unasked)', "True")
@kills("jinpai/desk/pages/concessions.py", 'thing in (None, one["thing"])', "True")
@kills("jinpai/diagnosis/concessions.py", "where c.place <= $most", "where c.place <= 2")
def test_a_figure_of_the_concessions_opens_the_talks(base: str) -> None:
    auditor = signed_in(base, "auditor")
    section = read(auditor, PAGE + DAYS).text.split('id="concessions"')[1].split("</section>")[0]
    assert "买家讲价、要券、要赠品的有 28 段聊天（便宜 28、优惠券 0、赠品 0）；客服让了的有 28 段。" in section
    assert "合计 120 元，其中带条件的 0 元" in section
    row = section.split(f">{EAGER}</th>")[1].split("</tr>")[0]
    doors = [unescape(one) for one in re.findall(r'href="([^"]+)"', row)]
    assert len(doors) == 3, "asked, given, a discount"
    for door, words in zip(doors, ("能便宜点吗", "好的，给您便宜10元", "好的，给您便宜10元"), strict=True):
        text = read(auditor, door).text
        assert text.count(f"「{words}」") == text.count("「") == 7, door
        assert not any(name in text for name in OTHERS)
    assert "没有这样的聊天" in read(auditor, f"{GIVEN}{DAYS}&unasked=1").text
    assert "没有这样的聊天" in read(auditor, f"{GIVEN}{DAYS}&thing=gift").text
    talk = re.findall(r'<a href="([^"]+)#(line-\d+)">「好的', read(auditor, doors[1]).text)[0]
    assert "好的，给您便宜" in read(auditor, unescape(talk[0])).text.split(f'id="{talk[1]}"')[1].split('class="msg')[0]
    assert signed_in(base, "agent").get(GIVEN + DAYS).status == 403
