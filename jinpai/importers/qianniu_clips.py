r"""千牛复制的聊天 how messages of a clipboard copy begin: the heads of all shapes, and who is who in the file.

A head is `昵称2026-4-18 9:03:35` in one line; a nick and below it the time; a time and below it `店铺:客服`; or
`买家 --> 店铺:客服 9:20:00`, the day before the clock or not. The date is matched from the right (`20\d\d-`), since
a nick that ends in digits runs into the year. What only looks like a head is told apart by the names that stand
alone somewhere in the file. Source: formats, §2.3, §7 cases 9, 10.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from jinpai.importers.qianniu import Shop, likeliest_shop, split_account

READ_MARKS = frozenset({"已读", "未读", "发送中"})
"""已读标记 what the client writes below a message of the shop."""
_LONGEST = 200
# 2026-4-18 9:03:35, at the end of a line
_TIME = r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2}) +(?P<clock>\d{1,2}:\d\d:\d\d)"
_WHOLE = re.compile(_TIME, re.ASCII)
# tb882003172026-4-18 9:03:35: the year is the last four digits before the first dash
_GLUED = re.compile(r"(?P<name>.*?)(?P<gap>\s*)" + _TIME, re.ASCII)
_ARROW = re.compile(rf"(?P<one>\S.*?) +-+> +(?P<other>\S.*?)(?P<gap>\s*)(?:{_TIME}|(?<=\s)(?P<bare>\d{{1,2}}:\d\d:\d\d))", re.ASCII)  # fmt: skip
# 云边小鹿, 禾小满旗舰店：小美; not: 好的，谢谢 · 付款时间 · 订单创建于 · 2026-4-18 9:03:35
_NAME = re.compile(r"[^\s,，。;；!！?？、…<>《》【】()（）\"'`“”=/¥￥]{1,40}")
_NO_NAME = re.compile(r".*(?:时间|日期|创建于|付款于|发货于|[:：])")
RECALLED = re.compile(r"(?P<who>[^\s，。]{1,40}?)撤回了一条消息[。.]?")
"""撤回提示 the client's notice in place of a message that was taken back."""


class Around(NamedTuple):
    """一行和上下文 a line (`whole`; `line`: without blanks at its ends), its number, and the lines around it ("": none)."""

    number: int
    whole: str
    above: str
    line: str
    below: str
    next_below: str

    @property
    def is_apart(self) -> bool:
        """另起 whether the message above is over: a blank line or a read mark stands between."""
        return not self.above or self.above in READ_MARKS


@dataclass(frozen=True, slots=True)
class Head:
    """消息头 who wrote to whom (None: not said) and when; `day` is None where only the clock is given.

    `is_tight`: the name ends in a digit that touches the year. `is_apart`: nothing of the message above touches it.
    `lines` says how many lines the head takes.
    """

    row: int
    sender: str
    receiver: str | None
    day: str | None
    clock: str
    is_tight: bool = False
    is_apart: bool = True
    lines: int = 1


def around(lines: Iterable[str]) -> Iterator[Around]:
    """上下文 every line with the one above and the two below."""
    above = line = below = whole = whole_below = ""
    for number, whole_next in enumerate(chain(lines, ("", "")), -1):
        next_below = whole_next.strip()
        if number > 0:
            yield Around(number, whole, above, line, below, next_below)
            above = line
        whole, line, whole_below, below = whole_below, below, whole_next, next_below


def is_name(text: str) -> bool:
    """像昵称 whether a line may be a sender: no blanks, no punctuation of a sentence, and not too long."""
    is_word = len(text) <= 40 and _NAME.fullmatch(text) is not None and text not in READ_MARKS
    return is_word and not _NO_NAME.fullmatch(text) and not _WHOLE.search(text)


def glued(line: str) -> Head | None:
    """一行的消息头 a name and a time in one line; row 0."""
    found = _GLUED.fullmatch(line) if len(line) <= _LONGEST and "-" in line else None
    if found is None or not is_name(found["name"]):
        return None
    is_tight = not found["gap"] and found["name"][-1].isdigit()
    return Head(0, found["name"], None, _day(found), _clock(found["clock"]), is_tight)


def arrow(line: str) -> Head | None:
    """箭头消息头 from whom to whom, and the time; row 0."""
    found = _ARROW.fullmatch(line) if len(line) <= _LONGEST and "-> " in line else None
    if found is None or not (is_name(found["one"]) and is_name(found["other"])):
        return None
    is_tight = not found["gap"] and found["other"][-1].isdigit()
    day = _day(found) if found["year"] else None
    return Head(0, found["one"], found["other"], day, _clock(found["clock"] or found["bare"]), is_tight)


def time_alone(line: str) -> tuple[str, str] | None:
    """单独一行的时间 the day and the clock of a line that is nothing else."""
    found = _WHOLE.fullmatch(line) if len(line) <= _LONGEST else None
    return (_day(found), _clock(found["clock"])) if found else None


def _day(found: re.Match[str]) -> str:
    return f"{found['year']}-{int(found['month']):02d}-{int(found['day']):02d}"


def _clock(text: str) -> str:
    return text.zfill(8)


@dataclass(slots=True)
class People:
    """谁是谁 what one reading of the whole file says of its names, before any message is read.

    `alone` are names that stand by themselves or before a blank somewhere: they are certain. `opening` counts names
    that are glued to a time below a blank line. `first_day` is the first day that the file names.
    """

    alone: set[str] = field(default_factory=set)
    opening: Counter[str] = field(default_factory=Counter)
    first_day: str | None = None
    shop: Shop = field(default_factory=lambda: Shop(""))

    def knows(self, name: str) -> bool:
        """认识 whether the name is a sender's somewhere in the file beyond doubt."""
        return name in self.alone or name in self.opening or self.shop.agent_of(name) is not None


def people_of(lines: Iterable[str]) -> People:
    """认人 goes through the file once for its names."""
    people = People()
    strong: Counter[str] = Counter()
    weak: Counter[str] = Counter()
    two_above = ""
    for at in around(lines):
        day = None
        if timed := time_alone(at.line):
            day = timed[0]
            if at.is_apart and is_name(at.below):
                strong[at.below] += 1
                people.alone.add(at.below)
            elif not two_above and is_name(at.above) and not (is_name(at.below) and split_account(at.below)[1]):
                people.alone.add(at.above)
                weak[at.above] += split_account(at.above)[1] is not None
        elif head := arrow(at.line):
            day = head.day
            people.alone.update({head.sender} if head.is_tight else {head.sender, head.receiver or head.sender})
            strong.update(name for name in (head.sender, head.receiver) if name and split_account(name)[1])
        elif head := glued(at.line):
            day = head.day
            weak[head.sender] += split_account(head.sender)[1] is not None
            if not head.is_tight and at.line[len(head.sender)].isspace():
                people.alone.add(head.sender)
            elif at.is_apart:
                people.opening[head.sender] += 1
        elif at.is_apart and (found := RECALLED.fullmatch(at.line)):
            people.alone.add(found["who"])
        people.first_day = people.first_day or day
        two_above = at.above
    accounts = Counter({name: many for name, many in strong.items() if split_account(name)[1]})
    people.shop = likeliest_shop((accounts or +weak or strong).elements())
    return people
