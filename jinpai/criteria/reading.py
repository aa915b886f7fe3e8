"""读质检项 reading: criteria out of their TOML files, every key checked; a mistake says file, key, value and remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn

from jinpai.catalogue import suggestion
from jinpai.criteria.definition import FACTORS, GOODS, MEASURES, STAGES, STATES, WHICH, Check, Criterion, Law
from jinpai.errors import JinpaiError, Words
from jinpai.period import parse_day
from jinpai.workspace.documents import read_toml

_KEYS = (
    "zh", "en", "factor", "weight", "critical", "hint", "reason", "good", "bad", "suspended", "law", "check",
)  # fmt: skip
_CHECK = (
    "measure", "buyer", "agent", "state", "which", "stage", "goods", "from_turns", "expect", "forbid", "unless", "without",
    "turns", "seconds", "full_seconds", "pass_seconds", "zero_seconds", "most", "on_promotion",
)  # fmt: skip
_LAW = ("title", "article", "valid_from", "valid_to", "checked_on")
NAME = re.compile(r"[A-I][1-9][0-9]?")
OWN_NAME = re.compile(r"[J-Z][1-9][0-9]?")
OWN_GROUP = "J"


def document(file: Traversable | Path) -> dict[str, Any]:
    """一个文件 the contents of a TOML file."""
    return read_toml(file, Words("文字要加半角引号", "texts need quotes"))


def read_criterion(file: Traversable | Path, shipped: Collection[str] | None = None) -> Criterion:
    """读一个质检项 the criterion of a file named after it; with `shipped`, the names that ship, it is a shop's own."""
    read = _Reading(str(file), document(file))
    name = file.name.removesuffix(".toml")
    is_own = shipped is not None
    read.known(read.keys, (*_KEYS, "replaces") if is_own else _KEYS)
    _named(read, name, shipped)
    suspended = read.keys.get("suspended")
    return Criterion(
        name, Words(read.text("zh"), read.text("en") if "en" in read.keys or not is_own else read.text("zh")),
        name[0] if NAME.fullmatch(name) else OWN_GROUP, read.one_of("factor", tuple(FACTORS)), read.whole("weight"),
        read.words("reason", plain=is_own), read.text("good"), read.text("bad"),
        tuple(_check(str(file), one) for one in read.tables("check")), read.flag("critical"),
        read.flag("hint") or read.flag("critical"), None if suspended is None else read.words("suspended", plain=is_own),
        tuple(_law(str(file), one) for one in read.tables("law")), is_own,
    )  # fmt: skip


def _named(read: _Reading, name: str, shipped: Collection[str] | None) -> None:
    replaces = read.flag("replaces")
    if shipped is None:
        if not NAME.fullmatch(name):
            read.refuse("name", name, "文件名要写成组字母加序号，如 A3.toml", "a file is named like A3.toml")
    elif name in shipped:
        if not replaces:
            read.refuse(
                "name", name, f"{name} 是自带的质检项；要换掉它请写 replaces = true，要另加一项请换成 J 到 Z 开头的名字，如 S1.toml",
                f"{name} ships already; write replaces = true to put this one in its place, or name the file S1.toml, J to Z",
            )  # fmt: skip
    elif not OWN_NAME.fullmatch(name):
        read.refuse(
            "name", name, "自定质检项的文件名是 J 到 Z 的一个字母加序号，如 S1.toml", "an own criterion is named J to Z and a number, like S1.toml",
        )  # fmt: skip
    elif replaces:
        read.refuse("replaces", True, f"没有自带的 {name} 可换，请去掉这一行", f"no {name} ships; take this line out")


def _check(file: str, keys: Mapping[str, Any]) -> Check:
    read = _Reading(file, keys)
    read.known(keys, _CHECK)
    said = [name for name in ("buyer", "agent", "state") if name in keys]
    measure = read.choice("measure", MEASURES) or "said"
    if measure == "said" and len(said) != 1:
        read.refuse(
            "check", said or None, "buyer、agent、state 要写一个，只写一个", "write one of buyer, agent and state"
        )
    if measure == "said" and not keys.get("expect") and not keys.get("forbid"):
        read.refuse("check", None, "expect 和 forbid 至少写一个", "write expect or forbid")
    side = next((name for name in said if name != "state"), None)
    limits = {"turns": read.count("turns"), "within_ms": read.milliseconds("seconds")}
    return Check(
        measure=measure, side=side, state=read.choice("state", STATES), which=read.choice("which", WHICH) or "first",
        when=read.texts(side) if side else (), expect=read.texts("expect"), forbid=read.texts("forbid"),
        from_turns=read.count("from_turns") or 0, on_promotion=read.flag("on_promotion"), unless=read.texts("unless"),
        without=read.texts("without"),
        full_ms=read.milliseconds("full_seconds") or 0, pass_ms=read.milliseconds("pass_seconds") or 0,
        zero_ms=read.milliseconds("zero_seconds") or 0, stage=read.choice("stage", STAGES), goods=read.choice("goods", GOODS),
        most=read.count("most") or 0, **{name: one for name, one in limits.items() if one is not None},
    )  # fmt: skip


def _law(file: str, keys: Mapping[str, Any]) -> Law:
    read = _Reading(file, keys)
    read.known(keys, _LAW)
    ends = read.day("valid_to") if "valid_to" in keys else None
    return Law(read.text("title"), read.text("article"), read.day("valid_from"), ends, read.day("checked_on"))


class _Reading:
    """The keys of one file or section, and the sentence about one that will not do."""

    def __init__(self, file: str, keys: Mapping[str, Any]) -> None:
        self.file, self.keys = file, keys

    def refuse(self, key: str, value: object, zh: str, en: str) -> NoReturn:
        stands = "" if value is None else f" = {value!r}"
        raise JinpaiError(f"{self.file}：{key}{stands} 不行：{zh}。", f"{self.file}: {key}{stands} cannot be: {en}.")

    def known(self, keys: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
        for key in keys:
            if key not in allowed:
                hint = suggestion(key, allowed)
                self.refuse(key, None, f"没有这一项。{hint.zh}".rstrip("。"), f"no such key. {hint.en}".rstrip("."))

    def text(self, key: str) -> str:
        value = self.keys.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, value, "要写带引号的文字", "a text in quotes is wanted")
        return value

    def words(self, key: str, *, plain: bool = False) -> Words:
        """A text in both languages; `plain`: one text will do for both."""
        value = self.keys.get(key)
        if plain and isinstance(value, str) and value.strip():
            return Words(value, value)
        if not isinstance(value, dict) or not all(isinstance(value.get(lang), str) for lang in ("zh", "en")):
            self.refuse(key, value, '要写成 { zh = "…", en = "…" }', 'write { zh = "…", en = "…" }')
        return Words(value["zh"], value["en"])

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in choices:
            self.refuse(key, value, f"只能是 {'、'.join(choices)} 之一", f"one of {', '.join(choices)} is wanted")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        return self.one_of(key, choices) if key in self.keys else None

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        value = self.keys.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.refuse(key, value, f"要写成一段或几段 [[{key}]]", f"one or more [[{key}]] are wanted")
        return value

    def day(self, key: str) -> int:
        value = self.keys.get(key)
        try:
            return parse_day(value)  # type: ignore[arg-type]  # anything else is refused below
        except (JinpaiError, TypeError, AttributeError):
            self.refuse(key, value, '要写日期，如 "2025-10-15"', 'a day is wanted, like "2025-10-15"')

    def count(self, key: str) -> int | None:
        value = self.keys.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
            self.refuse(key, value, "要写 1 到 1000 的整数", "a whole number from 1 to 1000 is wanted")
        return value

    def whole(self, key: str) -> int:
        value = self.keys.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1000:
            self.refuse(key, value, "要写 0 到 1000 的整数", "a whole number from 0 to 1000 is wanted")
        return value

    def flag(self, key: str) -> bool:
        value = self.keys.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, value, "只能写 true 或 false", "true or false is wanted")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.keys.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.refuse(key, value, '要写成一串文字，如 ["甲", "乙"]', 'a list of texts is wanted, like ["a", "b"]')
        return tuple(value)

    def milliseconds(self, key: str) -> int | None:
        value = self.keys.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.refuse(key, value, "要写整数秒", "whole seconds are wanted")
        return value * 1000
