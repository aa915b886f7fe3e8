"""千牛聊天 what the text exports of Qianniu share: who is staff, what a text is, platform events.

Source: formats, §2.1, §2.2, §2.8; §7 cases 9, 12, 13, 18.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from jinpai.period import to_ms

ROBOTS = frozenset({"服务助手"})
"""机器人子账号 sub-accounts whose words are automatic."""

_COLON = re.compile("[:：]")
# 系统提示:对方发送了一条语音消息; not: 系统提示我付款失败 (a buyer who tells of it)
_SYSTEM = re.compile(r"[\[【]?系统(?:提示|提醒)[\]】]?\s*[:：]|[\[【]系统(?:提示|提醒)[\]】]")
# 由 服务助手 转交给 小美,原因:【离线留言自动分配】; not: 能由他转交给我吗
_TRANSFER = re.compile(r"由\s*(?P<one>\S+?)\s+转交给\s*(?P<other>[^\s,，]+)(?:[,，]\s*原因[:：].*)?", re.DOTALL)
# 该买家由 阿杰 转接; not: 帮我转接人工
_TAKEN_OVER = re.compile(r"该买家由\s*(?P<one>\S+?)\s*转接\S{0,4}")
_ENTRY = re.compile(r"当前用户来自\s")
# 对方撤回了一条消息, 对方已退款成功: the platform says 对方; not: 我刚才撤回了一条消息, 对方已经很久没回了
_NOTICE = re.compile(
    r"(?:你|您|对方|买家|客服)撤回了一条消息[。.]?|对方已(?:下单|拍下|付款|退款成功|确认收货|评价)[。.!！]?"
)
# http://item.taobao.com/item.htm?id=700000012345, detail.tmall.com/item.htm?spm=a&id=7…; not: s.taobao.com/search?id=1
_ITEM = re.compile(
    r"(?:https?:)?//(?:item|detail|h5)\.(?:m\.)?(?:taobao|tmall)\.(?:com|hk)/\S*?[?&]id=(\d{5,})\S*", re.ASCII
)
# https://example.taobao.com/coupon?id=1, taoquan.taobao.com/…; not: example.taobao.com/shop
_COUPON = re.compile(r"(?:https?:)?//(?:taoquan\.taobao\.com|[\w.-]+\.(?:taobao|tmall)\.com/\S*coupon)\S*", re.ASCII)
_IMAGE = re.compile(r"<img\b[^>]*>|(?:https?:)?//(?:img|gw|ossgw|cbu01)\.alicdn\.com/\S+", re.IGNORECASE)
_VOICE = re.compile(r"<recognition>.*\.amr")
_VIDEO = re.compile(r"(?:https?:)?//cloud\.video\.taobao\.com/\S+|<video\b[^>]*>")
# /:^_^ /:002 /:H; real emoji, which GBK cannot hold, in UTF-8 files
_EMOJI = re.compile(
    r"(?:/:(?:\d{3}|[A-Za-z]\d?|[^\w\s/][^\s/]{0,4})|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]|\s)+"
)
# 订单号:1988000000000101, 订单编号 448800000000000201; not: 运单号 880000000000001
_ORDER = re.compile(r"订单(?:编号|号)?\s*(?:是|为)?[:：\s]*(\d{15,19})(?!\d)", re.ASCII)
_ORDER_LINK = re.compile(r"(?:https?:)?//\S*?[?&](?:bizOrderId|biz_order_id|tradeId|orderId)=(\d{15,19})\S*", re.ASCII)


class Shop:
    """店铺名 the shop as the first line of an export writes it: `shop` or `shop:sub-account`, either kind of colon."""

    def __init__(self, line: str) -> None:
        self.name, self.account = split_account(line.strip())
        self._agents: dict[str, str | None] = {}

    def agent_of(self, sender: str) -> str | None:
        """客服子账号 of a sender: after the first colon (it may hold colons itself); the main account is the shop.

        None when the sender is not of the shop: the part before the colon must equal the shop's name, a nick that
        only begins with it is a buyer.
        """
        if sender not in self._agents:
            name, account = split_account(sender)
            self._agents[sender] = (account or name) if name == self.name else None
        return self._agents[sender]


def likeliest_shop(accounts: Iterable[str]) -> Shop:
    """店铺 the shop of a file that does not name it: whose sub-accounts (`shop:account`) write most; without any, the
    sender that writes most. `accounts` are senders that stand where the shop's own do, each as often as it is found.
    """
    with_account: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for sender in accounts:
        name, account = split_account(sender)
        (alone if account is None else with_account)[name] += 1
    most = (with_account or alone).most_common(1)
    return Shop(most[0][0] if most else "")


def split_account(sender: str) -> tuple[str, str | None]:
    """拆账号 a sender at its first colon (: or ：)."""
    found = _COLON.search(sender)
    if found is None:
        return sender, None
    return sender[: found.start()], sender[found.end() :] or None


@dataclass(frozen=True, slots=True)
class Said:
    """一条消息的内容 what a text is: columns of the table `messages` that follow from the text alone."""

    kind: str
    text: str | None
    event: str | None = None
    agent: str | None = None
    to_agent: str | None = None
    product_id: str | None = None
    order_id: str | None = None

    @property
    def is_system(self) -> bool:
        """平台说的 whether the platform wrote it, whoever the export credits with it."""
        return self.kind == "event"


def understood(text: str) -> Said:
    """看懂一条 the kind of a text, the event it tells of, and the product and order named in it.

    A link, image or code alone makes its kind; inside a longer text it stays text (a coupon link does not).
    """
    stripped = text.strip()
    if not stripped:
        return Said("text", None)
    # Plain talk, which is nearly everything, holds none of these characters.
    if (
        "系统" in stripped
        or "转交给" in stripped
        or "当前用户来自" in stripped
        or "撤回" in stripped
        or "对方已" in stripped
    ):
        event = _event(stripped)
        if event is not None:
            return replace(event, text=text)
    if "/" not in stripped and "<" not in stripped and "订单" not in stripped and stripped.isprintable():
        is_emoji = ord(stripped[0]) > 0x25FF and _EMOJI.fullmatch(stripped)
        return Said("emoji" if is_emoji else "text", text)
    return _content(text, stripped)


def _event(text: str) -> Said | None:
    if found := _TRANSFER.fullmatch(text):
        return _transferred(found["one"], found["other"])
    if _SYSTEM.match(text):
        taken = _TAKEN_OVER.search(text)
        return _transferred(taken["one"], None) if taken else Said("event", None)
    return Said("event", None) if _ENTRY.match(text) or _NOTICE.fullmatch(text) else None


def _transferred(one: str, other: str | None) -> Said:
    """From whom to whom, by sub-account alone; `other` is None where the export leaves it to the reader."""
    receiver = (split_account(other)[1] or split_account(other)[0]) if other else None
    return Said("event", None, "transferred", split_account(one)[1] or split_account(one)[0], receiver)


def _content(text: str, stripped: str) -> Said:
    item, order = _ITEM.search(stripped), _ORDER.search(stripped)
    link = _ORDER_LINK.search(stripped)
    product_id = item[1] if item else None
    order_id = order[1] if order else link[1] if link else None
    kind = "text"
    if _VOICE.fullmatch(stripped):
        kind = "voice"
    elif _VIDEO.fullmatch(stripped):
        kind = "video"
    elif _alone(_IMAGE, stripped):
        kind = "image"
    elif item and item[0] == stripped:
        kind = "product_card"
    elif link and link[0] == stripped:
        kind = "order_card"
    elif _COUPON.search(stripped):
        kind = "coupon"
    elif _EMOJI.fullmatch(stripped):
        kind = "emoji"
    return Said(kind, text, product_id=product_id, order_id=order_id)


def _alone(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None and not pattern.sub("", text).strip()


class Clock:
    """钟 local times of a chat as ms UTC; the last minute is kept, since a chat asks for the same ones again."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._minute = ""
        self._start = 0

    def read(self, text: str) -> int:
        """时刻 `YYYY-MM-DD HH:MM:SS` as ms UTC, fold = 0; no such time is ValueError."""
        minute, second = text[:16], int(text[17:19])
        if minute != self._minute:
            moment = datetime.fromisoformat(minute).replace(tzinfo=self._zone)
            self._start, self._minute = to_ms(moment), minute
        if second > 59:
            raise ValueError(text)
        return self._start + second * 1000
