"""A small invented shop as canonical files, for the commands."""

from __future__ import annotations

from pathlib import Path

MESSAGES = """\
shop,buyer,agent,sender,sent_at,kind,text,message_id
,云边小鹿,小美,buyer,2026-11-18T10:00:00+08:00,text,这款沙发垫多大能用,m1
,云边小鹿,小美,agent,2026-11-18T10:00:09+08:00,text,您的沙发多长呢,m2
,晴天里,阿杰,buyer,2026-11-18T11:00:00+08:00,text,能便宜吗,m3
,晴天里,阿杰,agent,2026-11-18T11:00:40+08:00,text,满两件减十元,m4
,不对,阿杰,agent,昨天下午,text,时间写错了,m5
,山里人,小美,buyer,2026-11-20T20:00:00+08:00,text,什么时候发货,m6
,山里人,小美,agent,2026-11-20T20:00:05+08:00,text,今天就发,m7
"""
ORDERS = """\
shop,order_id,buyer,created_at,paid_at,status,payable_amount,paid_amount
,1001,云边小鹿,2026-11-18T10:20:00+08:00,2026-11-18T10:21:00+08:00,交易成功,99.00,99.00
,1002,路过的,2026-11-19T09:00:00+08:00,2026-11-19T09:01:00+08:00,交易成功,30.50,30.50
,1003,看看的,2026-11-20T20:30:00+08:00,,等待买家付款,12.00,
"""


def files(folder: Path) -> list[Path]:
    """Writes the shop's two files; one message row cannot be read."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / "messages.csv", folder / "orders.csv"]
    for path, text in zip(made, (MESSAGES, ORDERS), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return made
