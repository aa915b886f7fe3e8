"""分档 coding: the columns of a sample as classes, put into the blocks of which a conversion is made up.

mix 询单构成 is what came in and when in the calendar, load 忙闲班次 when in the day and how busy, timeliness 响应 how long
the buyer waited, handling 接待 how the talk was led. A class is kept where it has enough enquiries to say something; rarer
products go with their category, rarer classes together. A column that the sample has not, or that is always the same, is
left out, and the result names it. Source: the diagnosis contract, §2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jinpai.diagnosis.sample import GROUPS
from jinpai.errors import Words

if TYPE_CHECKING:
    import pyarrow as pa

LEAST, SHARE = 30, 200
"""A class has at least so many enquiries, and one in so many of all."""
NOBODY = np.iinfo(np.int64).max
"""Longer than every wait: nobody answered."""
Codes = np.ndarray
Read = Callable[["pa.Table"], Codes]


@dataclass(frozen=True, slots=True)
class Column:
    """一项 one thing that is adjusted for: its block, its name, the columns it needs, and its classes by row."""

    block: str
    name: str
    words: Words
    needs: tuple[str, ...]
    read: Read


BLOCKS: dict[str, Words] = {
    "mix": Words("询单构成", "mix of enquiries"),
    "load": Words("忙闲和班次", "load and shifts"),
    "timeliness": Words("响应速度", "timeliness"),
    "handling": Words("接待方式", "handling"),
}
"""In the order in which they are held against a gap: what an agent cannot choose comes first."""


def _classes(name: str) -> Read:
    return lambda rows: _rare_together(_texts(rows, name))


def _bands(name: str, *ends: int, unknown: int = -1) -> Read:
    """Which of the half-open bands that `ends` cut a number lies in; an unknown one is a class of its own."""
    return lambda rows: np.searchsorted(np.array(ends), _numbers(rows, name, unknown), side="right")


def _numbers(rows: pa.Table, name: str, unknown: int) -> np.ndarray:
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(rows[name].cast("int64"), unknown).to_numpy())


def _texts(rows: pa.Table, name: str) -> np.ndarray:
    import pyarrow.compute as pc

    coded = pc.fill_null(rows[name].cast("string"), "").combine_chunks().dictionary_encode()
    order = np.argsort(np.argsort(np.array(coded.dictionary.to_pylist(), dtype=object)))
    return np.asarray(order[coded.indices.to_numpy()])


def _enough(codes: Codes) -> np.ndarray:
    """By row: its class is large enough to stand alone."""
    least = max(LEAST, len(codes) // SHARE)
    return np.asarray((np.bincount(codes) >= least)[codes]) if len(codes) else np.zeros(0, bool)


def _rare_together(codes: Codes) -> Codes:
    return np.where(_enough(codes), codes + 1, 0)


def _product(rows: pa.Table) -> Codes:
    """A product where there is enough of it, else its category."""
    product, category = _texts(rows, "product"), _rare_together(_texts(rows, "category"))
    return np.where(_enough(product), product + category.max(initial=0) + 1, category)


def _price(rows: pa.Table) -> Codes:
    """Fifths of the known prices; unknown is 0."""
    price = _numbers(rows, "price", -1)
    known = price[price >= 0]
    if not len(known):
        return np.zeros(len(price), np.int64)
    cuts = np.unique(np.quantile(known, (0.2, 0.4, 0.6, 0.8)))
    return np.where(price < 0, 0, 1 + np.searchsorted(cuts, price, side="right"))


def _first(rows: pa.Table) -> Codes:
    """How long until the first answer, in the bands that shops watch; nobody answered is the last."""
    waited = _numbers(rows, "first_ms", 0)
    answered = _numbers(rows, "answered", 0) > 0
    return np.searchsorted(np.array((6_001, 15_001, 30_001, 60_001, 180_001, NOBODY)), np.where(answered, waited, NOBODY), side="right")  # fmt: skip


COLUMNS: tuple[Column, ...] = (
    Column("mix", "product", Words("商品", "product"), ("product", "category"), _product),
    Column("mix", "price", Words("价位", "price band"), ("price",), _price),
    Column("mix", "repeat", Words("新老买家", "new or returning buyer"), ("is_repeat",), _bands("is_repeat", 1)),
    Column("mix", "level", Words("会员等级", "buyer level"), ("level",), _classes("level")),
    Column("mix", "promotion", Words("活动", "promotion"), ("promotion",), _classes("promotion")),
    Column("mix", "holiday", Words("节假日", "holiday"), ("is_holiday",), _bands("is_holiday", 1)),
    Column("mix", "weekday", Words("星期", "weekday"), ("weekday",), _classes("weekday")),
    Column("mix", "week", Words("哪一周", "week"), ("week",), _classes("week")),
    Column("load", "hour", Words("时段", "hour of day"), ("hour",), _bands("hour", 8, 12, 14, 18, 20, 22)),
    Column("load", "off_hours", Words("下班后来问", "off hours"), ("off_hours",), _bands("off_hours", 1)),
    Column("load", "load", Words("同时接待", "talks at once"), ("load",), _bands("load", 0, 1, 2, 4, 7, 11)),
    Column("timeliness", "first", Words("首响", "first response"), ("first_ms", "answered"), _first),
    Column("timeliness", "longest", Words("中途最长等待", "longest later wait"), ("longest_ms",),
        _bands("longest_ms", 0, 15_001, 60_001, 180_001)),
    *(Column("handling", f"handling_{group}", Words(f"质检 {group} 组", f"inspection group {group}"), (f"handling_{group}",),
        _bands(f"handling_{group}", 0, 400, 800, 1000)) for group in GROUPS),
)  # fmt: skip
UNSEEN = (Words("流量来源", "source of traffic"),)
"""What no table of ours holds, and a comparison is therefore never adjusted for."""


@dataclass(frozen=True, slots=True)
class Coded:
    """分好档的样本 classes by row of every column that says something, and the columns that do not."""

    classes: dict[Column, Codes]
    missing: tuple[Column, ...]

    def of(self, *blocks: str) -> list[Codes]:
        """The columns of these blocks."""
        return [codes for column, codes in self.classes.items() if column.block in blocks]

    def blocks(self) -> list[str]:
        """The blocks of which anything is known, in order."""
        return [block for block in BLOCKS if any(column.block == block for column in self.classes)]

    def unadjusted(self) -> list[Words]:
        """没调整的 what a comparison was not adjusted for, as it is said on the chart."""
        return [*(column.words for column in self.missing if column.block in ("mix", "load")), *UNSEEN]


def coded(rows: pa.Table, without: tuple[str, ...] = ()) -> Coded:
    """分档 the classes of every column of a sample; those named in `without` are left alone."""
    classes: dict[Column, Codes] = {}
    missing: list[Column] = []
    for column in COLUMNS:
        if column.name in without:
            continue
        codes = column.read(rows) if all(name in rows.schema.names for name in column.needs) else None
        if codes is None or len(np.unique(codes)) < 2:
            missing.append(column)
        else:
            classes[column] = np.unique(codes, return_inverse=True)[1]
    return Coded(classes, tuple(missing))
