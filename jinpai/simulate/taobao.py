"""淘宝订单导出 order lists of generation C (xlsx) and D (xlsx, csv) and the detail csv, GBK.

Every list shows the orders as they stood when it was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from jinpai.simulate.baskets import DAY, Basket
from jinpai.simulate.written import clock, write_csv, yuan

LIST_C = (
    "订单编号,买家会员名,买家会员昵称,支付单号,支付详情,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,"
    "买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,虚拟号过期时间,订单创建时间,订单付款时间,"
    "宝贝标题,宝贝种类,物流单号,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,"
    "是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,"
    "异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,"
    "新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包,是否信用购,体验期结束时间,前N有礼,"
    "配送类型,直播返现状态,返现金额,延迟发货自动赔付金额,新零售成交门店昵称,新零售成交门店id,新零售成交经销商id,预售订单,发货时间,"
    "商家备忘,主订单编号"
).split(",")
LIST_D = (
    "订单编号,买家昵称,订单状态,商品标题,商品属性,skuId,购买数量,买家实付金额,退款金额,订单创建时间,订单付款时间,发货时间,"
    "物流单号,物流公司,买家留言,商家备忘,收货人姓名,收货地址"
).split(",")
DETAIL = (
    "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,"
    "买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间"
).split(",")
ADDRESS = "浙江省杭州市余杭区测试街道***"


def _payment(basket: Basket, paid: int) -> str:
    return "null" if paid < 0 else f"{clock(paid, '%Y%m%d')}22001{basket.order_id[-12:]:0>15}"


def row_c(basket: Basket, taken: int, shop: str) -> list[object]:
    """C 代一行 one order as text cells under LIST_C; the nick is whole in 买家会员名, masked beside it."""
    paid, refund, all_back, closed = basket.at(taken)
    received = basket.amount - refund if paid >= 0 else 0
    sent = paid + 6 * 3600 if 0 <= paid < taken - DAY and not all_back else -1
    done = paid + 8 * DAY if basket.status(taken) == "交易成功" else -1
    reason = "订单未关闭" if not (closed or all_back) else "退款" if all_back else "买家未付款"
    cells = {
        "订单编号": basket.order_id, "主订单编号": basket.order_id, "买家会员名": basket.buyer,
        "买家会员昵称": basket.masked, "支付单号": _payment(basket, paid), "支付详情": "null" if paid < 0 else "支付宝",
        "买家应付货款": yuan(basket.goods), "买家应付邮费": "0.00", "买家支付积分": "0", "总金额": yuan(basket.goods),
        "返点积分": "0", "买家实际支付金额": yuan(basket.amount if paid >= 0 else 0), "买家实际支付积分": "0",
        "订单状态": basket.status(taken), "收货人姓名": "王*", "收货地址": ADDRESS, "运送方式": "快递",
        "联系手机": f"*******{basket.row % 10000:04d}", "订单创建时间": clock(basket.created), "订单付款时间": clock(paid),
        "宝贝标题": "，".join(item.product.title for item in basket.items), "宝贝种类": str(len(basket.items)),
        "物流单号": f"No:88{basket.order_id[-13:]}" if sent >= 0 else "", "物流公司": "中通快递" if sent >= 0 else "",
        "宝贝总数量": str(basket.quantity), "店铺Id": "0", "店铺名称": shop, "订单关闭原因": reason, "卖家服务费": "0",
        "买家服务费": "0元", "是否手机订单": "手机订单", "是否代付": "否", "退款金额": yuan(refund),
        "确认收货时间": clock(done), "打款商家金额": f"{yuan(received)}元", "是否信用购": "否",
        "发货时间": clock(sent) or "null", "商家备忘": basket.memo,
    }  # fmt: skip
    return [cells.get(name) or None for name in LIST_C]


def row_d(basket: Basket, taken: int, is_masked: bool, form: str = "%Y-%m-%d %H:%M:%S") -> list[object]:
    """D 代一行 one order under LIST_D; some buyers are masked, a closed order has no title."""
    paid, refund, all_back, closed = basket.at(taken)
    sent = paid + 6 * 3600 if 0 <= paid < taken - DAY and not all_back else -1
    only = basket.items[0] if len(basket.items) == 1 else None
    cells = {
        "订单编号": basket.order_id, "买家昵称": basket.masked if is_masked else basket.buyer,
        "订单状态": basket.status(taken),
        "商品标题": "" if closed else "，".join(item.product.title for item in basket.items),
        "商品属性": f"颜色分类:{only.color}[{only.product.size}];件数:{only.quantity}件" if only and not closed else "",
        "skuId": f"51{only.product.product_id[-9:]}" if only and not closed else "",
        "购买数量": str(basket.quantity), "买家实付金额": yuan(basket.amount if paid >= 0 else 0), "退款金额": yuan(refund),
        "订单创建时间": clock(basket.created, form), "订单付款时间": clock(paid, form), "发货时间": clock(sent),
        "物流单号": f"88{basket.order_id[-13:]}" if sent >= 0 else "", "物流公司": "中通快递" if sent >= 0 else "",
        "商家备忘": basket.memo, "收货人姓名": "王*", "收货地址": ADDRESS,
    }  # fmt: skip
    return [cells.get(name) or None for name in LIST_D]


def rows_detail(basket: Basket, taken: int) -> list[list[object]]:
    """明细行 one row a product under DETAIL; ids as ="…" so that Excel keeps them."""
    paid, refund, _, _ = basket.at(taken)
    rows: list[list[object]] = []
    for item in basket.items:
        back = item.refund if refund else 0
        cells = {
            "子订单编号": f'="{item.sub_order_id}"', "主订单编号": f'="{basket.order_id}"', "标题": item.product.title,
            "价格": yuan(item.price), "购买数量": str(item.quantity), "外部系统编号": item.product.code,
            "商品属性": f"颜色分类:{item.color};尺寸:{item.product.size}", "订单状态": basket.status(taken),
            "商家编码": f"{item.product.code}-{item.color}", "支付单号": _payment(basket, paid),
            "买家应付货款": yuan(item.price * item.quantity), "买家实际支付金额": yuan(item.paid if paid >= 0 else 0),
            "退款状态": "退款成功" if back else "没有申请退款", "退款金额": yuan(back) if back else "无退款申请",
            "订单创建时间": clock(basket.created), "订单付款时间": clock(paid),
        }  # fmt: skip
        rows.append([cells.get(name, "") for name in DETAIL])
    return rows


def write_xlsx(file: Path, sheet: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """XLSX one sheet of text cells."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_numbers": False})
    page = book.add_worksheet(sheet)
    for number, row in enumerate([header, *rows]):
        for place, cell in enumerate(row):
            if cell is not None:
                page.write_string(number, place, str(cell))
    book.close()
    return file


def write_gbk(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """GBK CSV as the platform's own exports."""
    return write_csv(file, header, rows, encoding="gbk")
