"""Draws docs/pictures/report.png, the picture of the README, from a fresh demo shop: `make pictures`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

PICTURE = Path(__file__).resolve().parent / "pictures" / "report.png"
SIZE = {"width": 1280, "height": 900}


def draw(page_file: Path, picture: Path) -> None:
    """The first screen of the page as a person at a desk sees it."""
    from playwright.sync_api import sync_playwright

    path = next(
        (found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found), None
    )
    arguments = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(page_file.as_uri())
        page.wait_for_timeout(300)
        picture.parent.mkdir(exist_ok=True)
        page.screenshot(path=str(picture))
        browser.close()


def main() -> int:
    """Makes the demo shop, writes its page, draws it."""
    from jinpai.cli import main as jinpai

    with tempfile.TemporaryDirectory(prefix="jinpai-picture-", ignore_cleanup_errors=True) as name:
        os.environ["JINPAI_KEY_DIR"] = str(Path(name) / "keys")
        shop, page = Path(name) / "demo-shop", Path(name) / "report.html"
        code = jinpai(["demo", str(shop), "--lang", "zh"])
        code = code or jinpai(["report", "--workspace", str(shop), "--lang", "zh", "--output", str(page)])
        if not code:
            draw(page, PICTURE)
            print(f"drew {PICTURE}")
    return code


if __name__ == "__main__":
    sys.exit(main())
