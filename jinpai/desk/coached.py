"""辅导结果 coached: what a job found of a shop's coaching plans, kept a day under the facts, the settings and the plans it is of."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from jinpai import __version__
from jinpai.errors import Words
from jinpai.workspace import outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinpai.book.models import CoachingPlan
    from jinpai.diagnosis.coaching import Coached
    from jinpai.workspace import Workspace

KIND = "coaching"
TITLE = Words("辅导计划", "Coaching plans")
Kept = dict[str, Any]


def place(workspace: Workspace, shop: str, plans: Sequence[CoachingPlan]) -> str:
    """发件箱里的名字 of the results of these plans, under the facts and settings as they are now."""
    facts = workspace.facts()
    asked = [
        shop,
        sorted(one.pk for one in plans),
        facts.build if facts else None,
        __version__,
        workspace.settings(shop).shown(),
    ]
    return f"coaching-{blake2b(json.dumps(asked, sort_keys=True, default=str).encode(), digest_size=12).hexdigest()}"


def wanted(plans: Sequence[CoachingPlan]) -> list[CoachingPlan]:
    """要看结果的 those that nobody withdrew."""
    from jinpai.book.coaching import ended

    return [one for one in plans if not ended(one) or one.end.how != "withdrawn"]


def keep(workspace: Workspace, where: str, found: Sequence[Coached]) -> None:
    """留下 the sentences on each plan, by its number."""
    from jinpai.render.coaching import told
    from jinpai.render.story import Say

    result = {
        str(one.plan.number): {
            "beside": list(one.beside),
            **{lang: [asdict(part) for part in told(one, Say(lang))] for lang in ("zh", "en")},
        }
        for one in found
    }  # fmt: skip
    outbox.put(workspace, where, json.dumps(result, ensure_ascii=False).encode())


def kept(workspace: Workspace, where: str) -> Kept | None:
    """留着的结果 of a job; None where there is none, or none any more."""
    content = outbox.read(workspace, where)
    found: Kept | None = None if content is None else json.loads(content)
    return found
