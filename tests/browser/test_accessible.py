"""无障碍 accessible: every page of the desk through axe-core, by day and by night, on a desk and on a phone (WCAG 2.1 AA)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest

from jinpai.book.opening import ready
from jinpai.desk.page import in_order
from tests.browser.test_desk import WIDTHS
from tests.desk.serving import PASSWORD, PEOPLE, SHOP, address, made, serving
from tests.desk.test_rights import place
from tests.mutants import kills

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
LEVEL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
DOWNLOADS = (".xlsx", ".csv", ".txt", ".png", ".svg", ".pdf")
PARTS = "_now"
"""What the names of pages end in that another fetches into itself; they are looked at there."""
# pages import the models
ready()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(made(tmp_path_factory.mktemp("desk"))) as running:
        yield running


def wrong(page) -> list[str]:
    """What axe-core finds on the page: the rule, and the parts of the page that break it."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", LEVEL)
    assert found["passes"], "nothing was looked at"
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@kills("jinpai/desk/templates/imports.html", '{{ say("把文件拖到这里"', '<img src="x">{{ say("把文件拖到这里"')
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", ["owner", "agent"])
def test_every_page_passes(browser, base: str, role: str, scheme: str) -> None:
    size = dict(zip(("width", "height"), WIDTHS["desk" if role == "owner" else "phone"], strict=True))
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/")
    found = {"sign-in": wrong(page)}
    page.get_by_label("登录名").fill(PEOPLE[role])
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/shop/**")
    paths = [
        place(SHOP, one.name, one.path)
        for one in in_order()
        if role in one.roles and not one.name.endswith(PARTS) and not one.path.endswith(DOWNLOADS)
    ]
    for path in [*paths, "/account", address("没有的店", "numbers")]:
        page.goto(base + path)
        found[path] = wrong(page)
    context.close()
    assert not {path: told for path, told in found.items() if told}
