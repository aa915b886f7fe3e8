"""做法的作用 effects: what one thing that agents can do differently changes in conversion, in points and in orders a month.

For each behaviour: over the enquiries in which there was occasion for it, those with it against those without, with the
chance of doing it and the chance of converting each modelled from mix, load and agent. Doubly robust: right where either model is
(augmented inverse probability weighting: Robins, Rotnitzky and Zhao, JASA 89 (1994) 846–866); both models are fitted on
other enquiries than they are used for (cross-fitting: Chernozhukov and others, Econometrics Journal 21 (2018) C1–C68).
`effect` is the mean over all occasions; `gain` is what the occasions without it would have brought with it. Of more than
100,000 occasions a part is looked at, drawn by buyer.

It is an association 同时出现 and not proof where enquiries with and without it hardly overlap, where they still
differ after weighting, or where what the buyer had said by then may have prompted it. Source: the diagnosis contract, §5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jinpai.criteria import criteria
from jinpai.diagnosis.coding import coded
from jinpai.diagnosis.outcome import RIDGE, Estimate, numbered, one_hot, part_of, spread
from jinpai.errors import Words

if TYPE_CHECKING:
    import pyarrow as pa
    from scipy import sparse

LEAST = 100
"""So many occasions with and as many without are needed before an effect is worked out."""
FOLDS = 2
EDGE = 0.02
"""An occasion on which the behaviour is nearly certain, or nearly never seen, has nothing to be compared with."""
OVERLAP = 0.9
BALANCE = 0.1
"""A class whose share still differs by so many standard deviations after weighting is not balanced (Austin, Statistics in Medicine 28 (2009) 3083–3107)."""
MONTH = 30
WAITS: dict[str, tuple[Words, str, int]] = {
    "first_within_15s": (Words("首响 15 秒内", "first answer within 15 s"), "first_ms", 15_000),
    "no_long_wait": (Words("聊的过程里不让买家等过 1 分钟", "no later wait over a minute"), "longest_ms", 60_000),
}  # fmt: skip
"""做法：不让等 habits of answering: their words, the wait of the sample, and the longest that is right."""
_PROMPTED = frozenset({"C3", "C5", "C6", "C7", "C8", "E1", "E2", "E5"})
"""Behaviours that a buyer who is about to order, or about to leave, calls forth or cuts off."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """做法 one thing an agent can do: its name, its words, and by row whether it was done (None: no occasion for it)."""

    name: str
    words: Words
    prompted: bool
    done: Callable[[pa.Table], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Effect:
    """作用 of one behaviour; shares of 1, money in fen.

    `overlap` is the share of occasions that have something to be compared with; `imbalance` the largest difference left
    after weighting, in standard deviations, less what chance makes. `gain` is in orders over the days of the sample, `monthly` per 30 days, and
    `amount` what these are worth a month. `why` says why it is an association, empty where it is not.
    """

    behaviour: str
    words: Words
    occasions: int
    done: int
    effect: Estimate
    gain: Estimate
    monthly: Estimate
    amount: Estimate
    overlap: float
    imbalance: float
    why: tuple[str, ...]

    @property
    def is_association(self) -> bool:
        """Whether it is no proof."""
        return bool(self.why)


def _met(name: str) -> Callable[[pa.Table], tuple[np.ndarray, np.ndarray]]:
    def done(rows: pa.Table) -> tuple[np.ndarray, np.ndarray]:
        import pyarrow.compute as pc

        column = rows[f"did_{name}"]
        return pc.fill_null(column, False).to_numpy(zero_copy_only=False), pc.is_valid(column).to_numpy(
            zero_copy_only=False
        )

    return done


def _within(name: str, most: int) -> Callable[[pa.Table], tuple[np.ndarray, np.ndarray]]:
    """Whether a wait was at most so many milliseconds, of those that are known."""

    def done(rows: pa.Table) -> tuple[np.ndarray, np.ndarray]:
        import pyarrow.compute as pc

        return (pc.fill_null(rows[name], most + 1).to_numpy() <= most), pc.is_valid(rows[name]).to_numpy(
            zero_copy_only=False
        )

    return done


def behaviours(rows: pa.Table) -> list[Behaviour]:
    """有哪些做法 what the columns of a sample can tell of."""
    found = [Behaviour(name, words, False, _within(column, most)) for name, (words, column, most) in WAITS.items()]
    known = criteria()
    return found + [
        Behaviour(name, known[name].title, name in _PROMPTED, _met(name))
        for name in (column.removeprefix("did_") for column in rows.schema.names if column.startswith("did_"))
        if name in known
    ]


def effects(rows: pa.Table, seed: int = 0) -> list[Effect]:
    """各做法的作用 by what they would bring a month, the most first; those with too few occasions are left out.

    `seed` decides which enquiries lie in which fold; the same rows and seed give the same effects.
    """
    import pyarrow.compute as pc

    rows = rows.filter(pc.is_valid(rows["agent"]))
    if not len(rows):
        return []
    converted = rows["converted"].to_numpy(zero_copy_only=False).astype(float)
    days = int(pc.max(rows["number"]).as_py()) - int(pc.min(rows["number"]).as_py()) + 1
    worth = float(pc.sum(rows["amount"]).as_py()) / max(converted.sum(), 1)
    classes = coded(rows)
    buyers, agents = numbered(rows["buyer_key"]), numbered(rows["agent"])
    found = []
    for one in behaviours(rows):
        done, applies = one.done(rows)
        there = np.flatnonzero(applies)
        with_it = done[there]
        if min(with_it.sum(), len(there) - with_it.sum()) < LEAST or not 0 < converted[there].sum() < len(there):
            continue
        drawn = there[part_of(buyers[there])]
        chosen = [codes[drawn] for codes in classes.of("mix", "load")]
        design, _ = one_hot([*chosen, agents[drawn]])
        told = _effect(design[:, :-1], done[drawn], converted[drawn], buyers[drawn], seed)
        if told is not None:
            found.append(_said(one, told, len(there), len(there) / len(drawn), int(with_it.sum()), days, worth))
    return sorted(found, key=lambda one: -one.amount.value)


@dataclass(frozen=True, slots=True)
class _Told:
    effect: Estimate
    gain: Estimate
    overlap: float
    imbalance: float


def _effect(
    design: sparse.csr_matrix, done: np.ndarray, converted: np.ndarray, buyers: np.ndarray, seed: int
) -> _Told | None:
    """The mean effect over all occasions, and the orders that the occasions without it would have brought more.

    None where too few occasions have anything to be compared with.
    """
    doing, with_it, without = _chances(design, done, converted, buyers, seed)
    kept = (doing > EDGE) & (doing < 1 - EDGE)
    if min((kept & done).sum(), (kept & ~done).sum()) < LEAST:
        return None
    doing = np.clip(doing, EDGE, 1 - EDGE)
    both = with_it - without + done * (converted - with_it) / doing - ~done * (converted - without) / (1 - doing)
    # of those without it: what they would have had with it, less what they had
    lacked = ~done * (with_it - converted) + done * (1 - doing) / doing * (converted - with_it)
    both, lacked = np.where(kept, both, 0), np.where(kept, lacked, 0)
    size = kept.sum()
    mean, missing = both.sum() / size, (~done & kept).sum()
    per = lacked.sum() / max(missing, 1)
    return _Told(
        Estimate(float(mean), spread(np.where(kept, both - mean, 0) / size, buyers)),
        Estimate(float(lacked.sum()), spread(np.where(kept, lacked - ~done * per, 0), buyers)),
        float(size / len(done)), _imbalance(design, done, doing, kept),
    )  # fmt: skip


def _chances(design: sparse.csr_matrix, done: np.ndarray, converted: np.ndarray, buyers: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """By occasion: the chance that it is done, and that it converts with and without it; a buyer lies in one fold."""
    fold = np.random.default_rng(seed).integers(0, FOLDS, int(buyers.max()) + 1)[buyers]
    chances = np.zeros((3, len(done)))
    for one in range(FOLDS):
        here, others = fold == one, fold != one
        for place, (target, of) in enumerate(((done, others), (converted, others & done), (converted, others & ~done))):
            chances[place, here] = _modelled(design[of], target[of], design[here])
    return chances[0], chances[1], chances[2]


def _modelled(design: sparse.csr_matrix, target: np.ndarray, asked: sparse.csr_matrix) -> np.ndarray:
    """The chance of `target` for other rows; where it always or never happened, that."""
    from sklearn.linear_model import LogisticRegression

    if target.min() == target.max():
        return np.full(asked.shape[0], float(target[0]))
    model = LogisticRegression(C=1 / (10 * RIDGE), solver="lbfgs", max_iter=500, tol=1e-5)
    return np.asarray(model.fit(design, target).predict_proba(asked)[:, 1])


def _imbalance(design: sparse.csr_matrix, done: np.ndarray, doing: np.ndarray, kept: np.ndarray) -> float:
    """The largest difference of a class's share between those with and without it, weighted, in standard deviations."""
    weight = np.where(kept, np.where(done, 1 / doing, 1 / (1 - doing)), 0)
    first = np.asarray(design.T @ (weight * done)) / (weight * done).sum()
    second = np.asarray(design.T @ (weight * ~done)) / (weight * ~done).sum()
    share = np.asarray(design.mean(axis=0)).ravel()
    scale = np.sqrt(np.maximum(share * (1 - share), 1e-9))
    # so much differs by chance alone
    chance = 3 * np.sqrt(1 / done.sum() + 1 / (~done).sum())
    return float(max(0.0, np.max(np.abs(first - second) / scale, initial=0) - chance))


def _said(one: Behaviour, told: _Told, occasions: int, times: float, done: int, days: int, worth: float) -> Effect:
    why = (
        *(("overlap",) if told.overlap < OVERLAP else ()),
        *(("balance",) if told.imbalance > BALANCE else ()),
        *(("prompted",) if one.prompted else ()),
    )
    # worked out on a part of the occasions where there are very many
    gain = Estimate(told.gain.value * times, told.gain.error * times)
    monthly = Estimate(gain.value * MONTH / days, gain.error * MONTH / days)
    return Effect(
        one.name, one.words, occasions, done, told.effect, gain, monthly, Estimate(monthly.value * worth, monthly.error * worth),
        told.overlap, told.imbalance, why,
    )  # fmt: skip
