"""千牛聊天记录导出(多买家) one text with the chats of many buyers: 单聊 blocks between `----买家----` lines.

A line is a message only when its sender is the block's buyer or an account of the shop in the first line; anything
else continues the message before it, blank lines inside it too. A buyer's `agent` stays empty: the block does not say
whom he wrote to. Of a masked buyer `thread` is the ordinal of his block among the blocks of that mask in the file.
The 群聊 part is no one's reception: its messages are counted as left out. Every message of the file is kept, also
equal ones of one second. Source: formats, §2.1, §7 cases 9–18.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinpai.errors import JinpaiError, Words
from jinpai.importers.cells import shown
from jinpai.importers.collecting import Collected
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.importers.qianniu import ROBOTS, Clock, Shop, understood
from jinpai.text.mask import is_masked

_HEAD = re.compile(r"\((\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\): {0,2}", re.ASCII)
_RULE = re.compile("={20,}")
_DASHES = "-" * 28
_PRIVATE, _GROUP = "单聊", "群聊"


@dataclass(slots=True)
class Open:
    """正在读的消息 a message whose lines are still coming; `sent_at` is None where its sender is a stranger."""

    row: int
    sender: str
    time: str
    sent_at: int | None
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """全文 its lines without the blank ones at the end, which separate blocks."""
        last = len(self.lines)
        while last > 1 and not self.lines[last - 1].strip():
            last -= 1
        return "\n".join(self.lines[:last])


class Reading:
    """读到哪儿了 where the reading of one file stands: section, block, and the message that is open."""

    def __init__(self, shop: Shop, context: Context) -> None:
        self._shop = shop
        self._clock = Clock(context.zone)
        self.found: list[Rows | Problem | Summary] = []
        self._messages = Collected("messages")
        self._blocks: Counter[str] = Counter()
        self._section: str | None = None
        self._rule: str | None = None
        self._buyer: str | None = None
        self._thread: str | None = None
        self._open: Open | None = None
        self._left_out = 0
        self._seen: set[tuple[str, str]] = set()

    def line(self, number: int, line: str) -> None:
        """读一行 one line of the file; what comes of it stands in `found`."""
        rule, self._rule = self._rule, None
        if rule is not None and line.strip() in {_PRIVATE, _GROUP}:
            self._close()
            self._section, self._buyer = line.strip(), None
            return
        if rule is not None:
            self._said(number - 1, rule)
        # A rule opens a section when the next line names one; else it is part of what is said.
        if "====" in line and _RULE.fullmatch(line.strip()):
            self._rule = line
        else:
            self._said(number, line)

    def end(self, number: int) -> None:
        """读完 the last message (line `number` was the last), and how many of the 群聊 part were left out."""
        if self._rule is not None:
            self._said(number, self._rule)
        self._close()
        self.found.extend(self._messages.rest())
        if self._left_out:
            self.found.append(Summary(self._left_out))

    def _said(self, number: int, line: str) -> None:
        if self._section != _PRIVATE:
            self._left_out += self._section == _GROUP and _HEAD.search(line) is not None
            return
        found = _HEAD.search(line) if "):" in line else None
        started = self._started(number, line, found) if found else None
        if started is not None:
            self._close()
            self._open = started
        elif line.startswith(_DASHES) and line.endswith(_DASHES) and len(line) > 2 * len(_DASHES):
            self._close()
            self._start_block(line[len(_DASHES) : -len(_DASHES)].strip())
        elif self._open is not None:
            self._open.lines.append(line)
        elif line.strip() and not self._is_section_end(line):
            self.found.append(Problem(number, "", shown(line), Words(
                "这一行不属于任何一条消息：前面没有「买家(时间):」开头的行。请确认导出文件是完整的。",
                "This line belongs to no message: none begins before it. Check that the export is whole.")))  # fmt: skip

    def _is_section_end(self, line: str) -> bool:
        return self._buyer is None and _RULE.fullmatch(line.strip()) is not None

    def _start_block(self, buyer: str) -> None:
        self._buyer = buyer
        self._blocks[buyer] += 1
        self._seen.clear()
        self._thread = str(self._blocks[buyer]) if is_masked(buyer) else None

    def _started(self, number: int, line: str, found: re.Match[str]) -> Open | None:
        """The message that this line begins; None when it only looks so and continues the one before."""
        sender, text = line[: found.start()], line[found.end() :]
        is_earlier = self._open is not None and found[1] < self._open.time
        if self._buyer is not None and (sender == self._buyer or self._shop.agent_of(sender) is not None):
            # Words of this block pasted into a later message: earlier than it, and already read.
            if is_earlier and (sender, found[1]) in self._seen:
                return None
            self._seen.add((sender, found[1]))
            try:
                sent_at: int | None = self._clock.read(found[1])
            except ValueError:
                sent_at = None
            return Open(number, sender, found[1], sent_at, [text])
        # What is quoted in a message was said before it; a stranger's later words are a message that we cannot place.
        is_quoted = is_earlier or (self._open is not None and found[1] == self._open.time)
        return None if is_quoted or " " in sender.strip() else Open(number, sender, found[1], None, [text])

    def _close(self) -> None:
        done, self._open = self._open, None
        if done is None:
            return
        agent = self._shop.agent_of(done.sender)
        if done.sent_at is None:
            is_known = done.sender == self._buyer or agent is not None
            self.found.append(_no_time(done) if is_known else _stranger(done))
            return
        said = understood(done.text)
        sender = "buyer" if agent is None else "auto" if agent in ROBOTS else "agent"
        self._messages.add(
            buyer=self._buyer, thread=self._thread, sender="system" if said.is_system else sender,
            agent=said.agent or agent, sent_at=done.sent_at, kind=said.kind, text=said.text, event=said.event,
            to_agent=said.to_agent, product_id=said.product_id, order_id=said.order_id, row=done.row,
        )  # fmt: skip
        if self._messages.is_full:
            self.found.extend(self._messages.rest())


def _no_time(message: Open) -> Problem:
    return Problem(message.row, "时间", message.time, Words("没有这样的时间。", "There is no such time."))


def _stranger(message: Open) -> Problem:
    return Problem(message.row, "发送方", shown(message.sender), Words(
        "发送方既不是这一段的买家，也不是店铺的账号，这条消息没有导入。",
        "The sender is neither the buyer of this block nor an account of the shop; the message was left out."))  # fmt: skip


def _identify(probe: Probe) -> bool:
    lines = probe.first_lines
    named = next((line for line in lines if line.strip()), "")
    sections = [place for place, line in enumerate(lines) if line.strip() in {_PRIVATE, _GROUP}]
    return bool(named) and any(place and _RULE.fullmatch(lines[place - 1].strip()) for place in sections)


def _read(probe: Probe, context: Context) -> Iterator[Rows | Problem | Summary]:
    lines = probe.lines()
    numbered = enumerate(lines, 1)
    first = next((line for _, line in numbered if line.strip()), "")
    if not first or _RULE.fullmatch(first.strip()):
        raise JinpaiError(
            f"「{probe.path.name}」第一行应当是店铺名（如 某某旗舰店：小美），这里没有。请重新导出。",
            f"The first line of '{probe.path.name}' must name the shop (shop:account), but does not. Export it again.",
        )
    reading = Reading(Shop(first), context)
    number = 1
    for number, line in numbered:
        reading.line(number, line)
        if reading.found:
            yield from reading.found
            reading.found.clear()
    reading.end(number)
    yield from reading.found


importer = Importer("qianniu_t1", "千牛聊天记录（多买家文本）", ("messages",), _identify, _read)
