"""训练 training: from labelled sentences to a linear model in whole numbers; the same sentences give the same model.

A linear support vector machine for each class. How sharply its sums become probabilities is settled by cross-validation
in which sentences of one pattern stay together. Needs scikit-learn; reading with a model does not.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from jinpai.errors import JinpaiError
from jinpai.text import meaning
from jinpai.text.classify import FINENESS, WEIGHT, WHOLE, Ints, Keys, Model, Sparse, flagged, known_runs, runs, shares
from jinpai.text.concerns import Groups, found_groups, shipped_model
from jinpai.text.signals import Lexicon

if TYPE_CHECKING:
    import pyarrow as pa

FOLDS = 5
SHARPNESS = (1000, 1500, 2000, 3000, 4000, 6000, 8000)
USUAL_SHARPNESS = 4000
_HEAVIEST = 127


@dataclass(frozen=True, slots=True)
class Recipe:
    """配方 what a model looks at and how firmly it is held to the sentences."""

    name: str
    firmness: float = 1.0
    runs: float = 1.0
    groups: float = 1.0
    beneath: float = 0.0
    meaning: float = 0.0
    fewest: int = 1
    """in so many sentences a run of characters must stand"""


SHIPPED = Recipe("shipped", fewest=2)


@dataclass(frozen=True, slots=True)
class Sentences:
    """句子 labelled sentences made into features once; `part` of them are what a fold trains on."""

    texts: pa.Array
    labels: npt.NDArray[np.str_]
    groups: Sparse
    group_names: tuple[str, ...]
    beneath: Ints | None
    vectors: Ints | None

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        lexicon: Lexicon,
        recipes: Sequence[Recipe],
        blind: Sequence[bool] = (),
    ) -> Sentences:
        """句子 with what the recipes look at; the lexicon's signals are left out where `blind`."""
        import pyarrow as pa

        column = pa.array(texts, pa.string())
        names = Groups.of(lexicon).names
        row, group = found_groups(lexicon, column)
        if len(blind):
            sees = ~np.array(blind, bool)[row]
            row, group = row[sees], group[sees]
        beneath = None
        if any(one.beneath for one in recipes):
            shipped = shipped_model("topic")
            known = {name: place for place, name in enumerate(shipped.groups)}
            place = np.array([known.get(name, -1) for name in names], np.int64)[group]
            beneath = shipped.thousandths(column, flagged(row[place >= 0], place[place >= 0], len(texts)))
        vectors = meaning.vectors(texts, together=True) if any(one.meaning for one in recipes) else None
        return cls(column, np.array(labels), flagged(row, group, len(texts)), names, beneath, vectors)

    def seen_by(self, model: Model) -> Sentences:
        """按模型的词库分组 the same sentences with the signals in a model's own order; those it does not know are nothing."""
        known = {name: place for place, name in enumerate(model.groups)}
        column = np.array([known.get(name, -1) for name in self.group_names], np.int64)[self.groups.column]
        stays = column >= 0
        groups = flagged(self.groups.row[stays], column[stays], self.groups.rows)
        return replace(self, groups=groups, group_names=model.groups)

    def part(self, rows: Ints) -> Sentences:
        """一部分 some of the sentences."""
        import pyarrow as pa

        new = np.full(len(self.texts), -1, np.int64)
        new[rows] = np.arange(len(rows))
        order = np.argsort(new[self.groups.row], kind="stable")
        order = order[new[self.groups.row][order] >= 0]
        groups = Sparse(new[self.groups.row][order], self.groups.column[order], self.groups.value[order], len(rows))
        beneath, vectors = (None if one is None else one[rows] for one in (self.beneath, self.vectors))
        return Sentences(self.texts.take(pa.array(rows)), self.labels[rows], groups, self.group_names, beneath, vectors)


def fitted(sentences: Sentences, recipe: Recipe, titles: Mapping[str, str], sharpness: int = USUAL_SHARPNESS) -> Model:
    """训练 a model of labelled sentences."""
    vocabulary, rarity = _vocabulary(sentences.texts, recipe.fewest)
    words = known_runs(sentences.texts, vocabulary, rarity)
    blocks = [
        _matrix(words, len(vocabulary)) * recipe.runs,
        _matrix(sentences.groups, len(sentences.group_names)) * recipe.groups,
    ]
    if recipe.beneath and sentences.beneath is not None:
        blocks.append(_dense(sentences.beneath / WHOLE) * recipe.beneath)
    if recipe.meaning and sentences.vectors is not None:
        blocks.append(_dense(sentences.vectors / meaning.FINENESS) * recipe.meaning)
    classes, weights, bias = _separated(blocks, sentences.labels, recipe.firmness)
    scales = [recipe.runs, recipe.groups, *(one for one in (recipe.beneath, recipe.meaning) if one)]
    ends = np.cumsum([0, *(block.shape[1] for block in blocks)])
    parts = [_whole(weights[first:last] * scale) for first, last, scale in zip(ends, ends[1:], scales, strict=False)]
    none = np.zeros((0, len(classes)), np.int8)
    beneath = parts[2] if recipe.beneath else none
    return Model(
        tuple(classes), tuple(titles.get(one, one) for one in classes), vocabulary, rarity, sentences.group_names,
        parts[0], parts[1], beneath, parts[-1] if recipe.meaning else none,
        np.rint(bias * WEIGHT * FINENESS).astype(np.int64), sharpness,
    )  # fmt: skip


def sharpened(
    sentences: Sentences, recipe: Recipe, titles: Mapping[str, str], together: Sequence[str] | None = None
) -> Model:
    """训练好 a model of all sentences, whose probabilities are as sharp as cross-validation bears out."""
    from dataclasses import replace

    told = [
        (sums(model, held), held.labels.tolist(), model.classes)
        for model, held in folds(sentences, recipe, titles, together)
    ]
    return replace(fitted(sentences, recipe, titles), sharpness=sharpness_of(told))


def folds(
    sentences: Sentences,
    recipe: Recipe,
    titles: Mapping[str, str],
    together: Sequence[str] | None = None,
    seed: int = 0,
) -> Iterator[tuple[Model, Sentences]]:
    """交叉验证 a model of each four fifths of the sentences, with the fifth that it has not seen; none where too few."""
    number = min(FOLDS, len(set(together or range(len(sentences.labels)))))
    if number < 2 or len(set(sentences.labels.tolist())) < 2:
        return
    fold = fold_of(together or [str(one) for one in range(len(sentences.labels))], number, seed)
    for one in range(number):
        learnt, held = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
        if len(set(sentences.labels[learnt].tolist())) > 1 and len(held):
            yield fitted(sentences.part(learnt), recipe, titles), sentences.part(held)


def fold_of(together: Sequence[str], number: int, seed: int = 0) -> Ints:
    """分到哪一份 which of `number` parts each sentence belongs to; those named alike belong together."""
    names = sorted(set(together))
    shuffled = np.random.default_rng(seed).permutation(len(names))
    place = dict(zip(names, (shuffled % number).tolist(), strict=True))
    return np.array([place[name] for name in together], np.int64)


def sums(model: Model, sentences: Sentences) -> Ints:
    """得分 the sums of weights of sentences under a model, by class."""
    found = known_runs(sentences.texts, model.vocabulary, model.rarity).times(model.run_weights)
    found += sentences.groups.times(model.group_weights)
    if len(model.beneath) and sentences.beneath is not None:
        found += (sentences.beneath * FINENESS // WHOLE) @ model.beneath.astype(np.int64)
    if len(model.meaning) and sentences.vectors is not None:
        found += sentences.vectors @ model.meaning.astype(np.int64)
    return found + model.bias


def guessed(model: Model, sentences: Sentences) -> npt.NDArray[np.str_]:
    """猜的 the likeliest class of each sentence."""
    best: npt.NDArray[np.str_] = np.array(model.classes)[sums(model, sentences).argmax(axis=1)]
    return best


def macro_f1(truth: Sequence[str], guess: Sequence[str], classes: Sequence[str] | None = None) -> float:
    """宏平均 macro-F1: the mean over the classes (of the truth, unless named) of the harmonic mean of precision and recall."""
    names = sorted(set(truth)) if classes is None else classes
    found = []
    for name in names:
        hit = sum(one == other == name for one, other in zip(truth, guess, strict=True))
        total = sum(one == name for one in truth) + sum(one == name for one in guess)
        found.append(2 * hit / total if total else 0.0)
    return sum(found) / len(found) if found else 0.0


Told = tuple[Ints, Sequence[str], Sequence[str]]
"""What models said of sentences that they had not seen: sums, the true classes, the models' classes."""


def sharpness_of(told: Sequence[Told]) -> int:
    """多有把握 the sharpness under which the truth was least surprising; the usual one where nothing is told."""
    return min(SHARPNESS, key=lambda one: sum(map(partial(_surprise, one), told))) if told else USUAL_SHARPNESS


def _surprise(sharpness: int, told: Told) -> float:
    found, labels, classes = told
    place = {name: number for number, name in enumerate(classes)}
    column = np.array([place.get(one, -1) for one in labels], np.int64)
    known = np.flatnonzero(column >= 0)
    share = shares(found[known], sharpness)[np.arange(len(known)), column[known]] / WHOLE
    return float(-np.log(np.maximum(share, 0.001)).sum())


def _vocabulary(texts: pa.Array, fewest: int) -> tuple[Keys, Ints]:
    """The runs of characters that stand in enough of the sentences, and how rare each is."""
    row, key = runs(texts)
    vocabulary, place = np.unique(key, return_inverse=True)
    pair = np.unique(np.stack([place, row], axis=1), axis=0)
    count = np.bincount(pair[:, 0], minlength=len(vocabulary))
    vocabulary, count = vocabulary[count >= fewest], count[count >= fewest]
    rarity = np.rint(FINENESS * (1 + np.log((1 + len(texts)) / (1 + count)))).astype(np.int64)
    return vocabulary, rarity


def _matrix(sparse: Sparse, columns: int) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((sparse.value / FINENESS, (sparse.row, sparse.column)), shape=(sparse.rows, columns))


def _dense(values: npt.NDArray[np.float64]) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix(values)


def _separated(blocks: list[Any], labels: npt.NDArray[np.str_], firmness: float) -> tuple[list[str], Any, Any]:
    """Classes, weights (feature by class) and bias of a machine for each class."""
    try:
        from scipy.sparse import hstack
        from sklearn.svm import LinearSVC
    except ImportError:
        raise JinpaiError(
            "教关注点要用 scikit-learn，这台电脑没有装。请运行 pip install 'jinpai[topics]'。",
            "Teaching topics needs scikit-learn, which is not installed. Run pip install 'jinpai[topics]'.",
        ) from None
    machine = LinearSVC(C=firmness, random_state=0, max_iter=5000)
    with warnings.catch_warnings():
        # many topics with few labels each are what a shop has
        warnings.simplefilter("ignore", UserWarning)
        machine.fit(hstack(blocks).tocsr(), labels)
    classes = [str(one) for one in machine.classes_]
    weights, bias = machine.coef_.T, machine.intercept_
    if len(classes) == 2:
        # of two classes there is one machine
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return classes, weights, bias


def _whole(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    return np.clip(np.rint(weights * WEIGHT), -_HEAVIEST, _HEAVIEST).astype(np.int8)
