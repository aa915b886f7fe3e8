"""千牛复制的聊天记录 what people copy out of the Qianniu window and paste into a text file; 1688 writes alike.

The file names no shop: it is the one whose sub-accounts write. A message of the shop goes to the buyer who wrote last,
before any to the first who writes; where the clock goes back, another copy begins, and what it repeats of an earlier
one counts once. A transfer or recall notice has no time of its own and takes that of the message above it (the first
one that of the message below); prices, item links and 当前用户来自 lines beside a message are left out and counted.
已读, 未读 and 发送中 are kept in `extra`. A nick that ends in digits and stands nowhere by itself, and a clock without
a day, are imported under the best reading and listed to be checked. Of a masked buyer `thread` is the time at which
his part of the copy begins. Source: formats, §2.3, §7 cases 9–19.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from jinpai.errors import Words
from jinpai.importers import qianniu_clips as clips
from jinpai.importers.cells import shown
from jinpai.importers.collecting import Collected
from jinpai.importers.extra import extra_of
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.importers.qianniu import ROBOTS, Clock, Said, split_account, understood
from jinpai.importers.qianniu_clips import RECALLED, Around, Head, People
from jinpai.importers.qianniu_left_out import is_card, is_notice, is_origin, parted
from jinpai.importers.stretches import Stretches

Found = Rows | Problem | Summary
_SKEW_MS = 60_000


@dataclass(slots=True)
class Open:
    """正在读的消息 a message whose lines are still coming."""

    head: Head
    day: str
    lines: list[str] = field(default_factory=list)

    @property
    def time(self) -> str:
        """时间 as texts that sort."""
        return f"{self.day} {self.head.clock}"


@dataclass(frozen=True, slots=True)
class Ready:
    """读好的消息 a message that lacks at most its buyer, or its time (None), which the messages around it give."""

    row: int
    sender: str
    agent: str | None
    sent_at: int | None
    said: Said
    mark: str | None = None
    buyer: str | None = None


class Reading:
    """读到哪儿了 where the reading of one file stands: the open message, the buyer of the moment, what waits."""

    def __init__(self, people: People, context: Context) -> None:
        self._people = people
        self._clock = Clock(context.zone)
        self._messages = Collected("messages")
        self._open: Open | None = None
        self._skip = 0
        self._day = people.first_day
        self._last: int | None = None
        self._buyer: str | None = None
        self._stretches = Stretches()
        self._waiting: list[Ready] = []
        self._seen: set[tuple[str, str]] = set()
        self._asked: set[str] = set()
        self._left_out = 0

    def line(self, at: Around) -> Iterator[Found]:
        """读一行 one line of the file."""
        if self._skip:
            self._skip -= 1
            return
        head = self._head(at)
        if isinstance(head, Problem):
            yield head
            head = None
        if head is not None:
            yield from self._begin(head)
        elif at.line and self._is_notice(at):
            yield from self._close()
            said = understood(at.line)
            said = said if said.is_system else Said("event", at.line)
            yield from self._ready(Ready(at.number, "system", said.agent, None, said))
        else:
            yield from self._content(at)

    def end(self) -> Iterator[Found]:
        """读完 the last message, those without a buyer, and how many lines and repeats were left out."""
        yield from self._close()
        yield from self._release()
        yield from self._messages.rest()
        if self._left_out:
            yield Summary(self._left_out)

    def _head(self, at: Around) -> Head | Problem | None:
        """The head that begins at this line; a Problem where the line only may be one and is read as text."""
        if not at.line:
            return None
        if found := clips.arrow(at.line):
            is_ours = any(
                self._people.shop.agent_of(name) is not None for name in (found.sender, found.receiver) if name
            )
            return replace(found, row=at.number) if is_ours or not self._open else None
        if timed := clips.time_alone(at.line):
            name = at.below
            is_sender = clips.is_name(name) and (self._people.knows(name) or split_account(name)[1] is not None)
            return Head(at.number, name, None, *timed, lines=2) if is_sender else None
        timed = clips.time_alone(at.below)
        if timed and clips.is_name(at.line):
            # The shop's own message begins with the time: then this line is still the text above it.
            is_text = self._people.shop.agent_of(at.next_below) is not None and at.line not in self._people.alone
            return None if is_text else Head(at.number, at.line, None, *timed, is_apart=at.is_apart, lines=2)
        return self._glued(at)

    def _glued(self, at: Around) -> Head | Problem | None:
        head = clips.glued(at.line)
        if head is None:
            return None
        head = replace(head, row=at.number)
        if self._open is None or at.is_apart:
            return head
        if not self._people.knows(head.sender):
            return Problem(at.number, "昵称", shown(at.line), Words(
                "这一行像一条新消息的开头，但上面没有空行，这个昵称别处也没有，就当作上一条消息的文字导入了。"
                "请对照聊天窗口；如果真是新消息，在它上面加一个空行，改好后再导入到新的工作区。",
                "This line looks like the head of a message, but no blank line stands above it and the nick stands nowhere "
                "else: it was imported as text of the message above. If it is one, put a blank line above it and import "
                "the file into a new workspace."), kept=True)  # fmt: skip
        # Words of this very chat pasted into a later message: earlier than it, and already read.
        time = f"{head.day} {head.clock}"
        is_quoted = time < self._open.time and (head.sender, time) in self._seen
        return None if is_quoted else head

    def _is_notice(self, at: Around) -> bool:
        """Whether a line is a notice of the client's own: not the text of a message, nor told by somebody."""
        if self._open is not None and not self._open.lines:
            return False
        if is_notice(at.line, is_apart=at.is_apart):
            return True
        found = RECALLED.fullmatch(at.line)
        return found is not None and (at.is_apart or self._people.knows(found["who"]))

    def _begin(self, head: Head) -> Iterator[Found]:
        yield from self._close()
        self._skip = head.lines - 1
        day = head.day or self._day
        if day is None:
            yield Problem(head.row, "时间", head.clock, Words(
                "只有几点几分，整份文件里都没有日期，没法导入。请在复制时带上日期，或在文件第一条消息的时间前补上日期。",
                "A clock without a day, and the file names no day at all. Copy the day too, or write it before the first clock."))  # fmt: skip
            return
        self._open = Open(head, day)
        self._day = day
        yield from self._to_check(head, day)

    def _to_check(self, head: Head, day: str) -> Iterator[Problem]:
        """Asks people about a reading that the file leaves open, once for each nick and each day."""
        name = head.receiver or head.sender
        if head.is_tight and name not in self._people.alone | self._asked:
            self._asked.add(name)
            yield Problem(head.row, "昵称", f"{name} {head.day} {head.clock}", Words(
                "昵称和年份连在一起，这个昵称别处也没有单独出现：就按「内容」里这样断开导入了，整份文件里的这个昵称都一样。"
                "请对照聊天窗口；不对的话，在昵称和日期之间加一个空格，改好后再导入到新的工作区。",
                "Nick and year run together and the nick stands nowhere by itself: parted as shown, in the whole file. "
                "If that is wrong, put a blank between nick and day and import into a new workspace."), kept=True)  # fmt: skip
        if not (head.is_apart or self._people.knows(name) or name in self._asked):
            self._asked.add(name)
            yield Problem(head.row, "昵称", name, Words(
                "上面没有空行，这个昵称别处也没有：当作这位买家发来的消息导入了。"
                "请对照聊天窗口；如果它其实是上一条消息的文字，把它和下面的时间写在一行里，改好后再导入到新的工作区。",
                "No blank line stands above it and the nick stands nowhere else: imported as a message of this buyer. "
                "If it is text of the message above, join it with the time below and import into a new workspace."), kept=True)  # fmt: skip
        if head.day is None and day not in self._asked:
            self._asked.add(day)
            yield Problem(head.row, "时间", head.clock, Words(
                f"只有几点几分，没有日期：按离它最近的 {day} 导入了，之后只有钟点的也这样算。"
                "请对照聊天窗口；不对的话，在时间前补上日期，改好后再导入到新的工作区。",
                f"A clock without a day was taken to be of {day}, the nearest one, and those after it too. If that is wrong, "
                "write the day before the clock and import into a new workspace."), kept=True)  # fmt: skip

    def _content(self, at: Around) -> Iterator[Found]:
        if is_origin(at.line) and (self._open is None or any(line.strip() for line in self._open.lines)):
            self._left_out += 1
        elif self._open is not None:
            self._open.lines.append(at.whole)
        elif is_card(at.line):
            self._left_out += 1
        elif at.line:
            yield Problem(at.number, "", shown(at.line), Words(
                "这一行不属于任何一条消息：前面没有带昵称和时间的行。请把整段聊天重新复制一遍。",
                "This line belongs to no message: none begins before it. Copy the whole chat again."))  # fmt: skip

    def _close(self) -> Iterator[Found]:
        done, self._open = self._open, None
        if done is None:
            return
        head, shop = done.head, self._people.shop
        agent, other = shop.agent_of(head.sender), shop.agent_of(head.receiver or "")
        wrong = head.sender if agent is None and split_account(head.sender)[1] else None
        if wrong is not None or (head.receiver is not None and (agent is None) == (other is None)):
            yield Problem(head.row, "昵称", shown(wrong or f"{head.sender} --> {head.receiver}"), Words(
                f"看不出这条消息是哪个买家和本店（{shop.name or '未知'}）的谁说的，没有导入。别的店铺的聊天请分开存放。",
                f"It is not clear which buyer talks with whom of the shop ({shop.name or 'unknown'}); left out. "
                "Keep chats of other shops in files of their own."))  # fmt: skip
            return
        try:
            sent_at = self._clock.read(done.time)
        except ValueError:
            yield Problem(head.row, "时间", done.time, Words("没有这样的时间。", "There is no such time."))
            return
        # Clocks of two computers differ by seconds; another copy goes back further, or to what has been read.
        is_read = (head.sender, done.time) in self._seen
        if self._last is not None and sent_at < self._last - (0 if is_read else _SKEW_MS):
            yield from self._release()
        self._seen.add((head.sender, done.time))
        self._last = sent_at
        text, mark, product, left_out = parted(done.lines, has_mark=agent is not None)
        self._left_out += left_out
        said = understood(text)
        said = replace(said, product_id=said.product_id or product)
        buyer = head.sender if agent is None else head.receiver
        sender = "buyer" if agent is None else "auto" if agent in ROBOTS else "agent"
        yield from self._ready(Ready(
            head.row, "system" if said.is_system else sender, said.agent or agent or other, sent_at, said, mark, buyer))  # fmt: skip

    def _ready(self, message: Ready) -> Iterator[Found]:
        """Gives a message its buyer; one that has none yet waits for the next that has."""
        if message.sent_at is None:
            message = replace(message, sent_at=self._last)
        if message.buyer is not None:
            if message.buyer != self._buyer:
                self._buyer = message.buyer
                self._stretches.change()
            waiting, self._waiting = self._waiting, []
            for earlier in waiting:
                yield from self._put(earlier)
        if self._buyer is None or message.sent_at is None:
            self._waiting.append(message)
        else:
            yield from self._put(message)

    def _release(self) -> Iterator[Found]:
        """Another copy begins, or the file ends: messages that still wait have no buyer."""
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            yield from self._put(message)
        self._buyer = None
        self._stretches.start()

    def _put(self, message: Ready) -> Iterator[Found]:
        sent_at = message.sent_at if message.sent_at is not None else self._last
        said = message.said
        if sent_at is None:
            yield Problem(message.row, "时间", shown(said.text), Words(
                "这一行没有时间，文件里也没有别的消息可以对照。", "This line has no time, and no message in the file gives one."))  # fmt: skip
            return
        thread = self._stretches.thread(self._buyer, sent_at)
        if self._stretches.is_repeat(self._buyer, thread, message.sender, message.agent, sent_at, said.text):
            self._left_out += 1
            return
        self._messages.add(
            buyer=self._buyer, thread=thread, sender=message.sender, agent=message.agent, sent_at=sent_at,
            kind=said.kind, text=said.text, event=said.event, to_agent=said.to_agent, product_id=said.product_id,
            order_id=said.order_id, row=message.row, extra=extra_of({"消息状态": message.mark}),
        )  # fmt: skip
        yield from self._messages.full()


def _identify(probe: Probe) -> bool:
    lines = probe.first_lines
    if any("以下为一通会话" in line or line.strip() in {"单聊", "群聊", "即时消息"} for line in lines):
        return False
    people = clips.people_of(lines)
    tight = (
        at for at in clips.around(lines) if (head := clips.glued(at.line)) and not at.line[len(head.sender)].isspace()
    )
    return (
        any(clips.arrow(line.strip()) for line in lines) or any(True for _ in tight) or _has_time_alone(lines, people)
    )


def _has_time_alone(lines: tuple[str, ...], people: People) -> bool:
    """Whether a line is a time and stands right below a nick, or right above an account of the shop."""
    return any(
        clips.time_alone(at.line) and not clips.time_alone(at.below)
        and (at.above in people.alone or (not at.above and split_account(at.below)[1] is not None and at.below in people.alone))
        for at in clips.around(lines)
    )  # fmt: skip


def _read(probe: Probe, context: Context) -> Iterator[Found]:
    reading = Reading(clips.people_of(probe.lines()), context)
    for at in clips.around(probe.lines()):
        yield from reading.line(at)
    yield from reading.end()


importer = Importer("qianniu_t3", "千牛复制粘贴的聊天记录", ("messages",), _identify, _read)
