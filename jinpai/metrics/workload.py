"""工作量 workload: how many buyers, conversations and messages, and who was kept waiting. Source: contract §4."""

from __future__ import annotations

from jinpai.errors import Words
from jinpai.metrics.definition import Metric, Part, count_if, sum_if

_BUYERS = "buyer_day"
_CONVERSATIONS = "conversation_by"
_CONSULTED = count_if("what = 'consulted'")
_UNREPLIED = count_if("what = 'unreplied'")


def _buyers(name: str, zh: str, what: str, better: str, meaning: Words) -> Metric:
    return Metric(name, zh, "amount", "buyers", better, meaning, Part(_BUYERS, count_if(f"what = '{what}'")))  # type: ignore[arg-type]


metric = (
    _buyers("consulted_buyers", "咨询人数", "consulted", "none",
        Words("当天发过消息的买家，一个买家一天只算一次", "Buyers who wrote that day, each once a day")),
    _buyers("received_buyers", "接待人数", "received", "none",
        Words("客服以人工回过话、买家也说过话的买家，一天一次", "Buyers to whom a person wrote in a conversation where the buyer wrote, each once a day")),
    _buyers("assigned_buyers", "分配人数", "assigned", "none",
        Words("分配、转接给客服的买家，一天一次", "Buyers assigned or transferred to an agent, each once a day")),
    _buyers("unreplied_buyers", "未回复人数", "unreplied", "lower",
        Words("有一个会话从头到尾没有人工回复的买家", "Buyers with a conversation that never got a person's answer")),
    _buyers("slow_buyers", "慢接待人数", "slow", "lower",
        Words("一天里有几个回合（默认 3 个）等了太久（默认 120 秒以上）的买家", "Buyers with several rounds (3 unless set) over the slow line (120 s) on one day")),
    Metric("reply_rate", "旺旺回复率", "ratio", "rate", "higher",
        Words("1 − 未回复人数 ÷ 咨询人数", "1 − unreplied ÷ consulted buyers"),
        Part(_BUYERS, f"{_CONSULTED} - {_UNREPLIED}"), Part(_BUYERS, _CONSULTED)),
    Metric("conversations", "会话数", "amount", "count", "none",
        Words("会话的个数，含单口相声", "Conversations, outreach included"), Part(_CONVERSATIONS, "count(*)")),
    Metric("outreach_conversations", "单口相声", "amount", "count", "none",
        Words("买家一句没说的会话；不算接待、询单、流失", "Conversations in which the buyer never wrote; no reception, enquiry or loss"),
        Part(_CONVERSATIONS, count_if("outreach"))),
    Metric("max_concurrency", "最大同时接待", "peak", "count", "none",
        Words("同一时刻开着的会话最多几个", "The most conversations open at once"), Part("concurrency", "max(open_at_once)", "max")),
    Metric("buyer_messages", "买家消息", "amount", "count", "none",
        Words("买家发的消息条数", "Messages by buyers"), Part("talk", sum_if("not by_person", "messages"))),
    Metric("agent_messages", "客服消息", "amount", "count", "none",
        Words("客服人工发的消息条数", "Messages by persons"), Part("talk", sum_if("by_person", "messages"))),
    Metric("agent_chars", "客服字数", "amount", "count", "none",
        Words("客服人工消息的字数", "Characters in persons' messages"), Part("talk", sum_if("by_person", "chars"))),
    Metric("answer_ratio", "答问比", "ratio", "ratio", "higher",
        Words("客服消息 ÷ 买家消息", "Agent messages per buyer message"),
        Part("talk", sum_if("by_person", "messages")), Part("talk", sum_if("not by_person", "messages"))),
    Metric("transferred_in", "转入", "amount", "count", "none",
        Words("转接进来的次数", "Conversations transferred in"), Part("transfer", count_if("direction = 'in'"))),
    Metric("transferred_out", "转出", "amount", "count", "none",
        Words("转接出去的次数", "Conversations transferred out"), Part("transfer", count_if("direction = 'out'"))),
)  # fmt: skip
