"""标准表大样本 canonical Parquet of any size: the same draw as the demo, written in row groups.

Instants are timestamp[ms, UTC], money decimal128(12, 2) yuan, as shops' own warehouses hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jinpai.simulate.arrows import constant, instants, money, numbers, picked, table
from jinpai.simulate.baskets import DAY
from jinpai.simulate.crowd import messages as messages_of
from jinpai.simulate.crowd import pool, reminders
from jinpai.simulate.draw import Play, play, stream
from jinpai.simulate.scene import nicks
from jinpai.simulate.shop import Shop, hexiaoman
from jinpai.simulate.trade import BALANCE_DAY
from jinpai.simulate.truth import write_truth

PER_VISIT = 10.34
"""Mean number of messages a visit, measured; sizes a run."""
OTHER_VISITS = 1.19
"""Visits of all kinds for each first visit, measured."""
CHUNK = 40_000
"""Visits written at a time: about 400,000 messages, one row group."""


@dataclass(frozen=True, slots=True)
class Large:
    """大样本 the files by table, the number of messages written, the truth."""

    files: dict[str, Path]
    messages: int
    truth: Path


def canonical(folder: Path | str, messages: int = 1_000_000, seed: int = 7, shop: Shop | None = None) -> Large:
    """标准表 writes about `messages` messages with their orders into `folder` as Parquet, one file a table.

    Traffic and the number of agents grow with `messages`; the period stays the shop's. Memory stays
    bounded by the visits' arrays and one row group of messages.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    base = shop or hexiaoman()
    visits_per_day = messages / PER_VISIT / OTHER_VISITS / float(base.traffic().sum())
    drawn = play(base.larger(visits_per_day), seed)
    nick = nicks(np.arange(int(max(drawn.visits.buyer.max(initial=0), drawn.orders.buyer.max(initial=0))) + 1), seed)
    file = place / "messages.parquet"
    written = _messages(drawn, nick, file)
    tables = {"orders": _orders(drawn, nick), "order_items": _items(drawn), "refunds": _refunds(drawn),
              "agents": _agents(drawn.shop), "products": _products(drawn.shop)}  # fmt: skip
    files = {"messages": file}
    for name, rows in tables.items():
        files[name] = place / f"{name}.parquet"
        pq.write_table(rows, files[name], compression="zstd")
    return Large(files, written, write_truth(drawn, place, {"messages": written}))


def _messages(drawn: Play, nick: list[str], file: Path) -> int:
    words, rng, written = pool(drawn), stream(drawn.seed, 21), 0
    first = messages_of(drawn, words, np.arange(0), nick, rng=rng, number=0)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        for begins in range(0, len(drawn.visits), CHUNK):
            rows = np.arange(begins, min(begins + CHUNK, len(drawn.visits)))
            part = messages_of(drawn, words, rows, nick, rng=rng, number=written)
            writer.write_table(part)
            written += part.num_rows
        part = reminders(drawn, words, nick, rng=rng, number=written)
        writer.write_table(part)
    return written + int(part.num_rows)


def _orders(drawn: Play, nick: list[str]) -> pa.Table:
    order, shop = drawn.orders, drawn.shop
    many, paid = len(order), order.paid >= 0
    whole = (order.refund == order.amount) & (order.refunded >= 0)
    closed = (order.closed >= 0) | whole
    age = shop.ends - order.paid
    status = np.select([closed, ~paid, age > 12 * DAY, age > DAY], [0, 1, 2, 3], 4)
    words = ("交易关闭", "等待买家付款", "交易成功", "卖家已发货，等待买家确认", "买家已付款，等待卖家发货")
    deposit = order.deposit > 0
    due = (BALANCE_DAY - shop.first_day).days * DAY + shop.begins + DAY
    return table("orders", {
        "shop": constant(shop.key, many), "order_id": numbers(drawn.order_ids()), "buyer": picked(nick, order.buyer),
        "created_at": instants(order.created), "paid_at": instants(order.paid), "closed_at": instants(order.closed),
        "status": picked(words, status), "payable_amount": money(order.goods), "paid_amount": money(np.where(paid, order.amount, 0)),
        "refund_amount": money(np.where(order.refunded >= 0, order.refund, 0)), "refunded_at": instants(order.refunded),
        "quantity": pa.array(order.quantity + (order.extra >= 0)), "product_count": pa.array(1 + (order.extra >= 0)),
        "deposit_amount": money(order.deposit, deposit), "deposit_paid_at": instants(order.deposit_paid),
        "balance_due_at": instants(np.where(deposit, due, -1)), "exported_at": instants(np.full(many, shop.ends)),
    }, many)  # fmt: skip


def _split(total: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """最大余数 the first of two lines' share of `total`, exact to the fen; a tie goes to the first."""
    whole = np.maximum(first + second, 1)
    low, rest, other = total * first // whole, total * first % whole, total * second % whole
    left = total - low - total * second // whole
    return np.asarray(low + np.where((left > 0) & (rest >= other), left, 0))


def _items(drawn: Play) -> pa.Table:
    order, shop = drawn.orders, drawn.shop
    price = np.array([item.price for item in shop.products])
    two = order.extra >= 0
    first = price[order.product] * order.quantity
    second = np.where(two, price[order.extra], 0)
    amount, back = np.where(order.paid >= 0, order.amount, 0), np.where(order.refunded >= 0, order.refund, 0)
    share = _split(order.amount, first, second)
    paid, refund = np.where(order.paid >= 0, share, 0), _split(back, share, order.amount - share)
    more = np.flatnonzero(two)
    order_id = drawn.order_ids()
    product = np.concatenate([order.product, order.extra[more]])
    many = len(product)
    return table("order_items", {
        "shop": constant(shop.key, many), "order_id": numbers(np.concatenate([order_id, order_id[more]])),
        "sub_order_id": numbers(np.concatenate([order_id + two, order_id[more] + 2])),
        "product_id": picked([item.product_id for item in shop.products], product),
        "title": picked([item.title for item in shop.products], product),
        "quantity": pa.array(np.concatenate([order.quantity, np.ones(len(more), dtype=np.int64)])),
        "price": money(price[product]), "paid_amount": money(np.concatenate([paid, (amount - paid)[more]])),
        "refund_amount": money(np.concatenate([refund, (back - refund)[more]])),
    }, many)  # fmt: skip


def _refunds(drawn: Play) -> pa.Table:
    order = drawn.orders
    rows = np.flatnonzero(order.applied >= 0)
    many, done = len(rows), (order.refunded[rows] >= 0).astype(np.int64)
    ids = drawn.order_ids()[rows]
    return table("refunds", {
        "shop": constant(drawn.shop.key, many), "refund_id": numbers(ids + 5), "order_id": numbers(ids),
        "amount": money(order.refund[rows]), "applied_at": instants(order.applied[rows]),
        "refunded_at": instants(order.refunded[rows]), "status": picked(["退款待处理", "退款成功"], done),
    }, many)  # fmt: skip


def _agents(shop: Shop) -> pa.Table:
    def day(one: object) -> int | None:
        return int(str(one).replace("-", "")) if one else None

    return table("agents", {
        "shop": constant(shop.key, len(shop.agents)),
        "agent": pa.array([shop.sub_account(number) for number in range(len(shop.agents))]),
        "name": pa.array([one.name for one in shop.agents]), "team": pa.array([one.team for one in shop.agents]),
        "joined_on": pa.array([day(one.joined) for one in shop.agents], pa.int32()),
        "left_on": pa.array([day(one.left) for one in shop.agents], pa.int32()),
    }, len(shop.agents))  # fmt: skip


def _products(shop: Shop) -> pa.Table:
    goods = shop.products
    return table("products", {
        "shop": constant(shop.key, len(goods)), "product_id": pa.array([item.product_id for item in goods]),
        "title": pa.array([item.title for item in goods]), "category": pa.array([item.category for item in goods]),
        "price": money(np.array([item.price for item in goods])), "kind": pa.array([item.kind for item in goods]),
        "returnable": pa.array([item.kind != "custom" for item in goods]),
    }, len(goods))  # fmt: skip
