"""读检查项 reading: criteria out of their TOML files, every key checked; a mistake says file, key, value and remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn

from jinpai.catalogue import suggestion
from jinpai.criteria.definition import FACTORS, MEASURES, STATES, WHICH, Check, Criterion, Law
from jinpai.errors import JinpaiError, Words

_KEYS = (
    "zh", "en", "factor", "weight", "critical", "hint", "reason", "good", "bad", "suspended", "law", "check",
)  # fmt: skip
_CHECK = (
    "measure", "buyer", "agent", "state", "which", "from_turns", "expect", "forbid", "unless", "without", "turns", "seconds",
    "full_seconds", "pass_seconds", "zero_seconds", "on_promotion",
)  # fmt: skip
NAME = re.compile(r"[A-I][1-9][0-9]?")


def document(file: Traversable | Path) -> dict[str, Any]:
    """一个文件 the contents of a TOML file."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise JinpaiError(
            f"打不开 {file}：{error.strerror or error}。请检查路径。",
            f"{file} cannot be opened: {error.strerror or error}. Check the path.",
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise JinpaiError(
            f"{file} 写法不对：{error}。请存成 UTF-8，文字加半角引号。",
            f"{file} is not valid TOML in UTF-8: {error}. Texts stand in quotes.",
        ) from None


def read_criterion(file: Traversable | Path) -> Criterion:
    """读一个检查项 the criterion of a file named after it."""
    read = _Reading(str(file), document(file))
    name = file.name.removesuffix(".toml")
    if not NAME.fullmatch(name):
        read.refuse("name", name, "文件名要写成组字母加序号，如 A3.toml", "a file is named like A3.toml")
    read.known(read.keys, _KEYS)
    suspended = read.keys.get("suspended")
    return Criterion(
        name, Words(read.text("zh"), read.text("en")), name[0], read.one_of("factor", tuple(FACTORS)), read.whole("weight"),
        read.words("reason"), read.text("good"), read.text("bad"),
        tuple(_check(str(file), one) for one in read.keys.get("check", [])), read.flag("critical"),
        read.flag("hint") or read.flag("critical"), None if suspended is None else read.words("suspended"),
        tuple(Law(*(str(one[key]) for key in ("title", "article", "valid_from", "checked_on"))) for one in read.keys.get("law", [])),
    )  # fmt: skip


def _check(file: str, keys: Mapping[str, Any]) -> Check:
    read = _Reading(file, keys)
    read.known(keys, _CHECK)
    side = "buyer" if "buyer" in keys else "agent" if "agent" in keys else None
    limits = {"turns": keys.get("turns"), "within_ms": read.milliseconds("seconds")}
    return Check(
        measure=read.one_of("measure", MEASURES) if "measure" in keys else "said", side=side,
        state=read.one_of("state", STATES) if "state" in keys else None,
        which=read.one_of("which", WHICH) if "which" in keys else "first",
        when=read.texts(side) if side else (), expect=read.texts("expect"), forbid=read.texts("forbid"),
        from_turns=keys.get("from_turns", 0), on_promotion=read.flag("on_promotion"), unless=read.texts("unless"), without=read.texts("without"),
        full_ms=read.milliseconds("full_seconds") or 0, pass_ms=read.milliseconds("pass_seconds") or 0,
        zero_ms=read.milliseconds("zero_seconds") or 0, **{name: one for name, one in limits.items() if one is not None},
    )  # fmt: skip


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

    def words(self, key: str) -> Words:
        value = self.keys.get(key)
        if not isinstance(value, dict) or not all(isinstance(value.get(lang), str) for lang in ("zh", "en")):
            self.refuse(key, value, '要写成 { zh = "…", en = "…" }', 'write { zh = "…", en = "…" }')
        return Words(value["zh"], value["en"])

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in choices:
            self.refuse(key, value, f"只能是 {'、'.join(choices)} 之一", f"one of {', '.join(choices)} is wanted")
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
