"""询单转化 conversion: of those who asked, how many ordered and paid in the window. Source: contract §5."""

from __future__ import annotations

from jinpai.errors import Words
from jinpai.metrics.definition import Better, Metric, Part, Unit, count_if

_SOURCE = "enquiry_by"
_NEW = "stage = 'before_order'"
_OPEN = "stage = 'unpaid_order'"
_ORDERED = f"{{mature}} and {_NEW} and ordered_at < {{end}}"
_PAID = "{mature} and paid_at < {end}"


def _count(name: str, zh: str, condition: str, better: Better, meaning: Words) -> Metric:
    unit: Unit = "count"
    return Metric(name, zh, "amount", unit, better, meaning, Part(_SOURCE, count_if(condition)), windowed=True)


def _rate(name: str, zh: str, part: str, whole: str, meaning: Words) -> Metric:
    return Metric(name, zh, "ratio", "rate", "higher", meaning,
        Part(_SOURCE, count_if(part)), Part(_SOURCE, count_if(whole)), windowed=True)  # fmt: skip


metric = (
    Metric("enquiries", "询单人数", "amount", "buyers", "none",
        Words("当天售前来问的买家，一个买家一天只算一次", "Buyers who asked before buying, each once a day"),
        Part(_SOURCE, "count(*)")),
    _count("mature_enquiries", "已满统计期询单({w})", "{mature}", "none",
        Words("统计期已经走完的询单", "Enquiries whose window has ended")),
    _count("immature", "延迟统计({w})", "not {mature}", "none",
        Words("统计期还没走完，先不算进转化的询单", "Enquiries whose window has not ended; in neither side of a rate")),
    _count("ordered", "下单人数({w})", _ORDERED, "higher",
        Words("统计期内下了单的询单（来问时还没下单的）", "Enquiries before an order whose buyer ordered in the window")),
    _count("paid", "付款人数({w})", _PAID, "higher",
        Words("统计期内付了款的询单（含来问时已拍下未付的）", "Enquiries whose buyer paid in the window")),
    _count("deposit", "付定金人数({w})", "{mature} and deposit_at < {end}", "higher",
        Words("统计期内付了定金的询单", "Enquiries whose buyer paid a deposit in the window")),
    _count("lost", "流失人数({w})", "{mature} and coalesce(paid_at >= {end}, true)", "lower",
        Words("统计期走完也没付款的询单", "Mature enquiries that did not pay")),
    _rate("conversion", "询单→{w}付款率", f"{_PAID} and {_NEW}", f"{{mature}} and {_NEW}",
        Words("统计期内付款的询单 ÷ 已满统计期的询单，都只算来问时还没下单的", "Paid ÷ enquiries, both before an order, mature only")),
    _rate("conversion_with_unpaid", "询单→{w}付款率(含拍下未付)", _PAID, "{mature}",
        Words("统计期内付款的询单 ÷ 已满统计期的询单，含来问时已拍下未付的", "Paid ÷ enquiries, with those that had an unpaid order")),
    _rate("order_rate", "询单→{w}下单率", _ORDERED, f"{{mature}} and {_NEW}",
        Words("统计期内下单的询单 ÷ 已满统计期的询单（来问时还没下单的）", "Ordered ÷ enquiries before an order")),
    _rate("unpaid_rescue", "催付成功率({w})", f"{_PAID} and {_OPEN}", f"{{mature}} and {_OPEN}",
        Words("来问时已拍下未付、统计期内付了款的 ÷ 来问时已拍下未付的", "Paid ÷ enquiries that had an unpaid order")),
    _rate("payment_rate", "下单→{w}付款率", f"{_ORDERED} and paid_at < {{end}}", _ORDERED,
        Words("统计期内付款的 ÷ 统计期内下单的（来问时还没下单的）", "Paid ÷ ordered, of those before an order")),
)  # fmt: skip
