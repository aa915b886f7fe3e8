"""询单、归属 scenarios of §5 and §6 of the contract, worked out by hand."""

from __future__ import annotations

from .case import SHOP, Case

CASES = [
    Case(
        "three chats of a day are one enquiry; ordered the same day, paid on the next",
        """
        2025-11-10
        09:00:00 云: 你好
        09:00:05 小美 > 云: 在
        11:00:00 云: 再问
        11:00:05 小美 > 云: 在
        15:00:00 云: 再问
        15:00:05 小乙 > 云: 在
        15:10:00 云 order A1 99.00
        2025-11-11
        09:00:01 paid A1
        """,
        # paid 24 h and 1 s after t0
        {SHOP: {
            "conversations": 3, "enquiries": 1, "mature_enquiries_next_day": 1, "ordered_same_day": 1, "paid_same_day": 0,
            "paid_next_day": 1, "paid_24h": 0, "paid_7d": 1, "conversion_same_day": 0.0, "conversion_next_day": 1.0,
            "order_rate_same_day": 1.0, "payment_rate_same_day": 0.0, "payment_rate_next_day": 1.0, "lost_same_day": 1,
            "lost_next_day": 0, "unpaid_rescue_next_day": None, "immature_7d": 0, "attributed_amount": "99.00",
        }},
    ),
    Case(
        "who waits at the horizon is immature, and the rate is not yet known",
        """
        2025-11-10
        09:00:00 云: 你好
        09:00:05 小美 > 云: 在
        15:10:00 云 order A1 99.00
        15:11:00 paid A1
        2025-11-11
        08:00:00 末: 好
        08:00:00 末 order Z 1.00
        """,
        # the horizon is 11-11 08:00: only the same day of 云 is over
        {("2025-11-10",): {"mature_enquiries_same_day": 1, "paid_same_day": 1, "conversion_same_day": 1.0, "immature_same_day": 0,
                           "mature_enquiries_24h": 0, "paid_24h": 0, "conversion_24h": None, "immature_24h": 1,
                           "conversion_next_day": None, "immature_next_day": 1}},
        by=("day",),
        later="",
    ),
    Case(
        "a deposit counts as ordered, is neither unpaid nor paid; paid is the balance",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:05 小美 > 云: 在
        10:05:00 云 order A1 99.00
        10:06:00 deposit A1
        2025-11-12
        10:00:00 paid A1
        """,
        {SHOP: {"ordered_same_day": 1, "deposit_same_day": 1, "paid_same_day": 0, "paid_24h": 0, "paid_7d": 1,
                "lost_same_day": 1, "conversion_7d": 1.0, "attributed_amount": "99.00"}},
    ),
    Case(
        "whoever asks between deposit and balance has no unpaid order, and that payment is not this enquiry's",
        """
        2025-11-09
        10:05:00 云 order A1 99.00
        10:06:00 deposit A1
        2025-11-10
        10:00:00 云: 什么时候发
        10:00:05 小美 > 云: 快了
        2025-11-12
        10:00:00 paid A1
        """,
        {SHOP: {"enquiries": 1, "unpaid_rescue_7d": None, "conversion_7d": 0.0, "paid_7d": 0, "ordered_7d": 0, "deposit_7d": 0}},
    ),
    Case(
        "an order open and unpaid: saved by a reminder, outside the headline",
        """
        2025-11-10
        09:00:00 云 order A1 99.00
        10:00:00 云: 你好
        10:00:05 小美 > 云: 在
        10:30:00 paid A1
        """,
        {SHOP: {"enquiries": 1, "unpaid_rescue_same_day": 1.0, "conversion_same_day": None, "paid_same_day": 1,
                "conversion_with_unpaid_same_day": 1.0, "ordered_same_day": 0, "order_rate_same_day": None,
                "attributed_amount": "99.00"}},
    ),
    Case(
        "after the sale: no enquiry, unless the buyer orders again inside the main window",
        """
        2025-11-05
        09:00:00 云 order A1 99.00
        09:01:00 paid A1
        09:00:00 雨 order B1 99.00
        09:01:00 paid B1
        2025-11-10
        10:00:00 云: 怎么还没到
        10:00:05 小美 > 云: 在
        10:00:00 雨: 怎么还没到
        10:00:05 小美 > 雨: 在
        2025-11-11
        23:59:59 雨 order B2 50.00
        2025-11-12
        00:00:00 paid B2
        """,
        # B2 is created inside next_day, and paid after it; A1 and B1 are silent
        {SHOP: {"conversations": 2, "enquiries": 1, "ordered_next_day": 1, "paid_next_day": 0, "paid_7d": 1,
                "silent_amount": "198.00", "attributed_amount": "50.00", "repeat_buyers": 1, "repeat_amount": "50.00",
                "service_share": 50 / 248}},
    ),
    Case(
        "whose sale: the last person before the order; who wrote later assists",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:05 小美 > 云: 在
        10:05:00 云 order A1 99.00
        10:06:00 小乙 > 云: 记得付款
        10:07:00 云: 好
        10:08:00 paid A1
        """,
        {
            ("小美",): {"attributed_orders": 1, "attributed_amount": "99.00", "assisted_amount": "0.00", "enquiries": 1,
                       "conversion_same_day": 1.0, "aov": "99.00", "service_share": 1.0},
            ("小乙",): {"attributed_orders": 0, "attributed_amount": "0.00", "assisted_amount": "99.00", "enquiries": 0},
        },
        by=("agent",),
    ),
    Case(
        "the same sale by payment",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:05 小美 > 云: 在
        10:05:00 云 order A1 99.00
        10:06:00 小乙 > 云: 记得付款
        10:07:00 云: 好
        10:08:00 paid A1
        """,
        {("小乙",): {"attributed_amount": "99.00", "assisted_amount": "0.00"},
         ("小美",): {"attributed_amount": "0.00", "assisted_amount": "99.00", "enquiries": 1}},
        by=("agent",),
        settings={"rules.toml": 'rule = "payment"\n'},
    ),
    Case(
        "two days are 48 hours from the end of the conversation",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:05 小美 > 云: 在
        10:00:00 雨: 你好
        10:00:05 小美 > 雨: 在
        2025-11-12
        10:00:05 云 order A1 99.00
        10:00:05 paid A1
        10:00:06 雨 order B1 50.00
        10:00:06 paid B1
        """,
        {SHOP: {"attributed_amount": "99.00", "silent_amount": "50.00"}},
    ),
    Case(
        "a silent order: a reminder gives ownership only from 30 minutes after its creation",
        """
        2025-11-10
        10:00:00 云 order A1 99.00
        10:30:00 小美 > 云: 记得付款
        11:00:00 paid A1
        10:00:00 雨 order B1 50.00
        10:29:59 小美 > 雨: 记得付款
        11:00:00 paid B1
        """,
        {SHOP: {"attributed_amount": "99.00", "silent_amount": "50.00", "outreach_conversations": 2, "enquiries": 0,
                "consulted_buyers": 0}},
    ),
    Case(
        "a masked buyer's order is nobody's",
        """
        2025-11-10
        10:00:00 云**: 你好
        10:00:05 小美 > 云**: 在
        10:05:00 云** order A1 99.00
        10:06:00 paid A1
        """,
        {SHOP: {"silent_amount": "99.00", "attributed_amount": "0.00", "enquiries": 1, "paid_7d": 0, "received_buyers": 1}},
    ),
    Case(
        "a refund belongs to its own day and to the order's owner",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:05 小美 > 云: 在
        10:05:00 云 order A1 99.00
        10:06:00 paid A1
        2025-11-20
        10:00:00 refund A1 9.00
        """,
        {
            ("小美", "2025-11-10"): {"attributed_amount": "99.00", "refunded_amount": "0.00", "net_amount": "99.00"},
            ("小美", "2025-11-20"): {"attributed_amount": "0.00", "refunded_amount": "9.00", "net_amount": "-9.00"},
        },
        by=("agent", "day"),
    ),
    Case(
        "by product: shares of what was paid, to the fen, by largest remainder",
        """
        2025-11-10
        10:00:00 云: 你好 #P3
        10:00:05 小美 > 云: 在
        10:05:00 云 order A1 10.00
        item A1 P2 1 5.00
        item A1 P1 1 5.00
        item A1 P3 1 5.00
        10:06:00 paid A1
        """,
        # a third each of 1000 fen: the odd fen goes to P1, first by name
        {
            ("P1",): {"attributed_amount": "3.34", "enquiries": 0},
            ("P2",): {"attributed_amount": "3.33"},
            ("P3",): {"attributed_amount": "3.33", "enquiries": 1, "paid_same_day": 1},
        },
        by=("product",),
    ),
    Case(
        "after-sales agents make no enquiry; nobody answered: the addressed sub-account's",
        """
        agent 小后 aftersales
        agent 小美 presales
        2025-11-10
        10:00:00 云: 你好
        10:00:05 小后 > 云: 在
        11:00:00 雨 @小美: 你好
        """,
        {("小后",): {"enquiries": 0, "received_buyers": 1}, ("小美",): {"enquiries": 1, "unreplied_buyers": 1,
                                                                     "consulted_buyers": 1, "conversations": 0}},
        by=("agent",),
    ),
    Case(
        "a longer span: further days of the unpaid buyer join; after the payment a new enquiry begins",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:05 小美 > 云: 在
        2025-11-12
        10:00:00 云: 还在考虑
        10:00:05 小美 > 云: 好
        11:00:00 云 order A1 99.00
        11:00:00 paid A1
        2025-11-16
        10:00:00 云: 再买一个
        10:00:05 小美 > 云: 好
        10:30:00 云 order A2 50.00
        10:30:00 paid A2
        """,
        {SHOP: {"conversations": 3, "enquiries": 2, "paid_7d": 2, "conversion_7d": 1.0, "lost_7d": 0}},
        settings={"shop.toml": 'preset = "followup"\n'},
    ),
]  # fmt: skip
