"""One desk for all tests of this folder, and one more for those that run on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from jinpai.book.opening import ready
from tests.desk.book import lies_in
from tests.desk.serving import made, serving
from tests.postgresql import fresh, server

__all__ = ["server"]

# pages import the models
ready()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `on_both` run on SQLite and on PostgreSQL."""
    if "database" in metafunc.fixturenames:
        wanted = getattr(metafunc.function, "databases", ("sqlite",))
        metafunc.parametrize("database", wanted, indirect=True, scope="session")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Where the book lies: an empty database of a real PostgreSQL; "" is the file in the workspace."""
    if request.param == "sqlite":
        return ""
    return fresh(str(request.getfixturevalue("server")), f"desk_{os.getpid()}")


@pytest.fixture(autouse=True)
def _there(request: pytest.FixtureRequest) -> Iterator[None]:
    """Commands and looks into the book go where the test's desk has it."""
    address = request.getfixturevalue("database") if "database" in request.fixturenames else ""
    with lies_in(str(address)):
        yield


@pytest.fixture(scope="session")
def root(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with lies_in(database):
        return made(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def desk(database: str, root: Path) -> Iterator[str]:
    with ExitStack() as stack:
        with lies_in(database):
            base = stack.enter_context(serving(root))
        yield base
