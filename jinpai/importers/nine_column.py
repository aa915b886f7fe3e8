"""会话九列表 the table that third-party tools write of a platform's chats: 会话ID, 日期, 时间, 对象, 发话者, 消息, 消息状态, 商品ID, 商品.

对象 says who speaks (客户 or 客服). What staff say belongs to the customer who wrote last in the same 会话ID, before any
to its first; a session in which no customer writes has none. Behind a mask the 会话ID tells people apart. A day must be
written out: 今天 and 昨天 are problems. 会话ID, 消息状态 and 商品 are kept in `extra`. Source: formats, §2.5, §7 cases 1,
12, 15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jinpai.errors import Words
from jinpai.importers.cells import BadCell, clean, identifier, instant, plain, shown, words
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.importers.qianniu import ROBOTS, split_account, understood
from jinpai.importers.sheets import Sheet
from jinpai.importers.taobao import Columns, Line, columns_of, lines_of, read_sheets
from jinpai.text.mask import is_masked

_NAMES: dict[str, tuple[str, ...]] = {
    name: (name,) for name in ("会话ID", "日期", "时间", "对象", "发话者", "消息", "消息状态", "商品ID", "商品")
}
_NEEDED = {"会话ID", "日期", "时间", "对象", "发话者", "消息"}
SPEAKERS = {
    **dict.fromkeys(("客户", "买家", "顾客"), "buyer"), **dict.fromkeys(("客服", "卖家", "商家"), "agent"),
    "机器人": "auto", "系统": "system",
}  # fmt: skip
"""对象 who speaks, in the words of such tables, as a sender of the table `messages`."""


def _is_chat(columns: Columns) -> bool:
    return columns.places.keys() >= _NEEDED


def speaker(cell: object) -> str | None:
    """对象 the sender that a cell names; another word than the known ones is BadCell."""
    said = clean(cell)
    if said is not None and said not in SPEAKERS:
        raise BadCell(f"只认得 {'、'.join(SPEAKERS)}。", f"Only these are known: {', '.join(SPEAKERS)}.")
    return None if said is None else SPEAKERS[said]


def _message(line: Line, context: Context, buyers: dict[str, str]) -> dict[str, object]:
    session, who, name = line.read("会话ID", identifier), line.read("对象", speaker), line.read("发话者", words)
    text = line.read("消息", plain) or ""
    for what, value in (("会话ID", session), ("对象", who), ("发话者", name)):
        line.need(what, value)
    line.put_back("会话ID")
    sent_at = _sent_at(line, context)
    said = understood(text)
    if who == "buyer" and name and session and not said.is_system:
        buyers[session] = name
    buyer = name if who == "buyer" else buyers.get(session or "")
    agent = split_account(name)[1] or name if name and who != "buyer" else None
    sender = "system" if said.is_system else "auto" if agent in ROBOTS and who == "agent" else who
    return {
        "buyer": buyer, "thread": session if is_masked(buyer) else None, "agent": said.agent or agent, "sender": sender,
        "sent_at": sent_at, "kind": "event" if sender == "system" else said.kind, "text": said.text, "event": said.event,
        "to_agent": said.to_agent, "product_id": line.read("商品ID", identifier) or said.product_id,
        "order_id": said.order_id,
    }  # fmt: skip


def _sent_at(line: Line, context: Context) -> int | None:
    """日期 and 时间 together; the time may hold the day too."""
    day, clock = plain(line.cell("日期")), plain(line.cell("时间"))
    try:
        found = instant(
            clock if len(clock) > len("09:03:35.000") else f"{day.partition(' ')[0]} {clock}".strip(), context.zone
        )
    except BadCell:
        found = None
    if found is None:
        line.fail("日期·时间", shown(f"{day} {clock}"), Words(
            "日期和时间合不成一个时刻。请导出 2026-04-18 和 09:03:35 这样的日期和时间；「今天」「昨天」不知道是哪一天。",
            "Day and time make no instant. Export them like 2026-04-18 and 09:03:35; 今天 (today) names no day."))  # fmt: skip
    line.take("日期", "时间")
    return found


def _first_buyers(sheet: Sheet, columns: Columns) -> dict[str, str]:
    """The first customer of every session."""
    buyers: dict[str, str] = {}
    for line in lines_of(sheet, columns):
        session, name = clean(line.cell("会话ID")), plain(line.cell("发话者"))
        is_buyer = SPEAKERS.get(plain(line.cell("对象"))) == "buyer"
        if session and name and is_buyer and not understood(plain(line.cell("消息"))).is_system:
            buyers.setdefault(session, name)
    return buyers


def _identify(probe: Probe) -> bool:
    return probe.shape != "parquet" and any(_is_chat(columns_of(sheet, _NAMES)) for sheet in probe.sheets)


def _read(probe: Probe, context: Context) -> Iterator[Rows | Problem | Summary]:
    def reading(sheet: Sheet, columns: Columns) -> Callable[[Line], dict[str, object]]:
        buyers = _first_buyers(sheet, columns)
        return lambda line: _message(line, context, buyers)

    yield from read_sheets(probe, "messages", _NAMES, _is_chat, reading)


importer = Importer(
    "nine_column", "会话明细表（九列：会话ID、日期、时间、对象、发话者…）", ("messages",), _identify, _read
)
