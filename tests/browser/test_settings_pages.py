"""Guide, hours, rules and jobs as people see them, on a desk and on a phone, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.test_desk import WIDTHS
from tests.browser.test_people import fits
from tests.browser.visiting import enter, watched
from tests.desk.serving import SHOP, address, made, serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(made(tmp_path_factory.mktemp("desk"))) as opened:
        yield opened


@pytest.mark.parametrize(("width", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_an_owner_sets_the_shop_up(browser, base: str, width: str, scheme: str) -> None:
    size, kept = dict(zip(("width", "height"), WIDTHS[width], strict=True)), f"{width}-{scheme}"
    page = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN").new_page()
    errors = watched(page)
    enter(page, base)
    page.get_by_role("link", name="店铺设置").click()
    page.get_by_role("link", name="上手指南").click()
    page.get_by_role("link", name="拼多多").click()
    page.get_by_text("没有官方的聊天导出").wait_for()
    page.get_by_role("button", name="复制全文").click()
    page.get_by_role("button", name="复制好了").wait_for()
    fits(page, f"guide-{kept}")

    page.goto(base + address(SHOP, "hours"))
    every = "09:00-23:00" if width == "desk" else "08:00-22:00"
    page.get_by_label("每天").fill(every)
    page.get_by_label("周日").fill("休息")
    fits(page, f"hours-{kept}")
    page.get_by_role("button", name="保存营业时间").click()
    page.get_by_text("改好了。数字正在后台重算").wait_for()
    assert page.get_by_label("每天").input_value() == every

    page.goto(base + address(SHOP, "rules"))
    fits(page, f"rules-{kept}")
    # by the keyboard alone
    page.get_by_label("改 慢接待：秒数").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("两分钟")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("要写 1 到 86400 的整数").wait_for()
    field = page.locator("#slow_seconds").get_by_label("慢接待：秒数", exact=True)
    assert field.input_value() == "两分钟", "what was typed stands there to be mended"
    field.fill("90" if width == "desk" else "100")
    field.press("Enter")
    page.get_by_text("改好了。数字正在后台重算").wait_for()
    fits(page, f"rules-changed-{kept}")

    page.get_by_role("link", name="看后台任务").click()
    if page.get_by_role("button", name="打开质检，质检全部聊天").count():
        page.get_by_role("button", name="打开质检，质检全部聊天").click()
    # the list fetches itself, and the page when all is done
    page.get_by_text("打开着").wait_for(timeout=60_000)
    page.get_by_text("数字和现在的数据、设置一致").wait_for(timeout=60_000)
    page.get_by_text("段会话，平均").wait_for(timeout=60_000)
    fits(page, f"jobs-{kept}")
    page.context.close()
    assert [one for one in errors if "status of 400" not in one] == []
