"""A conversation's page as a person sees it: offline, on a desk and on a phone, by day and by night; what is chosen lights up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import small
from tests.shape.source import ROOT

pytestmark = pytest.mark.browser
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
KEPT = ROOT / "artefacts"


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of one conversation in each language, as the command writes it."""
    from jinpai.cli import main

    folder = tmp_path_factory.mktemp("transcript")
    shop = folder / "店铺 数据"
    assert main(["init", str(shop), "--shop", "甲店"]) == 0
    assert main(["import", *map(str, small.files(folder / "files")), "--workspace", str(shop)]) == 0
    for lang in ("zh", "en"):
        told = ["inspect", "--workspace", str(shop), "--on", "--conversation", "晴天里", "--lang", lang]
        assert main([*told, "--output", str(folder / f"{lang}.html")]) == 0
    return {lang: folder / f"{lang}.html" for lang in ("zh", "en")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_stands_by_itself(browser, pages: dict[str, Path], lang: str, width: str, scheme: str) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(viewport=size, color_scheme=scheme, offline=True, device_scale_factor=1)
    page = context.new_page()
    errors: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(pages[lang].as_uri(), wait_until="load")
    KEPT.mkdir(exist_ok=True)
    page.screenshot(path=str(KEPT / f"transcript-{lang}-{width}-{scheme}.png"), full_page=True)
    assert not errors
    assert not [url for url in requests if not url.startswith("file:")]
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    words = page.locator("body").inner_text()
    assert "满两件减十元" in words
    assert "晴天里" not in words
    context.close()


def test_what_is_chosen_lights_up_in_the_talk(browser, pages: dict[str, Path]) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    page = context.new_page()
    page.goto(pages["zh"].as_uri())
    mark = page.locator("mark.k-D3").first
    assert mark.evaluate("e => getComputedStyle(e).outlineStyle") == "none"
    page.locator("#c-D3").click()
    page.wait_for_timeout(300)
    assert mark.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    box = mark.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844
    context.close()
