"""改写 rewriting: raw files written anew without some of their rows, all of them at one instant or none.

The new revisions and the tombstones lie in one folder under raw/incoming/, which one rename makes visible; what they
replace is removed after it. Killed before the rename nothing has changed; killed after it, the next writer removes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.workspace.disk import disk
from jinpai.workspace.facts import expect_purge
from jinpai.workspace.landing import incoming, reveal
from jinpai.workspace.raw import RawFile, Stored, every_file, forget_replaced
from jinpai.workspace.sealing import Rewritten, rewritten
from jinpai.workspace.tombstones import Tombstones, write_tombstones
from jinpai.workspace.withdrawing import write_withdrawn

if TYPE_CHECKING:
    from jinpai.workspace.workspace import Workspace


class Rewriting:
    """改写中 new revisions of raw files; nobody sees them before they have landed."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder
        self._key = workspace.key_for("raw")

    @contextmanager
    def file(self, old: Stored, names: Sequence[str]) -> Iterator[Rewritten]:
        """一个封存文件 the next revision of `old`, whose imported files are called by `names` from now on."""
        with rewritten(self._folder / old.shop / old.next_name, self._key, old, names) as made:
            yield made

    def tombstones(self, shop: str, stones: Tombstones) -> None:
        """立记号 what later imports of the shop obey."""
        write_tombstones(self._folder, shop, stones)

    def withdraw(self, files: Iterable[RawFile]) -> None:
        """撤回 whole imported files: from landing on they do not count.

        A sealed file of which nothing is left is named as withdrawn, in every revision that lies there; a pack of which
        something is left is written anew without them.
        """
        going: dict[Path, tuple[Stored, set[int]]] = {}
        for one in files:
            going.setdefault(one.path, (one.stored, set()))[1].add(one.place)
        gone = set()
        for stored, places in going.values():
            if len(places) == len(stored.digests):
                gone.add((stored.shop, stored.name))
            else:
                self._without(stored, places)
        lying = [one.path for one in every_file(self._workspace) if (one.shop, one.name) in gone]
        if lying:
            write_withdrawn(self._folder, self._workspace.root, lying)

    def _without(self, old: Stored, places: set[int]) -> None:
        kept = np.array([place not in places for place in range(len(old.index))])
        path = self._folder / old.shop / old.next_name
        with rewritten(path, self._key, old, old.index.names, kept) as made:
            for table, batch, whose in old.tables():
                staying = kept[whose]
                made.carry(table, batch.filter(pa.array(staying)), whose[staying])

    def land(self) -> None:
        """落地 everything at once, when there is anything."""
        if any(self._folder.iterdir()):
            expect_purge(self._workspace.root / "facts")
            reveal(self._folder)


@contextmanager
def rewriting(workspace: Workspace) -> Iterator[Rewriting]:
    """改写 under the writer lock: lands at the end, leaves nothing after an error."""
    with incoming(workspace) as folder:
        opened = Rewriting(workspace, folder)
        yield opened
        opened.land()
    forget_replaced(workspace)


@contextmanager
def before_landing(workspace: Workspace, old: Stored, names: Sequence[str]) -> Iterator[Rewritten]:
    """落地前改写 the next revision of a sealed file that is about to land, in its place."""
    with rewritten(old.path.with_name(old.next_name), workspace.key_for("raw"), old, names) as made:
        yield made
    with disk(old.path):
        old.path.unlink()
