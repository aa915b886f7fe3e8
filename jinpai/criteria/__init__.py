"""质检项 criteria: what every chat is inspected for, one file a criterion in `rules/`; the file is the registration.

`cases/<name>.md` holds the dialogues that are a criterion's tests, `scorecards/` what counts how much.
Source: the inspection contract, §1 and §2.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.catalogue import suggestion
from jinpai.criteria.compiling import Words, compiled, signals_of, ways_of
from jinpai.criteria.definition import Criterion
from jinpai.criteria.factsheet import FactSheet, read_sheet, sheet_tables
from jinpai.criteria.mood import mood_points, mood_table
from jinpai.criteria.reading import read_criterion
from jinpai.criteria.scorecard import InForce, shop_scorecards
from jinpai.errors import WrongUse
from jinpai.text.signals import read_lexicon, shop_lexicon

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.workspace import Settings


OWN_FOLDER = "criteria"
"""自定质检项的文件夹 where a shop keeps its own criteria, inside its settings; their dialogues lie beside them."""


@cache
def criteria() -> dict[str, Criterion]:
    """自带的质检项 every criterion that ships, by name, in the order of the groups."""
    found = [
        read_criterion(file)
        for file in files(__name__).joinpath("rules").iterdir() if file.name.endswith(".toml")
    ]  # fmt: skip
    return _ordered(found)


def shop_criteria(settings_folder: Path) -> dict[str, Criterion]:
    """店铺的质检项 those that ship with those of the shop: under names of their own, or in place of one that ships.

    A file that will not do is a JinpaiError naming file, key, value and remedy.
    """
    own = settings_folder / OWN_FOLDER
    written = sorted(own.glob("*.toml")) if own.is_dir() else []
    return _ordered([*criteria().values(), *(read_criterion(file, criteria()) for file in written)])


def _ordered(found: Iterable[Criterion]) -> dict[str, Criterion]:
    by_name = {one.name: one for one in found}
    return {
        one.name: one for one in sorted(by_name.values(), key=lambda one: (one.group, one.name[0], int(one.name[1:])))
    }


def criterion(name: str) -> Criterion:
    """一个质检项 that ships, by its name, as A3; an unknown one is WrongUse with the nearest."""
    if name not in criteria():
        hint = suggestion(name, criteria())
        raise WrongUse(f"没有叫「{name}」的质检项。{hint.zh}", f"No criterion is named '{name}'. {hint.en}")
    return criteria()[name]


def criteria_mark(settings_folder: Path) -> str:
    """质检项指纹 32 hex digits that change when a criterion, one of the shop's scorecards, a point of mood or a fact does."""
    known = shop_criteria(settings_folder)
    told = [
        {name: asdict(one) for name, one in known.items()},
        [asdict(one) for one in shop_scorecards(settings_folder, known)],
        mood_points(settings_folder),
        fact_sheet(settings_folder).digest,
    ]
    return blake2b(json.dumps(told, ensure_ascii=False, sort_keys=True).encode(), digest_size=16).hexdigest()


def inspected_by(settings: Settings) -> dict[str, pa.Table]:
    """质检的依据 what a shop is inspected by as tables for SQL: criteria, scorecards, mood and fact sheet, named as in `jinpai.tables`."""
    lexicon, cards = shop_lexicon(settings.folder), scorecards(settings.folder)
    words = Words(lexicon, read_lexicon(), ways_of(settings))
    told = compiled(shop_criteria(settings.folder).values(), cards, words)
    told |= sheet_tables(fact_sheet(settings.folder), lexicon)
    return told | {"mood_point": mood_table(mood_points(settings.folder))}


def scorecards(settings_folder: Path) -> tuple[InForce, ...]:
    """质检标准 every version of every scorecard of a shop; of those that fit a conversation, the last decides."""
    return shop_scorecards(settings_folder, shop_criteria(settings_folder))


def fact_sheet(settings_folder: Path) -> FactSheet:
    """店铺事实 what a shop states as true, to hold its agents' words against."""
    return read_sheet(settings_folder)


def criterion_digests(settings: Settings) -> dict[str, str]:
    """质检项版本 32 hex digits of each criterion that change when it, or a signal that it listens to, is edited."""
    lexicon = shop_lexicon(settings.folder)
    words = Words(lexicon, read_lexicon(), ways_of(settings))
    signals = {
        one.id: [one.role, one.kind, one.group, one.phrases, one.expressions, one.unless] for one in lexicon.signals
    }
    found = {}
    for name, one in shop_criteria(settings.folder).items():
        heard = sorted(signals_of(one, words))
        told = json.dumps([asdict(one), {id_: signals[id_] for id_ in heard}], ensure_ascii=False, sort_keys=True)
        found[name] = blake2b(told.encode(), digest_size=16).hexdigest()
    return found


def in_force(suspended: pa.Table, settings: Settings) -> pa.Table:
    """还停着的 the suspensions whose criterion is still the one that was suspended."""
    if not len(suspended):
        return suspended
    now = criterion_digests(settings)
    import pyarrow as pa

    return suspended.filter(pa.array([now.get(one["criterion"]) == one["digest"] for one in suspended.to_pylist()]))
