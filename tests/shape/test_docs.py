"""Generated pages are fresh, links lead somewhere, and each table says what it is."""

from __future__ import annotations

import re

import pytest

from tests.shape.source import ROOT, docs_module, files


def test_generated_pages_are_fresh() -> None:
    stale = docs_module("generate").stale()
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
            rf"(?:-- (?:view|whole|inspection|whole inspection)\n)?-- \S*[\u4e00-\u9fff]\S* {path.stem}: \S",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert not wrong, f"the first line of a table reads `-- 中文名 name: one sentence`: {wrong}"
