"""会话、响应、工作量 scenarios of §2 to §4 of the contract, worked out by hand."""

from __future__ import annotations

from .case import SHOP, Case

CASES = [
    Case(
        "a burst is one round from its first message, and a robot does not end it",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:01 auto > 云: 欢迎光临
        10:00:03 云: 在吗
        10:00:09 小美 > 云: 在的
        10:00:12 小美 > 云: 您说
        """,
        {SHOP: {
            "conversations": 1, "response_seconds": 9.0, "first_response_seconds": 9.0, "first_response_within_6s": 0.0,
            "first_response_within_15s": 1.0, "rounds_within_3min": 1.0, "buyer_messages": 2, "agent_messages": 2,
            "agent_chars": 4, "answer_ratio": 1.0, "consulted_buyers": 1, "received_buyers": 1, "unreplied_buyers": 0,
        }},
    ),
    Case(
        "an answer within 24 h belongs to the question, whatever the gap; the chat goes on from there",
        """
        2025-11-10
        10:00:00 云: 你好
        12:00:00 小美 > 云: 抱歉久等
        12:29:00 云: 好的
        12:29:04 小美 > 云: 嗯
        """,
        # rounds of 7200 s and 4 s
        {SHOP: {"conversations": 1, "first_response_seconds": 7200.0, "response_seconds": 3602.0, "rounds_within_3min": 0.5}},
    ),
    Case(
        "an answer after more than 24 h is outreach, and the question stays without an answer",
        """
        2025-11-10
        10:00:00 云: 你好
        2025-11-11
        10:00:01 小美 > 云: 抱歉久等
        """,
        {SHOP: {
            "conversations": 2, "outreach_conversations": 1, "unreplied_buyers": 1, "reply_rate": 0.0, "received_buyers": 0,
            "first_response_seconds": None, "rounds_within_3min": 0.0,
        }},
    ),
    Case(
        "to a platform an answer of the next day is none, and a question that a robot's line ended is left out",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:09 小美 > 云: 在的
        22:50:00 雨: 还有吗
        22:50:02 auto > 雨: 客服下班了，明天回您
        2025-11-11
        00:10:00 小美 > 雨: 有的
        """,
        {SHOP: {
            "response_seconds": 2404.5, "jd_first_30s_rate": 1.0, "pdd_3min_rate": 1.0, "douyin_3min_rate": 1.0,
            "tmall_response_seconds": 9.0, "tmall_3min_rate": 1.0,
        }},
    ),
    Case(
        "a robot after the gap cuts, unless a person's answer to the question follows",
        """
        2025-11-10
        10:00:00 云: 你好
        11:00:00 auto > 云: 优惠来了
        11:30:00 小美 > 云: 在的
        10:00:00 雨: 你好
        11:00:00 auto > 雨: 优惠来了
        """,
        # 云: one conversation. 雨: a question without an answer, then outreach by a robot
        {SHOP: {"conversations": 3, "outreach_conversations": 1, "unreplied_buyers": 1, "response_seconds": 5400.0}},
    ),
    Case(
        "closed: the next message opens a new conversation; reopened undoes it; an answer still belongs to its question",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:10 小美 > 云: 在的
        10:01:00 云 closed 小美
        10:02:00 云: 还有个问题
        11:00:00 雨: 你好
        11:00:10 小美 > 雨: 在的
        11:01:00 雨 closed 小美
        11:01:30 雨 reopened 小美
        11:02:00 雨: 还有个问题
        12:00:00 雪: 你好
        12:01:00 雪 closed 小美
        12:02:00 小美 > 雪: 在的
        12:03:00 雪: 好
        """,
        # 云 2, 雨 1, 雪 2 (the answer inside the first, then 好 opens the second)
        {SHOP: {"conversations": 5, "unreplied_buyers": 2, "response_seconds": (10 + 10 + 120) / 3}},
    ),
    Case(
        "transfer: the shop's clock runs on, the new agent's starts at the transfer, the giver has an unanswered round",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:00 云 assigned 小美
        10:01:00 云 transferred 小美 小乙
        10:01:20 小乙 > 云: 在的
        """,
        {
            ("小美",): {"rounds_within_3min": 0.0, "response_seconds": None, "transferred_out": 1, "transferred_in": 0,
                       "assigned_buyers": 1, "conversations": 0},
            ("小乙",): {"rounds_within_3min": 1.0, "response_seconds": 20.0, "transferred_in": 1, "conversations": 1,
                       "first_response_seconds": 20.0, "buyer_messages": 1},
        },
        by=("agent",),
    ),
    Case(
        "transfer, seen by the shop: one round, 80 s",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:00 云 assigned 小美
        10:01:00 云 transferred 小美 小乙
        10:01:20 小乙 > 云: 在的
        """,
        {SHOP: {"response_seconds": 80.0, "rounds_within_3min": 1.0, "transferred_in": 1, "assigned_buyers": 1}},
    ),
    Case(
        "hand-over to a person: the shop's clock starts at the first",
        """
        2025-11-10
        10:00:00 云: 你好
        10:00:01 auto > 云: 我是机器人
        10:00:30 云: 转人工
        10:02:00 云 handed_to_human
        10:02:05 云 handed_to_human
        10:02:10 小美 > 云: 在的
        """,
        {SHOP: {"response_seconds": 10.0, "first_response_within_15s": 1.0, "first_response_within_6s": 0.0}},
    ),
    Case(
        "hand-over to a person: the agent's clock starts at the last",
        """
        2025-11-10
        10:00:00 云: 你好
        10:02:00 云 handed_to_human
        10:02:05 云 handed_to_human
        10:02:10 小美 > 云: 在的
        """,
        {("小美",): {"response_seconds": 5.0, "first_response_within_6s": 1.0}},
        by=("agent",),
    ),
    Case(
        "percentiles are nearest rank over whole seconds",
        "2025-11-10\n" + "".join(
            f"10:{minute:02d}:00 云: 问\n10:{minute:02d}:{seconds:02d} 小美 > 云: 答\n"
            for minute, seconds in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, 50))
        ),
        {SHOP: {"response_seconds": 9.5, "response_seconds_p50": 5, "response_seconds_p90": 9}},
    ),
    Case(
        "agent first: the clock starts at the buyer's first message",
        """
        2025-11-10
        10:00:00 小美 > 云: 上次看的还要吗
        10:10:00 云: 要
        10:10:05 小美 > 云: 好的
        """,
        {SHOP: {"conversations": 1, "outreach_conversations": 0, "first_response_seconds": 5.0, "enquiries": 1}},
    ),
    Case(
        "over midnight: the conversation and its rounds stay on their first day, messages keep their own",
        """
        2025-11-10
        23:59:50 云: 在吗
        2025-11-11
        00:00:10 小美 > 云: 在的
        00:00:20 云: 有货吗
        """,
        {
            ("2025-11-10",): {"conversations": 1, "consulted_buyers": 1, "buyer_messages": 1, "agent_messages": 0,
                              "received_buyers": 1, "response_seconds": 20.0, "rounds_within_3min": 0.5},
            ("2025-11-11",): {"conversations": 0, "consulted_buyers": 1, "buyer_messages": 1, "agent_messages": 1,
                              "received_buyers": 0, "response_seconds": None},
        },
        by=("day",),
    ),
    Case(
        "slow: three rounds over 120 s on one day, unanswered ones too; open at once: first to last message",
        """
        2025-11-10
        10:00:00 云: 一
        10:02:01 小美 > 云: 答
        10:03:00 云: 二
        10:05:01 小美 > 云: 答
        10:05:30 雨: 你好
        10:06:00 云: 三
        10:08:00 雨: 你好
        11:00:00 雪: 一
        11:02:00 小美 > 雪: 答
        11:03:00 雪: 二
        11:05:00 小美 > 雪: 答
        11:06:00 雪: 三
        """,
        # 雪 waited exactly 120 s twice: not over. 云 and 雨 overlap.
        {SHOP: {"slow_buyers": 1, "max_concurrency": 2, "unreplied_buyers": 1}},
    ),
    Case(
        "working seconds: what was asked at night waits from opening time",
        """
        2025-11-10
        22:00:00 云: 你好
        2025-11-11
        09:10:00 小美 > 云: 早
        10:00:00 雨: 你好
        10:00:08 小美 > 雨: 在的
        22:00:00 雪: 你好
        2025-11-12
        10:00:01 小美 > 雪: 早
        """,
        # working waits of 600, 8 and 3601 s; the working hour of 雪 ended at 10:00:00
        {SHOP: {"first_response_seconds_business": (600 + 8 + 3601) / 3, "first_response_seconds_p50_business": 600,
                "first_response_within_15s_business": 1 / 3, "message_reply_rate": 0.5}},
        settings={"hours.toml": '[weekly]\nevery_day = ["09:00-18:00"]\n'},
    ),
    Case(
        "no hours set: working seconds are unknown",
        "2025-11-10\n10:00:00 云: 你好\n10:00:05 小美 > 云: 在",
        {SHOP: {"first_response_seconds_business": None, "message_reply_rate": None, "rounds_within_3min_business": None}},
    ),
    Case(
        "Tmall: capped at 600 s, unanswered is 600 s, what a robot ended is left out, outside the hours too",
        """
        2025-11-10
        07:00:00 夜: 早
        09:00:00 云: 你好
        09:20:00 小美 > 云: 在
        10:00:00 雨: 你好
        11:00:00 雪: 你好
        11:00:01 auto > 雪: 您好
        12:00:00 风: 你好
        12:00:20 assist 小美 > 风: 在
        """,
        # 600, 600, out, 20
        {SHOP: {"tmall_response_seconds": 1220 / 3, "tmall_3min_rate": 1 / 3, "response_seconds": 1200.0}},
    ),
]  # fmt: skip
