"""The book on both databases: SQLite in the workspace, and a real PostgreSQL that comes in a wheel."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from jinpai.book.opening import ready
from tests.postgresql import fresh, server

__all__ = ["server"]

# before any test module imports the models
ready()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each test once on each database; its name. The book is empty."""
    if request.param == "sqlite":
        monkeypatch.delenv("JINPAI_BOOK", raising=False)
    else:
        name = f"book_{os.getpid()}_{abs(hash(request.node.nodeid))}"
        monkeypatch.setenv("JINPAI_BOOK", fresh(str(request.getfixturevalue("server")), name))
    yield str(request.param)
    from django.db import connections

    connections.close_all()
