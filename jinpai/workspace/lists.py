"""名单核对 lists: what stands now in the tables that people fill in, and what files about to land would change in it.

Of several versions of a row the newest import counts. A row that a new file leaves out still stands: imports add
and replace, they take nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinpai.canon import TABLES
from jinpai.workspace.raw import Stored

WHOLE = ("agents", "products")
"""整份名单 tables whose file is meant to be the whole list: rows added and left out are news."""
KEPT = ("promotions", "shifts", "buyers", "visitors", "evaluations")
"""陆续补的表 tables whose files come one after another: only a changed row is news. (Refunds change by themselves.)"""

Row = Mapping[str, object]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """差别 what files would change in one table of one shop: rows that are new, (before, after), rows left out."""

    shop: str
    table: str
    added: tuple[Row, ...]
    changed: tuple[tuple[Row, Row], ...]
    absent: tuple[Row, ...]


def differences(standing: Iterable[Stored], fresh: Iterable[Stored]) -> list[Difference]:
    """核对名单 how the files in `fresh` would change what stands; a table that holds nothing yet has no difference."""
    coming = list(fresh)
    before = list(standing)
    found = []
    for shop in sorted({one.shop for one in coming}):
        for table in (*WHOLE, *KEPT):
            new = _rows(table, (one for one in coming if one.shop == shop))
            old = _rows(table, (one for one in before if one.shop == shop)) if new else {}
            if new and old:
                found.append(_compared(shop, table, old, new))
    return [one for one in found if one.added or one.changed or one.absent]


def _compared(shop: str, table: str, old: Mapping[Key, Row], new: Mapping[Key, Row]) -> Difference:
    changed = tuple((old[key], row) for key, row in new.items() if key in old and old[key] != row)
    if table not in WHOLE:
        return Difference(shop, table, (), changed, ())
    added = tuple(row for key, row in new.items() if key not in old)
    return Difference(shop, table, added, changed, tuple(row for key, row in old.items() if key not in new))


def _rows(table: str, files: Iterable[Stored]) -> dict[Key, Row]:
    """Rows by key, the newest import's version of each, of one file the later row."""
    names = [column.name for column in TABLES[table].columns if column.name != "shop"]
    found: list[tuple[int, bytes, Row]] = []
    for file in (one for one in files if table in one.index.rows):
        at, digests = file.index.numbers("imported_at").tolist(), file.digests
        for name, batch, places in file.tables():
            if name == table:
                rows = zip(places.tolist(), batch.select(names).to_pylist(), strict=True)
                found += [(at[place], digests[place], row) for place, row in rows]
    found.sort(key=lambda one: one[:2])
    return {tuple(row[part] for part in TABLES[table].key): row for _, _, row in found}
