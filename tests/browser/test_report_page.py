"""The report's page as a person sees it: offline, on a desk and on a phone, by day and by night, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shape.source import ROOT

pytestmark = pytest.mark.browser
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
# Words that the first screen owes its reader.
HEADLINES = {"zh": ("询单", "付款", "响应"), "en": ("enquir", "paid", "response")}
KEPT = ROOT / "artefacts"
WIDE = "e => e.scrollWidth > e.clientWidth + 1"


@pytest.fixture(scope="session")
def pages(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page in each language, as the command writes it."""
    from jinpai.cli import main

    folder = tmp_path_factory.mktemp("pages")
    for lang in HEADLINES:
        path = folder / f"{lang}.html"
        assert main(["report", "--workspace", str(demo_shop), "--lang", lang, "--output", str(path)]) == 0
    return {lang: folder / f"{lang}.html" for lang in HEADLINES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", HEADLINES)
def test_the_page_stands_by_itself(browser, pages: dict[str, Path], lang: str, width: str, scheme: str) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(viewport=size, color_scheme=scheme, offline=True, device_scale_factor=1)
    page = context.new_page()
    errors: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(pages[lang].as_uri(), wait_until="load")
    page.wait_for_timeout(200)
    KEPT.mkdir(exist_ok=True)
    page.screenshot(path=str(KEPT / f"report-{lang}-{width}-{scheme}.png"), full_page=True)

    assert not errors
    outside = [url for url in requests if not url.startswith(("file:", "data:", "blob:"))]
    assert not outside, "the page asks the network for something"
    assert page.locator("html").get_attribute("lang").startswith(lang)
    assert page.locator("h1").first.is_visible()
    words = page.locator("body").inner_text().lower()
    assert [word for word in HEADLINES[lang] if word not in words] == []
    assert not page.evaluate(f"({WIDE})(document.documentElement)"), "the page is wider than the screen"
    background, ink = page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    assert background != ink
    context.close()


def test_night_is_darker_than_day(browser, pages: dict[str, Path]) -> None:
    def lightness(scheme: str) -> int:
        context = browser.new_context(color_scheme=scheme, offline=True, viewport={"width": 400, "height": 400})
        page = context.new_page()
        page.goto(pages["zh"].as_uri())
        colours = page.evaluate(
            """() => { const seen = document.createElement('canvas').getContext('2d');
            const find = e => { const c = getComputedStyle(e).backgroundColor;
                return c === 'rgba(0, 0, 0, 0)' && e.parentElement ? find(e.parentElement) : c };
            seen.fillStyle = find(document.body); seen.fillRect(0, 0, 1, 1);
            return [...seen.getImageData(0, 0, 1, 1).data].slice(0, 3) }"""
        )
        context.close()
        return sum(colours)

    assert lightness("dark") < 200 < lightness("light")
