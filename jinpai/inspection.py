"""质检 inspection: what was found in the chats of a shop, by agent and criterion, and in one conversation with its quotes.

A score is in points of the scorecard's full mark with one decimal; of an agent it is the mean over inspected
conversations. A criterion is passed from 600 thousandths on. Hints are hits that nobody has confirmed: they count
nowhere. Source: the inspection contract, §1 to §3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.computing import Progress, no_progress
from jinpai.criteria import fact_sheet, scorecard, shop_criteria
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.period import Days, format_day, format_instant, parse_day
from jinpai.sourcing import stale

if TYPE_CHECKING:
    from jinpai.criteria.definition import Criterion
    from jinpai.criteria.factsheet import FactSheet
    from jinpai.criteria.scorecard import Scorecard
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

PASSED = 600
LOWEST = 5
_SLICE = "day >= $from and day <= $to and (agent = $agent or $agent is null)"
_SCORES = f"select agent, count(*) as n, sum(score) as score from score where {_SLICE} group by agent order by agent"
_FOUND = f"""
select agent, criterion, count(*) as applicable, sum(case when result >= {PASSED} then 1 else 0 end) as passed
from finding where {_SLICE} group by agent, criterion
"""
_LOWEST = f"""
select conversation_key, agent, day, score from score where {_SLICE}
order by score, day, conversation_key, agent limit {LOWEST}
"""
_COMPARED = "select * from compared where buyer_key = $buyer and conversation_seq = $conversation"
_CONVERSATION = "select buyer_key, conversation_seq, day from span where conversation_key = $key"
_LINES = """
select seq, sent_at, sender, agent, text from original
where buyer_key = $buyer and conversation_seq = $conversation and sender <> 'system' order by seq
"""


def turn_on(workspace: Workspace, shop: str | None) -> None:
    """打开质检 sets `inspection` for a shop; the next build reads its chats."""
    workspace.write_settings(shop, {"inspection": True})


@contextmanager
def _inspected(workspace: Workspace, shop: str, progress: Progress) -> Iterator[tuple[Engine, Settings]]:
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
    """质检汇总 `{"meta", "agents", "rows", "lowest"}` of the days, both included; None is all of them, and every agent.

    `agents` has conversations and mean score, `rows` each agent and criterion, `lowest` the conversations with the
    fewest points. A mistake in the arguments is WrongUse.
    """
    key = workspace.shop(shop)
    first, last = _days(start, end)
    with _inspected(workspace, key, progress) as (engine, settings):
        card, known = scorecard(settings.folder), shop_criteria(settings.folder)
        values = {"from": first or 0, "to": last or 99_991_231, "agent": agent}
        scores, found, lowest = (engine.rows(sql, values) for sql in (_SCORES, _FOUND, _LOWEST))
    return {
        "meta": {
            "shop": key, "from": None if first is None else format_day(first), "to": None if last is None else format_day(last),
            "agent": agent, "scorecard": card.zh, "version": card.digest, "full_mark": card.full_mark, "pass_mark": card.pass_mark,
        },
        "agents": [
            {"agent": one["agent"], "conversations": one["n"], "score": points(int(one["score"]), card, int(one["n"]))}
            for one in scores
        ],
        "rows": [
            _row(one, known[one["criterion"]])
            for one in sorted(found, key=lambda one: (one["agent"] or "", [*known].index(one["criterion"])))
        ],
        "lowest": [
            {"conversation": one["conversation_key"], "agent": one["agent"], "day": format_day(one["day"]), "score": points(one["score"], card)}
            for one in lowest
        ],
    }  # fmt: skip


def _days(start: str | None, end: str | None) -> tuple[int | None, int | None]:
    try:
        first, last = (None if one is None else parse_day(one) for one in (start, end))
        if first is not None and last is not None:
            Days.between(first, last)
    except JinpaiError as error:
        raise WrongUse(*error.words) from None
    return first, last


def points(thousandths: int, card: Scorecard, count: int = 1) -> float:
    """得分 points of the full mark with one decimal, of the sum of so many scores in thousandths."""
    return (thousandths * card.full_mark * 10 // (1000 * count)) / 10


def _row(one: Mapping[str, Any], criterion: Criterion) -> dict[str, Any]:
    standing = "hint" if criterion.hint else "suspended" if criterion.suspended else "scored"
    applicable, passed = int(one["applicable"]), int(one["passed"])
    return {
        "agent": one["agent"], "criterion": criterion.name, "title": criterion.title.zh, "title_en": criterion.title.en,
        "standing": standing, "failed": applicable - passed,
        # of a hint only the hits are known
        "passed": None if criterion.hint else passed, "applicable": None if criterion.hint else applicable,
        "rate": None if criterion.hint else round(passed / applicable, 4),
    }  # fmt: skip


def conversation(
    workspace: Workspace, number: int, shop: str | None = None, *, progress: Progress = no_progress
) -> dict[str, Any]:
    """一段会话 `{"meta", "scores", "lines", "findings"}`: the transcript, and every finding with its quote.

    `number` is the conversation's key; one that the shop does not have is WrongUse.
    """
    key = workspace.shop(shop)
    with _inspected(workspace, key, progress) as (engine, settings):
        card, known = scorecard(settings.folder), shop_criteria(settings.folder)
        span = engine.rows(_CONVERSATION, {"key": number})
        if not span:
            raise WrongUse(
                f"店铺 {key} 没有编号 {number} 的会话。编号看 jinpai inspect 的“得分最低的会话”。",
                f"Shop {key} has no conversation {number}. jinpai inspect lists some numbers.",
            )
        values = {"key": number, "buyer": span[0]["buyer_key"], "conversation": span[0]["conversation_seq"]}
        lines = engine.rows(_LINES, values)
        found = engine.rows("select * from finding where conversation_key = $key", values)
        compared = engine.rows(_COMPARED, values) if engine.has("compared") else []
        scores = engine.rows("select agent, score from score where conversation_key = $key order by agent", values)
    texts = {line["seq"]: line["text"] or "" for line in lines}
    against = _against(compared, texts, fact_sheet(settings.folder))
    return {
        "meta": {"shop": key, "conversation": number, "day": format_day(span[0]["day"]), "scorecard": card.zh, "version": card.digest,
            "full_mark": card.full_mark},
        "scores": [{"agent": one["agent"], "score": points(one["score"], card)} for one in scores],
        "lines": [line | {"sent_at": format_instant(line["sent_at"], settings.zone)} for line in lines],
        "findings": [
            _finding(one, known[one["criterion"]], texts) | {"against": against.get(_place(one))}
            for one in sorted(found, key=lambda one: [*known].index(one["criterion"]))
        ],
    }  # fmt: skip


def _place(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(one[name] for name in ("criterion", "seq", "begins", "ends"))


def _against(
    compared: list[dict[str, Any]], texts: Mapping[int, str], sheet: FactSheet
) -> dict[tuple[Any, ...], dict[str, str]]:
    """What the words of a finding were held against: the fact, or the buyer's words."""
    found = {}
    for one in compared:
        if one["asked_seq"] is not None:
            said = texts.get(one["asked_seq"], "")[one["asked_begins"] : one["asked_ends"]]
            words = Words(f"买家说「{said}」", f"the buyer said 「{said}」")
        else:
            fact = sheet.words(one["subject"], one["product_id"]) or Words("", "")
            words = Words(f"店铺事实「{fact.zh}」", f"the shop's fact 「{fact.en}」")
        found[_place(one)] = {"zh": words.zh, "en": words.en}
    return found


def _finding(one: Mapping[str, Any], criterion: Criterion, texts: Mapping[int, str]) -> dict[str, Any]:
    text = texts.get(one["seq"], "")
    quote = text if one["begins"] is None else text[one["begins"] : one["ends"]]
    standing = "hint" if criterion.hint else "suspended" if criterion.suspended else "scored"
    return {
        "criterion": criterion.name, "title": criterion.title.zh, "title_en": criterion.title.en, "standing": standing,
        "agent": one["agent"], "result": one["result"], "seq": one["seq"], "begins": one["begins"], "ends": one["ends"],
        "quote": quote, "reason": criterion.reason.zh, "reason_en": criterion.reason.en,
        "laws": [f"{law.title} {law.article}" for law in criterion.laws_on(one["day"])],
    }  # fmt: skip
