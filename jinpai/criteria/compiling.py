"""编成表 compiling: criteria as rows that the SQL of the tables joins with; no query is written for any single one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from jinpai.catalogue import suggestion
from jinpai.criteria.definition import Check, Criterion
from jinpai.errors import JinpaiError

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.criteria.scorecard import InForce
    from jinpai.text.signals import Lexicon

PARTS = ("when", "expect", "forbid", "unless", "without")
_CRITERION = ("criterion", "counts", "is_hint")
_CHECK = (
    "criterion", "number", "measure", "side", "state", "which", "turns", "within_ms", "full_ms", "pass_ms", "zero_ms", "from_turns", "expects", "on_promotion",
)  # fmt: skip
_SIGNAL = ("criterion", "number", "part", "signal")
_CARD = (
    "card", "scorecard", "version", "from_day", "until_day", "stage", "of_category", "full_mark", "pass_mark",
)  # fmt: skip
_CATEGORY = ("card", "category")
_WEIGHT = ("card", "criterion", "weight", "is_critical")


def compiled(
    known: Iterable[Criterion], cards: Sequence[InForce], lexicon: Lexicon, shipped: Lexicon
) -> dict[str, pa.Table]:
    """编好的表 `criterion`, `criterion_check`, `criterion_signal` of what any scorecard inspects, and the scorecards.

    A signal that a shop switched off is left out, and a check that lives on it with it; one that never was is a
    JinpaiError. `card` counts the versions of scorecards from 1; of several that fit, the last decides.
    """
    inspected = {name for one in cards for name, _ in one.card.weights}
    whole = [one for one in known if one.name in inspected]
    checks = [
        (one, number, check)
        for one in whole for number, check in enumerate(_settled(one, lexicon, shipped), 1)
    ]  # fmt: skip
    numbered = list(enumerate(cards, 1))
    told: dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]] = {
        "criterion": (_CRITERION, [(one.name, one.counts, one.hint) for one in whole]),
        "criterion_check": (_CHECK, [_row(one.name, number, check) for one, number, check in checks]),
        "criterion_signal": (_SIGNAL, [
            (one.name, number, part, signal)
            for one, number, check in checks for part in PARTS for signal in getattr(check, part)
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
    limits = check.turns, check.within_ms, check.full_ms, check.pass_ms, check.zero_ms, check.from_turns
    return (
        name,
        number,
        check.measure,
        check.side,
        check.state,
        check.which,
        *limits,
        bool(check.expect),
        check.on_promotion,
    )


def _table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> pa.Table:
    import pyarrow as pa

    numbers = (
        "weight", "number", "turns", "within_ms", "full_ms", "pass_ms", "zero_ms", "from_turns", "card", "from_day", "until_day",
        "full_mark", "pass_mark",
    )  # fmt: skip
    flags = ("counts", "is_hint", "expects", "on_promotion", "of_category", "is_critical")
    kind = {**dict.fromkeys(numbers, pa.int64()), **dict.fromkeys(flags, pa.bool_())}
    fields = pa.schema([(name, kind.get(name, pa.string())) for name in columns])
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(columns)}, schema=fields)


def _settled(criterion: Criterion, lexicon: Lexicon, shipped: Lexicon) -> Iterator[Check]:
    """The checks with their signals written out, without those that nothing is left of."""
    for check in criterion.checks:
        parts = {part: _signals(criterion, getattr(check, part), lexicon, shipped) for part in PARTS}
        is_there = all(parts[part] or not getattr(check, part) for part in ("when", "expect"))
        if is_there:
            yield replace(check, **parts)  # type: ignore[arg-type]  # every part is a tuple of names


def _signals(criterion: Criterion, names: tuple[str, ...], lexicon: Lexicon, shipped: Lexicon) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        if name.startswith("!"):
            found.pop(name[1:], None)
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
                f"检查项 {criterion.name} 用到的信号 {name} 词库里没有。{hint.zh}",
                f"Criterion {criterion.name} names the signal {name}, which no lexicon has. {hint.en}",
            )
        found |= dict.fromkeys(of)
    return tuple(found)
