"""千牛网页聊天记录 the web page 聊天记录查询 (last three months), as a CSV of its text or a workbook with a sheet a customer.

The CSV has a row for each buyer and day (buyer, chat_date, chat_text), in whose text the sender stands below the
words. The workbook's rows are messages (客户名, 消息序号, 发送时间, 发送内容, 发送账号, 账号类型): the buyer is the cell
客户名, since names of sheets cannot hold `*`; 导出汇总 is left out and counted, and so is 没有更多内容了. A message of which
the page shows nothing is a system event. Behind a mask, or 账号信息保护显示, each row of the CSV and each sheet is a
person of his own: `thread` is the time at which his part begins. What a later row or sheet repeats counts once. Source: formats, §2.4, §7 cases 9, 11, 15.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinpai.errors import Words
from jinpai.importers.cells import instant, plain, shown, words
from jinpai.importers.collecting import Collected
from jinpai.importers.nine_column import SPEAKERS
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.importers.qianniu import ROBOTS, Clock, Said, Shop, likeliest_shop, split_account, understood
from jinpai.importers.qianniu_page import NOT_SHOWN, Page, Stray, Turn
from jinpai.importers.sheets import Sheet
from jinpai.importers.stretches import Stretches
from jinpai.importers.taobao import Columns, Line, columns_of, lines_of, unread_sheet
from jinpai.text.mask import HIDDEN

Found = Rows | Problem | Summary
_NAMES: dict[str, tuple[str, ...]] = {
    name: (name,)
    for name in ("buyer", "chat_date", "chat_text", "客户名", "发送时间", "发送内容", "发送账号", "账号类型", "消息数")
}  # fmt: skip
_TOTALS = "导出汇总"


def _is_text(columns: Columns) -> bool:
    return {"buyer", "chat_text"} <= columns.places.keys()


def _is_customer(columns: Columns) -> bool:
    return {"客户名", "发送时间", "发送内容", "发送账号"} <= columns.places.keys()


def _said(text: str) -> Said:
    return Said("event", text) if text.strip() == NOT_SHOWN else understood(text)


class _Writing:
    """写下消息 the messages of one file: every row of the CSV, every sheet and customer is a stretch of its own."""

    def __init__(self) -> None:
        self.messages = Collected("messages")
        self.stretches = Stretches()
        self.repeats = 0

    def add(self, buyer: str | None, sender: str, agent: str | None, sent_at: int, said: Said, row: int, extra: str | None) -> None:  # fmt: skip
        agent = said.agent or agent
        who = "system" if said.is_system else "auto" if sender == "agent" and agent in ROBOTS else sender
        thread = self.stretches.thread(buyer, sent_at)
        if self.stretches.is_repeat(buyer, thread, who, agent, sent_at, said.text):
            self.repeats += 1
            return
        self.messages.add(
            buyer=buyer, thread=thread, agent=agent, sender=who, sent_at=sent_at, kind=said.kind, text=said.text, event=said.event, to_agent=said.to_agent,
            product_id=said.product_id, order_id=said.order_id, row=row, extra=extra,
        )  # fmt: skip


def _pages(sheet: Sheet, columns: Columns) -> Iterator[tuple[Line, str | None, str | None, str]]:
    """The rows of the CSV: buyer, day and text."""
    for line in lines_of(sheet, columns):
        buyer = line.read("buyer", words)
        line.need("buyer", buyer)
        yield line, buyer, line.read("chat_date", words), line.read("chat_text", plain) or ""


def _shop_of(sheet: Sheet, columns: Columns) -> Shop:
    """The shop of a CSV, which is named by its accounts only: who writes most and is not the buyer."""

    def senders() -> Iterator[str]:
        for _, buyer, day, text in _pages(sheet, columns):
            for turn in Page(buyer or HIDDEN, day).turns(text):
                if isinstance(turn, Turn) and turn.sender and turn.sender not in {buyer, HIDDEN}:
                    yield turn.sender

    return likeliest_shop(senders())


def _read_text(sheet: Sheet, columns: Columns, context: Context, writing: _Writing) -> Iterator[Found]:
    shop, clock = _shop_of(sheet, columns), Clock(context.zone)
    for line, buyer, day, text in _pages(sheet, columns):
        if line.problem is not None or buyer is None:
            if line.problem is not None:
                yield line.problem
            continue
        writing.stretches.start()
        page, said_something = Page(buyer, day), False
        extra = line.extra()
        for turn in page.turns(text):
            said_something = True
            problem = _take(turn, buyer, shop, clock, line.number, extra, writing)
            if problem is not None:
                yield problem
        if page.ends or not said_something:
            yield Summary(page.ends or 1)
        yield from writing.messages.full()


def _take(turn: Turn | Stray, buyer: str, shop: Shop, clock: Clock, row: int, extra: str | None, writing: _Writing) -> Problem | None:  # fmt: skip
    """Writes one message of a page, or says why not."""
    if isinstance(turn, Stray):
        return Problem(row, "chat_text", shown(turn.text), Words(
            "这一行上面没有时间，不知道是什么时候说的。请把那一页重新导出。",
            "No time stands above this line, so nobody knows when it was written. Export that page again."))  # fmt: skip
    agent = shop.agent_of(turn.sender or "")
    if agent is None and turn.sender not in {buyer, HIDDEN}:
        return Problem(row, "chat_text", shown(f"{turn.clock} {turn.sender or ''}"), Words(
            f"这条消息末行的发送方既不是这位买家，也不是「{shop.name or '未知店铺'}」的账号，没有导入。",
            f"The sender in the last line is neither this buyer nor an account of '{shop.name or 'unknown'}'; left out."))  # fmt: skip
    try:
        sent_at = clock.read(f"{turn.day} {turn.clock}")
    except ValueError:
        return Problem(row, "chat_text", f"{turn.day or ''} {turn.clock}", Words(
            "没有这样的时间，或者上面没有写日期。", "There is no such time, or no day stands above it."))  # fmt: skip
    writing.add(buyer, "buyer" if agent is None else "agent", agent, sent_at, _said(turn.text), row, extra)
    return None


def _read_customer(sheet: Sheet, columns: Columns, mark: str, context: Context, writing: _Writing) -> Iterator[Found]:
    writing.stretches.start()
    before: str | None = None
    for line in lines_of(sheet, columns, mark):
        buyer, account = line.read("客户名", words), line.read("发送账号", words)
        sent_at = line.read("发送时间", lambda cell: instant(cell, context.zone))
        said, kind = _said(line.read("发送内容", plain) or ""), line.read("账号类型", plain)
        for what, value in (("客户名", buyer), ("发送账号", account), ("发送时间", sent_at)):
            line.need(what, value)
        if buyer != before:
            writing.stretches.start()
            before = buyer
        sender = SPEAKERS.get(kind or "") or _by_account(account, buyer)
        if sender is None:
            line.fail("账号类型", shown(kind), Words(
                "看不出是客户还是客服说的。", "It is not clear whether the customer or staff wrote this."))  # fmt: skip
        if line.problem is not None:
            yield line.problem
        elif sent_at is not None and account is not None and sender is not None:
            agent = None if sender == "buyer" else split_account(account)[1] or account
            writing.add(buyer, sender, agent, sent_at, said, line.number, line.extra())
            yield from writing.messages.full()


def _by_account(account: str | None, buyer: str | None) -> str | None:
    if account is not None and account in {buyer, HIDDEN}:
        return "buyer"
    return "agent" if account is not None and split_account(account)[1] else None


def _identify(probe: Probe) -> bool:
    found = [columns_of(sheet, _NAMES) for sheet in probe.sheets] if probe.shape != "parquet" else []
    return any(_is_text(columns) or _is_customer(columns) for columns in found)


def _read(probe: Probe, context: Context) -> Iterator[Found]:
    sheets = [(sheet, columns_of(sheet, _NAMES)) for sheet in probe.sheets]
    writing = _Writing()
    for sheet, columns in sheets:
        mark = f"{sheet.name}·" if len(sheets) > 1 else ""
        if _is_text(columns):
            yield from _read_text(sheet, columns, context, writing)
        elif _is_customer(columns):
            yield from _read_customer(sheet, columns, mark, context, writing)
        elif sheet.name == _TOTALS or "消息数" in columns:
            yield Summary(sum(1 for _ in sheet.rows()))
        else:
            yield unread_sheet(sheet, columns)
    yield from writing.messages.rest()
    if writing.repeats:
        yield Summary(writing.repeats)


importer = Importer("qianniu_t4", "千牛网页聊天记录查询", ("messages",), _identify, _read)
