"""千牛即时消息导出 one sub-account's chats as text: `YYYY-MM-DD HH:MM:SS 昵称: 内容`, days between lone date lines.

The file names no buyers. A sender that is no account of the shop in the first line is a buyer when the line stands in
its day and not before the message above it; a line that only looks like a message (a quotation) continues the one
above. A message of the shop goes to the buyer who wrote last in the section, before any buyer to the first who writes
there. A buyer's `agent` is the sub-account of the first line. Of a masked buyer `thread` is the ordinal of the section
among those where the mask occurs. Source: formats, §2.2, §7 cases 9–18.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinpai.errors import Words
from jinpai.importers.cells import shown
from jinpai.importers.collecting import Collected
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows
from jinpai.importers.qianniu import ROBOTS, Clock, Shop, understood
from jinpai.text.mask import is_masked

_HEAD = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) (\S+): ?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TITLE = "即时消息"


@dataclass(slots=True)
class Open:
    """正在读的消息 a message whose lines are still coming; `buyer` is filled once it is known."""

    row: int
    sender: str
    agent: str | None
    time: str
    lines: list[str] = field(default_factory=list)
    buyer: str | None = None


class Reading:
    """读到哪儿了 where the reading of one file stands: section, its buyers, and what waits for a buyer."""

    def __init__(self, shop: Shop, context: Context) -> None:
        self._shop = shop
        self._clock = Clock(context.zone)
        self._messages = Collected("messages")
        self._day: str | None = None
        self._open: Open | None = None
        self._buyer: str | None = None
        self._buyers: set[str] = set()
        self._waiting: list[Open] = []
        self._sections: Counter[str] = Counter()
        self._here: set[str] = set()
        self._seen: set[tuple[str, str]] = set()

    def line(self, number: int, line: str) -> Iterator[Rows | Problem]:
        """读一行 one line of the file, below the title."""
        if _DAY.fullmatch(line.strip()):
            yield from self.end_section()
            self._day = line.strip()
            return
        found = _HEAD.match(line)
        started = self._started(number, line, found) if found else None
        if started is not None:
            yield from self._close()
            self._open = started
        elif self._open is not None:
            self._open.lines.append(line)
        elif line.strip():
            yield Problem(number, "", shown(line), Words(
                "这一行不属于任何一条消息：前面没有以时间和昵称开头的行。请确认导出文件是完整的。",
                "This line belongs to no message: none begins before it. Check that the export is whole."))  # fmt: skip

    def end_section(self) -> Iterator[Rows | Problem]:
        """一段结束 messages that still wait for a buyer have none; the next section begins without one."""
        yield from self._close()
        yield from self._release(None)
        self._buyer = None
        self._here = set()
        self._seen = set()

    def end(self) -> Iterator[Rows | Problem]:
        """读完 the last section."""
        yield from self.end_section()
        yield from self._messages.rest()

    def _started(self, number: int, line: str, found: re.Match[str]) -> Open | None:
        """The message that this line begins; None when it only looks so."""
        time, sender = found[1], found[2]
        agent = self._shop.agent_of(sender)
        is_earlier = self._open is not None and time < self._open.time
        is_stranger = agent is None and sender not in self._buyers
        is_of_day = self._day is None or (time.startswith(self._day) if is_stranger else time[:10] >= self._day)
        # Words pasted into a later message: of an earlier day, or earlier than it and already read or of a stranger.
        if not is_of_day or (is_earlier and (is_stranger or (sender, time) in self._seen)):
            return None
        self._seen.add((sender, time))
        if is_stranger:
            self._buyers.add(sender)
        return Open(number, sender, agent, time, [line[found.end() :]])

    def _close(self) -> Iterator[Rows | Problem]:
        done, self._open = self._open, None
        if done is None:
            return
        if done.agent is None:
            if done.sender not in self._here:
                self._here.add(done.sender)
                self._sections[done.sender] += 1
            self._buyer = done.sender
            yield from self._release(done.sender)
        done.buyer = self._buyer
        if done.buyer is None:
            self._waiting.append(done)
        else:
            yield from self._kept(done)

    def _release(self, buyer: str | None) -> Iterator[Rows | Problem]:
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            message.buyer = buyer
            yield from self._kept(message)

    def _kept(self, done: Open) -> Iterator[Rows | Problem]:
        try:
            sent_at = self._clock.read(done.time)
        except ValueError:
            yield Problem(done.row, "时间", done.time, Words("没有这样的时间。", "There is no such time."))
            return
        said = understood("\n".join(done.lines).rstrip("\n"))
        sender = "buyer" if done.agent is None else "auto" if done.agent in ROBOTS else "agent"
        own = self._shop.account
        masked = done.buyer is not None and is_masked(done.buyer)
        self._messages.add(
            buyer=done.buyer, thread=str(self._sections[done.buyer]) if masked and done.buyer else None,
            sender="system" if said.is_system else sender, agent=said.agent or done.agent or own, sent_at=sent_at,
            kind=said.kind, text=said.text, event=said.event,
            to_agent=said.to_agent or (own if said.event == "transferred" else None),
            product_id=said.product_id, order_id=said.order_id, row=done.row,
        )  # fmt: skip
        yield from self._messages.full()


def _identify(probe: Probe) -> bool:
    lines = probe.first_lines
    titled = next((place for place, line in enumerate(lines[:6]) if line.strip() == _TITLE), None)
    return bool(titled) and any(line.strip() for line in lines[:titled])


def _read(probe: Probe, context: Context) -> Iterator[Rows | Problem]:
    numbered = enumerate(probe.lines(), 1)
    first = next((line for _, line in numbered if line.strip()), "")
    for _, line in numbered:
        if line.strip() == _TITLE:
            break
    reading = Reading(Shop(first), context)
    for number, line in numbered:
        yield from reading.line(number, line)
    yield from reading.end()


importer = Importer("qianniu_t2", "千牛即时消息（单个子账号文本）", ("messages",), _identify, _read)
