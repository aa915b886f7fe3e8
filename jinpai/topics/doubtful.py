"""待标注 doubtful: the buyers' sentences most worth a label: those of which the model is least sure, and some at random.

The random ones keep the labels honest: a model taught on hard cases alone is judged on hard cases alone.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.computing import Progress, no_progress
from jinpai.inspection import inspected
from jinpai.text.classify import NONE
from jinpai.text.concerns import shop_reader
from jinpai.topics.asking import names_of

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

SHORTEST, LONGEST = 3, 80
_MOST_READ = 50_000
SURELY_NOTHING = 800
_SAID = f"""
select o.text, count(*) as n from original as o
where o.sender = 'buyer' and length(o.text) >= {SHORTEST} and length(o.text) <= {LONGEST}
group by o.text order by n desc, o.text limit {_MOST_READ}
"""


def doubtful(
    workspace: Workspace, shop: str | None, count: int, *, progress: Progress = no_progress
) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """待标注 (sentence, the guess in Chinese, why it is there) and the topics by name: two thirds doubtful, a third random.

    Of many sentences the most frequent ones are looked at. Private data in them are tokens already.
    """
    key = workspace.shop(shop)
    with inspected(workspace, key, progress) as (engine, settings):
        texts = [one["text"] for one in engine.rows(_SAID)]
        names = {topic: zh for (kind, topic), zh in names_of(settings).items() if kind == "topic" and topic != NONE}
        reader = shop_reader(settings.folder)
    share = reader.topics_of(pa.array(texts, pa.string()))
    classes = reader.topics.classes
    asks = (
        np.flatnonzero(share.argmax(axis=1) != (classes.index(NONE) if NONE in classes else -1))
        if texts
        else np.zeros(0, np.int64)
    )
    first_two = np.sort(share[asks], axis=1)[:, -2:]
    # in doubt: the second is nearly as likely as the first
    order = asks[np.argsort(first_two[:, 1] - first_two[:, 0], kind="stable")]
    hard = order[: count - count // 3].tolist()
    chosen = set(hard)
    # what surely asks nothing teaches nothing
    is_plain = share[:, classes.index(NONE)] >= SURELY_NOTHING if NONE in classes else np.zeros(len(texts), bool)
    others = sorted(
        (one for one in range(len(texts)) if one not in chosen and not is_plain[one]),
        key=lambda one: blake2b(texts[one].encode()).digest(),
    )
    rows = [(one, "拿不准") for one in hard] + [(one, "随机抽的") for one in others[: count - len(hard)]]
    none = {NONE: "没有问题"}
    return [
        (texts[one], (names | none).get(classes[share[one].argmax()], classes[share[one].argmax()]), why)
        for one, why in rows
    ], names | none
