"""Draws the pictures of the README into docs/pictures, from a fresh demo shop: `make pictures`."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES = Path(__file__).resolve().parent / "pictures"
SIZE = {"width": 1280, "height": 900}
SHOP, OWNER = "hexiaoman", "老王"
LANGS = {"": ("zh", "zh-CN"), "-en": ("en", "en-GB")}
"""What a picture's name ends in, by language."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser."""
    from playwright.sync_api import sync_playwright

    path = next(
        (found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found), None
    )
    arguments = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def draw_report(browser: Browser, page_file: Path) -> None:
    """The first screen of the page as a person at a desk sees it."""
    page = browser.new_page(viewport=SIZE, color_scheme="light")
    page.goto(page_file.as_uri())
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / "report.png")


@contextmanager
def desk(shop: Path) -> Iterator[str]:
    """The address of the desk while it is open."""
    command = [sys.executable, "-m", "jinpai.cli", "serve", "-w", str(shop), "--port", "0", "--lang", "en"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, encoding="utf-8", env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as running:
        assert running.stdout is not None
        found = re.search(r"http://[^ ]+", running.stdout.readline())
        try:
            assert found, "the desk did not open"
            yield found[0].rstrip("/")
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=30)


def draw_desk(browser: Browser, base: str, password: str) -> None:
    """The first page, and a conversation that was inspected, in both languages."""
    for ending, (lang, locale) in LANGS.items():
        page = browser.new_context(viewport=SIZE, color_scheme="light", locale=locale).new_page()
        page.goto(base)
        page.locator("input[name=name]").fill(OWNER)
        page.locator("input[name=password]").fill(password)
        page.locator("button.primary").click()
        page.wait_for_url("**/today")
        if page.locator(f"button[name=lang][value={lang}]").count():
            page.locator(f"button[name=lang][value={lang}]").click()
            page.wait_for_load_state()
        # two days before the last, every rate is ready
        for _ in range(2):
            page.locator("header .right a").first.click()
            page.wait_for_load_state()
        page.screenshot(path=PICTURES / f"today{ending}.png")
        page.goto(f"{base}/shop/{SHOP}/conversations?outcome=lost&sort=score")
        page.locator(".talks tbody a").nth(2).click()
        page.wait_for_load_state()
        page.screenshot(path=PICTURES / f"conversation{ending}.png")


def main() -> int:
    """Makes the demo shop, its page and its desk, and draws them."""
    from jinpai.cli import main as jinpai

    with tempfile.TemporaryDirectory(prefix="jinpai-picture-", ignore_cleanup_errors=True) as name:
        os.environ["JINPAI_KEY_DIR"] = str(Path(name) / "keys")
        shop, report, password = Path(name) / "demo-shop", Path(name) / "report.html", secrets.token_urlsafe(12)
        code = jinpai(["demo", str(shop), "--lang", "zh"])
        code = code or jinpai(["report", "--workspace", str(shop), "--lang", "zh", "--output", str(report)])
        code = code or jinpai(["inspect", "--on", "--workspace", str(shop), "--lang", "zh"])
        if code:
            return code
        added = [sys.executable, "-m", "jinpai.cli", "people", "add-owner", OWNER, "-w", str(shop)]
        subprocess.run(added, input=f"{password}\n", encoding="utf-8", check=True)
        PICTURES.mkdir(exist_ok=True)
        with chromium() as browser, desk(shop) as base:
            draw_report(browser, report)
            draw_desk(browser, base, password)
        print(f"drew into {PICTURES}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
