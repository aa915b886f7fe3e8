"""查看原文 revealing: who may see what screens mask, and why they say they must; each look stands in the log without the value.

What is shown goes into the answer to the form and nowhere else: no address holds it, and no browser keeps the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinpai.book.deeds import deeds, looked
from jinpai.book.people import record
from jinpai.desk.showing import minute
from jinpai.errors import Words, WrongUse
from jinpai.period import to_moment
from jinpai.render.evidence import clock
from jinpai.revealing import buyer_name, masked_lines, words_of
from jinpai.text.anonymous import anonymous
from jinpai.text.normal import TOKEN

if TYPE_CHECKING:
    from jinpai.desk.page import Visit

MAY_REVEAL = frozenset({"owner", "supervisor"})
"""Roles that may; why not agents, in docs/decisions/013."""
LEAST_REASON, LONGEST_REASON = 4, 200
"""Characters of a reason."""
BUYER = "buyer"
KINDS = {
    "手机": Words("手机", "phone"), "电话": Words("电话", "phone"), "身份证": Words("身份证", "ID number"),
    "银行卡": Words("银行卡", "bank card"), "地址": Words("地址", "address"),
}  # fmt: skip
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Revealed:
    """原文 what was shown: of the buyer (`seq` None) or of a line, and its words."""

    seq: int | None
    text: str


def choices(visit: Visit, told: Told) -> list[tuple[str, str]]:
    """能看什么 (value, words) of everything in a conversation that is masked, for who may see it."""
    if visit.member.role not in MAY_REVEAL:
        return []
    say = visit.say
    found = []
    if told["meta"]["has_name"]:
        found.append(
            (BUYER, say(f"买家全名（{told['meta']['buyer']}）", f"the buyer's full name ({told['meta']['buyer']})"))
        )
    for line in masked_lines(told):
        kinds = [say.words(KINDS[one]) for one in dict.fromkeys(one[1] for one in TOKEN.finditer(line["text"]))]
        at, told_of = clock(line["sent_at"]), say("、", ", ").join(kinds)
        found.append((str(line["seq"]), say(f"{at} 那一句里的{told_of}", f"{told_of} in the line of {at}")))
    return found


def reveal(visit: Visit, told: Told) -> Revealed:
    """看一项 what the form names, once; it is recorded before it is shown. Without a reason nothing is: WrongUse."""
    what, reason = visit.sent("what"), " ".join(visit.sent("reason").split())
    if what not in dict(choices(visit, told)):
        raise WrongUse("没有选要看什么，或者那一项没有打码。", "Nothing that is masked was chosen.")
    if not LEAST_REASON <= len(reason) <= LONGEST_REASON:
        raise WrongUse(
            f"请写明为什么要看，{LEAST_REASON} 到 {LONGEST_REASON} 个字，例如「核对退货地址」。什么也没有显示。",
            f"Say why, in {LEAST_REASON} to {LONGEST_REASON} characters, as 'check the return address'. Nothing was shown.",
        )
    number = told["meta"]["conversation"]
    seq = None if what == BUYER else int(what)
    if seq is None:
        text, where = buyer_name(visit.workspace, visit.shop, number) or "", BUYER
    else:
        text = words_of(visit.workspace, visit.shop, number, seq)
        where = next(line["sent_at"][:19] for line in told["lines"] if line["seq"] == seq)
    # the reason is kept for good: what it repeats of the value is not
    record(visit.person.name, "revealed", visit.shop, f"{number} {where} {anonymous(reason, [text])}")
    return Revealed(seq, text)


def looks(visit: Visit, told: Told) -> list[tuple[str, str, str]]:
    """谁看过 (when, who, what and why) of every look at what is masked in the conversation, latest first."""
    zone = visit.workspace.settings(visit.shop).zone
    found = deeds(visit.shop, what="revealed").filter(on__startswith=f"{told['meta']['conversation']} ")
    return [(minute(to_moment(one.at, zone)), one.by, visit.say.words(looked(one.on)[1])) for one in found]
