"""One play and one demo for the whole folder: they are the same for everyone and nobody changes them."""

from __future__ import annotations

import pytest

from jinpai import simulate
from jinpai.simulate.scene import Line
from jinpai.simulate.talk import talk


@pytest.fixture(scope="session")
def drawn() -> simulate.Play:
    return simulate.play(simulate.hexiaoman(), 7)


@pytest.fixture(scope="session")
def lines(drawn: simulate.Play) -> list[Line]:
    return talk(drawn)


@pytest.fixture(scope="session")
def shop_files(tmp_path_factory: pytest.TempPathFactory) -> simulate.Demo:
    return simulate.demo(tmp_path_factory.mktemp("店铺 数据"), 7)
