"""聊天记录 conversations: the conversations of the shop that fit what the address asks for, fifty a page.

An agent finds the conversations in which the own sub-account took part. Source: the page of the desk, §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.searching import ENDED, asked, search
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse

SORTS = {"time": Words("最近的在前", "Latest first"), "score": Words("得分低的在前", "Lowest score first"), "wait": Words("等得久的在前", "Longest wait first")}  # fmt: skip
HEADS = {
    "buyer": Words("买家", "Buyer"), "agent": Words("客服", "Agent"), "at": Words("时间", "Time"), "text": Words("买家第一句", "Buyer's first words"),
    "wait": Words("首次响应", "First response"), "score": Words("质检得分", "Score"), "outcome": Words("结果", "Outcome"),
}  # fmt: skip
DIGITS = 6
"""A page's number has no more."""


def show(visit: Visit) -> HttpResponse:
    """会话列表 of what is looked for."""
    from jinpai.conversations import OUTCOMES, listed
    from jinpai.desk.pages.conversation import SLOW_MS
    from jinpai.render.evidence import KINDS, lasted

    kept, number = asked(visit), visit.asked("page") or "1"
    at = int(number) if number.isascii() and number.isdigit() and len(number) <= DIGITS else 1
    found, said = None, ""
    try:
        found = listed(visit.workspace, visit.shop, search(visit), at, visit.only_agent)
    except JinpaiError as error:
        said = visit.say.words(error.words)
    choices = found["choices"] if found else {"agents": [], "criteria": {}}
    scored = found is not None and found["inspected"]
    return visit.render(
        "conversations.html", found=found, said=said, kept=kept, sorts=SORTS, ended=ENDED, kinds=KINDS, lasted=lasted, slow_ms=SLOW_MS,
        heads=[visit.say.words(head) for name, head in HEADS.items() if scored or name != "score"],
        agents=[(one, one) for one in choices["agents"]], outcomes=[(one, visit.say.words(ENDED[one])) for one in OUTCOMES],
        criteria=[(name, f"{name} {visit.say.words(title)}") for name, title in choices["criteria"].items()],
        may_import=visit.may("imports"), filtered=any(name != "sort" for name in kept),
    )  # fmt: skip


PAGE = Page(
    "conversations", "conversations", Words("聊天记录", "Conversations"), SEES_ALL | {"agent"}, show, place=3, mine=Words("我的聊天", "My chats"),
)  # fmt: skip
