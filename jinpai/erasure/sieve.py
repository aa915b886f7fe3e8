"""筛行 sieve: which rows of a raw file are a buyer's, or out of keeping, and what stays of the others.

A buyer's are the rows under his name; the orders in his name, and those that his talk names by number unless they are
plainly another's; their items and refunds; the talk of a masked buyer, block by block of a file, in which such an
order's number stands; and rows of masked buyers whose other columns spell him out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jinpai.erasure.marks import Marks, hidden, named_in_extra, where
from jinpai.workspace.packs import Numbers
from jinpai.workspace.raw import PROBLEMS, Stored
from jinpai.workspace.sealing import reviewed
from jinpai.workspace.tombstones import spelt

BLOT = "□"
"""What stands for every letter of words out of keeping: how much was written stays countable."""

_AT = {"messages": "sent_at", "orders": "created_at", "evaluations": "evaluated_at"}
_WORDS = {"messages": ("text",), "orders": ("remark",), "refunds": ("reason",)}
_OF_ORDER = ("order_items", "refunds")

Block = tuple[str, int, str | None, str | None]
"""mark of the sealed file, place in it, buyer, thread: one masked buyer's block of an imported file."""
_NONE = -1


@dataclass(slots=True)
class Known:
    """查到的 what one look over the files found out: orders of the buyers, blocks of masked ones, orders out of keeping,
    and the newest instant of each file, by the mark of the sealed file and the place in it (-1: no dated table)."""

    orders: set[str] = field(default_factory=set)
    blocks: set[Block] = field(default_factory=set)
    old_orders: set[str] = field(default_factory=set)
    wordless_orders: set[str] = field(default_factory=set)
    newest: dict[str, Numbers] = field(default_factory=dict)


def learn(files: Iterable[Stored], marks: Marks) -> Known:
    """查一遍 one look over every file, before any row is judged."""
    known = Known()
    named: set[str] = set()
    elsewhere: list[tuple[pa.Array, pa.Array]] = []
    cards: list[tuple[Block, str]] = []
    for file in files:
        newest = known.newest[file.mark] = np.full(len(file.digests), _NONE, np.int64)
        for table, batch, places in file.tables():
            if table == "orders":
                elsewhere.append(_orders(batch, marks, known))
            elif table == "messages":
                _cards(file.mark, batch, places, marks, named, cards)
            elif table in _OF_ORDER:
                mine = named_in_extra(batch.column("extra"), marks)
                known.orders.update(one for one in batch.column("order_id").filter(mine).to_pylist() if one)
            if batch.num_rows and (at := _instants(table, batch)) is not None:
                np.maximum.at(newest, places, np.maximum(at.fill_null(0).to_numpy(), 0))
    for ids, others in elsewhere if named else ():
        named.difference_update(ids.filter(pc.and_(others, pc.is_in(ids, pa.array(named, pa.string())))).to_pylist())
    known.orders |= named
    is_order = settled(marks, known).order
    known.blocks = {block for block, order in cards if is_order(order)}
    return known


def settled(marks: Marks, known: Known) -> Marks:
    """定下来 the same marks, with the orders that were found."""
    numbers = {spelt(one) for one in known.orders}
    return replace(marks, order=lambda one: marks.order(one) or spelt(one) in numbers)


def _orders(batch: pa.RecordBatch, marks: Marks, known: Known) -> tuple[pa.Array, pa.Array]:
    """Takes the buyer's orders down; gives every order's number and whether it is plainly another's."""
    ids, created = batch.column("order_id"), batch.column("created_at")
    masked = hidden(batch.column("buyer"))
    mine = where(batch.column("buyer"), marks.buyer)
    mine = pc.or_(mine, pc.and_(masked, named_in_extra(batch.column("extra"), marks)))
    known.orders.update(one for one in ids.filter(mine).to_pylist() if one)
    for cut, old in ((marks.rows_before, known.old_orders), (marks.words_before, known.wordless_orders)):
        if cut:
            old.update(ids.filter(pc.less(created, cut)).drop_null().to_pylist())
    return ids, pc.and_not(pc.invert(masked), mine)


def _cards(
    mark: str, batch: pa.RecordBatch, places: Numbers, marks: Marks, named: set[str], cards: list[tuple[Block, str]]
) -> None:
    """Takes down the order numbers that stand in the buyer's talk, and those in the talk of masked ones."""
    said = pc.and_(pc.is_valid(batch.column("order_id")), pc.not_equal(batch.column("sender"), "system"))
    batch, places = batch.filter(said), places[flags(said)]
    if not batch.num_rows:
        return
    named.update(batch.column("order_id").filter(where(batch.column("buyer"), marks.buyer)).to_pylist())
    masked = hidden(batch.column("buyer"))
    rows = batch.select(["buyer", "thread", "order_id"]).filter(masked).to_pylist()
    cards += [
        ((mark, place, row["buyer"], row["thread"]), row["order_id"])
        for place, row in zip(places[flags(masked)].tolist(), rows, strict=True)
        if row["thread"]
    ]


def _instants(table: str, batch: pa.RecordBatch) -> pa.Array | None:
    if table == "refunds":
        return pc.coalesce(batch.column("refunded_at"), batch.column("applied_at"))
    if table == "evaluations":
        return pc.coalesce(batch.column("evaluated_at"), batch.column("sent_at"))
    return batch.column(_AT[table]) if table in _AT else None


@dataclass(frozen=True, slots=True)
class Sifted:
    """筛过的一批 what stays of a batch, and the places of the files: of each row that stays, that went, that went as a note
    on a row that was imported, that lost its words, that lost a name."""

    batch: pa.RecordBatch
    staying: Numbers
    gone: Numbers
    notes: Numbers
    worn: Numbers
    cleaned: Numbers


def sift(file: Stored, table: str, batch: pa.RecordBatch, places: Numbers, marks: Marks, known: Known) -> Sifted:
    """筛一批 a batch of one canonical table, or of problems, without the rows that go; by settled marks."""
    if table == PROBLEMS:
        return _problems(file.mark, batch, places, marks, known)
    gone = flags(_gone(file.mark, table, batch, places, marks, known))
    if gone.any():
        batch = batch.filter(pa.array(~gone))
    staying = places[~gone]
    worn, words = _without_words(table, batch, marks, known)
    named, cleaned = _without_name(words, marks)
    return Sifted(cleaned, staying, places[gone], places[:0], staying[worn], staying[named])


def flags(mask: pa.Array) -> npt.NDArray[np.bool_]:
    """标志 a mask as numpy has it; null is no."""
    return np.asarray(mask.fill_null(False).to_numpy(zero_copy_only=False), bool)


def _gone(mark: str, table: str, batch: pa.RecordBatch, places: Numbers, marks: Marks, known: Known) -> pa.Array:
    gone = pa.repeat(pa.scalar(False), batch.num_rows)
    if "buyer" in batch.schema.names:
        masked = hidden(batch.column("buyer"))
        told = named_in_extra(batch.column("extra"), marks)
        if table == "messages":
            told = pc.or_(
                told, pc.or_(where(batch.column("order_id"), marks.order), _in_blocks(mark, batch, places, known))
            )
        gone = pc.or_(where(batch.column("buyer"), marks.buyer), pc.and_(masked, told))
    if table in ("orders", *_OF_ORDER):
        gone = pc.or_(gone, where(batch.column("order_id"), marks.order))
    return pc.or_(gone, _before(table, batch, marks.rows_before, known.old_orders))


def _in_blocks(mark: str, batch: pa.RecordBatch, places: Numbers, known: Known) -> pa.Array:
    if not any(block[0] == mark for block in known.blocks):
        return pa.repeat(pa.scalar(False), batch.num_rows)
    found = zip(places.tolist(), batch.column("buyer").to_pylist(), batch.column("thread").to_pylist(), strict=True)
    return pa.array([(mark, *one) in known.blocks for one in found], pa.bool_())


def _before(table: str, batch: pa.RecordBatch, cut: int, orders: set[str]) -> pa.Array:
    """Rows before an instant; items and refunds go with their order."""
    old = pa.repeat(pa.scalar(False), batch.num_rows)
    if not cut:
        return old
    at = _instants(table, batch)
    if at is not None:
        old = pc.less(at, cut).fill_null(False)
    if table in _OF_ORDER:
        old = pc.or_(old, where(batch.column("order_id"), orders.__contains__))
    return old


def _without_words(
    table: str, batch: pa.RecordBatch, marks: Marks, known: Known
) -> tuple[npt.NDArray[np.bool_], pa.RecordBatch]:
    """Blots out the words of rows before an instant; which rows changed."""
    old = _before(table, batch, marks.words_before, known.wordless_orders)
    if not old.true_count:
        return np.zeros(batch.num_rows, bool), batch
    changed = pa.repeat(pa.scalar(False), batch.num_rows)
    for name in (*_WORDS.get(table, ()), "extra"):
        column = batch.column(name)
        fresh = pa.nulls(len(column), column.type) if name == "extra" else blotted(column, marks.told)
        fresh = pc.if_else(old, fresh, column)
        same = pc.or_(pc.equal(column, fresh).fill_null(False), pc.and_(pc.is_null(column), pc.is_null(fresh)))
        changed = pc.or_(changed, pc.invert(same))
        batch = batch.set_column(batch.schema.get_field_index(name), batch.schema.field(name), fresh)
    return flags(changed), batch


def blotted(column: pa.Array, told: tuple[str, ...]) -> pa.Array:
    """涂掉 texts of the same lengths without their words; those of `told` that stand in one stay in it."""
    plain = pc.binary_repeat(pa.scalar(BLOT, column.type), pc.utf8_length(column).fill_null(0))
    plain = pc.if_else(pc.is_valid(column), plain, pa.scalar(None, column.type))
    if not told:
        return plain

    def kept(text: str) -> str:
        return BLOT.join(word for word in told if word in text).ljust(len(text), BLOT)

    found = where(column, lambda text: any(word in text for word in told))
    return pc.replace_with_mask(
        plain, found, pa.array([kept(one) for one in column.filter(found).to_pylist()], column.type)
    )


def _without_name(batch: pa.RecordBatch, marks: Marks) -> tuple[npt.NDArray[np.bool_], pa.RecordBatch]:
    """Rows that stay lose the other columns that name the buyer; which ones."""
    extra = batch.column("extra")
    named = named_in_extra(extra, marks)
    if not named.true_count:
        return flags(named), batch
    fresh = pa.array([marks.extra_of(text) for text in extra.filter(named).to_pylist()], extra.type)
    place = batch.schema.get_field_index("extra")
    return flags(named), batch.set_column(place, batch.schema.field("extra"), pc.replace_with_mask(extra, named, fresh))


def _problems(mark: str, batch: pa.RecordBatch, places: Numbers, marks: Marks, known: Known) -> Sifted:
    """Unread rows that name the buyer go; those of a file that is out of keeping as a whole go, or lose their value."""
    newest = known.newest[mark][places]
    values = batch.column("value")
    gone = where(values, marks.names)
    going = flags(gone) | ((newest != _NONE) & (newest < marks.rows_before))
    notes = places[going & reviewed(batch)]
    kept, staying, newest = batch.filter(pa.array(~going)), places[~going], newest[~going]
    worn = np.zeros(len(staying), bool)
    old = (newest != _NONE) & (newest < marks.words_before)
    if old.any():
        value = kept.column("value")
        fresh = pc.if_else(pa.array(old), blotted(value, ()), value)
        worn = flags(pc.not_equal(fresh, value))
        kept = kept.set_column(kept.schema.get_field_index("value"), kept.schema.field("value"), fresh)
    return Sifted(kept, staying, places[going], notes, staying[worn], staying[:0])


def mentions(table: str, batch: pa.RecordBatch, marks: Marks) -> Numbers:
    """别处提到 which of these rows speak of the buyer in their words, each once for every column that does."""
    every = [
        flags(where(batch.column(name), lambda text: any(one in text for one in marks.plain)))
        for name in _WORDS.get(table, ())
    ]
    return np.concatenate([np.flatnonzero(one) for one in every]) if every else np.zeros(0, np.int64)
