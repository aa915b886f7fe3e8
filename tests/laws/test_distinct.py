"""不重复的话的定律: however many threads read at once, each finds what one alone would."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest

from jinpai.coded import Ints
from jinpai.tables import _distinct
from jinpai.tables._distinct import Distinct, Found
from tests.mutants import kills

WORDS = [
    "在吗",
    "包邮吗",
    "多大",
    "",
    "能便宜点吗",
    "几天到",
    "好的",
    "谢谢",
    "有货吗",
    "怎么洗",
    "我要两件",
    "发什么快递",
]


def letters(texts: pa.Array) -> Found:
    """Each character is a find: its place and its code; slowly, so that others come between."""
    time.sleep(0.001)
    told = [(at, place, ord(one)) for at, text in enumerate(texts.to_pylist()) for place, one in enumerate(text)]
    columns = np.array(told, np.int64).reshape(-1, 3).T
    return columns[0], (columns[1], columns[2])


def alone(piece: list[str | None]) -> list[tuple[int, int, int]]:
    return [(row, place, ord(one)) for row, text in enumerate(piece) for place, one in enumerate(text or "")]


@pytest.mark.parametrize("remembered", [_distinct.REMEMBERED, 5])
@kills("jinpai/tables/_distinct.py", "return known.with_more(new)", "return self._known")
@kills("jinpai/tables/_distinct.py", "fresh = new.only(self._known.lacks(new.texts))", "fresh = new")
@kills("jinpai/tables/_distinct.py", "counts[stays])))", "counts)))")
@kills("jinpai/tables/_distinct.py", "of_find = np.repeat(stays, counts)", "of_find = np.repeat(stays, counts) | True")
def test_threads_that_read_at_once_find_what_one_alone_would(remembered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_distinct, "REMEMBERED", remembered)
    shared, drawn = Distinct(letters), random.Random(7)
    pieces = [
        [drawn.choice([*WORDS, f"{drawn.randrange(40)}号", None]) for _ in range(drawn.randrange(6))]
        for _ in range(400)
    ]

    def read(piece: list[str | None]) -> list[tuple[int, ...]]:
        row, columns = shared.read(pa.chunked_array([pa.array(piece, pa.string())]))
        every: list[Ints] = [row, *columns]
        return list(zip(*(one.tolist() for one in every), strict=True))

    with ThreadPoolExecutor(8) as threads:
        for piece, found in zip(pieces, threads.map(read, pieces), strict=True):
            assert found == alone(piece)
    assert len(set(shared._known.texts.to_pylist())) == len(shared._known.texts), "each text is remembered once"
