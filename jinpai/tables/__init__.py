"""表 tables: one derived table a file, in SQL or as a function over Arrow rows.

What a table reads is taken from its FROM clauses (or the module's READS); there is no list to edit.
The first line of a `.sql` file may be `-- view`: such a table is not kept, only named; or `-- whole`: it is
made anew by every build. A table with `-- inspection` (or INSPECTION) is made only where the
shop's setting `inspection` is on; it is no view, but may be whole (`-- whole inspection`). All others hold rows of one buyer each (`buyer_key`), which depend on nothing but
that buyer's source rows and the whole tables: a build makes those of the buyers that it touches.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from typing import TYPE_CHECKING

from jinpai.canon import TABLES as CANON
from jinpai.engine import parameters_of

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.engine import Engine, Value, Walked
    from jinpai.workspace.settings import Settings

    Make = Callable[[Engine, Settings], pa.Table]
    Walk = Callable[[Engine, Settings, Mapping[str, Value]], Walked]

SOURCES = tuple(f"source_{name}" for name in CANON)
SETTING_TABLES = (
    "staff_buyer",
    "advertising_phrase",
    "memo_code",
    "given_by_hand",
    "criterion",
    "criterion_check",
    "criterion_signal",
    "decided",
    "suspended",
    "scorecard",
    "scorecard_category",
    "scorecard_weight",
    "claiming",
    "sheet_fact",
    "sheet_point",
    "mood_point",
)
_NOT_TABLES = ("source",)
HORIZON_READS = ("instants", "orders", "refund_row")
_NAMED = re.compile(r"\b(?:from|join)\s+([a-z]\w*)")
_DEFINED = re.compile(r"\b([a-z]\w*)\s+as\s+\(")


@dataclass(frozen=True, slots=True)
class Table:
    """表 one derived table: its SQL or its function, what it reads, whether its rows are kept.

    `along` names the table whose rows, in the order in which they are made, it can be made of.
    """

    name: str
    reads: tuple[str, ...]
    zh: str
    sql: str | None = None
    make: Make | None = None
    walk: Walk | None = None
    rows: str | None = None
    along: str | None = None
    is_view: bool = False
    is_whole: bool = False
    is_inspection: bool = False

    @property
    def parameters(self) -> set[str]:
        """参数 the settings that touch the table's rows."""
        text = self.sql or self.rows
        return parameters_of(text) if text else set()


@cache
def tables() -> dict[str, Table]:
    """全部的表 every derived table, each after the tables that it reads."""
    found = {table.name: table for table in _scan()}
    graph = {name: [read for read in table.reads if read in found] for name, table in found.items()}
    return {name: found[name] for name in TopologicalSorter(graph).static_order()}


def closure(names: Iterable[str]) -> list[Table]:
    """连带的表 the named tables and all that they read, in order."""
    wanted, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in tables() and name not in wanted:
            wanted.add(name)
            waiting.extend(tables()[name].reads)
    return [table for name, table in tables().items() if name in wanted]


def wanted_by(settings: Settings, every: Iterable[Table]) -> list[Table]:
    """要算的表 of these tables, those that a shop with these settings keeps."""
    return [table for table in every if settings.inspection or not table.is_inspection]


def _scan() -> Iterable[Table]:
    for file in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        stem, _, ending = file.name.rpartition(".")
        if ending == "sql":
            yield _from_sql(stem, file.read_text(encoding="utf-8"))
        elif ending == "py" and not stem.startswith("_") and stem not in _NOT_TABLES:
            module = importlib.import_module(f"{__name__}.{stem}")
            title = _title(module.__doc__ or "")
            is_inspection = getattr(module, "INSPECTION", False)
            if hasattr(module, "walk"):
                yield Table(
                    stem,
                    tuple(module.READS),
                    title,
                    walk=module.walk,
                    rows=module.ROWS,
                    along=getattr(module, "ALONG", None),
                    is_inspection=is_inspection,
                )
            else:
                is_whole = getattr(module, "WHOLE", False)
                yield Table(stem, tuple(module.READS), title, make=module.make, is_whole=is_whole)


def _from_sql(name: str, text: str) -> Table:
    mark, _, rest = text.partition("\n")
    words = mark.removeprefix("-- ").split()
    is_marked = set(words) <= {"view", "whole", "inspection"}
    is_view, is_whole, is_inspection = (is_marked and word in words for word in ("view", "whole", "inspection"))
    heading = (rest if is_marked else text).partition("\n")[0].removeprefix("-- ")
    # the horizon of the data is looked up when a table binds it
    reads = {*reads_of(text), *(HORIZON_READS if "horizon" in parameters_of(text) else ())}
    return Table(
        name,
        tuple(sorted(reads)),
        _title(heading),
        sql=text,
        is_view=is_view,
        is_whole=is_whole,
        is_inspection=is_inspection,
    )


def _title(heading: str) -> str:
    found = re.match(r"[㐀-鿿、]+", heading)
    return found[0] if found else ""


def words_of(sql: str) -> set[str]:
    """用到的词 every word of a query: whatever column it names is among them."""
    return set(re.findall(r"\w+", sql))


def reads_of(sql: str) -> tuple[str, ...]:
    """读了什么 the tables that a query's FROM clauses name, without the ones it defines itself.

    Found by their words: a parser takes half a second for all tables, at each start.
    """
    text = re.sub(r"--[^\n]*", "", sql)
    return tuple(sorted(set(_NAMED.findall(text)) - set(_DEFINED.findall(text))))
