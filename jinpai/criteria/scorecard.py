"""评分表 scorecard: which criteria count, how much, the full mark and the pass mark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinpai.catalogue import suggestion
from jinpai.criteria.definition import Criterion
from jinpai.criteria.reading import document
from jinpai.errors import JinpaiError

_KEYS = ("zh", "full_mark", "pass_mark", "leave_out", "weights")


@dataclass(frozen=True, slots=True)
class Scorecard:
    """评分表 its Chinese name, marks, and the weight of every criterion that it inspects, in the order of the groups."""

    zh: str
    full_mark: int
    pass_mark: int
    weights: tuple[tuple[str, int], ...]

    @property
    def digest(self) -> str:
        """版本 16 hex digits that change when anything on the card does."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return blake2b(text.encode(), digest_size=8).hexdigest()


def shop_scorecard(settings_folder: Path, known: Mapping[str, Criterion]) -> Scorecard:
    """店铺的评分表 `scorecards/default.toml` among the shop's settings, else the one that ships.

    A key that does not exist, a criterion that does not or a mark that is no whole number is a JinpaiError.
    """
    own = settings_folder / "scorecards" / "default.toml"
    file = own if own.is_file() else files("jinpai.criteria") / "scorecards" / "default.toml"
    return read_scorecard(str(file), document(file), known)


def read_scorecard(file: str, keys: Mapping[str, Any], known: Mapping[str, Criterion]) -> Scorecard:
    """读评分表 a scorecard out of the contents of its file."""

    def refuse(key: str, value: object, zh: str, en: str) -> JinpaiError:
        return JinpaiError(f"{file}：{key} = {value!r} 不行：{zh}。", f"{file}: {key} = {value!r} cannot be: {en}.")

    for key in keys:
        if key not in _KEYS:
            hint = suggestion(key, _KEYS)
            raise refuse(key, keys[key], f"没有这一项。{hint.zh}".rstrip("。"), f"no such key. {hint.en}".rstrip("."))
    for key, kind in (("weights", dict), ("leave_out", list)):
        if not isinstance(keys.get(key, kind()), kind):
            raise refuse(
                key,
                keys[key],
                "weights 写成 [weights] 一段，leave_out 写成一串",
                "weights is a table, leave_out a list",
            )
    weights, left_out = dict(keys.get("weights", {})), list(keys.get("leave_out", []))
    for name in (*weights, *left_out):
        if name not in known:
            hint = suggestion(name, known)
            raise refuse(
                "weights", name, f"没有这个检查项。{hint.zh}".rstrip("。"), f"no such criterion. {hint.en}".rstrip(".")
            )
    marks = {"full_mark": keys.get("full_mark", 100), "pass_mark": keys.get("pass_mark", 60)}
    for name, value in (marks | weights).items():
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1000:
            raise refuse(name, value, "要写 0 到 1000 的整数", "a whole number from 0 to 1000 is wanted")
    counted = tuple((name, weights.get(name, one.weight)) for name, one in known.items() if name not in left_out)
    return Scorecard(str(keys.get("zh", "评分表")), marks["full_mark"], marks["pass_mark"], counted)
