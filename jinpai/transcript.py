"""会话原文 transcript: one conversation as it was written, what was found in it and where, and how its score came about.

Instants are ISO 8601 in the shop's zone, spans half-open in characters of a line's text. The buyer's name is masked, and
private data in texts are tokens. Source: the inspection contract, §1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jinpai.computing import Progress, no_progress
from jinpai.criteria import fact_sheet, scorecards, shop_criteria
from jinpai.errors import Words
from jinpai.inspection import inspected, points, standing_of
from jinpai.naming import conversation_named, short_keys
from jinpai.origins import file_names
from jinpai.period import days_asked, format_day, format_instant
from jinpai.text.mask import is_masked, mask_nick

if TYPE_CHECKING:
    from jinpai.criteria.definition import Criterion
    from jinpai.criteria.factsheet import FactSheet
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

Row = dict[str, Any]
TIMED = ("first_response", "gap", "last_answer", "hold_return", "filler")
"""Measures of a wait: they rest on two instants where they rest on no words."""
_HERE = "buyer_key = $buyer and conversation_seq = $conversation"
_LINES = f"""
select seq, sent_at, sender, agent, kind, text, buyer, file_key, row from original
where {_HERE} and sender <> 'system' order by seq
"""
_EVENTS = f"select seq, sent_at, event, agent, to_agent from event where {_HERE} order by seq"
_ROUNDS = """
select r.round_seq, r.agent, r.shop_first, a.started_at, a.answered_at, a.answered_seq, r.has_hours, coalesce(r.off_hours, false) as off_hours,
    case when r.has_hours then r.agent_business_ms else r.agent_ms end as ms
from round as r
inner join asked as a on a.buyer_key = r.buyer_key and a.round_seq = r.round_seq and a.for_shop
where r.buyer_key = $buyer and r.conversation_seq = $conversation and not r.gave_away
order by r.round_seq
"""
_CARD = (
    f"select stage, category, product, scorecard, version, full_mark, pass_mark from conversation_card where {_HERE}"
)
_SCORES = f"select scope, agent, score, weight, findings, hints, passed from score where {_HERE} order by agent"
_MOOD = f"select points, seq, begins, ends from mood where {_HERE}"
_FOUND = f"select * from settled where {_HERE}"
_COMPARED = f"select * from compared where {_HERE}"
_TITLE = "select title from product where product_id = $product"


def conversation(
    workspace: Workspace, name: str, shop: str | None = None, *, start: str | None = None, end: str | None = None,
    progress: Progress = no_progress,
) -> Row:  # fmt: skip
    """一段会话 `{"meta", "score", "scores", "mood", "lines", "events", "rounds", "findings"}` of the conversation that a name fits.

    A name is the first digits of its number, or its buyer's, between two days; none or several are WrongUse. `score`
    is that of the whole conversation, `scores` those of its agents; each finding has its weight, its quote, the whole
    message, and the file and row that the message came from.
    """
    key = workspace.shop(shop)
    first, last = days_asked(start, end)
    with inspected(workspace, key, progress) as (engine, settings):
        span = conversation_named(engine, settings, name, first, last)
        return told(engine, settings, workspace, span)


def told(engine: Engine, settings: Settings, workspace: Workspace, span: Mapping[str, Any]) -> Row:
    """会话内容 what `conversation` tells of a row of `span`; of a shop without inspection nothing is found or scored."""
    here = {"buyer": span["buyer_key"], "conversation": span["conversation_seq"]}
    lines, events, rounds = (engine.rows(sql, here) for sql in (_LINES, _EVENTS, _ROUNDS))
    found, scores, cards, moods = (
        engine.rows(sql, here) if engine.has("settled") else [] for sql in (_FOUND, _SCORES, _CARD, _MOOD)
    )
    card = next(iter(cards), None)
    compared = engine.rows(_COMPARED, here) if engine.has("compared") else []
    against = _against(compared, {line["seq"]: line["text"] or "" for line in lines}, fact_sheet(settings.folder))
    facts = workspace.facts()
    keys = (line["file_key"] for line in lines if line["file_key"] is not None)
    places = file_names(facts, settings.shop, keys) if facts else {}
    zone = settings.zone
    for line in lines:
        line["file"] = places.get(line.pop("file_key"))
    buyer = next((line["buyer"] for line in lines if line["buyer"]), "")
    full = card["full_mark"] if card else 100
    of = {one["agent"]: _score(one, full) for one in scores if one["scope"] == "agent"}
    return {
        "meta": {
            "shop": settings.shop, "conversation": span["conversation_key"],
            "short": short_keys(engine, [span["conversation_key"]])[span["conversation_key"]],
            "day": format_day(span["day"]), "started_at": format_instant(span["first_at"], zone),
            "ended_at": format_instant(span["last_at"], zone), "time_zone": settings.time_zone, "buyer": mask_nick(buyer),
            "has_name": not is_masked(buyer),
        } | _card(engine, settings, card),
        "score": next((_score(one, full) for one in scores if one["scope"] == "shop"), None),
        "scores": [{"agent": agent} | one for agent, one in of.items()],
        "mood": _mood(moods, lines),
        "lines": [_line(line, settings) for line in lines],
        "events": [one | {"sent_at": format_instant(one["sent_at"], zone)} for one in events],
        "rounds": [
            one | {name: None if one[name] is None else format_instant(one[name], zone) for name in ("started_at", "answered_at")}
            for one in rounds
        ],
        "findings": [
            one | {"against": against.get(_place(one))} for one in _findings(found, lines, rounds, settings)
        ],
    }  # fmt: skip


def _mood(found: Sequence[Mapping[str, Any]], lines: Sequence[Row]) -> Row | None:
    """The buyer's points of discontent and the words that say most of it; None where no word says anything of it."""
    mood = next(iter(found), None)
    if mood is None:
        return None
    text = next((line["text"] or "" for line in lines if line["seq"] == mood["seq"]), "")
    return {"points": mood["points"], "seq": mood["seq"], "quote": text[mood["begins"] : mood["ends"]]}


def _line(line: Row, settings: Settings) -> Row:
    shown = {name: value for name, value in line.items() if name != "buyer"}
    return shown | {"sent_at": format_instant(line["sent_at"], settings.zone)}


def _card(engine: Engine, settings: Settings, card: Mapping[str, Any] | None) -> Row:
    """By which scorecard it was scored, and why by this one; nothing where one side never wrote."""
    if card is None:
        return dict.fromkeys(
            ("stage", "category", "product", "scorecard", "scorecard_zh", "version", "full_mark", "pass_mark")
        )
    titles = engine.rows(_TITLE, {"product": card["product"]})
    named = {one.card.digest: one.card.zh for one in scorecards(settings.folder)}
    product = None if card["product"] == "unknown" else titles[0]["title"] if titles else card["product"]
    return dict(card) | {
        "category": card["category"] or None,
        "product": product,
        "scorecard_zh": named[card["version"]],
    }


def _score(one: Mapping[str, Any], full_mark: int) -> Row:
    """A score with what it was divided from: thousandths, weight, and how many findings counted."""
    score = None if one["score"] is None else points(one["score"], full_mark)
    return {"score": score, "thousandths": one["score"]} | {
        name: one[name] for name in ("weight", "findings", "hints", "passed")
    }


def _findings(
    found: Iterable[Mapping[str, Any]], lines: Sequence[Row], rounds: Iterable[Row], settings: Settings
) -> list[Row]:
    said = {line["seq"]: line for line in lines}
    answered = {one["answered_seq"]: one for one in rounds if one["answered_seq"] is not None}
    known = shop_criteria(settings.folder)
    order = list(known)
    ranked = sorted(found, key=lambda one: order.index(one["criterion"]))
    return [
        _finding(one, known[one["criterion"]], said.get(one["seq"], {}), answered.get(one["seq"]), settings)
        for one in ranked
    ]


def _finding(one: Mapping[str, Any], criterion: Criterion, line: Row, answer: Row | None, settings: Settings) -> Row:
    text = line.get("text") or ""
    quote = text if one["begins"] is None else text[one["begins"] : one["ends"]]
    is_timed = one["begins"] is None and any(check.measure in TIMED for check in criterion.checks)
    return {
        "criterion": criterion.name, "group": criterion.group, "title": criterion.title.zh, "title_en": criterion.title.en,
        "standing": standing_of(criterion, counts=one["counts"]), "agent": one["agent"], "result": one["result"], "weight": one["weight"],
        "counts": one["counts"], "critical": one["is_critical"], "confirmed": one["is_confirmed"], "verdict": one["verdict"],
        "seq": one["seq"], "begins": one["begins"], "ends": one["ends"], "quote": quote, "message": text,
        "sent_at": format_instant(line["sent_at"], settings.zone) if line else None,
        "sender": line.get("sender"), "file": line.get("file"), "row": line.get("row"),
        # what is measured in time rests on a wait, not on words
        "waited": _wait(answer, settings) if is_timed and answer else None,
        "reason": criterion.reason.zh, "reason_en": criterion.reason.en, "suspended": None if criterion.suspended is None else criterion.suspended._asdict(),
        "laws": [f"{law.title} {law.article}" for law in criterion.laws_on(one["day"])],
    }  # fmt: skip


def _place(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(one[name] for name in ("criterion", "seq", "begins", "ends"))


def _against(
    compared: Iterable[Row], texts: Mapping[int, str], sheet: FactSheet
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
        found[_place(one)] = words._asdict()
    return found


def _wait(answer: Row, settings: Settings) -> Row:
    return {"from": format_instant(answer["started_at"], settings.zone), "to": format_instant(answer["answered_at"], settings.zone),
        "ms": answer["ms"]}  # fmt: skip
