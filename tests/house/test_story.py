"""The page that follows one message tells what really happens."""

from __future__ import annotations

import pytest

from tests.shape.source import ROOT, docs_module

PAGE = ROOT / "docs" / "path-of-a-message.md"


@pytest.mark.slow
def test_the_path_of_a_message_is_told_as_it_is() -> None:
    story = docs_module("story")
    page = PAGE.read_text(encoding="utf-8")
    assert story.told(page) == page, "docs/path-of-a-message.md is stale: run make docs"
