"""对照表里关于行的几项 the keys of a mapping that say which rows are what: header_rows, skip, once_per, first_row."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from typing import NoReturn

from jinpai.canon import Table

KEYS = ("header_rows", "skip", "once_per", "first_row")
_HEADERS = 2
"""Rows of headings at most: groups over columns."""
_ONCE = {"orders": "order_id", "refunds": "refund_id"}
_BELOW = {"orders": "order_id", "refunds": "refund_id", "order_items": "order_id"}

Refuse = Callable[[str, object, str, str], NoReturn]
"""(key, value, why in Chinese, why in English): raises the sentence."""


@dataclass(frozen=True, slots=True)
class Skip:
    """不是数据的行 rows in whose `column` one of `words` stands; `*` in a word is any text."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowRules:
    """行的规则 how many rows the headings take, which rows are left out, and which rows are one.

    `once_per` is the canonical column by which several rows are one order, `first_row` the one that stands on an order's
    first row only; None where that is not so.
    """

    header_rows: int
    skip: tuple[Skip, ...]
    once_per: str | None
    first_row: str | None

    def named(self) -> str:
        """哪一项 the key that names a column which must be there."""
        return "once_per" if self.once_per is not None else "first_row"


def row_rules(found: Dict[str, object], table: Table, refuse: Refuse) -> RowRules:
    """读行的规则 the rules in the TOML document `found`; a mistake goes to `refuse`."""
    headers = found.get("header_rows", 1)
    if isinstance(headers, bool) or headers not in range(1, _HEADERS + 1):
        refuse("header_rows", headers, "表头只能占 1 行或 2 行", "headings take 1 or 2 rows")
    once = found.get("once_per")
    if once is not None and once != _ONCE.get(table.name):
        wanted = "、".join(f'{name} 表写 "{key}"' for name, key in _ONCE.items())
        refuse("once_per", once, f"只能是{wanted}", '"order_id" for orders, "refund_id" for refunds')
    below = found.get("first_row", False)
    if not isinstance(below, bool) or (below and table.name not in _BELOW):
        refuse("first_row", below, f"只用于 {'、'.join(_BELOW)}，写 true 或 false",
               f"this is for {', '.join(_BELOW)}, true or false")  # fmt: skip
    said = found.get("skip", [])
    skip = tuple(_skip(one, refuse) for one in (said if isinstance(said, list) else [said]))
    return RowRules(int(str(headers)), skip, _ONCE[table.name] if once else None, _BELOW[table.name] if below else None)


def _skip(said: object, refuse: Refuse) -> Skip:
    column, words = (
        (said.get("column"), said.get("words")) if isinstance(said, dict) and len(said) == 2 else (None, None)
    )
    words = [words] if isinstance(words, str) else words
    is_sound = isinstance(words, list) and all(isinstance(word, str) and word.strip(" *") for word in words)
    if not isinstance(column, str) or not column or not isinstance(words, list) or not words or not is_sound:
        refuse(
            "skip", said, '要写成 { column = "旺旺", words = ["汇总", "均值", "同行*"] }', "column and words are wanted"
        )
    return Skip(column, tuple(words))
