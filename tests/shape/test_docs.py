"""Generated pages are fresh, links lead somewhere, and each table says what it is."""

from __future__ import annotations

import importlib.util
import re
import sys
from types import ModuleType

import pytest

from tests.shape.source import ROOT, files


def generator() -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_fresh() -> None:
    stale = generator().stale()
    assert not stale, f"stale: {', '.join(stale)}. Run make docs."


@pytest.mark.parametrize("path", files(".md"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files(path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    lost = [t for t in targets if not re.match(r"[a-z]+:", t) and not (path.parent / t).exists()]
    assert not lost, f"{path.name} links to what is not there: {lost}"


def test_every_table_begins_with_its_chinese_name() -> None:
    wrong = [
        path.name
        for path in files(".sql", below="jinpai")
        if not re.match(
            rf"(?:-- (?:view|whole)\n)?-- \S*[\u4e00-\u9fff]\S* {path.stem}: \S", path.read_text(encoding="utf-8")
        )
    ]
    assert not wrong, f"the first line of a table reads `-- 中文名 name: one sentence`: {wrong}"
