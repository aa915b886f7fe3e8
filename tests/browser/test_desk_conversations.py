"""The conversations as people see them: searching, reading, going on by keys; on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.test_desk import WIDTHS, keep
from tests.browser.visiting import enter, watched
from tests.desk.serving import SHOP, address, made, serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from jinpai.workspace import Workspace

    root = made(tmp_path_factory.mktemp("desk"))
    Workspace.open(root).write_settings(SHOP, {"inspection": True})
    with serving(root) as address:
        yield address


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_conversations_are_searched_opened_and_gone_through_by_keys(
    browser, base: str, width: str, scheme: str
) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    errors = watched(page)
    enter(page, base)
    page.goto(base + address(SHOP, "conversations"))
    keep(page, f"conversations-{width}-{scheme}")
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(fits)
    page.keyboard.press("/")
    page.keyboard.type("能jk")
    assert page.get_by_label("搜原话").input_value() == "能jk", "letters in a field are letters"
    page.get_by_label("搜原话").fill("")
    page.get_by_label("搜原话").blur()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversation?*")
    first = page.url
    keep(page, f"conversation-{width}-{scheme}")
    assert page.evaluate(fits)
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("p")
    page.wait_for_url(first)
    page.locator("a.found[href]").first.click()
    assert page.locator(".msg:target").count() == 1
    context.close()
    assert not errors
