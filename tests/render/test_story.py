"""Instants as people write them."""

from __future__ import annotations

import pytest

from jinpai.render.story import moment
from tests.mutants import kills


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("2026-10-31T22:09:00+08:00", "2026-10-31 22:09"),
        ("2026-10-31T22:09:09+08:00", "2026-10-31 22:09:09"),
        ("2026-10-31T00:00:00.123+08:00", "2026-10-31 00:00"),
        ("2026-10-31", "2026-10-31"),
        ("云边小鹿:00", "云边小鹿:00"),
    ],
)
@kills("jinpai/render/story.py", "if _INSTANT.fullmatch(text) else text", "if True else text")
@kills("jinpai/render/story.py", '.removesuffix(":00")', "")
def test_an_instant_keeps_its_seconds_and_loses_what_says_nothing(told: str, written: str) -> None:
    assert moment(told) == written
