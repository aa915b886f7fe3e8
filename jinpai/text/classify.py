"""分类 classify: a linear model over what a text is written with, in whole numbers, so that every engine gives the same.

A text's features are its runs of one to three characters, the signals of the lexicon that it holds, where a model is
taught on top of another what that one says, and where wanted its meaning. Each feature is a whole number of FINENESS,
each weight one of WEIGHT; sums of whole numbers do not depend on their order. Probabilities are thousandths.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jinpai.errors import JinpaiError
from jinpai.text.normal import normal_block

if TYPE_CHECKING:
    import pyarrow as pa

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
FINENESS = 1024
WEIGHT = 40
WHOLE = 1000
_LONGEST = 3
_BITS = 21
_BREAK, _ZERO, _NINE = ord("\n"), ord("0"), ord("9")
VERSION = 1
NONE = "none"
"""The class of what asks nothing."""


def runs(texts: pa.Array) -> tuple[Ints, Keys]:
    """字串 the row and key of every run of one to three characters; digits are one, begin and end of a line count."""
    block = normal_block(texts)
    codes = np.frombuffer(block.text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    row = np.searchsorted(block.starts, block.raw, side="right") - 1
    codes = np.where((codes >= _ZERO) & (codes <= _NINE), np.uint64(_ZERO), codes)
    is_break = codes == _BREAK
    rows, keys = [row[~is_break]], [codes[~is_break]]
    shift = np.uint64(_BITS)
    if len(codes) > 1:
        stays = ~(is_break[:-1] & is_break[1:])
        rows.append(np.where(is_break[:-1], row[1:], row[:-1])[stays])
        keys.append(((codes[:-1] + np.uint64(1)) << shift | codes[1:])[stays])
    if len(codes) >= _LONGEST:
        stays = ~is_break[1:-1]
        rows.append(row[1:-1][stays])
        three = ((codes[:-2] + np.uint64(1)) << shift | codes[1:-1]) << shift | codes[2:]
        keys.append(three[stays])
    return np.concatenate(rows), np.concatenate(keys)


@dataclass(frozen=True, slots=True)
class Sparse:
    """特征 the features that texts have, one entry each: row, column and a whole number, in the order of rows."""

    row: Ints
    column: Ints
    value: Ints
    rows: int

    def times(self, weights: npt.NDArray[np.int8]) -> Ints:
        """乘权重 the sums of each row's weights, exact."""
        found = np.zeros((self.rows, weights.shape[1]), np.int64)
        for first in range(0, len(self.row), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            row = self.row[part]
            products = weights[self.column[part]].astype(np.int64) * self.value[part, None]
            starts = np.flatnonzero(np.concatenate(([True], row[1:] != row[:-1])))
            found[row[starts]] += np.add.reduceat(products, starts)
        return found


_AT_ONCE = 1 << 16


def known_runs(texts: pa.Array, vocabulary: Keys, rarity: Ints) -> Sparse:
    """认得的字串 the runs of texts that stand in a vocabulary, weighed by how rare they are, each text of length one."""
    row, key = runs(texts)
    place = np.searchsorted(vocabulary, key)
    place[place == len(vocabulary)] = 0
    is_known = vocabulary[place] == key if len(vocabulary) else np.zeros(len(key), bool)
    pair, count = np.unique(row[is_known] * len(vocabulary) + place[is_known], return_counts=True)
    row, column = np.divmod(pair, max(len(vocabulary), 1))
    # whole numbers from here: a logarithm's last digit must not decide
    often = np.rint(FINENESS * (1 + np.log(count))).astype(np.int64)
    raw = often * rarity[column]
    lengths = np.sqrt(np.bincount(row, weights=raw.astype(np.float64) ** 2, minlength=len(texts)))
    value = np.rint(FINENESS * raw / np.maximum(lengths[row], 1)).astype(np.int64)
    return Sparse(row, column, value, len(texts))


def flagged(row: Ints, column: Ints, rows: int) -> Sparse:
    """有没有 features that are there or not, each text of length one."""
    pair = np.unique(np.stack([row, column], axis=1), axis=0) if len(row) else np.zeros((0, 2), np.int64)
    count = np.bincount(pair[:, 0], minlength=rows)
    value = np.rint(FINENESS / np.sqrt(count[pair[:, 0]])).astype(np.int64)
    return Sparse(pair[:, 0], pair[:, 1], value, rows)


@dataclass(frozen=True, slots=True)
class Model:
    """分类模型 classes, what it looks at and the weights; `sharpness` thousandths turn sums into probabilities.

    `beneath` and `meaning` have no rows where a model does not look at them; `origin` tells what it was trained on.
    """

    classes: tuple[str, ...]
    titles: tuple[str, ...]
    vocabulary: Keys
    rarity: Ints
    groups: tuple[str, ...]
    run_weights: npt.NDArray[np.int8]
    group_weights: npt.NDArray[np.int8]
    beneath: npt.NDArray[np.int8]
    meaning: npt.NDArray[np.int8]
    bias: Ints
    sharpness: int
    origin: str = ""

    def thousandths(
        self, texts: pa.Array, groups: Sparse, beneath: Ints | None = None, meaning: Ints | None = None
    ) -> Ints:
        """概率 of each text and class in thousandths; `groups` are the lexicon's, in the order of the model's."""
        sums = known_runs(texts, self.vocabulary, self.rarity).times(self.run_weights)
        sums += groups.times(self.group_weights)
        if len(self.beneath):
            assert beneath is not None
            sums += (beneath * FINENESS // WHOLE) @ self.beneath.astype(np.int64)
        if len(self.meaning):
            assert meaning is not None
            sums += meaning @ self.meaning.astype(np.int64)
        return shares(sums + self.bias, self.sharpness)

    def dump(self) -> bytes:
        """存成文件 the model as bytes, the same for the same model."""
        told = {
            "version": VERSION,
            "classes": self.classes,
            "titles": self.titles,
            "groups": self.groups,
            "sharpness": self.sharpness,
            "origin": self.origin,
        }
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        out = io.BytesIO()
        header = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), np.uint8)
        np.savez_compressed(out, header=header, **arrays)
        return out.getvalue()


_ARRAYS = ("vocabulary", "rarity", "run_weights", "group_weights", "beneath", "meaning", "bias")


def shares(sums: Ints, sharpness: int) -> Ints:
    """占比 sums of weights as probabilities in thousandths."""
    margin = sums / (FINENESS * WEIGHT) * (sharpness / WHOLE)
    grown = np.exp(margin - margin.max(axis=1, keepdims=True)) if margin.shape[1] else margin
    found: Ints = np.rint(WHOLE * grown / np.maximum(grown.sum(axis=1, keepdims=True), 1e-9)).astype(np.int64)
    return found


def read_model(content: bytes, place: Path | str) -> Model:
    """读模型 from what `dump` gave; anything else is a JinpaiError naming `place`."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            told = json.loads(kept["header"].tobytes().decode())
            arrays = {name: kept[name] for name in _ARRAYS}
        assert told["version"] == VERSION, told["version"]
        names: dict[str, Sequence[str]] = {name: tuple(told[name]) for name in ("classes", "titles", "groups")}
        return Model(**names, **arrays, sharpness=int(told["sharpness"]), origin=str(told["origin"]))  # type: ignore[arg-type]
    except (
        ValueError,
        KeyError,
        OSError,
        TypeError,
        EOFError,
        AssertionError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise JinpaiError(
            f"关注点模型 {place} 读不了（{error}）。请删掉它，再用 jinpai teach 教一次。",
            f"The topic model {place} cannot be read ({error}). Delete it and teach again with jinpai teach.",
        ) from None
