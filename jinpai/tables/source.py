"""来源 source: the rows of one imported file with keys for joining and tokens for private data.

Derived from one raw file and never changed: a file is read once, whatever is imported later. Keys
are the first 63 bits of blake2b over the shop and the id, so that a rebuild gives the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jinpai.canon import TABLES
from jinpai.text.mask import is_masked

if TYPE_CHECKING:
    from jinpai.text.private import Private

VERSION = 4
"""Raised whenever the same raw rows would give other source rows: every file is then read again."""

_EXTRA: dict[str, tuple[str, ...]] = {
    "messages": ("message_base", "buyer_key", "matched", "chars"),
    "orders": ("order_key", "buyer_key", "matched", "closed"),
    "refunds": ("order_key",),
    "order_items": ("order_key",),
    "evaluations": ("buyer_key", "matched"),
}
LISTS = ("agents", "products", "evaluations", "shifts", "promotions", "buyers", "visitors")
"""Tables that people keep and send again: of two versions of a row the one imported last counts."""
_PRIVATE = {"messages": ("text",), "orders": ("remark",), "refunds": ("reason",)}
_CLOSED = ("交易关闭", "closed", "TRADE_CLOSED", "已取消", "cancelled", "canceled")


def key(*parts: str | None) -> int:
    """键 the first 63 bits of blake2b over the parts; a missing part differs from an empty one."""
    text = "\x1f".join("\x00" if part is None else part for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def keys(known: tuple[str, ...], last: Iterable[str]) -> pa.Array:
    """一列键 `key(*known, one)` for each of `last`, in half the time."""
    shared = "\x1f".join([*known, ""])
    told = b"".join([blake2b((shared + one).encode(), digest_size=8).digest() for one in last])
    return pa.array((np.frombuffer(told, ">u8") >> 1).astype("int64"))


def schema(table: str) -> pa.Schema:
    """来源表 Arrow schema of source table `table`: the canonical columns, keys, file and position."""
    fields = [field for field in TABLES[table].schema if field.name not in ("row", "extra")]
    kinds = {"matched": pa.bool_(), "closed": pa.bool_()}
    more = (*_EXTRA.get(table, ()), *(("imported_at",) if table in LISTS else ()))
    added = [pa.field(name, kinds.get(name, pa.int64())) for name in more]
    return pa.schema([*fields, *added, *(pa.field(name, pa.int64()) for name in ("file_key", "position", "row"))])


def batches(
    table: str, shop: str, digest: str, arriving: Iterable[pa.RecordBatch], private: Private, *, first: int = 0,
    imported_at: int = 0,
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """来源行 the keyed, tokenised batches of one canonical table of one file.

    `digest` is the file's, 32 hex digits. `position` counts the rows of the table in the file from `first`;
    `row` is where a person finds it, and begins anew on each sheet of a workbook. `imported_at` is ms UTC.
    """
    whose = key_of_file(digest)
    for batch in arriving:
        many = len(batch)
        places = pa.array(range(first, first + many), pa.int64())
        yield ready(table, shop, batch, private, constant(whose, many), places, constant(imported_at, many))
        first += many


def key_of_file(digest: str) -> int:
    """文件键 of an imported file by its digest, 32 hex digits."""
    return int(digest[:16], 16) >> 1


def constant(value: int, many: int) -> pa.Array:
    """同一个数 so many times."""
    return pa.repeat(pa.scalar(value, pa.int64()), many)


def ready(
    table: str, shop: str, batch: pa.RecordBatch, private: Private, file_key: pa.Array, position: pa.Array,
    imported_at: pa.Array,
) -> pa.RecordBatch:  # fmt: skip
    """一批来源行 the same of rows of several files, with what `batches` says of one for each row."""
    columns = {name: batch.column(name) for name in batch.schema.names if name != "extra"}
    columns["shop"] = pa.repeat(pa.scalar(shop), len(batch))
    columns |= _KEYED.get(table, _nothing)(shop, batch)
    for name in _PRIVATE.get(table, ()):
        columns[name] = private.column(columns[name])
    columns |= {"imported_at": imported_at, "file_key": file_key, "position": position}
    wanted = schema(table)
    return pa.RecordBatch.from_arrays(
        [columns[name].cast(wanted.field(name).type) for name in wanted.names], schema=wanted
    )


def _nothing(_shop: str, _batch: pa.RecordBatch) -> dict[str, pa.Array]:
    return {}


def _distinct(column: pa.Array, make: Callable[[str | None], int]) -> pa.Array:
    """A key per distinct value: a million messages have few buyers."""
    coded = column.dictionary_encode(null_encoding="encode")
    keys = pa.array([make(value) for value in coded.dictionary.to_pylist()], pa.int64())
    return keys.take(coded.indices)


def _masked(column: pa.Array) -> pa.Array:
    coded = column.dictionary_encode(null_encoding="encode")
    return pa.array([is_masked(value) for value in coded.dictionary.to_pylist()], pa.bool_()).take(coded.indices)


def _order_keys(shop: str, batch: pa.RecordBatch) -> pa.Array:
    return _distinct(batch.column("order_id"), lambda value: key(shop, "order", value))


def _messages(shop: str, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    import pyarrow.compute as pc

    buyer, masked = batch.column("buyer"), _masked(batch.column("buyer"))
    keys = _distinct(buyer, lambda value: key(shop, "buyer", value))
    if pc.any(masked).as_py():
        # people behind one mask are told apart only by the block of the file they stand in
        threads = batch.column("thread").to_pylist()
        keys = pa.array([
            key(shop, "masked", name, thread) if hidden else known
            for name, thread, hidden, known in zip(buyer.to_pylist(), threads, masked.to_pylist(), keys.to_pylist(), strict=True)
        ], pa.int64())  # fmt: skip
    return {
        "buyer_key": keys, "matched": pc.invert(masked), "message_base": _message_keys(shop, batch, keys),
        "chars": pc.fill_null(pc.cast(pc.utf8_length(batch.column("text")), pa.int64()), 0),
    }  # fmt: skip


def _message_keys(shop: str, batch: pa.RecordBatch, buyers: pa.Array) -> pa.Array:
    """The platform's id where there is one, else a hash of who wrote what when; equal rows of one
    file are told apart by their count, which the message table adds."""
    ids = batch.column("message_id").to_pylist()
    if all(ids):
        return keys((shop, "id"), ids)
    told = zip(
        ids, buyers.to_pylist(), *(batch.column(name).to_pylist() for name in ("sender", "agent", "sent_at", "text", "event", "kind")),
        strict=True,
    )  # fmt: skip
    return pa.array([
        key(shop, "id", one) if one
        # a buyer's message is the same whoever it was addressed to
        else key(shop, "said", str(buyer), sender, None if sender == "buyer" else agent, str(at), text, event, kind)
        for one, buyer, sender, agent, at, text, event, kind in told
    ], pa.int64())  # fmt: skip


def _orders(shop: str, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    import pyarrow.compute as pc

    orders, masked = _order_keys(shop, batch), _masked(batch.column("buyer"))
    buyers = _distinct(batch.column("buyer"), lambda value: key(shop, "buyer", value))
    # never joined on the mask alone: such an order is its own buyer until its number names one
    alone = pa.array([one ^ 1 for one in orders.to_pylist()], pa.int64())
    closed = [any(word in (status or "") for word in _CLOSED) for status in batch.column("status").to_pylist()]
    return {
        "order_key": orders, "buyer_key": pc.if_else(masked, alone, buyers), "matched": pc.invert(masked),
        "closed": pa.array(closed, pa.bool_()),
    }  # fmt: skip


def _of_order(shop: str, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    return {"order_key": _order_keys(shop, batch)}


def _evaluations(shop: str, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    import pyarrow.compute as pc

    masked = _masked(batch.column("buyer"))
    return {
        "buyer_key": _distinct(batch.column("buyer"), lambda value: key(shop, "buyer", value)),
        "matched": pc.invert(masked),
    }


_KEYED: dict[str, Callable[[str, pa.RecordBatch], dict[str, pa.Array]]] = {
    "messages": _messages, "orders": _orders, "refunds": _of_order, "order_items": _of_order, "evaluations": _evaluations,
}  # fmt: skip
