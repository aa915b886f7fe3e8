"""删除 erasure: one buyer, or what is out of keeping, leaves the raw rows, and no later import brings it back.

Raw files are written anew without the rows and appear at one instant; tombstones, keyed hashes of what went, land
with them. The facts follow by a build, after which `Workspace.purge` removes the old ones. Source: the architecture,
§1; PIPL art. 19 (no longer than needed) and art. 47 (erasure on request).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from jinpai.erasure import sieve
from jinpai.erasure.marks import Marks, by_hash, by_id
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.text.mask import is_masked
from jinpai.workspace import Settings, Workspace
from jinpai.workspace.landing import Landing
from jinpai.workspace.packs import Numbers
from jinpai.workspace.raw import PROBLEMS, Stored
from jinpai.workspace.rewriting import before_landing
from jinpai.workspace.sealing import Rewritten
from jinpai.workspace.tombstones import PURPOSE, Tombstones, hashed, hashes, read_tombstones, write_tombstones

Progress = Callable[[Words, int, int], None]


@dataclass(frozen=True, slots=True)
class Request:
    """删什么 of one shop: a buyer (for a masked one the order that tells him apart), or what is older than instants
    (ms UTC): whole rows, or the words in them. `everything`: somebody has seen that all of the shop is older."""

    shop: str
    buyer: str | None = None
    order: str | None = None
    rows_before: int = 0
    words_before: int = 0
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """删了什么 rows that go by table ("problems" too; "review": notes on rows that were imported), rows that lose their words, rows of others that speak of the
    buyer and stay, files that change; `before`: it was erased once already."""

    rows: dict[str, int] = field(default_factory=dict)
    worn: int = 0
    mentions: int = 0
    files: int = 0
    before: bool = False

    @property
    def total(self) -> int:
        """一共 how many rows go."""
        return sum(count for table, count in self.rows.items() if table != "review")


def no_progress(words: Words, done: int, total: int) -> None:
    """不报进度 a progress that nobody watches."""


def checked(request: Request) -> Request:
    """检查 the same request; a masked buyer without an order, an order without a masked buyer is WrongUse."""
    buyer = (request.buyer or "").strip()
    if request.buyer is not None and not buyer:
        raise WrongUse("没有写买家。请写导出文件里的买家账号。", "No buyer was named. Write the id as it was exported.")
    if request.buyer is not None and is_masked(buyer) and not request.order:
        raise WrongUse(
            f"「{buyer}」是打了码的，可能是好几个人。请加 --order 订单号，只删这一单和它的聊天。",
            f"'{buyer}' is masked and may stand for several people. Add --order ORDER_ID to erase that order and its chat.",
        )
    if request.order and not is_masked(buyer):
        raise WrongUse(
            f"--order 只用于打了码的买家；「{buyer}」没有打码，会连订单一起整个删掉。请去掉 --order。",
            f"--order is for masked buyers; '{buyer}' is not masked and goes with all orders. Leave --order out.",
        )
    return request


def look(workspace: Workspace, request: Request, progress: Progress = no_progress) -> Found:
    """先看看 what an erasure would do; writes nothing. No such buyer is a JinpaiError."""
    files, marks, known, before = _prepare(workspace, request, progress)
    found = [one for file in _told(files, progress) for one in _sift(file, marks, known).values()]
    return _sum(found, before, request)


def erase(workspace: Workspace, request: Request, progress: Progress = no_progress) -> Found:
    """删除 carries a request out in the raw files; build the facts and call `Workspace.purge` afterwards.

    Killed at any moment it has happened whole or not at all. Doing it again is no mistake.
    """
    with workspace.rewriting() as under_way:
        files, marks, known, before = _prepare(workspace, request, progress)
        done: list[Found] = []
        for file in _told(files, progress):
            found_here = _sift(file, marks, known)
            if any(one.files for one in found_here.values()):
                with under_way.file(file, _names(file, marks)) as fresh:
                    _sift(file, marks, known, fresh)
            done += found_here.values()
        found = _sum(done, before, request)
        if found.files or not before:
            under_way.tombstones(request.shop, _stones(workspace, request, known))
    return found


def _prepare(
    workspace: Workspace, request: Request, progress: Progress
) -> tuple[list[Stored], Marks, sieve.Known, bool]:
    checked(request)
    buyers = [request.buyer] if request.buyer is not None and not request.order else []
    told = _told_words(workspace.settings(request.shop))
    marks = by_id(buyers, [request.order] if request.order else [], request.rows_before, request.words_before, told)
    files = workspace.stored(request.shop)
    known = sieve.learn(_told(files, progress), marks)
    _check_newest(request, known)
    if request.order:
        _check_order(files, request)
        known.orders.add(request.order)
    before = read_tombstones(workspace.root).get(request.shop, Tombstones())
    new = _stones(workspace, request, known)
    return files, sieve.settled(marks, known), known, before | new == before


def _check_newest(request: Request, known: sieve.Known) -> None:
    # a computer whose clock is years ahead must not empty a shop over night
    newest = max((int(one.max(initial=0)) for one in known.newest.values()), default=0)
    if not request.everything and 0 < newest < max(request.rows_before, request.words_before):
        raise JinpaiError(
            f"店铺「{request.shop}」的全部记录都比要保留的第一天早，没有动。请检查电脑的日期；真要全删，请在终端里运行，不加 --yes。",
            f"Everything in shop '{request.shop}' is older than the first day to keep; nothing was changed. Check the computer's "
            "date; if you mean it, run it on a terminal without --yes.",
        )


def _check_order(files: Iterable[Stored], request: Request) -> None:
    for file in files:
        for table, batch, _ in file.tables():
            for row in batch.select(["order_id", "buyer"]).to_pylist() if table == "orders" else ():
                if row["order_id"] == request.order and not is_masked(row["buyer"]):
                    raise WrongUse(
                        f"订单 {request.order} 的买家没有打码，是「{row['buyer']}」。请直接删这个买家，不加 --order。",
                        f"The buyer of order {request.order} is not masked: '{row['buyer']}'. Erase that buyer, without --order.",
                    )


def _told_words(settings: Settings) -> tuple[str, ...]:
    return (*settings.memo_codes, *settings.advertising_phrases)


def _told(files: list[Stored], progress: Progress) -> Iterable[Stored]:
    for number, file in enumerate(files):
        progress(Words("查看原始记录", "Looking through the raw rows"), number, len(files))
        yield file


def _names(file: Stored, marks: Marks) -> list[str]:
    """What the imported files are called once nothing in their names names a buyer."""
    return [marks.cleaned(name) for name in file.index.names]


class _Tally:
    """What is found in one sealed file, by the place of its imported files."""

    def __init__(self, many: int) -> None:
        self._many = many
        self._rows: dict[str, Numbers] = {}
        self._worn, self._mentions = self._none(), self._none()
        self.changed = np.zeros(many, bool)

    def _none(self) -> Numbers:
        return np.zeros(self._many, np.int64)

    def add(self, table: str, done: sieve.Sifted, mentioned: Numbers) -> None:
        """One batch as it was sifted; the place of each row that speaks of a buyer and stays."""
        notes = self._count(done.notes)
        self._rows[table] = self._rows.get(table, self._none()) + self._count(done.gone) - notes
        self._rows["review"] = self._rows.get("review", self._none()) + notes
        self._worn += self._count(done.worn)
        self._mentions += self._count(mentioned)
        for places in (done.gone, done.worn, done.cleaned):
            self.changed[places] = True

    def _count(self, places: Numbers) -> Numbers:
        return np.bincount(places, minlength=self._many)

    def found(self) -> dict[int, Found]:
        """By place, what there is to say of an imported file; of most there is nothing."""
        told = np.flatnonzero(self.changed | (self._mentions > 0))
        return {int(place): Found(
            {table: int(many[place]) for table, many in self._rows.items() if many[place]},
            int(self._worn[place]), int(self._mentions[place]), int(self.changed[place]),
        ) for place in told}  # fmt: skip


def _sift(file: Stored, marks: Marks, known: sieve.Known, fresh: Rewritten | None = None) -> dict[int, Found]:
    """One sealed file, row by row: what goes, by the place of the imported file; what stays goes into `fresh`."""
    tally = _Tally(len(file.digests))
    tally.changed |= [one != other for one, other in zip(_names(file, marks), file.index.names, strict=True)]
    for table, batch, places in file.tables():
        done = sieve.sift(file, table, batch, places, marks, known)
        counts = fresh is None and marks.plain and table != PROBLEMS
        tally.add(table, done, done.staying[sieve.mentions(table, done.batch, marks)] if counts else places[:0])
        if fresh is not None:
            fresh.carry(table, done.batch, done.staying)
            fresh.erased(done.gone)
    return tally.found()


def _sum(found: list[Found], before: bool, request: Request) -> Found:
    rows: Counter[str] = Counter()
    for one in found:
        rows.update(one.rows)
    summed = Found(
        dict(sorted(rows.items())), sum(one.worn for one in found), sum(one.mentions for one in found),
        sum(one.files for one in found), before,
    )  # fmt: skip
    if request.buyer is not None and not summed.files and not before:
        what, which = (f"订单 {request.order}", f"order {request.order}") if request.order else (
            f"买家「{request.buyer}」", f"buyer '{request.buyer}'")  # fmt: skip
        raise JinpaiError(
            f"店铺「{request.shop}」里没有{what}的记录，没有改动。请照导出文件里的写法写，一个字也不差。",
            f"Shop '{request.shop}' has no rows of {which}; nothing was changed. Write the id exactly as it was exported.",
        )
    return summed


def _stones(workspace: Workspace, request: Request, known: sieve.Known) -> Tombstones:
    key = workspace.key_for(PURPOSE)
    buyers = [request.buyer] if request.buyer is not None and not request.order else []
    return Tombstones(
        hashes(key, request.shop, "buyer", buyers), hashes(key, request.shop, "order", known.orders),
        request.rows_before, request.words_before,
    )  # fmt: skip


# ---- at an import


def obey(workspace: Workspace, landing: Landing) -> dict[tuple[str, str], Found]:
    """照办 takes out of the files about to land what tombstones forbid; (shop, digest) -> what went, where anything did.

    Orders that turn up under a buyer who was erased get a tombstone too, so that their items stay out later.
    """
    left: dict[tuple[str, str], Found] = {}
    for shop, stones in read_tombstones(workspace.root).items():
        files = [file for file in landing.fresh() if file.shop == shop]
        if not files or not stones:
            continue
        key = workspace.key_for(PURPOSE)
        told = _told_words(workspace.settings(shop)) if shop in workspace.shops() else ()
        marks = by_hash(key, shop, stones, told)
        known = sieve.learn(files, marks)
        marks = sieve.settled(marks, known)
        for file in files:
            found = _sift(file, marks, known)
            if any(one.files for one in found.values()):
                with before_landing(workspace, file, _names(file, marks)) as fresh:
                    _sift(file, marks, known, fresh)
            left |= {(shop, file.digests[place].hex()): one for place, one in found.items()}
        new = frozenset(hashed(key, shop, "order", order) for order in known.orders) - stones.orders
        if new:
            write_tombstones(landing.folder, shop, replace(Tombstones(), orders=new))
    return left
