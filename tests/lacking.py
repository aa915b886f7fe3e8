"""What a newcomer's machine may lack: a test that needs it is skipped by name, and fails where CI=true."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(what: str, remedy: str) -> NoReturn:
    """Skips the test, saying what is missing and how to get it; in CI nothing may be missing."""
    sentence = f"{what} is missing: {remedy}"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
