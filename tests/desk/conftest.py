"""One desk for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai.book.opening import ready
from tests.desk.serving import made, serving

# pages import the models
ready()


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def desk(root: Path) -> Iterator[str]:
    with serving(root) as base:
        yield base
