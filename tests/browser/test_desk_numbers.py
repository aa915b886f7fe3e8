"""Numbers in Chromium: the table goes into the clipboard, the charts break no rule of the desk, and a mark opens its passport."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.test_desk import WIDTHS, keep
from tests.browser.visiting import enter, watched
from tests.desk.serving import AGENT, SHOP, address, made, serving
from tests.mutants import kills

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
DAYS = "from=2026-11-18&to=2026-11-20"
PAGES = {
    "numbers": "numbers?day=2026-11-18", "charts": f"numbers/charts?{DAYS}", "analysis": f"numbers/analysis?by=day&metric=received_buyers&{DAYS}",
    "periods": f"numbers/periods?{DAYS}", "what-if": f"numbers/what-if?rule=payment&{DAYS}",
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(made(tmp_path_factory.mktemp("desk"))) as running:
        yield running


@pytest.fixture
def opened(browser, base: str, request: pytest.FixtureRequest) -> Iterator[tuple[object, list[str]]]:
    """The owner's browser, signed in, and what its console complained of."""
    width, scheme = getattr(request, "param", ("desk", "light"))
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN", permissions=["clipboard-read"])
    page = context.new_page()
    errors = watched(page)
    enter(page, base)
    yield page, errors
    context.close()


@pytest.mark.parametrize("opened", [("desk", "light"), ("phone", "dark")], indirect=True)
@kills("jinpai/render/charts/theme.py", 'aria-label="{name}" width', 'aria-label="{name}" style="color:red" width')
def test_no_page_breaks_the_desks_rules_or_is_wider_than_the_window(opened, base: str) -> None:
    page, errors = opened
    for name, path in PAGES.items():
        page.goto(base + address(SHOP, path))
        keep(page, f"{name}-{page.viewport_size['width']}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert page.evaluate(
            "[...document.querySelectorAll('.chart svg')].every(one => one.getBoundingClientRect().width <= innerWidth)"
        ), name
    assert not errors


@kills(
    "jinpai/desk/static/numbers.js",
    'event.clipboardData.setData("text/plain"',
    'event.clipboardData.setData("text/other"',
)
@kills("jinpai/desk/static/numbers.js", "small.remove()", "small")
def test_the_daily_report_is_copied_as_a_table(opened, base: str) -> None:
    page, _ = opened
    page.goto(base + address(SHOP, PAGES["numbers"]))
    page.get_by_role("button", name="复制表格").click()
    assert page.get_by_role("status").inner_text() == "已复制，到表格里粘贴"
    lines = [line.split("\t") for line in page.evaluate("navigator.clipboard.readText()").splitlines()]
    assert lines[0][:3] == ["客服", "咨询人数", "接待人数"]
    assert [line[0] for line in lines[1:]] == [*sorted([AGENT, "阿杰"]), "均值", "全店"]
    assert len({len(line) for line in lines}) == 1
    assert "÷" not in "".join(lines[-1]), "figures alone, not what they were made of"
    kinds = page.evaluate("navigator.clipboard.read().then(found => found[0].types)")
    assert "text/html" in kinds


def test_a_mark_of_a_chart_opens_its_passport(opened, base: str) -> None:
    page, errors = opened
    page.goto(base + address(SHOP, PAGES["analysis"]))
    page.locator(".chart.wide a").first.click()
    page.wait_for_url("**/why?*")
    assert page.get_by_role("heading", name="怎么算的", exact=True).is_visible()
    assert "from=2026-11-18&to=2026-11-18" in page.url
    assert not errors
