"""编成表 compiling: criteria as rows that the SQL of the tables joins with; no query is written for any single one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinpai.catalogue import suggestion
from jinpai.criteria.definition import Check, Criterion
from jinpai.errors import JinpaiError
from jinpai.period import instant_at
from jinpai.workspace.contact import WAYS

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.criteria.scorecard import InForce
    from jinpai.text.signals import Lexicon
    from jinpai.workspace import Settings

PARTS = ("when", "expect", "forbid", "unless", "without")
_CRITERION = ("criterion", "counts", "is_hint")
_CHECK = (
    "criterion", "number", "measure", "side", "state", "which", "stage", "goods", "turns", "within_ms", "full_ms", "pass_ms",
    "zero_ms", "from_turns", "most", "expects", "on_promotion",
)  # fmt: skip
_SIGNAL = ("criterion", "number", "part", "signal", "from_at", "until_at")
_CARD = (
    "card", "scorecard", "version", "from_day", "until_day", "stage", "of_category", "full_mark", "pass_mark",
)  # fmt: skip
_CATEGORY = ("card", "category")
_WEIGHT = ("card", "criterion", "weight", "is_critical")
_NUMBERS = (
    "weight", "number", "turns", "within_ms", "full_ms", "pass_ms", "zero_ms", "from_turns", "most", "from_at", "until_at",
    "card", "from_day", "until_day", "full_mark", "pass_mark",
)  # fmt: skip
_FLAGS = ("counts", "is_hint", "expects", "on_promotion", "of_category", "is_critical")
EVER = 1 << 62
"""An instant after everything."""
ALWAYS = (0, EVER)
OFF_PLATFORM = {"wechat": "contact_wechat", "phone": "contact_phone", "other": "contact_qq"}
"""站外的途径 the signal of each way of which a contact policy speaks."""
FORBIDDEN, ALLOWED = "@contact_forbidden", "@contact_allowed"


@dataclass(frozen=True, slots=True)
class Words:
    """词 what signals are looked up in: the shop's lexicon, that which ships, and the ways with the ms UTC of their days."""

    lexicon: Lexicon
    shipped: Lexicon
    ways: Mapping[str, tuple[tuple[str, int, int], ...]]


def ways_of(settings: Settings) -> dict[str, tuple[tuple[str, int, int], ...]]:
    """规定的途径 the signals that the shop's contact policy forbids and allows, with the half-open stretch (ms UTC) of each."""
    found: dict[str, list[tuple[str, int, int]]] = {FORBIDDEN: [], ALLOWED: []}
    for way in WAYS:
        first = settings.contact_policy.allowed_from(way)
        at = EVER if first is None else 0 if first == 0 else instant_at(first, 0, settings.zone)
        if at > 0:
            found[FORBIDDEN].append((OFF_PLATFORM[way], 0, at))
        if at < EVER:
            found[ALLOWED].append((OFF_PLATFORM[way], at, EVER))
    return {name: tuple(some) for name, some in found.items()}


def compiled(known: Iterable[Criterion], cards: Sequence[InForce], words: Words) -> dict[str, pa.Table]:
    """编好的表 `criterion`, `criterion_check`, `criterion_signal` of what any scorecard inspects, and the scorecards.

    A signal that a shop switched off is left out, and a check that lives on it with it; one that never was is a
    JinpaiError. `card` counts the versions of scorecards from 1; of several that fit, the last decides.
    """
    inspected = {name for one in cards for name, _ in one.card.weights}
    whole = [one for one in known if one.name in inspected]
    checks = [
        (one, number, check, parts)
        for one in whole for number, (check, parts) in enumerate(_settled(one, words), 1)
    ]  # fmt: skip
    numbered = list(enumerate(cards, 1))
    told: dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]] = {
        "criterion": (_CRITERION, [(one.name, one.counts, one.hint) for one in whole]),
        "criterion_check": (_CHECK, [_row(one.name, number, check) for one, number, check, _ in checks]),
        "criterion_signal": (_SIGNAL, [
            (one.name, number, part, *signal)
            for one, number, _, parts in checks for part in PARTS for signal in parts[part]
        ]),
        "scorecard": (_CARD, [_card(number, one) for number, one in numbered]),
        "scorecard_category": (_CATEGORY, [(number, category) for number, one in numbered for category in one.card.categories]),
        "scorecard_weight": (_WEIGHT, [
            (number, name, weight, name in one.card.critical) for number, one in numbered for name, weight in one.card.weights
        ]),
    }  # fmt: skip
    return {name: _table(columns, rows) for name, (columns, rows) in told.items()}


def _card(number: int, one: InForce) -> tuple[object, ...]:
    card = one.card
    marks = card.full_mark, card.pass_mark
    return number, card.name, card.digest, card.valid_from, one.until, card.stage, bool(card.categories), *marks


def _row(name: str, number: int, check: Check) -> tuple[object, ...]:
    said = {"criterion": name, "number": number, "expects": bool(check.expect)}
    return tuple(said[column] if column in said else getattr(check, column) for column in _CHECK)


def _table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> pa.Table:
    import pyarrow as pa

    kind = {**dict.fromkeys(_NUMBERS, pa.int64()), **dict.fromkeys(_FLAGS, pa.bool_())}
    fields = pa.schema([(name, kind.get(name, pa.string())) for name in columns])
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(columns)}, schema=fields)


Parts = dict[str, tuple[tuple[str, int, int], ...]]


def signals_of(criterion: Criterion, words: Words) -> set[str]:
    """听哪些信号 every signal that a criterion's checks listen to."""
    return {name for _, parts in _settled(criterion, words) for part in PARTS for name, _, _ in parts[part]}


def _settled(criterion: Criterion, words: Words) -> Iterator[tuple[Check, Parts]]:
    """The checks with their signals written out, without those that nothing is left of."""
    for check in criterion.checks:
        parts = {part: _signals(criterion, getattr(check, part), words) for part in PARTS}
        if all(parts[part] or not getattr(check, part) for part in ("when", "expect")):
            yield check, parts


def _signals(criterion: Criterion, names: tuple[str, ...], words: Words) -> tuple[tuple[str, int, int], ...]:
    found: dict[str, tuple[str, int, int]] = {}
    lexicon, shipped = words.lexicon, words.shipped
    for name in names:
        if name.startswith("!"):
            found.pop(name[1:], None)
            continue
        if name in words.ways:
            found |= {one[0]: one for one in words.ways[name] if one[0] in lexicon.places}
            continue
        if name.startswith("@"):
            of = [one.id for one in lexicon.signals if name[1:] in (one.kind, one.group)]
            known = of or [one.id for one in shipped.signals if name[1:] in (one.kind, one.group)]
        else:
            of = [name] if name in lexicon.places else []
            known = of or ([name] if name in shipped.places else [])
        if not known:
            hint = suggestion(name, lexicon.places)
            raise JinpaiError(
                f"质检项 {criterion.name} 用到的信号 {name} 词库里没有。{hint.zh}",
                f"Criterion {criterion.name} names the signal {name}, which no lexicon has. {hint.en}",
            )
        found |= {one: (one, *ALWAYS) for one in of}
    return tuple(found.values())
