"""数一数 counted: how many rows of what, as a phrase."""

from __future__ import annotations

from collections.abc import Iterable

from jinpai.errors import Words
from jinpai.terms import TABLES


def counted(told: Iterable[tuple[Words, int]]) -> Words:
    """数一数 "chats 12 rows, orders 3", of what there is any of; empty without."""
    found = [(words, count) for words, count in told if count]
    return Words(
        "，".join(f"{words.zh} {count:,} 行" for words, count in found),
        ", ".join(f"{words.en} {count:,}" for words, count in found),
    )


def table_name(table: str) -> Words:
    """表名 what a canonical table is called."""
    return TABLES.get(table, Words(table, table))
