"""A folder of named things."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jinpai.catalogue import Catalogue, nearest, suggestion
from jinpai.errors import Words, WrongUse

PIECE = "from types import SimpleNamespace\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"pieces_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "b.py").write_text(PIECE + "piece = SimpleNamespace(name='two')", encoding="utf-8")
    (folder / "a.py").write_text(
        PIECE + "piece = (SimpleNamespace(name='one'), SimpleNamespace(name='three'))", encoding="utf-8"
    )
    (folder / "tools.py").write_text("", encoding="utf-8")
    (folder / "_hidden.py").write_text("raise RuntimeError", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]


def test_a_file_is_its_own_registration(package: str) -> None:
    catalogue: Catalogue = Catalogue(package, "piece", Words("零件", "piece"))
    assert [piece.name for piece in catalogue] == ["one", "three", "two"]
    assert catalogue.get("two").name == "two"
    assert "four" not in catalogue


def test_an_unknown_name_is_answered_with_the_nearest(package: str) -> None:
    catalogue: Catalogue = Catalogue(package, "piece", Words("零件", "piece"))
    with pytest.raises(WrongUse) as caught:
        catalogue.get("thre")
    assert caught.value.words == Words(
        "没有叫「thre」的零件。是不是要写 three？", "No piece is named 'thre'. Did you mean three?"
    )


def test_two_things_of_one_name_are_refused(package: str, tmp_path: Path) -> None:
    (tmp_path / package / "c.py").write_text(PIECE + "piece = SimpleNamespace(name='two')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="'two'"):
        _ = Catalogue(package, "piece", Words("零件", "piece")).things


def test_the_nearest_name() -> None:
    assert nearest("First-Response", ["first_response", "reply_rate"]) == "first_response"
    assert nearest("xyz", ["first_response"]) is None
    assert suggestion("xyz", ["a", "b"]).en == "Known: a, b."
    assert suggestion("xyz", []).en == "There is none yet."
