"""People, invitation, account and log as people see them, on a desk and on a phone, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.browser.test_desk import WIDTHS, keep
from tests.desk.serving import PASSWORD, PEOPLE, SHOP, address, made, serving
from tests.lacking import lacking

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        import axes  # noqa: F401
        import segno  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        lacking("the desk's libraries", "python -m pip install 'jinpai[desk]'")
    with serving(made(tmp_path_factory.mktemp("desk"))) as opened:
        yield opened


def fits(page, name: str) -> None:
    keep(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{name} is wider than the window"
    )
    small = "els => els.filter(e => e.offsetParent && e.getBoundingClientRect().right > window.innerWidth + 1).length"
    assert page.locator("main :is(button, input, select, .pill)").evaluate_all(small) == 0, f"{name}: out of sight"


@pytest.mark.parametrize(
    ("width", "scheme"), [("desk", "light"), ("phone", "dark"), ("desk", "dark"), ("phone", "light")]
)
def test_an_owner_invites_somebody_who_comes_in_and_sets_up_a_second_factor(
    browser, base: str, width: str, scheme: str
) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    kept, errors = f"{width}-{scheme}", []

    def opened():
        page = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN").new_page()
        page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    owner, guest = opened(), opened()
    owner.goto(f"{base}/")
    owner.get_by_label("登录名").fill(PEOPLE["owner"])
    owner.get_by_label("密码").fill(PASSWORD)
    owner.get_by_role("button", name="登录").click()
    owner.get_by_role("link", name="店铺设置").click()
    fits(owner, f"settings-{kept}")
    owner.get_by_role("link", name="谁能打开").click()
    form = owner.locator("form", has=owner.get_by_role("button", name="生成邀请链接"))
    form.get_by_label("角色").select_option("auditor")
    form.get_by_role("button").click()
    link = owner.get_by_label("链接", exact=True).input_value()
    owner.locator("summary").nth(1).click()
    fits(owner, f"people-{kept}")
    assert re.match(rf"{base}/invitation/[\w-]+$", link)
    guest.goto(link)
    fits(guest, f"invitation-{kept}")
    guest.get_by_label("起一个登录名").fill(f"新人{width}{scheme}")
    guest.get_by_label(re.compile("^密码")).fill(PASSWORD)
    guest.get_by_label("再输一遍").fill(PASSWORD)
    guest.get_by_role("button", name="加入").click()
    guest.get_by_role("heading", name="今日看板", exact=True).wait_for()
    guest.get_by_role("link", name=f"新人{width}{scheme}").click()
    fits(guest, f"account-{kept}")
    guest.get_by_role("button", name="开启二次验证").click()
    picture = guest.get_by_role("img", name="给手机扫的二维码")
    guest.wait_for_load_state("networkidle")
    assert picture.evaluate("img => img.complete && img.naturalWidth > 100")
    fits(guest, f"second-factor-{kept}")
    owner.goto(base + address(SHOP, "log"))
    assert owner.locator("td", has_text="接受邀请").first.is_visible()
    fits(owner, f"log-{kept}")
    for page in (owner, guest):
        page.context.close()
    assert not errors
