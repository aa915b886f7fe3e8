"""The first day of an owner and the morning of an agent, from an empty folder on: what a newcomer meets, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.browser.test_desk import WIDTHS
from tests.browser.test_people import fits
from tests.desk.serving import AGENT, COLLEAGUE, MESSAGES, ORDERS, PASSWORD, SHOP, jinpai, serving
from tests.mutants import kills

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
HEAD = MESSAGES.splitlines()[0]
MINE = f"""\
{HEAD}
{SHOP},夜里来的,{AGENT},buyer,2026-11-20T21:00:00+08:00,text,有人吗在不在,d1
{SHOP},找人的,{COLLEAGUE},buyer,2026-11-20T21:10:00+08:00,text,尺码偏小吗,d2
"""
FILES = {
    "十一月 聊天.csv": MESSAGES.replace("乙店", SHOP),
    "昨晚 聊天.csv": MINE,
    "订单.csv": ORDERS.replace("乙店", SHOP),
}
DROP = """
(form, files) => {
  const carried = new DataTransfer();
  for (const [name, text] of Object.entries(files)) carried.items.add(new File([text], name, { type: "text/csv" }));
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}
"""
ZH = {
    "empty": "还没有数据", "go": "去导入", "import": "导入", "done": "完成", "chosen": "已选 3 个文件", "today": "今日看板",
    "numbers": "客服数据", "why": "怎么算的", "talk": "聊天原文", "log": "操作日志", "settings": "店铺设置", "exported": "导出",
    "mine": "我的今天", "chats": "我的聊天", "nobody": "没人回的买家", "mean": "均值", "whole": "全店",
}  # fmt: skip
EN = {
    "empty": "No data yet", "go": "Import", "import": "Import", "done": "done", "chosen": "3 files chosen", "today": "Today",
    "numbers": "Numbers", "why": "How it is counted", "talk": "The talk", "log": "Log", "settings": "Settings", "exported": "exported",
    "mine": "My day", "chats": "My chats", "nobody": "Buyers nobody answered", "mean": "Mean", "whole": "Shop",
}  # fmt: skip
LOOKS = [("zh", "desk", "light"), ("en", "desk", "dark"), ("zh", "phone", "dark"), ("en", "phone", "light")]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A workspace as `jinpai init` leaves it, its owner, and the desk."""
    root = tmp_path / "我的店 数据"
    made = jinpai("init", root, "--shop", SHOP, "--time-zone", "Asia/Shanghai")
    assert made.returncode == 0, made.stderr
    assert jinpai("people", "add-owner", "老王", "-w", root, said=PASSWORD + "\n").returncode == 0
    with serving(root) as base:
        yield root, base


@pytest.fixture
def opened(browser) -> Iterator[Callable[[str, str, str], object]]:
    """Pages in which nothing may go wrong unseen."""
    errors: list[str] = []
    contexts = []

    def page(lang: str, width: str, scheme: str) -> object:
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        locale = {"zh": "zh-CN", "en": "en-GB"}[lang]
        contexts.append(browser.new_context(viewport=size, color_scheme=scheme, locale=locale, accept_downloads=True))
        made = contexts[-1].new_page()
        made.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
        made.on("pageerror", lambda error: errors.append(str(error)))
        return made

    yield page
    for context in contexts:
        context.close()
    assert not errors


def see(page, heading: str) -> None:
    """The page with that heading is there, its scripts too."""
    page.get_by_role("heading", name=heading, exact=True).first.wait_for()
    page.wait_for_load_state()


def come_in(page, base: str, name: str, lang: str) -> None:
    """Through the door, and to the language that is read."""
    page.goto(f"{base}/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url("**/shop/**")
    switch = page.get_by_role("button", name={"zh": "中文", "en": "English"}[lang], exact=True)
    if switch.count():
        switch.click()
    page.locator({"zh": "html[lang=zh-Hans]", "en": "html[lang=en]"}[lang]).wait_for(state="attached")


@pytest.mark.parametrize(("lang", "width", "scheme"), LOOKS)
@kills("jinpai/desk/static/imports.js", "input.files = event.dataTransfer.files;", "")
@kills("jinpai/desk/templates/why.html", "to(shop, 'conversation', of=talk)", "to(shop, 'conversation', of='1')")
def test_an_owner_makes_the_shop_drops_files_reads_asks_why_and_exports(
    empty: tuple[Path, str], opened, tmp_path: Path, lang: str, width: str, scheme: str
) -> None:
    _, base = empty
    say, kept = {"zh": ZH, "en": EN}[lang], f"{lang}-{width}-{scheme}"
    page = opened(lang, width, scheme)
    come_in(page, base, "老王", lang)
    see(page, say["empty"])
    fits(page, f"first-day-empty-{kept}")
    page.locator("main").get_by_role("link", name=say["go"], exact=True).click()
    page.wait_for_url("**/imports")
    page.wait_for_load_state()
    page.locator("form[data-drop]").evaluate(f"form => ({DROP})(form, {FILES!r})")
    assert say["chosen"] in page.locator("[data-chosen]").inner_text()
    fits(page, f"first-day-drop-{kept}")
    page.get_by_role("button", name=say["import"], exact=True).click()
    page.locator(".state.done").wait_for(timeout=60_000)
    assert "十一月 聊天.csv" in page.locator(".jobs").inner_text()
    fits(page, f"first-day-imported-{kept}")
    page.get_by_role("link", name=say["today"], exact=True).click()
    see(page, say["today"])
    silent = page.locator(".card", has=page.get_by_role("heading", name=say["nobody"]))
    assert "有人吗在不在" in silent.inner_text()
    fits(page, f"first-day-today-{kept}")
    page.get_by_role("link", name=say["numbers"], exact=True).click()
    see(page, say["numbers"])
    fits(page, f"first-day-numbers-{kept}")
    shown = page.locator("tbody tr", has_text=AGENT).locator("td").nth(1).inner_text()
    with page.expect_download() as coming:
        page.get_by_role("link", name="XLSX", exact=True).click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    book = openpyxl.load_workbook(file)
    row = next(row for row in book.worksheets[0].iter_rows(min_row=2, values_only=True) if row[0] == AGENT)
    assert str(row[2]) == shown, "the sheet has the figure of the page"
    assert "老王" in str(book.worksheets[-1].cell(1, 1).value)
    page.locator("tbody tr", has_text=AGENT).locator("td a").nth(1).click()
    see(page, say["why"])
    fits(page, f"first-day-why-{kept}")
    page.locator("td a[href*='conversation?of=']").first.click()
    see(page, say["talk"])
    fits(page, f"first-day-talk-{kept}")
    page.get_by_role("link", name=say["settings"], exact=True).click()
    page.locator("main a.card", has=page.get_by_role("heading", name=say["log"], exact=True)).click()
    see(page, say["log"])
    assert page.locator("td", has_text=re.compile(rf"^{say['exported']}$")).count() == 1
    assert page.locator("td", has_text=file.name).count() == 1


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", "phone", "light"), ("en", "phone", "dark")])
def test_an_agent_begins_the_morning_on_a_phone(
    empty: tuple[Path, str], opened, tmp_path: Path, lang: str, width: str, scheme: str
) -> None:
    root, base = empty
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert jinpai("import", *(tmp_path / name for name in FILES), "-w", root).returncode == 0
    assert jinpai("build", "-w", root).returncode == 0
    joined = jinpai("people", "add", "小美同学", "--role", "agent", "--agent", AGENT, "--shop", SHOP, "-w", root, said=PASSWORD + "\n")  # fmt: skip
    assert joined.returncode == 0, joined.stderr
    say, kept = {"zh": ZH, "en": EN}[lang], f"{lang}-{width}-{scheme}"
    page = opened(lang, width, scheme)
    come_in(page, base, "小美同学", lang)
    see(page, say["mine"])
    fits(page, f"morning-today-{kept}")
    silent = page.locator(".card", has=page.get_by_role("heading", name=say["nobody"]))
    assert "有人吗在不在" in silent.inner_text()
    assert "尺码偏小吗" not in silent.inner_text(), "a colleague's buyer"
    silent.get_by_role("link").first.click()
    see(page, say["talk"])
    assert "有人吗在不在" in page.locator(".chat").inner_text()
    assert page.locator("#raw form").count() == 0
    fits(page, f"morning-talk-{kept}")
    page.get_by_role("link", name=say["chats"], exact=True).click()
    see(page, say["chats"])
    assert page.locator(".talks tbody tr").count() == 3
    fits(page, f"morning-chats-{kept}")
    page.get_by_role("link", name=say["numbers"], exact=True).click()
    see(page, say["numbers"])
    assert page.locator("tbody th").all_inner_texts() == [AGENT, say["mean"], say["whole"]]
    fits(page, f"morning-numbers-{kept}")
