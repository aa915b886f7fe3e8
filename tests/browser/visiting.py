"""A person at a browser: what the console complains of, and signing in."""

from __future__ import annotations

from typing import Any

from tests.desk.serving import PASSWORD, PEOPLE


def watched(page: Any) -> list[str]:
    """What the page's console says is wrong, as it comes."""
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def enter(page: Any, base: str, role: str = "owner") -> None:
    """Signs in on a Chinese page."""
    page.goto(f"{base}/")
    page.get_by_label("登录名").fill(PEOPLE[role])
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "sign-in" not in address)
