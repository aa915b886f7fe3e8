"""业绩 sales: whose sale an order is, under the rule chosen; amounts on the day of payment. Source: contract §6."""

from __future__ import annotations

from jinpai.errors import Words
from jinpai.metrics.definition import Better, Metric, Part, Unit, sum_if

_OWNED = "agent is not null"
_AMOUNT = Part("sale", sum_if(_OWNED, "amount"))
_ORDERS = Part("sale", f"count(distinct case when {_OWNED} then order_key end)")
_BUYERS = Part("sale", f"count(distinct case when {_OWNED} then buyer_key end)")
_ITEMS = Part("sale", sum_if(_OWNED, "quantity"))
_REFUNDED = Part("refund", sum_if(_OWNED, "amount"))
_SHOP = Part("sale", "sum(amount)")


def _sum(  # a table of metrics reads best as rows
    name: str, zh: str, unit: Unit, part: Part, better: Better, meaning: Words, *, shop_only: bool = False
) -> Metric:
    return Metric(name, zh, "amount", unit, better, meaning, part, shop_only=shop_only)


def _per(name: str, zh: str, unit: Unit, part: Part, whole: Part, meaning: Words) -> Metric:
    return Metric(name, zh, "ratio", unit, "higher", meaning, part, whole)


metric = (
    _sum("attributed_amount", "客服销售额", "yuan", _AMOUNT, "higher",
        Words("归到客服名下的付款金额，按付款日", "Amount paid for orders that have an owner, by day of payment")),
    _sum("attributed_orders", "客服订单数", "count", _ORDERS, "higher",
        Words("归到客服名下的付款订单", "Paid orders that have an owner")),
    _sum("attributed_buyers", "销售人数", "buyers", _BUYERS, "higher",
        Words("归到客服名下的付款买家，一天一次", "Buyers of those orders, each once a day")),
    _sum("attributed_items", "销售量", "items", _ITEMS, "higher",
        Words("归到客服名下的付款件数", "Items in those orders")),
    _sum("refunded_amount", "退款金额", "yuan", _REFUNDED, "lower",
        Words("归到客服名下的订单当天退掉的金额，按退款日", "Money paid back on those orders, by day of refund")),
    Metric("net_amount", "净销售额", "amount", "yuan", "higher",
        Words("客服销售额 − 退款金额", "Attributed − refunded amount"), _AMOUNT, minus=_REFUNDED),
    _sum("silent_amount", "静默销售额", "yuan", Part("sale", sum_if("agent is null", "amount")), "none",
        Words("没问客服就付款的金额", "Paid without any agent"), shop_only=True),
    _sum("silent_orders", "静默订单数", "count", Part("sale", "count(distinct case when agent is null then order_key end)"), "none",
        Words("没问客服就付款的订单", "Orders paid without any agent"), shop_only=True),
    _sum("shop_amount", "全店付款金额", "yuan", _SHOP, "higher",
        Words("全店付款金额 = 客服销售额 + 静默销售额", "All that the shop was paid"), shop_only=True),
    _sum("shop_refunded_amount", "全店退款金额", "yuan", Part("refund", "sum(amount)"), "lower",
        Words("全店当天退掉的金额", "All that the shop paid back"), shop_only=True),
    Metric("service_share", "客服销售占比", "ratio", "rate", "higher",
        Words("客服销售额 ÷ 全店付款金额", "Attributed ÷ shop amount"), _AMOUNT, _SHOP, over_shop=True),
    _per("aov", "客单价", "yuan", _AMOUNT, _BUYERS,
        Words("客服销售额 ÷ 销售人数", "Attributed amount per buyer")),
    _per("items_per_buyer", "客件数", "ratio", _ITEMS, _BUYERS,
        Words("销售量 ÷ 销售人数", "Items per buyer")),
    _per("items_per_order", "连带率", "ratio", _ITEMS, _ORDERS,
        Words("销售量 ÷ 客服订单数", "Items per order")),
    _per("amount_per_item", "件均价", "yuan", _AMOUNT, _ITEMS,
        Words("客服销售额 ÷ 销售量", "Amount per item")),
    _per("cross_sell_rate", "关联销售", "rate",
        Part("sale", f"count(distinct case when {_OWNED} and order_products >= 2 then order_key end)"), _ORDERS,
        Words("买了两种以上商品的订单 ÷ 客服订单数", "Orders with two or more products ÷ attributed orders")),
    _sum("assisted_amount", "协助金额", "yuan", Part("assisted", "sum(amount)"), "higher",
        Words("帮同事成交的金额，只并列显示，不相加", "Paid for orders assisted but owned by another; shown beside, never added")),
    _sum("repeat_buyers", "二次购买人数", "buyers",
        Part("sale", f"count(distinct case when {_OWNED} and repeated then buyer_key end)"), "higher",
        Words("以前在本店付过款的销售人数", "Buyers who had paid here before")),
    _sum("repeat_amount", "二次购买金额", "yuan", Part("sale", sum_if(f"{_OWNED} and repeated", "amount")), "higher",
        Words("以前在本店付过款的买家这次付的金额", "Amount paid by those buyers")),
)  # fmt: skip
