"""质检标准 scorecards: which criteria count, how much, the full mark and the pass mark; several, and several versions of each.

A file of a shop's `scorecards/` is one version of one card: `default.toml`, `sofa.toml`, `sofa@2025-12.toml` (what
follows the @ is the shop's own note; the name before it is the card's). A conversation is scored by the version in
force on its shop day, and keeps it as long as the file is there. Source: the inspection contract, §1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b
from importlib.resources import files
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

from jinpai.catalogue import suggestion
from jinpai.criteria.definition import Criterion
from jinpai.criteria.reading import document
from jinpai.errors import JinpaiError

DEFAULT = "default"
ALWAYS, FOR_EVER = 0, 99_991_231
STAGES = ("presales", "aftersales")
_KEYS = (
    "zh", "valid_from", "stage", "categories", "full_mark", "pass_mark", "leave_out", "critical", "weights",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scorecard:
    """质检标准 one version of a card: whose conversations it scores, its marks, and the weights of what it inspects.

    `valid_from` is a shop day (yyyymmdd), 0 for always; `stage` presales or aftersales, None for both; `categories`
    those of products, none for all; `weights` in the order of the groups; of `critical` criteria, one failed and
    confirmed makes the whole score 0.
    """

    name: str
    zh: str
    full_mark: int
    pass_mark: int
    weights: tuple[tuple[str, int], ...]
    critical: tuple[str, ...] = ()
    valid_from: int = ALWAYS
    stage: str | None = None
    categories: tuple[str, ...] = ()
    is_shipped: bool = False

    @property
    def digest(self) -> str:
        """版本 16 hex digits that change when anything on the card does."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return blake2b(text.encode(), digest_size=8).hexdigest()

    @property
    def precedence(self) -> tuple[bool, bool, bool]:
        """先后 of two cards that fit, the one that says more decides: category before stage, the shop's before ours."""
        return bool(self.categories), self.stage is not None, not self.is_shipped


@dataclass(frozen=True, slots=True)
class InForce:
    """生效的一版 a version of a scorecard and the shop day (yyyymmdd) before which it scores."""

    card: Scorecard
    until: int


def shop_scorecards(settings_folder: Path, known: Mapping[str, Criterion]) -> tuple[InForce, ...]:
    """店铺的质检标准 every version, those that decide over others last: the shop's own and, below them, the one that ships.

    Two cards of which neither says more, for the same conversations, are a JinpaiError, as is what a file cannot say.
    """
    ours = files("jinpai.criteria") / "scorecards" / f"{DEFAULT}.toml"
    shipped = read_scorecard(DEFAULT, str(ours), document(ours), known, is_shipped=True)
    folder = settings_folder / "scorecards"
    found = [
        (file, read_scorecard(file.stem.partition("@")[0], str(file), document(file), known))
        for file in (sorted(folder.glob("*.toml")) if folder.is_dir() else ())
    ]
    own = [card for _, card in found]
    is_replaced = any(one.name == DEFAULT and one.valid_from == ALWAYS for one in own)
    every = [*_in_force(own, folder), *([] if is_replaced else [InForce(shipped, FOR_EVER)])]
    _refuse_doubt(every, folder)
    return tuple(sorted(every, key=lambda one: (one.card.precedence, one.card.name, one.card.valid_from)))


def _in_force(cards: Iterable[Scorecard], folder: Path) -> list[InForce]:
    """Each version until the next of the same name."""
    found = []
    for name, versions in groupby(sorted(cards, key=lambda one: (one.name, one.valid_from)), key=lambda one: one.name):
        mine = list(versions)
        for one, following in zip(mine, [*mine[1:], None], strict=True):
            if following is not None and following.valid_from == one.valid_from:
                raise JinpaiError(
                    f"{folder}：{name} 有两版从同一天生效。请把其中一版的 valid_from 改掉。",
                    f"{folder}: two versions of {name} begin on the same day. Change valid_from of one of them.",
                )
            found.append(InForce(one, following.valid_from if following else FOR_EVER))
    return found


def _refuse_doubt(every: Iterable[InForce], folder: Path) -> None:
    for one, other in combinations(every, 2):
        card, against = one.card, other.card
        is_same_time = card.valid_from < other.until and against.valid_from < one.until
        is_same_talk = card.stage == against.stage and (
            card.categories == against.categories or set(card.categories) & set(against.categories)
        )
        if is_same_time and is_same_talk and card.precedence == against.precedence:
            raise JinpaiError(
                f"{folder}：{card.name} 和 {against.name} 管同样的会话，分不清用哪一份。请用 categories 或 stage 分开，或写成同一份的两版。",
                f"{folder}: {card.name} and {against.name} are for the same conversations. Tell them apart by categories or "
                "stage, or make them two versions of one card.",
            )


class _Card:
    """The keys of a scorecard's file, and the sentence about one that will not do."""

    def __init__(self, file: str, keys: Mapping[str, Any]) -> None:
        self.file, self.keys = file, keys

    def refusal(self, key: str, value: object, zh: str, en: str) -> JinpaiError:
        return JinpaiError(
            f"{self.file}：{key} = {value!r} 不行：{zh}。", f"{self.file}: {key} = {value!r} cannot be: {en}."
        )

    def unknown(self, key: str, value: object, known: Iterable[str], zh: str, en: str) -> JinpaiError:
        hint = suggestion(str(value), known)
        return self.refusal(key, value, f"{zh}。{hint.zh}".rstrip("。"), f"{en}. {hint.en}".rstrip("."))

    def names(self, key: str) -> tuple[str, ...]:
        value = self.keys.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.refusal(
                key, value, '要写成一串文字，如 ["甲", "乙"]', 'a list of texts is wanted, like ["a", "b"]'
            )
        return tuple(value)

    def criteria(self, key: str, known: Mapping[str, Criterion]) -> tuple[str, ...]:
        return tuple(self.known(name, known) for name in self.names(key))

    def known(self, name: str, known: Mapping[str, Criterion]) -> str:
        if name not in known:
            raise self.unknown("weights", name, known, "没有这个质检项", "no such criterion")
        return name

    def whole(self, key: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1000:
            raise self.refusal(key, value, "要写 0 到 1000 的整数", "a whole number from 0 to 1000 is wanted")
        return value

    def weights(self, known: Mapping[str, Criterion]) -> dict[str, int]:
        value = self.keys.get("weights", {})
        if not isinstance(value, dict):
            raise self.refusal("weights", value, "要写成 [weights] 一段", "a table [weights] is wanted")
        return {self.known(name, known): self.whole(name, one) for name, one in value.items()}

    def day(self, key: str) -> int:
        value = self.keys.get(key)
        if value is None:
            return ALWAYS
        try:
            told = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            told = None
        if told is None or isinstance(value, bool):
            raise self.refusal(key, value, "要写日期，如 2025-12-01", "a day is wanted, like 2025-12-01")
        return told.year * 10_000 + told.month * 100 + told.day

    def stage(self) -> str | None:
        value = self.keys.get("stage")
        if value is not None and value not in STAGES:
            raise self.refusal(
                "stage", value, "只能是 presales（售前）或 aftersales（售后）", "presales or aftersales is wanted"
            )
        return value


def read_scorecard(
    name: str, file: str, keys: Mapping[str, Any], known: Mapping[str, Criterion], *, is_shipped: bool = False
) -> Scorecard:
    """读质检标准 one version of card `name` out of the contents of its file."""
    read = _Card(file, keys)
    for key in keys:
        if key not in _KEYS:
            hint = suggestion(key, _KEYS)
            raise read.refusal(
                key, keys[key], f"没有这一项。{hint.zh}".rstrip("。"), f"no such key. {hint.en}".rstrip(".")
            )
    weights, left_out = read.weights(known), read.criteria("leave_out", known)
    critical = (
        read.criteria("critical", known) if "critical" in keys else tuple(n for n, one in known.items() if one.critical)
    )
    return Scorecard(
        name, str(keys.get("zh", name)), read.whole("full_mark", keys.get("full_mark", 100)), read.whole("pass_mark", keys.get("pass_mark", 60)),
        tuple((one.name, weights.get(one.name, one.weight)) for one in known.values() if one.name not in left_out),
        critical, read.day("valid_from"), read.stage(), read.names("categories"), is_shipped,
    )  # fmt: skip
