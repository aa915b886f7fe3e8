"""会话 conversation: one conversation as it was written, its evidence in its place, score, orders and outcome beside it.

An agent opens the conversations in which the own sub-account took part; any other is not there. Source: the page of the desk, §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.revealing import LEAST_REASON, LONGEST_REASON, MAY_REVEAL, Revealed, choices, looks, reveal
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
    shown, refused = _revealed(visit, told)
    first = say("（不含自动回复）", " (automatic replies do not count)")
    return visit.render(
        "conversation.html", found=found, said=refused, kept=kept, meta=told["meta"], about=evidence.heading(told["meta"], say),
        talk=list(transcript_page.talk(told, say, 0, SLOW_MS, first)), score=transcript_page.score(told, say),
        groups=list(transcript_page.groups(told["findings"], say)), steps=STEPS, outcome=say.words(ENDED[found["outcome"]]),
        agents=list(dict.fromkeys(line["agent"] for line in told["lines"] if line["agent"] and line["sender"] != "buyer")),
        mood=told["mood"] and {"at": told["mood"]["seq"], "words": evidence.mood(told["mood"], say)},
        masked=choices(visit, told), shown=shown, looks=looks(visit, told), least=LEAST_REASON, longest=LONGEST_REASON,
    )  # fmt: skip


def _revealed(visit: Visit, told: Mapping[str, Any]) -> tuple[Revealed | None, str]:
    """What the form asked to see, or why not."""
    if not visit.is_sent:
        return None, ""
    try:
        return reveal(visit, told), ""
    except JinpaiError as error:
        return None, visit.say.words(error.words)


PAGE = Page(
    "conversation", "conversation", Words("会话", "Conversation"), SEES_ALL | {"agent"}, show, sends=MAY_REVEAL, under="conversations",
)  # fmt: skip
