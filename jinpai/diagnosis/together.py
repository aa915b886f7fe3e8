"""一起看 together: of many things looked at side by side, which stand apart beyond chance, all taken together.

Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65–70: in no more than one of twenty looks is anything called
news that is none, however many things are looked at.
"""

from __future__ import annotations

import numpy as np

LEVEL = 0.05


def beyond(scores: np.ndarray) -> np.ndarray:
    """超出偶然 by standard score (a figure over its standard error, either side): whether chance does not explain it."""
    from scipy.special import ndtr

    chance = 2 * ndtr(-np.abs(scores))
    order = np.argsort(chance, kind="stable")
    passed = chance[order] <= LEVEL / np.arange(len(scores), 0, -1)
    held = np.zeros(len(scores), bool)
    held[order] = np.cumprod(passed).astype(bool)
    return held
