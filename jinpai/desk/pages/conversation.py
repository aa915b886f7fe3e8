"""会话 conversation: one conversation as it was written, its evidence in its place, score, orders and outcome beside it.

An agent opens the conversations in which the own sub-account took part; any other is not there. Source: the page of the desk, §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.searching import ENDED, asked, search
from jinpai.errors import JinpaiError, Words

if TYPE_CHECKING:
    from django.http import HttpResponse

SLOW_MS = 15_000
"""A wait of the buyer from here on is shown as slow."""
STEPS = {
    "talk": Words("这段会话", "this conversation"), "created": Words("下单", "ordered"), "paid": Words("付款", "paid"),
    "refunded": Words("退款", "refunded"),
}  # fmt: skip


def show(visit: Visit) -> HttpResponse:
    """会话原文 of the number that the address names."""
    from django.http import Http404

    from jinpai.conversation import one
    from jinpai.conversations import Search
    from jinpai.render import evidence, transcript_page

    say = visit.say
    try:
        looked, kept = search(visit), asked(visit)
    except JinpaiError:
        looked, kept = Search(), {}
    try:
        found = one(visit.workspace, visit.shop, visit.asked("of") or "", looked, visit.only_agent)
    except JinpaiError as error:
        return visit.render("conversation.html", found=None, said=say.words(error.words))
    if found is None:
        raise Http404
    told = found["told"]
    first = say("（不含自动回复）", " (automatic replies do not count)")
    return visit.render(
        "conversation.html", found=found, said="", kept=kept, meta=told["meta"], about=evidence.heading(told["meta"], say),
        talk=list(transcript_page.talk(told, say, 0, SLOW_MS, first)), score=transcript_page.score(told, say),
        groups=list(transcript_page.groups(told["findings"], say)), steps=STEPS, outcome=say.words(ENDED[found["outcome"]]),
        agents=list(dict.fromkeys(line["agent"] for line in told["lines"] if line["agent"] and line["sender"] != "buyer")),
        mood=told["mood"] and {"at": told["mood"]["seq"], "words": evidence.mood(told["mood"], say)},
    )  # fmt: skip


PAGE = Page(
    "conversation", "conversation", Words("会话", "Conversation"), SEES_ALL | {"agent"}, show, under="conversations"
)
