"""夹心 sandwich: how uncertain figures are that come from one or several fits of the same enquiries, and differences of them.

To first order a figure moves with each outcome by z·v times the surprise, where z is the enquiry's row in the design and v
says how the figure hangs on the effects. All variances then follow from one small matrix for each pair of fits. Enquiries of
one buyer are one draw. Of a large shop the matrices are estimated from a part of the buyers: that changes an interval's width
by less than a hundredth, and no figure. Source: as `outcome`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from jinpai.diagnosis.outcome import Outcome, part_of

Terms = Mapping[int, np.ndarray]
"""By the place of a fit: how a figure hangs on its effects, its `pull` or a column of the design."""


class Sandwich:
    """夹心 the joint uncertainty of `models`, all of the same rows; `buyers` are numbers from 0."""

    def __init__(self, models: Sequence[Outcome], buyers: np.ndarray) -> None:
        from scipy import sparse

        rows = part_of(buyers)
        self._scale = len(buyers) / len(rows)
        self._known: dict[tuple[int, int], np.ndarray] = {}
        one_draw = np.unique(buyers[rows], return_inverse=True)[1]
        together = sparse.csr_matrix((np.ones(len(rows)), (one_draw, np.arange(len(rows)))))
        self._scores = [
            (together @ model.design[rows].multiply(model.corrected[rows][:, None]).tocsr()).tocsr() for model in models
        ]

    def _meat(self, first: int, second: int) -> np.ndarray:
        if (first, second) not in self._known:
            product = np.asarray((self._scores[first].T @ self._scores[second]).toarray()) * self._scale
            self._known[first, second], self._known[second, first] = product, product.T
        return self._known[first, second]

    def error(self, terms: Terms) -> float:
        """标准误 of a figure."""
        places = list(terms)
        whole = sum(float(terms[one] @ self._meat(one, other) @ terms[other]) for one in places for other in places)
        return float(np.sqrt(max(whole, 0.0)))
