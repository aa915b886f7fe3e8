"""The page: offline, without scripts, escaped, and honest about what it does not know."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from jinpai.render import figures, html, story
from jinpai.render.charts import theme
from tests.mutants import kills
from tests.render import sample


def page(lang: str = "zh", *, ranked: bool = True, **parts: Any) -> str:
    """The page of the invented shop; `parts` replaces reports."""
    asked = {
        "totals": sample.report("shop", ranked=ranked), "agents": sample.report("agent", ranked=ranked),
        "days": sample.report("day"), "hours": sample.report("hour", "weekday"), "seconds": sample.histogram(),
    }  # fmt: skip
    return html.draw(**(asked | parts), lang=lang)


@pytest.fixture(scope="module")
def chinese() -> str:
    """The page in Chinese."""
    return page()


def test_it_asks_nobody_for_anything_and_runs_nothing(chinese: str) -> None:
    assert not re.search(r"https?:|//cdn|<script|<link|<img|<iframe|@import|url\((?!#)|\son\w+=", chinese)
    assert "default-src 'none'" in chinese


class Names(HTMLParser):
    """Collects every id and every reference to one."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []
        self.used: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.made.append(value)
            self.used |= set(re.findall(r"url\(#([^)]+)\)", value or ""))


def test_pictures_do_not_take_each_others_names(chinese: str) -> None:
    names = Names()
    names.feed(chinese)
    assert len(names.made) == len(set(names.made))
    assert names.used <= set(names.made)


def test_colours_come_from_the_page_so_that_night_works(chinese: str) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", chinese, flags=re.DOTALL))
    found = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn))
    assert found <= {"none", "transparent", *(f"var({name})" for name in theme.VARIABLES.values())}, found


def test_headlines_are_the_figures_of_the_report(chinese: str) -> None:
    row = sample.report("shop")["rows"][0]
    paid, of, low, high = row["of"]["conversion_next_day"]
    assert f"{paid / of:.1%}" in chinese
    assert f"大致在 {low:.0%}–{high:.0%} 之间" in chinese
    assert "已核平，差额 0.00 元" in chinese
    assert f"静默（没问客服）¥{float(sample.meta()['reconciliation']['silent']):,.2f}" in chinese
    assert "15 秒内" in chinese


@kills(
    "jinpai/render/story.py",
    "longest = max(1 + _days_after(window) for window in windows)",
    "longest = max(_days_after(window) for window in windows)",
)
@pytest.mark.parametrize(
    ("windows", "ready"),
    [
        (["same_day"], "2026-11-21"),
        (["next_day"], "2026-11-22"),
        (["24h"], "2026-11-22"),
        (["36h"], "2026-11-23"),
        (["7d"], "2026-11-28"),
        (["same_day", "next_day"], "2026-11-22"),
    ],
)
def test_a_day_is_ready_when_its_last_enquiry_is(windows: list[str], ready: str) -> None:
    assert story.ready_on("2026-11-20", windows) == ready


def test_days_that_are_not_ready_say_when(chinese: str) -> None:
    assert "延迟统计 · 11-22 出数" in chinese
    assert "126 个延迟统计，11-22 出数" in chinese


@kills("jinpai/render/figures.py", 'if (meta.get("identity") or {}).get("ranked") is False:', "if False:")
def test_nobody_is_ranked_when_buyers_are_not_matched() -> None:
    said = page(ranked=False)
    assert "不给客服排名" in said
    assert 'aria-label="客服的询单转化率"' not in said
    table = said[said.index("客服明细") :]
    names = re.findall(r'<th scope="row">([^<]+)', table)[: len(sample.AGENTS)]
    assert names == sorted(names)


def test_names_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    agents = sample.report("agent")
    agents["rows"][0]["agent"] = evil
    totals = sample.report("shop")
    totals["meta"]["shop"] = evil
    totals["meta"]["notes"] = [{"zh": evil, "en": evil}]
    said = page(agents=agents, totals=totals)
    assert "<script" not in said
    assert "&lt;script&gt;alert(1)" in said


def test_every_figure_opens_its_passport(chinese: str) -> None:
    assert chinese.count("怎么算的</summary>") >= 10
    assert "517 ÷ 1,921" in chinese
    assert "Wilson" in chinese
    for word in ("口径与明细", "售后判断回看", "Asia/Shanghai", "无人负责的询单"):
        assert word in chinese, word


def test_english() -> None:
    said = page("en")
    assert '<html lang="en">' in said
    assert "Enquiry conversion" in said
    visible = re.sub(r"<style>.*?</style>", "", said, flags=re.DOTALL)
    chinese = set(re.findall("[\u4e00-\u9fff]+", visible))
    data = {"禾小满旗舰店", "双", *sample.AGENTS}
    assert not {word for word in chinese if word not in data}, "only the shop's own words are Chinese"


def test_without_the_charts_extra_a_sentence_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "is_installed", lambda: False)
    said = page()
    assert "jinpai[charts]" in said
    assert "<svg" not in said
    assert "客服明细" in said


def test_a_period_with_nothing_in_it() -> None:
    nothing = {"meta": sample.meta(), "rows": []}
    assert "没有数据" in page(totals=nothing, agents=nothing, days=nothing, hours=nothing, seconds=[])


def test_everything_unknown_is_said_and_not_zero() -> None:
    totals = sample.report("shop")
    blank = {name: None for name in totals["rows"][0] if name not in ("shop", "of")}
    empty = {"meta": sample.meta(), "rows": [{"shop": "甲", **blank, "of": {}}]}
    said = page(totals=empty, agents={"meta": sample.meta(), "rows": []}, seconds=[])
    assert "0.0%" not in re.sub(r"<section class=\"card s12\">.*", "", said, flags=re.DOTALL)


def test_promotion_is_named_once_and_gaps_are_kept() -> None:
    days = sample.report("day")
    del days["rows"][3]
    rows = figures.every_day(days)
    assert [row["day"] for row in rows] == sorted(row["day"] for row in sample.report("day")["rows"])
    drawn, _ = figures.days(days, sample.report("shop"), story.Say("zh"))
    assert drawn.wide[0].count(">双11<") == 1
