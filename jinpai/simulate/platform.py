"""平台文件 the demo shop as the files that a shop really exports, ready to import in the order given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from jinpai.simulate.after import ADVERT, STAFF
from jinpai.simulate.baskets import Basket, baskets, memo_codes
from jinpai.simulate.draw import Play, play
from jinpai.simulate.qianniu import only_with, write_t1, write_t2
from jinpai.simulate.scene import Line, nicks
from jinpai.simulate.shop import EPOCH, LATE_OPENING, Shop, hexiaoman
from jinpai.simulate.tables import write_evaluations, write_goods, write_people, write_presale, write_refunds
from jinpai.simulate.talk import counts, talk
from jinpai.simulate.taobao import DETAIL, LIST_C, LIST_D, row_c, row_d, rows_detail, write_gbk, write_xlsx
from jinpai.simulate.trade import BALANCE_DAY
from jinpai.simulate.truth import write_truth

DAY = 86400
CUTS = ((0, 31), (30, 46), (45, 61), (60, 76), (75, 92))
"""Days [first, end) of the chat exports: neighbours share a day, so that repeats are exercised."""
T2_AGENT, T2_FROM = 4, date(2026, 10, 1)


@dataclass(frozen=True, slots=True)
class Demo:
    """演示数据 the files in import order, the shop's settings as written in its files, the truth."""

    files: list[Path]
    settings: dict[str, Any]
    truth: Path


def demo(folder: Path | str, seed: int = 7, shop: Shop | None = None, enquiries: bool = False) -> Demo:
    """演示店铺 writes three months of 禾小满旗舰店 into `folder`; the same seed writes the same bytes.

    With `enquiries` the truth holds every enquiry with its causes.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    drawn = play(shop or hexiaoman(), seed)
    lines = talk(drawn)
    nick = _nicks(drawn, lines)
    sold = baskets(drawn)
    files = [*write_people(drawn, place), *write_goods(drawn, place)]
    files += _chats(drawn, lines, nick, place)
    files += _orders(drawn, sold, place)
    files += [write_refunds(drawn, sold, place), write_evaluations(drawn, place)]
    known = {"lines": counts(lines), "files": [file.name for file in files]}
    return Demo(files, settings(drawn, nick, sold), write_truth(drawn, place, known, enquiries))


def _nicks(drawn: Play, lines: list[Line]) -> dict[int, str]:
    numbers = sorted({line.buyer for line in lines if line.buyer < STAFF})
    nick = dict(zip(numbers, nicks_of(numbers, drawn.seed), strict=True))
    for number in sorted({line.buyer for line in lines if line.buyer >= STAFF}):
        nick[number] = f"推广小助手{number - ADVERT}" if number >= ADVERT else f"禾小满运营{number - STAFF + 1}号"
    return nick


def nicks_of(numbers: list[int], seed: int) -> list[str]:
    """昵称 of a list of buyer numbers."""
    import numpy as np

    return nicks(np.array(numbers, dtype=np.int64), seed)


def _chats(drawn: Play, lines: list[Line], nick: dict[int, str], folder: Path) -> list[Path]:
    """T1 files with shared days, and one T2 file of one sub-account whose talks stand nowhere else."""
    since = (T2_FROM - EPOCH).days * DAY
    apart = only_with(lines, T2_AGENT, since)
    alone = [line for line in lines if line.at >= since and line.buyer in apart]
    rest = [line for line in lines if line.at < since or line.buyer not in apart]
    shop, files = drawn.shop, []
    for first, end in CUTS:
        begins, ends = shop.begins + first * DAY, shop.begins + end * DAY
        days = f"{shop.first_day + timedelta(days=first):%Y%m%d}-{shop.first_day + timedelta(days=end - 1):%Y%m%d}"
        chosen = [line for line in rest if begins <= line.at < ends]
        files.append(write_t1(drawn, chosen, nick, folder / f"聊天记录_{days}.txt"))
    name = f"即时消息_{shop.agents[T2_AGENT].name}_{T2_FROM:%Y%m}.txt"
    return [*files, write_t2(drawn, alone, nick, T2_AGENT, folder / name)]


def _orders(drawn: Play, sold: list[Basket], folder: Path) -> list[Path]:
    """List C for August, D for September and October with some days twice, two detail files, deposits apart."""
    shop = drawn.shop
    plain = [one for one in sold if not one.deposit]
    random = Random(drawn.seed + 11)
    masked = {one.order_id for one in plain if random.random() < 0.055}

    def cut(first: int, end: int) -> tuple[list[Basket], int]:
        taken = shop.begins + end * DAY
        return [one for one in plain if shop.begins + first * DAY <= one.created < taken], taken + 36000

    august, c_taken = cut(0, 31)
    september, d_taken = cut(29, 61)
    october, e_taken = cut(60, 92)
    later = [one for one in plain if one.created >= shop.begins + 31 * DAY]
    list_c = [row_c(one, c_taken, shop.name) for one in august]
    list_d = [row_d(one, d_taken, one.order_id in masked, "%Y/%m/%d %H:%M:%S") for one in september]
    list_e = [row_d(one, e_taken, one.order_id in masked) for one in october]
    detail = [row for one in august for row in rows_detail(one, e_taken)]
    details = [row for one in later for row in rows_detail(one, e_taken)]
    due = (BALANCE_DAY - EPOCH).days * DAY + DAY
    return [
        write_xlsx(folder / "ExportOrderList202609011000.xlsx", "sheet1", LIST_C, list_c),
        write_gbk(folder / "ExportOrderDetailList202609011001.csv", DETAIL, detail),
        write_xlsx(folder / "订单报表_20260830-20260930.xlsx", "订单报表", LIST_D, list_d),
        write_gbk(folder / "订单导出_202610.csv", LIST_D, list_e),
        write_gbk(folder / "ExportOrderDetailList202611011001.csv", DETAIL, details),
        *write_presale(drawn, [one for one in sold if one.deposit], due, folder),
    ]


def settings(drawn: Play, nick: dict[int, str], sold: list[Basket]) -> dict[str, Any]:
    """店铺设置 every setting that differs from the default, in the form of the settings files."""
    silent = [one for one in sold if drawn.orders.visit[one.row] < 0 and one.paid_at >= 0 and not one.memo][:2]
    return {
        "hours": {
            "weekly": {"every_day": ["08:30-24:00"]},
            "exceptions": {day.isoformat(): [f"{second // 3600:02d}:00-24:00"] for day, second in LATE_OPENING.items()},
        },
        "promotions": [
            {"name": one.name, "first": one.first.isoformat(), "last": (one.end - timedelta(days=1)).isoformat()}
            for one in drawn.shop.promotions
        ],
        "staff_buyers": sorted(name for number, name in nick.items() if STAFF <= number < ADVERT),
        "advertising_phrases": ["【推广】", "店铺代运营", "物流公司招商"],
        "memo_codes": memo_codes(drawn),
        "given": [
            {"order_id": one.order_id, "agent": drawn.shop.sub_account(0), "by": "王主管", "reason": "电话成交"}
            for one in silent
        ],
    }
