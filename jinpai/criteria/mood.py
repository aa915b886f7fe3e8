"""买家情绪 mood: how many points each signal in a buyer's message adds to, or takes from, a conversation's discontent.

The points stand in `mood.toml`; a shop's own `mood.toml` changes single ones. They were set beforehand and are learned
from nothing: what they are worth is measured by `python -m bench.satisfaction`.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.catalogue import suggestion
from jinpai.criteria.reading import document
from jinpai.errors import JinpaiError
from jinpai.text.signals import Lexicon, read_lexicon, shop_lexicon

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "mood.toml"
MOST = 10
"""No single signal moves a conversation by more points than this."""


def mood_points(settings_folder: Path) -> dict[str, int]:
    """情绪分 the points of each signal that has any, by name, as a shop has them.

    A signal named by itself counts what it says; else what its topic or objection says; else what its kind says. A name that
    no lexicon has, or points that are no whole number from -10 to 10, are a JinpaiError.
    """
    lexicon, shipped = shop_lexicon(settings_folder), read_lexicon()
    told: dict[str, int] = {}
    for file in (files("jinpai.criteria") / NAME, settings_folder / NAME):
        if file.is_file():
            told |= _points(str(file), document(file), (lexicon, shipped))
    found = {}
    for one in lexicon.signals:
        for name in (one.id, f"@{one.group}", f"@{one.kind}"):
            if name in told:
                found[one.id] = told[name]
                break
    return {name: points for name, points in found.items() if points}


def mood_table(points: dict[str, int]) -> pa.Table:
    """情绪分表 `mood_point`: the points as a table for SQL to join with."""
    import pyarrow as pa

    schema = pa.schema([("signal", pa.string()), ("points", pa.int64())])
    return pa.table({"signal": [*points], "points": [*points.values()]}, schema=schema)


def _points(file: str, keys: dict[str, Any], lexicons: tuple[Lexicon, ...]) -> dict[str, int]:
    for key, value in keys.items():
        if key != "points" or not isinstance(value, dict):
            raise JinpaiError(
                f"{file}：{key} 不行：这里只有 [points] 一段。", f"{file}: {key} cannot be: there is only [points]."
            )
    known = {one.id for words in lexicons for one in words.signals}
    known |= {f"@{name}" for words in lexicons for one in words.signals for name in (one.group, one.kind)}
    for name, points in keys.get("points", {}).items():
        if name not in known:
            hint = suggestion(name, sorted(known))
            raise JinpaiError(f"{file}：词库里没有信号 {name}。{hint.zh}", f"{file}: no lexicon has {name}. {hint.en}")
        if not isinstance(points, int) or isinstance(points, bool) or abs(points) > MOST:
            raise JinpaiError(
                f"{file}：{name} = {points!r} 不行：要写 -{MOST} 到 {MOST} 的整数。",
                f"{file}: {name} = {points!r} cannot be: a whole number from -{MOST} to {MOST} is wanted.",
            )
    return dict(keys.get("points", {}))
