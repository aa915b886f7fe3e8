"""检查项 criteria: what every chat is inspected for, one file a criterion in `rules/`; the file is the registration.

`cases/<name>.md` holds the dialogues that are a criterion's tests, `scorecards/` what counts how much.
Source: the inspection contract, §1 and §2.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.catalogue import suggestion
from jinpai.criteria.compiling import compiled
from jinpai.criteria.definition import Criterion
from jinpai.criteria.mood import mood_points, mood_table
from jinpai.criteria.reading import read_criterion
from jinpai.criteria.scorecard import Scorecard, shop_scorecard
from jinpai.errors import WrongUse
from jinpai.text.signals import read_lexicon, shop_lexicon

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def criteria() -> dict[str, Criterion]:
    """全部检查项 every criterion by name, in the order of the groups."""
    found = [
        read_criterion(file)
        for file in files(__name__).joinpath("rules").iterdir() if file.name.endswith(".toml")
    ]  # fmt: skip
    return {one.name: one for one in sorted(found, key=lambda one: (one.group, int(one.name[1:])))}


def criterion(name: str) -> Criterion:
    """一个检查项 by its name, as A3; an unknown one is WrongUse with the nearest."""
    if name not in criteria():
        hint = suggestion(name, criteria())
        raise WrongUse(f"没有叫「{name}」的检查项。{hint.zh}", f"No criterion is named '{name}'. {hint.en}")
    return criteria()[name]


def criteria_mark(settings_folder: Path) -> str:
    """检查项指纹 32 hex digits that change when a criterion or the shop's scorecard does."""
    told = [
        {name: asdict(one) for name, one in criteria().items()},
        asdict(scorecard(settings_folder)),
        mood_points(settings_folder),
    ]
    return blake2b(json.dumps(told, ensure_ascii=False, sort_keys=True).encode(), digest_size=16).hexdigest()


def inspected_by(settings_folder: Path) -> dict[str, pa.Table]:
    """质检的依据 what a shop is inspected by as tables for SQL: `criterion`, `criterion_check`, `criterion_signal`, `mood_point`."""
    card, words, shipped = scorecard(settings_folder), shop_lexicon(settings_folder), read_lexicon()
    return compiled(criteria().values(), card, words, shipped) | {
        "mood_point": mood_table(mood_points(settings_folder))
    }


def scorecard(settings_folder: Path) -> Scorecard:
    """评分表 the scorecard by which a shop's conversations are scored."""
    return shop_scorecard(settings_folder, criteria())
