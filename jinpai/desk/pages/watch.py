"""异常行为提醒 watch: what looks as if figures were worked on, with the conversations to read, for owners and supervisors alone.

It stands in no file that leaves: a hit is a question to ask after reading the talk, and on a sheet that is passed on it
would read as a verdict. For the same reason nothing here takes a point or a yuan off anybody. Source: the diagnosis contract, §7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.desk.page import Page, Visit
from jinpai.desk.pages.diagnosis import SENDS, kept
from jinpai.errors import Words

if TYPE_CHECKING:
    from django.http import HttpResponse

STATES = {
    "nobody": Words("有过，但没有人和同事明显不一样", "It happens, and nobody differs clearly"), "few": Words("有过，太少，还看不出谁不一样", "It happens, too seldom to tell"),
    "never": Words("这段日子一次都没有", "Not once in these days"), "unseen": Words("这次没看", "Not looked at"),
}  # fmt: skip


def show(visit: Visit) -> HttpResponse:
    """提醒 of a diagnosis that is kept; where none is, the page says where to make one."""
    found = kept(visit)
    told = found["watch"] if found else None
    return visit.render(
        "watch.html", watch=told[visit.say.lang] if told else None, states=STATES, query={name: visit.asked(name) for name in ("from", "to")}
    )  # fmt: skip


PAGE = Page(
    "watch", "diagnosis/watch", Words("异常行为提醒", "Unusual behaviour"), SENDS, show, under="diagnosis",
)  # fmt: skip
