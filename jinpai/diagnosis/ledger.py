"""流失账本 ledger: every lost enquiry under its one reason, what it was worth, and what would have come back without the reason.

Both sums are in fen. 流失金额 at stake: the chance that the enquiry would have converted had its reason not been there, times
the expected order of such an enquiry; over all lost enquiries it is the total loss, and reasons add up to it. 可挽回
recoverable: the part of it that hangs on the reason. Of those who were lost although a chance of p was left to them, a
share of (q - p) / (1 - p) would have converted with a chance of q, since whoever converts with the reason would without it
too; with everybody it is what the shop would have sold more without that reason. Nothing is recoverable of 原因不明.

Chances come from one model of mix, load, agent and the evidence of all reasons; evidence that paid enquiries have as
well tells what a reason costs, and what hardly costs anything says so in its interval. Nobody can keep a buyer from objecting, but
an objection can be answered: there, and with unpaid orders, "without the reason" means answered well, and reminded of. Source: the diagnosis contract, §4;
Pearl, Statistical Science 14 (1999) and Tian and Pearl, Annals of Mathematics and AI 28 (2000) 287–313, on causes of what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jinpai.diagnosis.coding import coded
from jinpai.diagnosis.evidence import ANSWERED, REMINDED
from jinpai.diagnosis.outcome import Estimate, Outcome, fit, logistic, numbered, spread
from jinpai.diagnosis.reasons import REASONS, Reason, Side
from jinpai.errors import Words

if TYPE_CHECKING:
    import pyarrow as pa

UNEXPLAINED = "unexplained"
UNPAID = "unpaid_not_reminded"
"""Evidence of the outcome's own making: an order that is not paid. It is held against orders that somebody reminded of."""
OBJECTION = "objection"
LEAST = 20
"""Of a reason with less evidence than that nothing is said in yuan: it stands in the account with its number alone."""
PULL = 5
"""The orders of a product are taken together with so many of the shop's mean."""


@dataclass(frozen=True, slots=True)
class Line:
    """一行账 one reason: lost enquiries, what they were worth, and how much of it would come back; `evidence` counts paid ones too.

    `recoverable` is None where there is too little evidence to tell, and `is_looked_at` False where nobody could look.
    """

    reason: str
    words: Words
    side: Side
    lost: int
    evidence: int
    at_stake: int
    recoverable: Estimate | None
    is_looked_at: bool


@dataclass(frozen=True, slots=True)
class Share:
    """谁的账 one agent and reason: lost enquiries, and what of it would come back (None: too little to tell), fen."""

    agent: str | None
    reason: str
    lost: int
    at_stake: int
    recoverable: float | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """流失账本 over `enquiries` of `days`; `lines` in the order of REASONS, `shares` by agent and reason, `rows` every lost enquiry.

    `rows`: enquiry_key, buyer_key, day, agent, reason, side, at_stake and recoverable (fen), and where the evidence stands.
    """

    enquiries: int
    lost: int
    days: int
    lines: list[Line]
    shares: list[Share]
    rows: pa.Table


def ledger(rows: pa.Table, evidence: pa.Table, looked_at: tuple[str, ...]) -> Ledger:
    """流失账本 of a sample and the evidence of its enquiries (`reasons.judge`), one row each in any order.

    An enquiry of the sample that has no row of evidence is a mistake of the caller (KeyError).
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    evidence = lined_up(rows, evidence)
    converted = rows["converted"].to_numpy(zero_copy_only=False)
    days = int(pc.max(rows["number"]).as_py()) - int(pc.min(rows["number"]).as_py()) + 1 if len(rows) else 0
    flags = {
        one.name: flag(evidence, f"has_{one.name}")
        for one in REASONS
        if one.name != UNEXPLAINED and one.name in looked_at
    }
    primary = _primary(flags, len(rows))
    worth = _worth(rows, converted)
    back, stake, sums = _valued(rows, evidence, flags, primary, converted, worth)
    lost = np.flatnonzero(~converted)
    reason = np.array([one.name for one in REASONS])[primary]
    found = pa.table({
        "enquiry_key": rows["enquiry_key"].take(lost), "buyer_key": rows["buyer_key"].take(lost), "day": rows["day"].take(lost), "agent": rows["agent"].take(lost), "reason": reason[lost],
        "side": evidence["side"].take(lost) if "side" in evidence.schema.names else [REASONS[at].side for at in primary[lost]],
        "at_stake": np.rint(stake[lost]).astype(np.int64), "recoverable": np.where(np.isfinite(back[lost]), back[lost], np.nan),
        **{name: evidence[name].take(lost) for name in ("conversation_key", "seq", "begins", "ends") if name in evidence.schema.names},
    })  # fmt: skip
    lines = [
        Line(
            one.name, one.words, one.side, int((primary[lost] == at).sum()), int(flags[one.name].sum()) if one.name in flags else 0,
            int(found["at_stake"].to_numpy()[primary[lost] == at].sum()), sums.get(one.name), one.name in flags or one.name == UNEXPLAINED,
        )
        for at, one in enumerate(REASONS)
    ]  # fmt: skip
    return Ledger(len(rows), len(lost), days, lines, _shares(found), found)


def flag(evidence: pa.Table, name: str) -> np.ndarray:
    """有没有 by row whether it is said; what is not known, or has no column, is not."""
    import pyarrow.compute as pc

    if name not in evidence.schema.names:
        return np.zeros(len(evidence), bool)
    return np.asarray(pc.fill_null(evidence[name], False).to_numpy(zero_copy_only=False))


def lined_up(rows: pa.Table, evidence: pa.Table) -> pa.Table:
    """对齐 the evidence of a sample's enquiries, row by row; one that has none is a mistake of the caller (KeyError)."""
    import pyarrow as pa

    return evidence.take(pa.array(_places(rows["enquiry_key"].to_numpy(), evidence["enquiry_key"].to_numpy())))


def _places(wanted: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Where each wanted key stands."""
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    if len(wanted) and not np.array_equal(keys[order[at]], wanted):
        raise KeyError("an enquiry of the sample has no row of evidence")
    return np.asarray(order[at])


def _primary(flags: Mapping[str, np.ndarray], size: int) -> np.ndarray:
    """By enquiry, lost or not: the place in REASONS of the first whose evidence is there."""
    place = np.full(size, len(REASONS) - 1)
    for at in range(len(REASONS) - 1, -1, -1):
        if REASONS[at].name in flags:
            place[flags[REASONS[at].name]] = at
    return place


def _worth(rows: pa.Table, converted: np.ndarray) -> np.ndarray:
    """By enquiry: the expected amount of an order about its product, fen."""
    amount = rows["amount"].to_numpy().astype(float)
    product = numbered(rows["product"])
    mean = amount[converted].mean() if converted.any() else 0.0
    total = np.bincount(product, np.where(converted, amount, 0)) + PULL * mean
    return np.asarray((total / (np.bincount(product, converted) + PULL))[product])


def _valued(
    rows: pa.Table, evidence: pa.Table, flags: Mapping[str, np.ndarray], primary: np.ndarray, converted: np.ndarray, worth: np.ndarray
) -> tuple[np.ndarray, np.ndarray, dict[str, Estimate]]:  # fmt: skip
    """By enquiry: what would come back and what was at stake, fen; by reason the sum of what would come back."""
    import pyarrow.compute as pc

    size = len(rows)
    back, stake = np.full(size, np.nan), np.zeros(size)
    sums: dict[str, Estimate] = {}
    if not 0 < converted.sum() < size:
        return back, stake, sums
    classes = coded(rows).of("mix", "load")
    told = [name for name, there in flags.items() if name != UNPAID and LEAST <= there.sum() < size]
    answered = flag(evidence, ANSWERED)
    if answered.sum() < LEAST:
        told = [name for name in told if name != OBJECTION]
    better = {OBJECTION: np.where(flags[OBJECTION], 2, answered.astype(np.int64))} if OBJECTION in told else {}
    columns = [
        *classes,
        numbered(pc.fill_null(rows["agent"], "")),
        *(better.get(name, flags[name].astype(np.int64)) for name in told),
    ]
    model = fit(columns, converted.astype(float))
    stake[:] = model.chance * worth
    back[primary == len(REASONS) - 1] = 0.0
    buyers = numbered(rows["buyer_key"])
    for at, one in enumerate(REASONS):
        mine = primary == at
        if one.name in told:
            column = len(classes) + 1 + told.index(one.name)
            instead = np.full(size, 1 if one.name in better else 0)
            back[mine], stake[mine], sums[one.name] = _without(model, column, instead, mine, worth, buyers)
        elif one.name == UNPAID and one.name in flags:
            _of_unpaid(one, evidence, mine, converted, worth, back, stake, sums)
    return back, stake, sums


def _without(
    model: Outcome, column: int, instead: np.ndarray, mine: np.ndarray, worth: np.ndarray, buyers: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Estimate]:  # fmt: skip
    """Of the enquiries whose reason this is: what would come back, what was at stake; and the sum over the lost ones.

    `instead` are the classes of the reason's column without it.
    """
    with_it, free = model.chance, logistic(model.log_odds_with(column, instead))
    share = (free - with_it) / (1 - with_it)
    lost = mine * (1 - model.converted) * worth
    to_free = lost * free * (1 - free) / (1 - with_it)
    to_own = -lost * model.slope * (1 - free) / (1 - with_it) ** 2
    gradient = model.gradient_with(column, instead, to_free) + np.asarray(model.design.T @ to_own)
    # chance also decides who is lost
    moves = model.weights(gradient) - mine * worth * share * model.surprise
    return (worth * share)[mine], (worth * free)[mine], Estimate(float(lost @ share), spread(moves, buyers))


def _of_unpaid(
    one: Reason, evidence: pa.Table, mine: np.ndarray, converted: np.ndarray, worth: np.ndarray, back: np.ndarray,
    stake: np.ndarray, sums: dict[str, Estimate],
) -> None:  # fmt: skip
    """Orders that stood unpaid and of which nobody reminded, beside those of which somebody did."""
    reminded, alone = flag(evidence, REMINDED), flag(evidence, f"has_{one.name}")
    if min(reminded.sum(), alone.sum()) < LEAST or converted[alone].all():
        return
    free, with_it = converted[reminded].mean(), converted[alone].mean()
    share = (free - with_it) / (1 - with_it)
    back[mine], stake[mine] = worth[mine] * share, worth[mine] * free
    total = float((worth * ~converted)[mine].sum())
    error = np.hypot(
        np.sqrt(free * (1 - free) / reminded.sum()) / (1 - with_it),
        np.sqrt(with_it * (1 - with_it) / alone.sum()) * (1 - free) / (1 - with_it) ** 2,
    )
    sums[one.name] = Estimate(total * float(share), total * float(error))


def _shares(found: pa.Table) -> list[Share]:
    """By agent and reason, the most lost first."""
    told = found.group_by(["agent", "reason"]).aggregate(
        [("enquiry_key", "count"), ("at_stake", "sum"), ("recoverable", "sum")]
    )
    return sorted(
        (
            Share(row["agent"], row["reason"], row["enquiry_key_count"], row["at_stake_sum"], None if np.isnan(row["recoverable_sum"]) else row["recoverable_sum"])
            for row in told.to_pylist()
        ),
        key=lambda one: (-one.lost, one.agent or "", one.reason),
    )  # fmt: skip
