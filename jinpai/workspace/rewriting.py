"""改写 rewriting: raw files written anew without some of their rows, all of them at one instant or none.

The new revisions and the tombstones lie in one folder under raw/incoming/, which one rename makes visible; what they
replace is removed after it. Killed before the rename nothing has changed; killed after it, the next writer removes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.workspace.disk import disk
from jinpai.workspace.facts import expect_purge
from jinpai.workspace.raw import RawFile, Sealed, every_file, forget_replaced, incoming, reveal, sealing
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
    def file(self, raw: RawFile, name: str) -> Iterator[Sealed]:
        """一个文件 the next revision of `raw`, whose file is called `name` from now on."""
        header = replace(raw.header, file=name)
        with sealing(self._folder / raw.shop / raw.next_name, self._key, header) as sealed:
            yield sealed

    def tombstones(self, shop: str, stones: Tombstones) -> None:
        """立记号 what later imports of the shop obey."""
        write_tombstones(self._folder, shop, stones)

    def withdraw(self, files: Iterable[RawFile]) -> None:
        """撤回 whole files, in every revision that lies there: from landing on they do not count."""
        gone = {(one.shop, one.digest) for one in files}
        lying = (one.path for one in every_file(self._workspace) if (one.shop, one.digest) in gone)
        write_withdrawn(self._folder, self._workspace.root, lying)

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
def before_landing(workspace: Workspace, raw: RawFile, name: str) -> Iterator[Sealed]:
    """落地前改写 the next revision of a file that is about to land, in its place."""
    header = replace(raw.header, file=name)
    with sealing(raw.path.with_name(raw.next_name), workspace.key_for("raw"), header) as sealed:
        yield sealed
    with disk(raw.path):
        raw.path.unlink()
