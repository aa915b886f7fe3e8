"""诊断用的店 a shop told line by line: each buyer's talk with pauses, orders beside it, made by the real import, build and inspection.

A line is (seconds after the line before, who, what): 买家, 客服, 客服乙, 机器人 or an agent's name; 下单, 付款, 关闭 and 退款
of an order; 转给 another agent; 邀评 by an agent. A fourth part is a product.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinpai.diagnosis.reasons import Judged, judge
from jinpai.engine import Engine
from jinpai.flow import build, opened
from jinpai.importing import import_files
from jinpai.period import Window
from jinpai.workspace import Workspace

START = datetime(2025, 11, 10, 2, 0, tzinfo=UTC)
"""10:00 in the shop."""
LATER = START + timedelta(days=9)
SPEAKERS = {
    "买家": ("buyer", "小美"),
    "客服": ("agent", "小美"),
    "客服乙": ("agent", "小乙"),
    "机器人": ("auto", "机器人"),
}
ACTS = ("下单", "付款", "关闭", "退款")
Line = tuple[int, str, str] | tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Talk:
    """One buyer's story; an order's name stands as the text of its acts."""

    buyer: str
    lines: Sequence[Line]
    product: str = ""
    starts: datetime = START


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


class _Rows:
    def __init__(self) -> None:
        self.messages: list[list[object]] = []
        self.orders: dict[str, dict[str, Any]] = {}
        self.items: list[list[object]] = []
        self.evaluations: list[list[object]] = []

    def tell(self, talk: Talk) -> None:
        at = talk.starts
        for pause, who, what, *more in talk.lines:
            at += timedelta(seconds=pause)
            card = more[0] if more else ""
            if who in ACTS:
                self.trade(talk, at, who, what, card or "P1")
                continue
            if who == "邀评":
                self.evaluations.append([talk.buyer, what, "", "invited", _text(at), ""])
                continue
            if who == "转给":
                self.messages.append([talk.buyer, "小美", "system", _text(at), "event", "", "", "transferred", what])
                continue
            sender, agent = SPEAKERS.get(who, ("agent", who))
            self.messages.append([talk.buyer, agent, sender, _text(at), "text", what, card or talk.product, "", ""])

    def trade(self, talk: Talk, at: datetime, act: str, order: str, product: str) -> None:
        name = f"{talk.buyer}·{order}"
        if act == "下单":
            self.orders[name] = {"buyer": talk.buyer, "created_at": _text(at)}
            self.items.append([name, product, 1, "99.00"])
        elif act == "付款":
            self.orders[name] |= {"paid_at": _text(at), "paid_amount": "99.00"}
        elif act == "关闭":
            self.orders[name] |= {"closed_at": _text(at), "status": "交易关闭"}
        else:
            self.orders[name] |= {"refunded_at": _text(at), "refund_amount": "99.00"}


ORDER = (
    "order_id",
    "buyer",
    "created_at",
    "paid_at",
    "closed_at",
    "refunded_at",
    "status",
    "payable_amount",
    "paid_amount",
    "refund_amount",
)


def _write(path: Path, head: Iterable[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def shop(
    folder: Path, talks: Iterable[Talk], *, inspection: bool = True, facts: str | None = None,
    after_sales: Sequence[str] = (), **settings: object,
) -> Workspace:  # fmt: skip
    """A workspace with these talks; a passer-by asks and buys nine days later, so that all windows have ended."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Workspace.create(folder / "店铺 数据")
    made.write_settings(None, {"inspection": inspection} | settings)
    if facts is not None:
        (made.settings().folder / "facts.toml").write_text(facts, encoding="utf-8")
    rows = _Rows()
    for talk in talks:
        rows.tell(talk)
    rows.tell(
        Talk("路人", [(0, "买家", "在吗"), (5, "客服", "在的"), (60, "下单", "一"), (5, "付款", "一")], starts=LATER)
    )
    files = [
        _write(folder / "messages.csv", ("buyer", "agent", "sender", "sent_at", "kind", "text", "product_id", "event", "to_agent"),
               rows.messages),
        _write(folder / "orders.csv", ORDER, [
            [name, *(one.get(column, "99.00" if column == "payable_amount" else "") for column in ORDER[1:])] for name, one in rows.orders.items()
        ]),
        _write(folder / "order_items.csv", ("order_id", "product_id", "quantity", "price"), rows.items),
    ]  # fmt: skip
    if rows.evaluations:
        head = ("buyer", "agent", "level", "origin", "sent_at", "evaluated_at")
        files.append(_write(folder / "evaluations.csv", head, rows.evaluations))
    if after_sales:
        files.append(
            _write(folder / "agents.csv", ("agent", "name", "team"), [[one, one, "aftersales"] for one in after_sales])
        )
    import_files(made, files)
    build(made)
    return made


@contextmanager
def judged(workspace: Workspace, window: str | None = None) -> Iterator[tuple[Engine, Judged]]:
    """The reader's `lost_reason` of a shop."""
    settings = workspace.settings("main")
    with opened(workspace, "main") as engine:
        yield engine, judge(engine, settings, Window.parse(window or settings.window))


def reasons(workspace: Workspace, window: str | None = None) -> dict[str, dict[str, Any]]:
    """The row of each buyer, but the passer-by's, with the text of the message that it rests on."""
    with judged(workspace, window) as (engine, _):
        found = engine.rows(
            "select r.*, b.buyer, o.text from lost_reason as r "
            "inner join (select distinct buyer_key, buyer from original) as b on b.buyer_key = r.buyer_key "
            "left join original as o on o.buyer_key = r.buyer_key and o.seq = r.seq"
        )
    return {one["buyer"]: one for one in found if one["buyer"] != "路人"}
