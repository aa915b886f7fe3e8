"""标准表文件 the canonical CSV files beside the platform's: people, products, shifts, refunds and more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from jinpai.simulate.baskets import Basket
from jinpai.simulate.draw import Play
from jinpai.simulate.duty import spans
from jinpai.simulate.scene import nicks
from jinpai.simulate.written import iso, write_csv, yuan

ORDERS = (
    "shop order_id buyer created_at paid_at closed_at status payable_amount paid_amount refund_amount refunded_at quantity "
    "product_count remark deposit_amount deposit_paid_at balance_due_at exported_at"
).split()
ITEMS = "shop order_id sub_order_id product_id sku_id title quantity price paid_amount refund_amount".split()


def write_people(play: Play, folder: Path) -> list[Path]:
    """客服名单、排班 agents.csv and shifts.csv."""
    shop = play.shop
    agents = [
        (
            shop.key,
            shop.sub_account(number),
            one.name,
            one.team,
            one.joined.isoformat(),
            one.left.isoformat() if one.left else "",
        )
        for number, one in enumerate(shop.agents)
    ]
    shifts = [
        (shop.key, shop.agents[agent].name, shop.sub_account(agent), iso(starts), iso(ends), "on_duty")
        for agent, starts, ends in spans(shop, play.duty)
    ]
    return [
        write_csv(folder / "agents.csv", ("shop", "agent", "name", "team", "joined_on", "left_on"), agents),
        write_csv(folder / "shifts.csv", ("shop", "person", "agent", "starts_at", "ends_at", "kind"), shifts),
    ]


def write_goods(play: Play, folder: Path) -> list[Path]:
    """商品、活动 products.csv (with the merchant code beside the canonical columns) and promotions.csv."""
    shop = play.shop
    products = [
        (shop.key, item.product_id, item.title, item.category, yuan(item.price), item.kind,
         "false" if item.kind == "custom" else "true", item.code)
        for item in shop.products
    ]  # fmt: skip
    promotions = [
        (shop.key, one.name, f"{one.first.isoformat()}T00:00:00", f"{one.end.isoformat()}T00:00:00", "", one.kind)
        for one in shop.promotions
    ]
    header = ("shop", "product_id", "title", "category", "price", "kind", "returnable", "merchant_code")
    return [
        write_csv(folder / "products.csv", header, products),
        write_csv(
            folder / "promotions.csv", ("shop", "name", "starts_at", "ends_at", "product_id", "kind"), promotions
        ),
    ]


def write_evaluations(play: Play, folder: Path) -> Path:
    """满意度评价 evaluations.csv; one never answered has no level."""
    shop, one, visit = play.shop, play.evaluations, play.visits
    buyer = nicks(visit.buyer[one.visit], play.seed)
    rows = []
    for place, row in enumerate(one.visit.tolist()):
        sent, at, invited = int(one.sent[place]), int(one.at[place]), bool(one.invited[place])
        level = int(one.level[place]) if at >= 0 else ""
        origin = "invited" if invited else "self"
        agent = shop.sub_account(int(visit.agent[row]))
        rows.append((shop.key, buyer[place], agent, level, origin, iso(sent) if invited else "", iso(at)))
    header = ("shop", "buyer", "agent", "level", "origin", "sent_at", "evaluated_at")
    return write_csv(folder / "evaluations.csv", header, rows)


def write_refunds(play: Play, baskets: Iterable[Basket], folder: Path) -> Path:
    """退款 refunds.csv; those still open have no refunded_at."""
    reasons = ("七天无理由退换货", "拍错/多拍/不想要", "质量问题", "少件/漏发", "尺寸不合适")
    rows = []
    for basket in baskets:
        if basket.applied < 0:
            continue
        done = basket.refunded >= 0
        rows.append((
            play.shop.key, f"R{basket.order_id}", basket.order_id, "", yuan(basket.refund), iso(basket.applied),
            iso(basket.refunded), reasons[basket.row % len(reasons)], "退款成功" if done else "退款待处理",
        ))  # fmt: skip
    header = (
        "shop",
        "refund_id",
        "order_id",
        "sub_order_id",
        "amount",
        "applied_at",
        "refunded_at",
        "reason",
        "status",
    )
    return write_csv(folder / "refunds.csv", header, rows)


def write_presale(play: Play, baskets: Sequence[Basket], due: int, folder: Path) -> list[Path]:
    """定金订单 orders_presale.csv and order_items_presale.csv: deposits, which the lists do not tell apart."""
    key, taken = play.shop.key, play.shop.ends
    orders, items = [], []
    for one in baskets:
        paid, refund, _, _ = one.at(taken)
        orders.append((
            key, one.order_id, one.buyer, iso(one.created), iso(paid), iso(one.closed), one.status(taken), yuan(one.goods),
            yuan(one.amount if paid >= 0 else 0), yuan(refund), iso(one.refunded), one.quantity, len(one.items), one.memo,
            yuan(one.deposit), iso(one.deposit_paid), iso(due), iso(taken),
        ))  # fmt: skip
        items += [
            (key, one.order_id, item.sub_order_id, item.product.product_id, "", item.product.title, item.quantity,
             yuan(item.price), yuan(item.paid if paid >= 0 else 0), yuan(item.refund if refund else 0))
            for item in one.items
        ]  # fmt: skip
    return [
        write_csv(folder / "orders_presale.csv", ORDERS, orders),
        write_csv(folder / "order_items_presale.csv", ITEMS, items),
    ]
