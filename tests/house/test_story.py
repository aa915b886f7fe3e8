"""The page that follows one message tells what really happens."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from tests.shape.source import ROOT

PAGE = ROOT / "docs" / "path-of-a-message.md"


@pytest.mark.slow
def test_the_path_of_a_message_is_told_as_it_is() -> None:
    spec = importlib.util.spec_from_file_location("docs_story", ROOT / "docs" / "story.py")
    assert spec is not None
    assert spec.loader is not None
    story = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = story
    spec.loader.exec_module(story)
    page = PAGE.read_text(encoding="utf-8")
    assert story.told(page) == page, "docs/path-of-a-message.md is stale: run make docs"
