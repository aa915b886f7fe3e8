"""Chromium for the tests that open pages: the system's own, or the one Playwright has fetched."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lacking import lacking

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# A browser that is only to open one file asks nobody anything.
QUIET = (
    "--disable-background-networking --disable-component-update --disable-sync --disable-quic --no-first-run "
    "--disable-default-apps --disable-extensions --disable-gpu"
).split()


def chromium_path(fetched: str) -> str | None:
    """Where a Chromium is on this machine; `fetched` is where Playwright would have put its own."""
    found = [path for path in map(shutil.which, NAMES) if path]
    return next(iter([*found, *(place for place in (*PLACES, fetched) if Path(place).exists())]), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One Chromium a module, and not for longer: while Playwright runs, Django asks nothing of a database in this thread."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("Playwright", "python -m pip install playwright")
    with sync_playwright() as playwright:
        path = chromium_path(playwright.chromium.executable_path)
        if path is None:
            lacking("Chromium", "install the system's chromium, or run .venv/bin/playwright install chromium")
        is_root = sys.platform != "win32" and os.geteuid() == 0
        arguments = [*QUIET, "--no-sandbox"] if is_root else QUIET
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
