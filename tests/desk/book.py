"""What stands in the book of a desk under test, on whichever database it lies; and which tests run on both."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

BOOK = "JINPAI_BOOK"
Test = TypeVar("Test", bound=Callable[..., object])


def on_both(test: Test) -> Test:
    """The test runs on SQLite and on PostgreSQL; without it, on SQLite alone."""
    test.databases = ("sqlite", "postgresql")
    return test


@contextmanager
def lies_in(address: str) -> Iterator[None]:
    """The book of every workspace lies there; "" is the file in the workspace."""
    before = os.environ.pop(BOOK, None)
    if address:
        os.environ[BOOK] = address
    try:
        yield
    finally:
        os.environ.pop(BOOK, None)
        if before is not None:
            os.environ[BOOK] = before


@contextmanager
def _connection(root: Path) -> Iterator[Any]:
    if BOOK in os.environ:
        import psycopg

        with psycopg.connect(os.environ[BOOK]) as connection:
            yield connection
        return
    connection = sqlite3.connect(root / "book" / "book.sqlite3")
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def rows(root: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What SQL finds; ? stands for a value."""
    with _connection(root) as connection:
        return list(connection.execute(_spelt(sql), values).fetchall())


def change(root: Path, sql: str, *every: tuple[object, ...]) -> None:
    """What no page does: SQL for each of the rows of values."""
    with _connection(root) as connection:
        connection.cursor().executemany(_spelt(sql), every)


def everything(root: Path) -> str:
    """All that the book holds, as text."""
    of = (
        "select table_name from information_schema.tables where table_schema = 'public'"
        if BOOK in os.environ
        else "select name from sqlite_master where type = 'table'"
    )
    found = [str(rows(root, f'select * from "{name}"')) for (name,) in rows(root, of)]
    assert len(found) > 10
    return "\n".join(found)


def _spelt(sql: str) -> str:
    return sql.replace("?", "%s") if BOOK in os.environ else sql
