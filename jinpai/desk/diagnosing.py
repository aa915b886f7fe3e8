"""诊断结果 diagnosing: what a job found of a shop's days, kept for the pages that show it: sections in both languages, who was lost, what was given away, and what is unusual.

It is kept a day, under the facts and settings that it is of; what is behind no longer counts as kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from jinpai import __version__
from jinpai.errors import Words
from jinpai.render.story import Say
from jinpai.workspace import outbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinpai.diagnosis.diagnosing import Diagnosis
    from jinpai.workspace import Workspace

TITLE = Words("转化诊断", "Diagnosis")
KIND = "diagnose"
Kept = dict[str, Any]
FORM = 3
"""The number of the form in which it is kept: what another version left is made anew."""
OFFERS = "-offers"
OFFER = ("conversation_key", "seq", "day", "agent", "act", "thing", "unasked", "conditional", "amount", "text")
"""What is kept of each wish and concession, in this order."""


@dataclass(frozen=True, slots=True)
class Question:
    """所问 the days of a shop, both included, that are to be diagnosed."""

    shop: str
    first: int
    last: int

    def place(self, workspace: Workspace) -> str:
        """发件箱里的名字 of its result, under the facts and settings as they are now."""
        facts = workspace.facts()
        asked = [
            FORM,
            self.shop,
            self.first,
            self.last,
            facts.build if facts else None,
            __version__,
            workspace.settings(self.shop).shown(),
        ]
        return (
            f"diagnosis-{blake2b(json.dumps(asked, sort_keys=True, default=str).encode(), digest_size=12).hexdigest()}"
        )


def keep(workspace: Workspace, question: Question, place: str, found: Diagnosis) -> None:
    """留下 what a page shows of a diagnosis."""
    from jinpai.render.diagnosis import headline, sections
    from jinpai.render.diagnosis_watch import watched

    zone = workspace.settings(found.shop).zone
    told = {
        "headline": {lang: headline(found, lang) for lang in ("zh", "en")},
        "sections": {lang: [asdict(one) for one in sections(found, lang)] for lang in ("zh", "en")},
        "figures": {lang: _figures(question, found, Say(lang)) for lang in ("zh", "en")},
        "lost": _lost(found),
        # beside the sections and not among them: whoever may see those, or take them away, may not see this
        "watch": {lang: asdict(watched(found.watched, zone, lang)) for lang in ("zh", "en")} if found.watched else None,
    }
    # the larger part, which one page alone reads, lies by itself; first, so that it is there when the rest is
    offers = [[one[name] for name in OFFER] for one in found.offers]
    outbox.put(workspace, place + OFFERS, json.dumps(offers, ensure_ascii=False).encode())
    outbox.put(workspace, place, json.dumps(told, ensure_ascii=False, default=float).encode())


def _figures(question: Question, found: Diagnosis, say: Say) -> dict[str, dict[str, Any]]:
    """By section: its picture as it stands on the page, at both widths, and in words with the same doors."""
    from jinpai.desk.showing import to
    from jinpai.period import format_day
    from jinpai.render.diagnosis_figures import figures

    days = {"from": format_day(question.first), "to": format_day(question.last)}
    drawn = figures(found, say, lambda reason: to(question.shop, "diagnosis/lost", reason=reason, **days))
    return {
        name: {
            "wide": one.wide, "phone": one.phone, "hint": one.hint, "told": list(one.told), "doors": dict(one.doors), "instead": one.instead, "legend": [], "how": None,
        }
        for name, one in drawn.items()
    }  # fmt: skip


def pictures(found: Mapping[str, Any], lang: str) -> dict[str, dict[str, Any]]:
    """图 of a kept diagnosis by section; what was drawn here is markup again."""
    from markupsafe import Markup

    return {
        name: one | {width: [Markup(svg) for svg in one[width]] for width in ("wide", "phone")}  # noqa: S704 - drawn by us, texts escaped
        for name, one in found["figures"][lang].items()
    }  # fmt: skip


def offers(workspace: Workspace, question: Question) -> list[dict[str, Any]] | None:
    """让利的原话 that are kept with a diagnosis, the latest first; None where there is none, or none any more."""
    content = outbox.read(workspace, question.place(workspace) + OFFERS)
    return None if content is None else [dict(zip(OFFER, one, strict=True)) for one in json.loads(content)]


def kept(workspace: Workspace, question: Question) -> Kept | None:
    """留着的结果 of a job; None where there is none, or none any more."""
    content = outbox.read(workspace, question.place(workspace))
    found: Kept | None = None if content is None else json.loads(content)
    return found


def section(found: Mapping[str, Any], name: str, lang: str) -> dict[str, Any] | None:
    """一节 of a kept diagnosis by its name."""
    return next((one for one in found["sections"][lang] if one["name"] == name), None)


def _lost(found: Diagnosis) -> dict[str, list[list[Any]]]:
    """By reason: conversation, day, agent, fen at stake and the words of the enquiries that were worth most."""
    return {
        reason: [[one.conversation_key, one.day, one.agent if found.ranks_people else None, one.at_stake, one.words] for one in rows]
        for reason, rows in found.dearest.items()
    }  # fmt: skip
