"""对照表里的值 the keys of a mapping's TOML document: each is read as what it must be, or refused in a sentence.

A sentence names the file, the key, what stands there and what may stand there.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from pathlib import Path
from typing import NoReturn

from jinpai.catalogue import suggestion
from jinpai.errors import JinpaiError


class Keys:
    """一份对照表的各项 the document in the file at `path`, taken apart key by key."""

    def __init__(self, path: Path, found: dict[str, object]) -> None:
        self.path = path
        self.found = found

    def refuse(self, key: str, value: object, zh: str, en: str) -> NoReturn:
        """Raises the sentence for a key whose value cannot be."""
        stands = "" if value is None else f" = {value!r}"
        raise JinpaiError(
            f"对照表 {self.path} 的 {key}{stands} 不行：{zh}。",
            f"In the mapping {self.path}, {key}{stands} cannot be: {en}.",
        )

    def known(self, where: str, table: Dict[str, object], names: tuple[str, ...] | list[str]) -> None:
        """Every key of `table` is one of `names`."""
        for key in table:
            if key not in names:
                hint = suggestion(key, names)
                place = f"[{where}] 里" if where else ""
                raise JinpaiError(
                    f"对照表 {self.path} {place}没有「{key}」这一项。{hint.zh}",
                    f"The mapping {self.path} has no '{key}'{f' in [{where}]' if where else ''}. {hint.en}",
                )

    def text(self, key: str) -> str | None:
        """A text that is not blank, where there is one."""
        value = self.found.get(key)
        if value is not None and (not isinstance(value, str) or not value):
            self.refuse(key, value, "要写带引号的文字", "a text in quotes is wanted")
        return value if isinstance(value, str) else None

    def whole(self, key: str) -> int:
        """A row number, 0 where there is none."""
        value = self.found.get(key, 0)
        if (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not 0 <= value <= 1000
            or (key in self.found and not value)
        ):
            self.refuse(key, value, "要写 1 到 1000 的行号", "a row number from 1 to 1000 is wanted")
        return value

    def choice(self, key: str, names: tuple[str, ...]) -> str | None:
        """One of `names`, where there is one."""
        value = self.text(key)
        if value is not None:
            self.one_of(key, value, names)
        return value

    def one_of(self, key: str, value: str, names: tuple[str, ...]) -> None:
        """Refuses what is none of `names`."""
        if value not in names:
            hint = suggestion(value, names)
            self.refuse(key, value, f"只能是 {'、'.join(names)} 之一。{hint.zh}".rstrip("。"),
                        f"one of {', '.join(names)} is wanted. {hint.en}".rstrip("."))  # fmt: skip

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.found.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.refuse(
                key, value, '要写成一串文字，如 ["买家", "时间"]', 'a list of texts is wanted, like ["buyer", "time"]'
            )
        return tuple(value)

    def inner(self, key: str, value: object) -> dict[str, object]:
        """A table of the document."""
        if not isinstance(value, dict):
            self.refuse(key, value, f"要写成一段 [{key}]", f"a table [{key}] is wanted")
        return value
