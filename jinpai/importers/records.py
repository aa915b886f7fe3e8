"""JSON 记录 records: objects of a JSON document read by key, as `taobao.Line` reads a row by column.

Interfaces write a list of one as the one itself, and wrap lists (`{"order": […]}`): both are undone here. Numbers are
texts (`json.load` with `parse_int=str`), so that ids keep their digits. Source: formats, §7 case 20.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from jinpai.errors import Words
from jinpai.importers.cells import BadCell, shown
from jinpai.importers.extra import extra_of
from jinpai.importers.protocol import Problem

T = TypeVar("T")


def many(value: object, inner: str) -> list[object]:
    """成列表 a list, a list inside `{inner: …}`, or the one thing that stands in place of a list of one; null is none."""
    if isinstance(value, dict) and inner in value:
        value = value[inner]
    if value in (None, "", {}):
        return []
    return value if isinstance(value, list) else [value]


def written(value: object) -> str:
    """原文 a value as the list of problems and `extra` show it: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class Record:
    """一条记录 one object; the first malformed value, of it or of an object inside, makes the whole a problem."""

    def __init__(self, number: int, values: object, where: str = "", outer: Record | None = None) -> None:
        self.number = number
        self._outer = outer
        self._problem: Problem | None = None
        self._where = where
        self._taken: set[str] = set()
        self._values: Mapping[str, object] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            self.fail("", values, Words("这里应当是一条记录（花括号括起来的）。请重新保存接口返回的全文。",
                                        "An object is wanted here. Save the whole answer of the interface again."))  # fmt: skip

    @property
    def problem(self) -> Problem | None:
        """没导进来的原因 why the whole cannot be imported; None where all could be read."""
        return self._problem

    def fail(self, key: str, value: object, reason: Words) -> None:
        """记下问题 makes the whole a problem; the first reason stays."""
        if self._outer is not None:
            self._outer.fail(f"{self._where}.{key}".rstrip("."), value, reason)
        elif self._problem is None:
            self._problem = Problem(self.number, key or self._where, shown(written(value)), reason)

    def inner(self, where: str, values: object) -> Record:
        """里面的一条 an object inside this one; `where` says at which key."""
        return Record(self.number, values, where, self)

    def take(self, key: str) -> object:
        """取走 the value as it stands, which then does not go to `extra`."""
        self._taken.add(key)
        return self._values.get(key)

    def read(self, key: str, how: Callable[[object], T | None], *, kept: bool = False) -> T | None:
        """读一项 the value through `how`; a BadCell makes the whole a problem. With `kept` it stays in `extra` too."""
        value = self._values.get(key)
        if not kept:
            self._taken.add(key)
        if isinstance(value, dict | list):
            self.fail(key, value, Words("这里应当是文字或数字。", "A text or a number is wanted here."))
            return None
        try:
            return how(value)
        except BadCell as bad:
            self.fail(key, value, bad.words)
            return None

    def need(self, key: str, value: T | None) -> T | None:
        """必须有 makes the whole a problem when `value`, read from `key`, is unknown."""
        if value is None:
            self.fail(key, self._values.get(key, ""), Words(f"没有 {key}，没有它这一条没法用。取数时请把它写进 fields。",
                f"There is no {key}; the record is of no use without it. Name it in the fields asked for."))  # fmt: skip
        return value

    def extra(self) -> str | None:
        """其他项 what nobody took, as JSON; what stands in lists and objects as JSON text."""
        return extra_of({
            key: written(value) for key, value in self._values.items() if key not in self._taken and value not in (None, [], {})
        })  # fmt: skip
