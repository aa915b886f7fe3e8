"""客服数据的定律 numbers: the mean row is what the agents' own figures come to, and who may see what of it."""

from __future__ import annotations

import re
import subprocess
from decimal import Decimal
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from jinpai.metrics.averages import averages
from jinpai.render.charts.saving import has_chinese
from tests.desk.serving import AGENT, COLLEAGUE, PEOPLE, SHOP, Visitor, address
from tests.lacking import lacking
from tests.mutants import kills

ROWS = [
    {"enquiries": 10, "attributed_amount": "10.00", "conversion_same_day": 0.5, "aov": "5.00", "first_response_seconds": 4.0,
     "response_seconds": 10.0, "first_response_seconds_p50": 4,
     "of": {"first_response_seconds": [4.0, 1, None, None], "response_seconds": [30.0, 3, None, None], "conversion_same_day": [5, 10, 0.2, 0.8], "aov": ["10.00", 2, None, None], "first_response_within_15s": [1, 1, 0.2, 1.0]}},
    {"enquiries": 21, "attributed_amount": "0.01", "conversion_same_day": 1.0, "aov": "0.01", "first_response_seconds": 8.0,
     "response_seconds": 20.0, "first_response_seconds_p50": 8,
     "of": {"first_response_seconds": [24.0, 3, None, None], "response_seconds": [20.0, 1, None, None], "conversion_same_day": [30, 30, 0.9, 1.0], "aov": ["0.01", 1, None, None], "first_response_within_15s": [3, 3, 0.2, 1.0]}},
]  # fmt: skip


@kills("jinpai/metrics/averages.py", "round(float(times * top / bottom), 6)", "round(float(times * top), 6)")
def test_the_mean_of_rates_is_the_rate_of_sums_and_x() -> None:
    found = averages(ROWS, ["enquiries", "attributed_amount", "conversion_same_day", "aov", "first_response_seconds",
        "response_seconds", "first_response_seconds_p50", "first_response_within_15s"])  # fmt: skip
    assert found["enquiries"] == Decimal("15.5")
    assert found["attributed_amount"] == "5.01", "half up to the fen"
    assert found["conversion_same_day"] == 0.875, "35 of 40; the mean of the rates would be 0.75"
    assert found["of"]["conversion_same_day"][:2] == [35, 40]
    assert found["of"]["conversion_same_day"][2] < 0.875 < found["of"]["conversion_same_day"][3]
    assert (found["aov"], found["of"]["aov"][:2]) == ("3.34", ["10.01", 3])
    assert found["first_response_seconds"] == 7.0
    assert found["response_seconds"] == 12.5, "three rounds of 10 s and one of 20 s"
    assert found["first_response_seconds_p50"] is None, "percentiles have no mean"


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/pages/numbers.py", "least = 2 if visit.only_agent is None else 3", "least = 2")
def test_the_mean_row_stands_above_the_shops_and_of_two_agents_neither_sees_it(desk: str) -> None:
    owner, agent = Visitor(desk), Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    agent.sign_in(PEOPLE["agent"])
    day = address(SHOP, "numbers") + "?day=2026-11-18"
    seen = owner.get(day).text
    assert seen.index('<th scope="row">均值</th>') < seen.index('<th scope="row">全店</th>')
    mean = seen.split('<th scope="row">均值</th>')[1].split("</tr>")[0]
    assert "49.50" in mean, "99 yuan of one of two agents"
    assert "href" not in mean, "a mean has no rows behind it"
    assert 'data-copies="report"' in seen
    assert "均值" not in agent.get(day).text


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/pages/charts.py", "agent=visit.only_agent", "agent=None")
@kills("jinpai/render/charts/theme.py", "doors.get(unescape(told))", "doors.get('')")
@kills("jinpai/desk/pages/charts.py", "visit.say.lang, visit.only_agent)", "visit.say.lang)")
@kills("jinpai/render/figures.py", "told=_told(steps), doors=leads,", "told=_told(steps),")
@kills("jinpai/desk/pages/charts.py", 'asked = {"from": day or days.start', 'asked = {"from": days.start')
def test_charts_lead_to_passports_and_an_agent_sees_the_own_dot_alone(desk: str) -> None:
    owner, agent = Visitor(desk), Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    agent.sign_in(PEOPLE["agent"])
    page = address(SHOP, "numbers/charts") + "?from=2026-11-17&to=2026-11-20"
    seen, mine = owner.get(page).text, agent.get(page).text
    for one in ("每天的询单转化率", "每天的销售额", "从咨询到付款", "首次响应分布", "咨询时段"):
        assert f'aria-label="{one}"' in seen, one
    assert "style=" not in seen, "the desk's rules forbid it"
    people = [one.split('id="agents"')[1].split("</section>")[0] for one in (seen, mine)]
    assert [(AGENT in one, COLLEAGUE in one) for one in people] == [(True, True), (True, False)]
    door = re.search(r'href="([^"]*why\?metric=conversion_next_day&amp;from=2026-11-18&amp;to=2026-11-18)"', seen)
    assert door, "a day of the chart leads to that day's passport"
    assert "云**鹿" in owner.get(unescape(door[1])).text
    assert "存为" in seen
    assert "存为" not in mine
    for name, metric in (
        ("funnel", "received_buyers"),
        ("responses", "first_response_seconds_p50"),
        ("agents", "conversion_next_day"),
    ):
        words = (
            seen.split(f'id="{name}"')[1]
            .split("</section>")[0]
            .split('<details class="same">')[1]
            .split("</details>")[0]
        )
        assert f"why?metric={metric}" in words, "whoever has no pointer opens the same passports"
    assert owner.get(page).text.split('class="chart wide"')[1:] == seen.split('class="chart wide"')[1:], (
        "what is drawn is kept"
    )


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/pages/chart_files.py", "{about} · {mark}", "{about}")
def test_a_chart_is_saved_in_three_forms_with_its_letters_and_the_log_knows(desk: str) -> None:
    owner = Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    asked = "?of=funnel&from=2026-11-18&to=2026-11-20"
    found = {kind: owner.get(address(SHOP, f"chart.{kind}") + asked) for kind in ("svg", "png", "pdf")}
    assert [one.status for one in found.values()] == [200, 200, 200]
    assert found["png"].content.startswith(b"\x89PNG")
    assert found["pdf"].content.startswith(b"%PDF")
    drawn = found["svg"].text
    assert ET.fromstring(drawn).tag.endswith("svg")
    for words in ("从咨询到付款", SHOP, "2026-11-18 – 2026-11-20", "询单", "从店铺「甲店 1」导出"):
        assert words in drawn, words
    assert "从咨询到付款" in owner.get(address(SHOP, "log") + "?what=exported").text
    assert owner.get(address(SHOP, "chart.png") + "?of=x").status == 404
    backwards = owner.get(address(SHOP, "numbers/charts") + "?from=2026-11-20&to=2026-11-18")
    assert "请把两个日期对调" in backwards.text
    assert "一次最多看 400 天" in owner.get(address(SHOP, "numbers/charts") + "?from=2020-01-01&to=2026-11-18").text


@kills("jinpai/render/charts/saving.py", "return len(pictures) > 1", "return len(pictures) > 2")
def test_pictures_have_chinese_letters_and_not_boxes() -> None:
    if not subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout:
        lacking("a Chinese font", "apt-get install fonts-noto-cjk")
    assert has_chinese()


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/render/charts/sheet.py", "for row in grid.rows)]", "for row in grid.rows[1:])]")
def test_the_daily_report_is_a_picture_of_the_table_on_the_page() -> None:
    from jinpai.render.charts import sheet
    from jinpai.render.tables import Cell, Grid

    rows = [
        [Cell("小美"), Cell("1,234"), Cell("28.9%")],
        [Cell("阿杰 <b>"), Cell("5"), Cell("—")],
        [Cell("全店"), Cell("1,239"), Cell("28.8%")],
    ]
    drawn = sheet.svg(
        Grid([("客服", ""), ("接待人数", ""), ("转化率", "")], rows, ["a", "b"]),
        "客服日报",
        "店 · 2026-11-18",
        "老王 导出",
    )
    read = ET.fromstring(drawn)
    texts = [one.text for one in read.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [
        "客服日报",
        "店 · 2026-11-18",
        "客服",
        "接待人数",
        "转化率",
        "小美",
        "1,234",
        "28.9%",
        "阿杰 <b>",
        "5",
        "—",
        "全店",
        "1,239",
        "28.8%",
        "老王 导出",
    ]
    assert sheet.painted(drawn, "png").startswith(b"\x89PNG")
