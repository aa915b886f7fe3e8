"""教 teaching: a shop's own labels make a model of its own, laid over the one that ships.

Beside the labels it is trained on some of the phrases that ship, so that topics nobody labelled stay known; with `only`
the labels' topics alone count. What it looks at is chosen by cross-validation inside the labels. Kept is the model, not
the labelled sentences: it holds runs of three characters at most. The same labels give the same model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jinpai.errors import JinpaiError
from jinpai.text.classify import NONE, Model
from jinpai.text.concerns import own_model, shop_reader
from jinpai.topics.labels import Label
from jinpai.topics.phrases import examples
from jinpai.topics.training import (
    FOLDS,
    Recipe,
    Sentences,
    Told,
    fitted,
    fold_of,
    guessed,
    macro_f1,
    sharpness_of,
    sums,
)
from jinpai.workspace.disk import write_whole
from jinpai.workspace.documents import inline

if TYPE_CHECKING:
    from jinpai.text.signals import Lexicon
    from jinpai.workspace import Workspace

PLAIN = Recipe("plain", beneath=1.0)
MEANT = Recipe("meaning", beneath=1.0, meaning=2.0)
FEWEST, FEWEST_TOPICS = 10, 2
_VARIANTS = 2
RECORD = "taught.toml"


@dataclass(frozen=True, slots=True)
class Taught:
    """教的结果 a model, how it was made, and macro-F1 on labels that it had not seen, before and after.

    `lonely` are topics with a single label: cross-validation can never get those right.
    """

    model: Model
    recipe: str
    labels: int
    topics: int
    lonely: tuple[str, ...]
    before: float
    after: float

    @property
    def is_better(self) -> bool:
        """变好了 whether it is no worse than what there was."""
        return self.after >= self.before


def teach(
    workspace: Workspace, shop: str | None, labels: Sequence[Label], *, only: bool = False, with_meaning: bool = False,
    anyway: bool = False, today: date | None = None,
) -> tuple[Taught, bool]:  # fmt: skip
    """教 a shop's topics from labels; kept where it is better or `anyway` is said. Too few labels are a JinpaiError."""
    settings = workspace.settings(shop)
    reader = shop_reader(settings.folder)
    taught = taught_from(labels, reader.lexicon, reader.topics, only=only, with_meaning=with_meaning)
    is_kept = taught.is_better or anyway
    if is_kept:
        keep(settings.folder, taught, today or date.today())  # noqa: DTZ011 - the day on the wall of whoever teaches
    return taught, is_kept


def taught_from(
    labels: Sequence[Label], lexicon: Lexicon, known: Model, *, only: bool = False, with_meaning: bool = False
) -> Taught:
    """教出来 what labels teach; `known` is the model in use until now."""
    count = Counter(one.topic for one in labels)
    if len(labels) < FEWEST or len(count) < FEWEST_TOPICS:
        raise JinpaiError(
            f"标注太少：只有 {len(labels)} 句、{len(count)} 个关注点，至少要 {FEWEST} 句、{FEWEST_TOPICS} 个关注点。请再标一些。",
            f"There are too few labels: {len(labels)} sentences of {len(count)} topics; at least {FEWEST} of {FEWEST_TOPICS} are needed. Label some more.",
        )
    recipes = [PLAIN, MEANT] if with_meaning else [PLAIN]
    beside = [one for one in anchors() if not only or one[1] == NONE]
    texts = [*(one.text for one in labels), *(text for text, _ in beside)]
    named = [*(one.topic for one in labels), *(topic for _, topic in beside)]
    every = Sentences.of(texts, named, lexicon, recipes)
    titles = dict(zip(known.classes, known.titles, strict=True))
    found = [(recipe, *_tried(every, recipe, len(labels), titles)) for recipe in recipes]
    best, guess, told = max(found, key=lambda one: (round(macro_f1(_truth(labels), one[1]), 6), -recipes.index(one[0])))
    model = replace(fitted(every, best, titles), sharpness=sharpness_of(told))
    return Taught(
        model, best.name, len(labels), len(count), tuple(sorted(topic for topic, n in count.items() if n == 1)),
        macro_f1(_truth(labels), _before(labels, lexicon, known)), macro_f1(_truth(labels), guess),
    )  # fmt: skip


def anchors() -> list[tuple[str, str]]:
    """垫底的例句 some of the sentences that ship with their topics, the same number of each pattern."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for one in examples("topic"):
        seen[one.topic, one.pattern] += 1
        if seen[one.topic, one.pattern] <= _VARIANTS:
            found.append((one.text, one.topic))
    return found


def _truth(labels: Sequence[Label]) -> list[str]:
    return [one.topic for one in labels]


def _tried(every: Sentences, recipe: Recipe, labels: int, titles: Mapping[str, str]) -> tuple[list[str], list[Told]]:
    """What models that have not seen a label say of it, and their sums; what ships they always see."""
    number = min(FOLDS, labels)
    fold = np.concatenate(
        (fold_of([str(one) for one in range(labels)], number), np.full(len(every.labels) - labels, -1))
    )
    guess = [""] * labels
    told: list[Told] = []
    for one in range(number):
        held = np.flatnonzero(fold == one)
        model = fitted(every.part(np.flatnonzero(fold != one)), recipe, titles)
        unseen = every.part(held)
        told.append((sums(model, unseen), unseen.labels.tolist(), model.classes))
        for place, topic in zip(held.tolist(), guessed(model, unseen).tolist(), strict=True):
            guess[place] = topic
    return guess, told


def _before(labels: Sequence[Label], lexicon: Lexicon, known: Model) -> list[str]:
    """What the model in use says of the labels; it may have seen them, if they were taught before."""
    recipe = Recipe("known", beneath=float(len(known.beneath) > 0), meaning=float(len(known.meaning) > 0))
    made = Sentences.of([one.text for one in labels], _truth(labels), lexicon, [recipe])
    found: list[str] = guessed(known, made.seen_by(known)).tolist()
    return found


def keep(settings_folder: Path, taught: Taught, today: date) -> None:
    """留下 the model and the record of how it came about."""
    file = own_model(settings_folder)
    file.parent.mkdir(exist_ok=True)
    told = {
        "on": today, "labels": taught.labels, "topics": taught.topics, "recipe": taught.recipe,
        "macro_f1_before": round(taught.before, 4), "macro_f1_after": round(taught.after, 4),
    }  # fmt: skip
    lines = [
        "# jinpai teach 写的记录：关注点是什么时候、用多少句标注教的。模型在旁边的 taught.npz，删掉它就回到自带的。"
    ]
    lines += [f"{name} = {inline(value)}" for name, value in told.items()]
    write_whole(file, taught.model.dump())
    write_whole(file.with_name(RECORD), ("\n".join(lines) + "\n").encode())


def forget(settings_folder: Path) -> bool:
    """不用了 goes back to the model that ships; False where nothing was taught."""
    file = own_model(settings_folder)
    there = file.is_file()
    for one in (file, file.with_name(RECORD)):
        one.unlink(missing_ok=True)
    return there
