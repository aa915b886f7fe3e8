"""依据 evidence: how a finding, its points and its words are said, on the screen and on the page of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from jinpai.errors import Words
from jinpai.render.story import Say

Found = Mapping[str, Any]
SENDERS = {
    "buyer": Words("买家", "buyer"), "agent": Words("客服", "agent"), "assist": Words("机器人辅助回复", "robot for the agent"),
    "auto": Words("自动回复", "automatic"), "note": Words("备注", "note"),
}  # fmt: skip
STAGES = {"presales": Words("售前", "pre-sales"), "aftersales": Words("售后", "after-sales")}
KINDS = {
    "image": Words("图片", "image"), "product_card": Words("商品卡片", "product card"), "order_card": Words("订单卡片", "order card"),
    "coupon": Words("优惠券", "coupon"), "emoji": Words("表情", "emoji"), "voice": Words("语音", "voice"),
    "video": Words("视频", "video"), "file": Words("文件", "file"),
}  # fmt: skip
"""消息种类 what stands in place of a message without words."""
AROUND = 28
"""So many characters of a message are shown on either side of the words that a finding rests on."""
MET = 600
"""A criterion is met from so many thousandths on, as in the metrics."""

_REVIEWED = {
    "agree": Words("（已复核：属实）", " (reviewed: right)"), "overturn": Words("（已复核：改判）", " (reviewed: overturned)"),
}  # fmt: skip


def clock(instant: str) -> str:
    """钟点 the time of day of an ISO instant, to the second."""
    return instant[11:19]


def lasted(milliseconds: int, say: Say) -> str:
    """时长 a wait in words: 9 秒, 1 分 52 秒, 2 小时 5 分."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return say(f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时", f"{hours} h {minutes} min")
    if minutes:
        return say(f"{minutes} 分 {seconds} 秒" if seconds else f"{minutes} 分钟", f"{minutes} min {seconds} s")
    return say(f"{seconds} 秒", f"{seconds} s")


def around(found: Found) -> tuple[str, str, str] | None:
    """前后文 the words before, the words it rests on, and the words after, of one message; None where it rests on no words."""
    text, begins, ends = found["message"], found["begins"], found["ends"]
    if begins is None:
        return None
    before, after = text[:begins], text[ends:]
    before = before if len(before) <= AROUND else "…" + before[-AROUND:]
    after = after if len(after) <= AROUND else after[:AROUND] + "…"
    return one_line(before), one_line(text[begins:ends]), one_line(after)


def one_line(text: str) -> str:
    """一行 a text without its line breaks."""
    return " ".join(text.split("\n"))


def quoted(found: Found, say: Say) -> str:
    """引文 「满【两件减】十元」: the message with the words marked, and what they are to the result; of a wait its two ends."""
    parts = around(found)
    words = f"「{parts[0]}【{parts[1]}】{parts[2]}」" if parts else waited(found, say)
    return f"{words} {basis(found, say)}".strip()


def basis(found: Found, say: Say) -> str:
    """怎么看出来的 what the words are to the result: the agent's own need none; after the buyer's, or in the whole talk, something
    was or was not there."""
    is_lost = found["result"] < MET
    if found["waited"] or (found["sender"] != "buyer" and found["begins"] is not None):
        return ""
    if found["sender"] == "buyer":
        return (
            say("这句之后没有做到", "not done after this")
            if is_lost
            else say("这句之后没出问题", "nothing wrong after this")
        )
    return (
        say("会话里没有出现", "not there in the talk")
        if is_lost
        else say("整段会话没出问题", "nothing wrong in the talk")
    )


def segments(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, tuple[int, ...]]]:
    """分段 a text cut wherever a span begins or ends, each piece with the places of the spans that cover it."""
    cuts = sorted({0, len(text), *(end for span in spans for end in span if 0 <= end <= len(text))})
    return [
        (text[start:end], tuple(at for at, (begins, ends) in enumerate(spans) if begins <= start and end <= ends))
        for start, end in pairwise(cuts)
    ]


def waited(found: Found, say: Say) -> str:
    """等了多久 "10:41:07 → 10:42:59，1 分 52 秒" of a finding that rests on a wait, else nothing."""
    wait = found["waited"]
    if not wait:
        return ""
    ends = f"{clock(wait['from'])} → {clock(wait['to'])}"
    return ends if wait["ms"] is None else ends + say("，", ", ") + lasted(wait["ms"], say)


def worth(found: Found) -> str:
    """得几分 points of the weight, like 6 / 8 or 4.8 / 8."""
    return f"{found['weight'] * found['result'] / 1000:.4g} / {found['weight']}"


def kind(found: Found) -> str:
    """哪一种 good, bad or part of what scores; wait for a hint; off for what is suspended."""
    if found["standing"] == "hint" and not found["confirmed"]:
        return "wait"
    if not found["counts"]:
        return "off"
    return "good" if found["result"] == 1000 else "bad" if found["result"] < MET else "part"


def verdict(found: Found, say: Say) -> str:
    """结论 in words: done, not done or how much, and whether it counts."""
    if found["standing"] == "hint" and not found["confirmed"]:
        return say("提醒（没有人确认，不计分）", "hint (unconfirmed, not counted)")
    full = say("做到了", "done") if found["result"] == 1000 else say("没做到", "not done")
    told = full if found["result"] in (0, 1000) else say(f"得 {found['result'] / 10:g}%", f"{found['result'] / 10:g}%")
    if found["standing"] == "suspended":
        told += say("（暂停计分）", " (suspended, not counted)")
    return told + (say.words(_REVIEWED[found["verdict"]]) if found["verdict"] else "")


def reason(found: Found, say: Say) -> str:
    """为什么 the reason for a lost point, with the law where it has one."""
    laws = f"（{'、'.join(found['laws'])}）" if found["laws"] else ""
    return say(found["reason"], found["reason_en"]) + laws


def title(found: Found, say: Say) -> str:
    """质检项 its title in the language."""
    return say(found["title"], found["title_en"])


def heading(meta: Mapping[str, Any], say: Say) -> str:
    """题头 when, who with whom, which stage, about what."""
    day, start, end = meta["day"], meta["started_at"][11:16], meta["ended_at"][11:16]
    about = [STAGES[meta["stage"]].to(say.lang)] if meta["stage"] else []
    about += [one for one in (meta["category"], meta["product"]) if one]
    return " · ".join([f"{day} {start}–{end}", *about])


def mood(told: Mapping[str, Any], say: Say) -> str:
    """买家情绪 the points of discontent in words, with the words that say most of it."""
    return say(
        f"买家情绪 {told['points']} 分（越高越可能不满，不进得分）：「{told['quote']}」",
        f"buyer's mood {told['points']} (high: discontented; enters no score): “{told['quote']}”",
    )
