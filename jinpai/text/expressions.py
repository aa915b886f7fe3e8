r"""表达式 expressions: the small language in which signals are written, meaning the same on every engine.

    字 literal      . one character of the same sentence (in a guard: of the same clause)      [好行] one of, [^不] none of (never a line break)
    (a|b) either    ? perhaps    {2} {0,6} so many times (30 at most)    \d a digit    {亲} a list of words
    ^ $ begin and end of a line    \ before a sign takes it literally

There is no look-around, no back-reference and no `*` or `+`. What is written is made normal like the texts. A hit is any
stretch that an expression covers; where several overlap, they count as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from jinpai.catalogue import suggestion
from jinpai.errors import Words
from jinpai.text.characters import become
from jinpai.text.normal import normal

MOST_TIMES = 30
SENTENCE_ENDS = "。!?;"
CLAUSE_ENDS = ",。!?;~ "
"""句末和分句末的标点 what `.` does not cross, in an expression and in a guard, in normal form."""
_LISTED = re.compile(r"\{([^\d{},][^{}]*)\}")
_TIMES = re.compile(r"\{(\d+)(?:,(\d+))?\}")
_SIGNS = set(r".[](){}|?*+^$\\")


class NotAnExpression(ValueError):
    """写法不对 why an expression will not do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.words = Words(zh, en)


@dataclass(frozen=True, slots=True)
class Expression:
    """表达式 as engines take it: `pattern` for Hyperscan and `re` alike, `strings` when it is only a few fixed ones."""

    pattern: str
    strings: tuple[str, ...]


MOST_STRINGS = 24
"""An expression of no more fixed strings than these is looked for as strings: an engine knows their length."""


def phrase(text: str) -> Expression:
    """词句 a phrase, every sign of it literal; empty in normal form is NotAnExpression."""
    plain = normal(text)
    if not plain:
        raise NotAnExpression("没有字", "it has no characters")
    return Expression(re.escape(plain), (plain,))


def read_expression(text: str, lists: Mapping[str, tuple[str, ...]], *, is_guard: bool = False) -> Expression:
    """读表达式 an expression with its `{lists}` put in; in a guard `.` stays in its clause.

    What will not do is NotAnExpression with the remedy.
    """
    reading = _Reading(_with_lists(text, lists), CLAUSE_ENDS if is_guard else SENTENCE_ENDS)
    found = reading.either()
    if reading.place < len(reading.text):
        reading.refuse("多了一个 )，要写括号本身请写 \\)", "a ) too many; a bracket itself is written \\)")
    if found.least == 0:
        reading.refuse("什么都不写也算命中", "it also matches nothing at all")
    return Expression(found.pattern, found.strings or ())


def _with_lists(text: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] not in lists:
            hint = suggestion(found[1], lists)
            raise NotAnExpression(f"没有叫 {{{found[1]}}} 的词表。{hint.zh}", f"there is no list {found[0]}. {hint.en}")
        return "(" + "|".join(re.sub(r"([.\[\](){}|?*+^$\\])", r"\\\1", one) for one in lists[found[1]]) + ")"

    return _LISTED.sub(put, text)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an expression: its pattern, its least length, its strings where they are few."""

    pattern: str
    least: int
    strings: tuple[str, ...] | None

    def __add__(self, other: _Part) -> _Part:
        strings = None
        if self.strings is not None and other.strings is not None:
            strings = tuple(dict.fromkeys(a + b for a in self.strings for b in other.strings))
        return _Part(self.pattern + other.pattern, self.least + other.least, _few(strings))


def _alternatives(parts: list[_Part]) -> str:
    """Parts of which one may stand; single characters as a set, which engines take for one step."""
    single = list(
        dict.fromkeys(one.pattern for one in parts if one.strings and len(one.strings[0]) == len(one.strings) == 1)
    )
    several = list(dict.fromkeys(one.pattern for one in parts if one.pattern not in single))
    if len(single) > 1:
        several.insert(0, f"[{''.join(single)}]")
    else:
        several = single + several
    return f"(?:{'|'.join(several)})"


def _few(strings: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return strings if strings is not None and len(strings) <= MOST_STRINGS else None


class _Reading:
    """One expression, read from left to right."""

    def __init__(self, text: str, ends: str) -> None:
        self.text = text
        self.ends = ends
        self.place = 0

    def refuse(self, zh: str, en: str) -> NoReturn:
        """Raises the sentence."""
        raise NotAnExpression(zh, en)

    @property
    def next(self) -> str:
        """The character to come, or nothing at the end."""
        return self.text[self.place : self.place + 1]

    def take(self) -> str:
        """The character to come, passed."""
        self.place += 1
        return self.text[self.place - 1 : self.place]

    def either(self) -> _Part:
        """Sequences between `|`."""
        found = [self.sequence()]
        while self.next == "|":
            self.take()
            found.append(self.sequence())
        if len(found) == 1:
            return found[0]
        strings = None
        if all(one.strings is not None for one in found):
            strings = tuple(dict.fromkeys(string for one in found for string in one.strings or ()))
        return _Part(_alternatives(found), min(one.least for one in found), _few(strings))

    def sequence(self) -> _Part:
        """Parts one after the other."""
        found = _Part("", 0, ("",))
        while self.next and self.next not in "|)":
            found += self.times(self.one())
        return found

    def one(self) -> _Part:
        """One part without its number of times."""
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.members()
        if sign == ".":
            return _Part(rf"[^\n{self.ends}]", 1, None)
        if sign in "^$":
            return _Part(sign, 0, None)
        if sign == "\\":
            return self.escaped()
        if sign in "*+":
            self.refuse(
                f"{sign} 没有上限，请写 {{0,6}} 这样的次数",
                f"{sign} has no limit; write a number of times like {{0,6}}",
            )
        if sign in "?{}])":
            self.refuse(
                f"{sign} 前面缺了东西；要写这个字本身请写 \\{sign}",
                f"nothing stands before {sign}; the sign itself is written \\{sign}",
            )
        return _literal(sign)

    def group(self) -> _Part:
        """What stands in brackets."""
        if self.next == "?":
            self.refuse("不支持 (?…) 这类写法（前后断言、命名组），各引擎的意思不一样",
                        "(?…) is not supported: engines differ about it")  # fmt: skip
        found = self.either()
        if self.take() != ")":
            self.refuse("少了一个 )", "a ) is missing")
        return _Part(
            found.pattern if found.pattern.startswith("(?:") else f"(?:{found.pattern})", found.least, found.strings
        )

    def escaped(self) -> _Part:
        """A sign taken literally, or a digit."""
        sign = self.take()
        if sign == "d":
            return _Part("[0-9]", 1, tuple("0123456789"))
        if not sign or sign.isalnum():
            self.refuse(
                f"不支持 \\{sign}：只能用 \\d 表示数字，或在符号前面加 \\",
                f"\\{sign} is not supported: only \\d for a digit, or \\ before a sign",
            )
        return _literal(sign)

    def members(self) -> _Part:
        """One character of a set."""
        is_negated = self.next == "^" and bool(self.take())
        found: list[str] = []
        while self.next != "]":
            sign = self.take()
            if sign == "\\":
                sign = self.take()
                sign = "0-9" if sign == "d" else sign
            if not sign:
                self.refuse("少了一个 ]", "a ] is missing")
            if self.next == "-" and self.text[self.place + 1 : self.place + 2] not in ("]", ""):
                self.take()
                found.append(self.range(sign, self.take()))
            else:
                found += [sign] if sign == "0-9" else [re.escape(one) for one in _normal(sign)]
        self.take()
        if not found:
            self.refuse("[ ] 里没有字", "nothing stands in [ ]")
        few = tuple(one.removeprefix("\\") for one in found)
        is_plain = not is_negated and all(len(one) == 1 for one in few)
        opening = r"[^\n" if is_negated else "["
        return _Part(f"{opening}{''.join(found)}]", 1, _few(few) if is_plain else None)

    def range(self, first: str, last: str) -> str:
        """Characters from one to another."""
        first, last = _normal(first), _normal(last)
        if len(first) != 1 or len(last) != 1 or first > last:
            self.refuse(f"[{first}-{last}] 的前后不对", f"[{first}-{last}] runs the wrong way")
        return f"{re.escape(first)}-{re.escape(last)}"

    def times(self, part: _Part) -> _Part:
        """How often the part before may stand."""
        counted = _TIMES.match(self.text, self.place)
        if self.next == "?":
            self.take()
            least, most = 0, 1
        elif counted:
            self.place = counted.end()
            least, most = int(counted[1]), int(counted[2] or counted[1])
        else:
            return part
        if self.next and (self.next in "?*+" or _TIMES.match(self.text, self.place)):
            self.refuse("一个字后面写了两次次数", "two numbers of times stand in a row")
        if not least <= most <= MOST_TIMES or not most:
            self.refuse(
                f"次数 {least} 到 {most} 不行，最多 {MOST_TIMES} 次",
                f"{least} to {most} times cannot be; {MOST_TIMES} at most",
            )
        if not part.pattern or part.pattern in ("^", "$"):
            self.refuse("次数前面没有字", "nothing stands before a number of times")
        atom = part.pattern if _is_atom(part.pattern) else f"(?:{part.pattern})"
        strings = _few(("", *part.strings)) if part.strings is not None and (least, most) == (0, 1) else None
        if (least, most) == (1, 1):
            return part
        return _Part(atom + ("?" if (least, most) == (0, 1) else f"{{{least},{most}}}"), least * part.least, strings)


def _is_atom(pattern: str) -> bool:
    single = len(pattern) == 1 or (len(pattern) == 2 and pattern[0] == "\\")
    return single or (pattern.startswith("[") and "]" not in pattern[1:-1].replace("\\]", ""))


@cache
def _normal(sign: str) -> str:
    """A character in normal form."""
    return become(sign)


def _literal(sign: str) -> _Part:
    plain = _normal(sign)
    return _Part("".join(re.escape(one) for one in plain), len(plain), (plain,))
