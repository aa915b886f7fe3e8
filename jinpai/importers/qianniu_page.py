"""千牛网页的文字 the flattened text of the page 聊天记录查询: time, content lines, sender; days on lines of their own.

A time, a day or the end begins something new only below a sender: a line of a message may look like a time.
Source: formats, §2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinpai.importers.qianniu import split_account
from jinpai.text.mask import HIDDEN

END = "没有更多内容了"
"""到底了 what the page prints below the last message."""
NOT_SHOWN = "请在客户端查看原始聊天记录，网页版无法展示"
"""网页看不到 what the page prints in place of a message that only the client can show."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}:\d{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Turn:
    """一条 one message of the page; `day` is None where the text names none before it, `sender` where no line is left."""

    day: str | None
    clock: str
    text: str
    sender: str | None


@dataclass(frozen=True, slots=True)
class Stray:
    """零散的一行 a line above the first time, of which nobody knows when it was written."""

    text: str


@dataclass(slots=True)
class _Open:
    clock: str
    lines: list[str] = field(default_factory=list)

    def last(self) -> str | None:
        return next((line.strip() for line in reversed(self.lines) if line.strip()), None)


class Page:
    """一页 the text of one buyer's page, read line by line; `ends` counts 没有更多内容了."""

    def __init__(self, buyer: str, day: str | None) -> None:
        self.ends = 0
        self._buyer = buyer
        self._day = day
        self._open: _Open | None = None

    def turns(self, text: str) -> Iterator[Turn | Stray]:
        """逐条 its messages in order."""
        for whole in _CONTROL.sub("", text.replace("\r\n", "\n")).split("\n"):
            line = whole.strip()
            if self._is_over() and (_DAY.fullmatch(line) or _CLOCK.fullmatch(line) or line == END):
                yield from self._close()
                self.ends += line == END
                self._day = line if _DAY.fullmatch(line) else self._day
                self._open = _Open(line) if _CLOCK.fullmatch(line) else None
            elif self._open is not None:
                self._open.lines.append(whole)
            elif line:
                yield Stray(line)
        yield from self._close()

    def _is_over(self) -> bool:
        return self._open is None or self._may_be_sender(self._open.last())

    def _may_be_sender(self, line: str | None) -> bool:
        if line is None:
            return False
        shop, account = split_account(line)
        return line in {self._buyer, HIDDEN} or (bool(shop and account) and len(line) <= 60 and " " not in line)

    def _close(self) -> Iterator[Turn]:
        done, self._open = self._open, None
        if done is None:
            return
        while done.lines and not done.lines[-1].strip():
            done.lines.pop()
        sender = done.lines.pop().strip() if done.lines else None
        yield Turn(self._day, done.clock, "\n".join(done.lines), sender)
