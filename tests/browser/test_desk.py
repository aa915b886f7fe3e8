"""The desk as people see it: signing in, the daily report, a figure's passport; on a desk and on a phone, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.serving import PASSWORD, PEOPLE, made, serving
from tests.shape.source import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
KEPT = ROOT / "artefacts"
WORDS = {
    "zh": ("登录", "客服数据", "怎么算的", "English"), "en": ("Sign in", "Numbers", "How it is counted", "中文"),
}  # fmt: skip


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(made(tmp_path_factory.mktemp("desk"))) as address:
        yield address


def keep(page, name: str) -> None:
    KEPT.mkdir(exist_ok=True)
    page.screenshot(path=Path(KEPT, f"desk-{name}.png"), full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", WORDS)
def test_an_owner_signs_in_reads_the_report_and_asks_how_it_is_counted(
    browser, base: str, lang: str, width: str, scheme: str
) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    locale = {"zh": "zh-CN", "en": "en-GB"}[lang]
    context = browser.new_context(viewport=size, color_scheme=scheme, locale=locale)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in, numbers, why, other = WORDS[lang]
    page.goto(f"{base}/")
    keep(page, f"door-{lang}-{width}-{scheme}")
    page.get_by_label("登录名" if lang == "zh" else "Name").fill(PEOPLE["owner"])
    page.get_by_label("密码" if lang == "zh" else "Password").fill(PASSWORD)
    page.get_by_role("button", name=sign_in).click()
    page.wait_for_url("**/today")
    if page.get_by_role("button", name=other).count() == 0:
        page.get_by_role("button", name={"zh": "中文", "en": "English"}[lang]).click()
    keep(page, f"today-{lang}-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name=numbers, exact=True).click()
    assert page.get_by_role("heading", name=numbers, exact=True).is_visible()
    keep(page, f"numbers-{lang}-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "the page is wider than the window"
    )
    page.locator("td a").first.click()
    assert page.get_by_role("heading", name=why, exact=True).is_visible()
    keep(page, f"why-{lang}-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
    assert not errors


def test_the_desk_is_gone_through_by_keyboard_alone(browser, base: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/")
    page.wait_for_function("document.activeElement.name === 'name'")
    page.keyboard.type(PEOPLE["supervisor"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if "why" in str(page.evaluate("document.activeElement.getAttribute('href')")):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/why?*")
    context.close()
