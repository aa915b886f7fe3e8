"""错误 errors: one sentence in both languages saying what, which value, where, and what to do."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """句子 one sentence in Chinese and in English; the rim of the program chooses which to show."""

    zh: str
    en: str

    def to(self, lang: str) -> str:
        """The sentence in `lang`, "zh" or "en"; any other language reads the Chinese."""
        return self.en if lang == "en" else self.zh


class JinpaiError(Exception):
    """办不到 a request that cannot be met: exit code 1 and one sentence, never a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.words = Words(zh, en)


class Busy(JinpaiError):
    """正忙 another program writes here just now: the same request may be met in a while."""


class WrongUse(JinpaiError):
    """用法不对 wrong use of a command or of an argument: exit code 2 and one sentence."""
