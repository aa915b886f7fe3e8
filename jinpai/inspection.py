"""质检 inspection: what was found in the chats of a shop, by agent and criterion, and its lowest conversations.

A score is in points of the scorecard's full mark with one decimal (of 100 where scorecards with several full marks were
used); of an agent it is the mean over inspected conversations. A criterion is met from 600 thousandths on. Hints are
hits that nobody has confirmed: they count nowhere. Source: the inspection contract, §1 to §3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.computing import Progress, no_progress
from jinpai.criteria import scorecards, shop_criteria
from jinpai.errors import JinpaiError
from jinpai.metrics.inspection import PASSED
from jinpai.naming import short_keys
from jinpai.period import FIRST_DAY, LAST_DAY, days_asked, format_day
from jinpai.sourcing import stale

if TYPE_CHECKING:
    from jinpai.criteria.definition import Criterion
    from jinpai.criteria.scorecard import InForce
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

LOWEST = 5
QUOTE = 60
"""So many characters of a buyer's words are quoted."""
HUNDRED = 100
_DAYS = "day >= $from and day <= $to"
_SLICE = f"{_DAYS} and (agent = $agent or $agent is null)"
_SCORES = f"""
select agent, count(*) as inspected, count(score) as scored, cast(coalesce(sum(score), 0) as bigint) as score,
    cast(sum(case when passed then 1 else 0 end) as bigint) as passed
from score where scope = $scope and {_SLICE} group by agent order by agent
"""
_FOUND = f"""
select agent, criterion, count(*) as applicable, sum(case when result >= {PASSED} then 1 else 0 end) as passed,
    max(case when counts then 1 else 0 end) as counted
from settled where {_SLICE} group by agent, criterion
"""
_LOWEST = f"""
select conversation_key, agent, day, score, full_mark from score where scope = 'agent' and score is not null and {_SLICE}
order by score, day, conversation_key, agent limit {LOWEST}
"""
_UPSET = f"""
select m.conversation_key, m.agent, m.day, m.points, o.text
from mood as m
inner join original as o on o.buyer_key = m.buyer_key and o.seq = m.seq
where m.points > 0 and m.day >= $from and m.day <= $to and (m.agent = $agent or $agent is null)
order by m.points desc, m.day, m.conversation_key limit {LOWEST}
"""
_CARDS = f"""
select scorecard, version, full_mark, pass_mark, count(distinct conversation_key) as conversations
from score where scope = 'agent' and {_SLICE} group by scorecard, version, full_mark, pass_mark order by conversations desc, version
"""


def turn_on(workspace: Workspace, shop: str | None) -> None:
    """打开质检 sets `inspection` for a shop; the next build reads its chats."""
    workspace.write_settings(shop, {"inspection": True})


@contextmanager
def inspected(workspace: Workspace, shop: str, progress: Progress) -> Iterator[tuple[Engine, Settings]]:
    """质检过的事实 an engine with the facts of a shop whose inspection is on, brought up to date; else a JinpaiError."""
    settings = workspace.settings(shop)
    if not settings.inspection:
        raise JinpaiError(
            "这家店还没有打开聊天质检。请加 --on 再运行一次，或在 rules.toml 里写 inspection = true。",
            "Inspection is not on for this shop. Run again with --on, or write inspection = true in rules.toml.",
        )
    if shop in stale(workspace):
        flow.build(workspace, progress)
    with flow.opened(workspace, shop) as engine:
        if not engine.has("finding"):
            raise JinpaiError(
                "还没有聊天可以质检。请先用 jinpai import 导入聊天记录。",
                "There are no chats to inspect. Import some with jinpai import first.",
            )
        yield engine, settings


def inspect(
    workspace: Workspace, shop: str | None = None, *, start: str | None = None, end: str | None = None,
    agent: str | None = None, progress: Progress = no_progress,
) -> dict[str, Any]:  # fmt: skip
    """质检汇总 `{"meta", "whole", "agents", "criteria", "rows", "lowest", "upset"}` of the days, both included; None is all of them, and every agent.

    `whole` and `agents` have conversations and mean score, `criteria` what was met of each criterion, `rows` the same of
    each agent, `lowest` the conversations with the fewest points, `upset` those of the most discontented buyers with the message that
    says most of it. A mistake in the arguments is WrongUse.
    """
    key = workspace.shop(shop)
    first, last = days_asked(start, end)
    with inspected(workspace, key, progress) as (engine, settings):
        values: dict[str, Any] = {"from": first, "to": last, "agent": agent, "scope": "agent"}
        asked = (_SCORES, _FOUND, _LOWEST, _UPSET, _CARDS)
        scores, found, lowest, upset, used = (engine.rows(sql, values) for sql in asked)
        whole = engine.rows(_SCORES, values | {"scope": "shop"}) if agent is None else []
        short = short_keys(engine, [one["conversation_key"] for one in (*lowest, *upset)])
        cards, known = _cards(used, scorecards(settings.folder)), shop_criteria(settings.folder)
    marks = {one["full_mark"] for one in cards}
    full = marks.pop() if len(marks) == 1 else HUNDRED
    return {
        "meta": {
            "shop": key, "from": None if first == FIRST_DAY else format_day(first), "to": None if last == LAST_DAY else format_day(last),
            "agent": agent, "full_mark": full, "scorecards": cards,
        },
        "whole": _scored(whole[0], full) if whole else None,
        "agents": [{"agent": one["agent"]} | _scored(one, full) for one in scores],
        "criteria": [_row(one, known[one["criterion"]]) for one in _together(found, known)],
        "rows": [
            _row(one, known[one["criterion"]])
            for one in sorted(found, key=lambda one: (one["agent"] or "", [*known].index(one["criterion"])))
        ],
        "lowest": [_pointed(one, short) | {"score": points(one["score"], one["full_mark"])} for one in lowest],
        "upset": [_pointed(one, short) | {"points": one["points"], "words": quoted(one["text"])} for one in upset],
    }  # fmt: skip


def _pointed(one: Mapping[str, Any], short: Mapping[int, str]) -> dict[str, Any]:
    """A conversation to look at."""
    key = one["conversation_key"]
    return {"conversation": key, "short": short[key], "agent": one["agent"], "day": format_day(one["day"])}


def _together(found: Sequence[Mapping[str, Any]], known: Iterable[str]) -> list[dict[str, Any]]:
    """The same of all agents together, in the order of the criteria."""
    total: dict[str, dict[str, Any]] = {}
    for one in found:
        row = total.setdefault(
            one["criterion"], {"agent": None, "criterion": one["criterion"], "applicable": 0, "passed": 0, "counted": 0}
        )
        row |= {name: row[name] + int(one[name]) for name in ("applicable", "passed")}
        row["counted"] = max(row["counted"], int(one["counted"]))
    return [total[name] for name in known if name in total]


def _scored(one: Mapping[str, Any], full_mark: int) -> dict[str, Any]:
    score = points(int(one["score"]), full_mark, one["scored"]) if one["scored"] else None
    return {"conversations": one["inspected"], "score": score, "passed": int(one["passed"])}


def _cards(used: Sequence[Mapping[str, Any]], known: Sequence[InForce]) -> list[dict[str, Any]]:
    """The scorecards that made the scores, with their Chinese names."""
    named = {one.card.digest: one for one in known}
    return [
        {
            "scorecard": one["scorecard"], "zh": named[one["version"]].card.zh, "version": one["version"],
            "valid_from": format_day(day) if (day := named[one["version"]].card.valid_from) else None,
            "full_mark": one["full_mark"], "pass_mark": one["pass_mark"], "conversations": one["conversations"],
        }
        for one in used
    ]  # fmt: skip


def quoted(text: str) -> str:
    """引文 a buyer's words on one line, cut where they are long; private data in them are tokens already."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE else f"{line[:QUOTE]}…"


def points(thousandths: int, full_mark: int, count: int = 1) -> float:
    """得分 points of the full mark with one decimal, of the sum of so many scores in thousandths."""
    return (thousandths * full_mark * 10 // (1000 * count)) / 10


def standing_of(criterion: Criterion, *, counts: bool) -> str:
    """计不计分 whether a finding is scored, a hint, or suspended."""
    if criterion.hint:
        return "hint"
    return "scored" if counts else "suspended"


def _row(one: Mapping[str, Any], criterion: Criterion) -> dict[str, Any]:
    standing = standing_of(criterion, counts=bool(one["counted"]))
    applicable, passed = int(one["applicable"]), int(one["passed"])
    return {
        "agent": one["agent"], "criterion": criterion.name, "title": criterion.title.zh, "title_en": criterion.title.en,
        "standing": standing, "failed": applicable - passed,
        # of a hint only the hits are known
        "passed": None if criterion.hint else passed, "applicable": None if criterion.hint else applicable,
        "rate": None if criterion.hint else round(passed / applicable, 4),
    }  # fmt: skip
