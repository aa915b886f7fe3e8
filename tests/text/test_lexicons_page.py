"""The page about lexicons says what is so: its examples are read, and every key stands in its table."""

from __future__ import annotations

import re
from pathlib import Path

from jinpai.text.signals import read_lexicon
from tests.shape.source import ROOT

PAGE = (ROOT / "docs" / "lexicons.md").read_text(encoding="utf-8")


def test_its_examples_can_be_read(tmp_path: Path) -> None:
    for number, block in enumerate(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "自己.toml").write_text(block, encoding="utf-8")
        assert read_lexicon(folder)["contact_wechat"].phrases


def test_it_names_every_key() -> None:
    keys = (
        "zh",
        "role",
        "kind",
        "group",
        "phrases",
        "expressions",
        "unless",
        "matches",
        "does_not_match",
        "without",
        "off",
    )
    assert not [key for key in keys if f"`{key}`" not in PAGE and f"{key} = " not in PAGE]
