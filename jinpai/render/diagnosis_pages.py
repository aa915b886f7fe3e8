"""改页前后 diagnosis_pages: what became of the questions that a changed product page should answer, and of its silent buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.errors import Words
from jinpai.render.diagnosis_cells import Cell, Section
from jinpai.render.pages import SILENT, notes, part, stories, verdict
from jinpai.render.story import Say
from jinpai.topics.pages import DAYS

if TYPE_CHECKING:
    from jinpai.diagnosis.diagnosing import Diagnosis

TITLE = Words("改页前后", "Changed pages")


def changes(found: Diagnosis, say: Say) -> Section:
    """改页前后 a row for each change, with both rates and what their intervals bear out."""
    heads = [
        say("商品", "product"), say("关注点", "topic"), say("哪天改的", "changed on"), say("问这个的会话", "conversations asking"), say("变没变", "change"),
        say("静默成交", "silent buyers"), say("变没变", "change"),
    ]  # fmt: skip
    told = stories({"done": found.pages, "meta": {"days": DAYS}}, say.lang)
    lead = [" ".join(line.strip() for line in story.splitlines()) for story in told]
    words = [SILENT[name].to(say.lang) for name in dict.fromkeys(one["silent_of"] for one in found.pages)]
    return Section(
        "pages", say.words(TITLE), lead, heads, [_row(one, say) for one in found.pages], [*notes(say.lang), *words]
    )


def _row(one: dict[str, Any], say: Say) -> list[Cell]:
    return [
        Cell(one["product_title"] or one["product"], one["product"]), Cell(say(one["title"], one["topic"].replace("_", " ")), one["topic"]), Cell(one["on"], one["on"]),
        *_rates(one["asking"], say, -1), *_rates(one["silent"], say, 1),
    ]  # fmt: skip


def _rates(told: dict[str, Any], say: Say, better: int) -> list[Cell]:
    """Before and after, and whether it moved: the way that is hoped for is green."""
    moved = told["change"]
    sure = moved is not None and (moved[1] > 0 or moved[2] < 0)
    tone = ("good" if moved[0] * better > 0 else "bad") if sure else ""
    value = None if moved is None else moved[0] * 100
    return [
        Cell(f"{part(told['before'], say)} → {part(told['after'], say)}"),
        Cell(verdict(moved, say), value, tone=tone),
    ]
