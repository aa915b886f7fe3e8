"""续表 renewing: whole tables after an import, computed where its files reach and taken over where they do not.

`orders`, `order_item` and `refund_row` hold rows of one order each, which depend on nothing but that order's source
rows, the messages that name its number, and the product list. What `instants` and `writer` say of all files
is what they say of the old ones and of the new ones, taken together. A row of `concurrency` is of one conversation,
and depends on those that are open when it begins.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.computing import arrange, compute
from jinpai.engine import Engine
from jinpai.layers import BY_ORDER, ORDERS, REFUNDS
from jinpai.tables import tables

if TYPE_CHECKING:
    from jinpai.workspace import Settings

Files = Mapping[str, Collection[Path]]
PathOf = Callable[[str], Path]

_REACHED = {
    "orders": "select order_key from new_orders",
    "order_items": "select order_key from new_order_items",
    "refunds": "select order_key from every_refunds where refund_id in (select refund_id from new_refunds)",
    "messages": "select order_key from every_orders where order_id in (select order_id from new_messages)",
}
"""Which orders each kind of new file reaches."""
_OF_REACHED = "order_key in (select order_key from reached)"
_NARROW = {
    "orders": _OF_REACHED,
    "order_items": _OF_REACHED,
    "refunds": f"refund_id in (select refund_id from every_refunds where {_OF_REACHED})",
    "messages": "order_id in (select order_id from source_orders)",
}
FOLDED = {
    "instants": "select min(first_at) as first_at, max(last_at) as last_at, max(last_sent_at) as last_sent_at from every_instants",
    "writer": "select shop, agent, bool_and(is_automatic) as is_automatic from every_writer group by shop, agent",
}
"""Whole tables of which what parts of the files say can be taken together, and how."""


def renew_folded(engine: Engine, settings: Settings, new: Files, path_of: PathOf) -> None:
    """续汇总 the tables of FOLDED: what `old_…` say, and what the new source files do."""
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as fresh:
        arrange(fresh, settings, new)
        compute(fresh, settings, [tables()[name] for name in FOLDED])
        for name, together in FOLDED.items():
            engine.take(f"now_{name}", fresh.arrow(f"select * from {name}"))
            engine.make(f"every_{name}", f"select * from old_{name} union all select * from now_{name}")
            engine.make(name, together, None, path_of(name))


def renew_orders(engine: Engine, settings: Settings, sources: Files, new: Files, path_of: PathOf) -> None:
    """续订单 the tables by order, in files of a layer: those that new files reach; what they reach, in files of marks.

    `sources` and `new` are source files by canonical table, all of them and those that came since. In `engine`,
    `now_…` are the rows of the layer, and `was_…` what `old_…` say of the same orders and refunds.
    """
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as narrow:
        arrange(narrow, settings, {})
        _narrow(narrow, sources, new)
        for name in ("slot", "product"):
            narrow.take(name, engine.arrow(f"select * from {name}"))
        compute(narrow, settings, [tables()[name] for name in BY_ORDER])
        for name in BY_ORDER:
            engine.take(f"now_{name}", narrow.arrow(f"select * from {name}"), path_of(name))
        for marks, rows in ((ORDERS, "reached"), (REFUNDS, "source_refunds")):
            keys = narrow.arrow(f"select distinct {marks.key} from {rows} where {marks.key} is not null")
            engine.take(f"now_{marks.name}", keys, path_of(marks.name))
    for name, marks in BY_ORDER.items():
        reached = f"select {marks.key} from now_{marks.name}"
        engine.make(f"was_{name}", f"select * from old_{name} where {marks.key} in ({reached})")


def _narrow(narrow: Engine, sources: Files, new: Files) -> None:
    """The source rows of the orders that new files reach, and nothing else."""
    for name in _NARROW:
        for prefix, files in (("every", sources), ("new", new)):
            if files.get(name):
                narrow.read(f"{prefix}_{name}", files[name])
            else:
                narrow.view(f"{prefix}_{name}", f"select * from source_{name}")
    narrow.make("reached", " union ".join(_REACHED.values()))
    for name, condition in _NARROW.items():
        narrow.make(f"narrow_{name}", f"select * from every_{name} where {condition}")
        narrow.view(f"source_{name}", f"select * from narrow_{name}")


def renew_concurrency(engine: Engine, settings: Settings, day: int, path: Path) -> None:
    """续同时接待 the rows of a shop day and of later ones, of what `every_span` and `reception` say.

    What is over before the day begins is open with none of its conversations.
    """
    values = {"day": day}
    begins = "select starts_at from calendar where day = $day"
    engine.make("span", f"select * from every_span where last_at >= ({begins})", values)
    compute(engine, settings, [tables()["concurrency"]])
    engine.make("now_concurrency", "select * from concurrency where day >= $day", values, path)
