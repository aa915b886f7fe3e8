"""响应 response: how fast persons answer; automatic replies never count. Source: contract §3."""

from __future__ import annotations

from jinpai.errors import Words
from jinpai.metrics.definition import Better, Metric, Part, Unit, count_if

_ROUNDS = "round_by"


def _clock(suffix: str, zh: str, milliseconds: str, means: Words) -> tuple[Metric, ...]:
    """The same ten figures on one clock: all time, or the shop's opening hours only."""
    first = Part(_ROUNDS, f"case when first_round then {milliseconds} end", "seconds")
    every = Part(_ROUNDS, milliseconds, "seconds")
    answered = Part(_ROUNDS, count_if(f"first_round and {milliseconds} is not null"))

    def mean(name: str, zh_name: str, part: Part, number: Part, meaning: Words) -> Metric:
        # a ratio of sums, so that days add up: a histogram by agent has as many rows as there are rounds
        return Metric(name + suffix, zh_name + zh, "ratio", "seconds", "lower",
            Words(meaning.zh + means.zh, meaning.en + means.en), Part(part.source, f"sum({part.expression})"), number)  # fmt: skip

    def one(name: str, zh_name: str, part: Part, statistic: str, meaning: Words) -> Metric:
        unit: Unit = "seconds"
        better: Better = "lower"
        return Metric(name + suffix, zh_name + zh, "distribution", unit, better,
            Words(meaning.zh + means.zh, meaning.en + means.en), part, statistic=statistic)  # fmt: skip

    def within(name: str, zh_name: str, limit: int) -> Metric:
        return Metric(name + suffix, zh_name + zh, "ratio", "rate", "higher",
            Words(f"首次响应不超过 {limit} 秒的会话 ÷ 有人工回复的会话{means.zh}",
                f"Conversations first answered within {limit} s ÷ conversations answered{means.en}"),
            Part(_ROUNDS, count_if(f"first_round and {milliseconds} <= {limit * 1000}")), answered)  # fmt: skip

    said_first = Words(
        "会话里买家第一句到人工第一句回复的秒数", "Seconds from the buyer's first line to the first answer by a person"
    )
    said_every = Words(
        "每个回合买家开口到人工回复的秒数",
        "Seconds from the first unanswered buyer line to a person's answer, over rounds",
    )
    return (
        mean("first_response_seconds", "首次响应(秒)", first, answered, said_first),
        one("first_response_seconds_p50", "首次响应中位数(秒)", first, "p50", said_first),
        one("first_response_seconds_p90", "首次响应 P90(秒)", first, "p90", said_first),
        mean("response_seconds", "平均响应(秒)", every, Part(_ROUNDS, f"count({milliseconds})"), said_every),
        one("response_seconds_p50", "响应中位数(秒)", every, "p50", said_every),
        one("response_seconds_p90", "响应 P90(秒)", every, "p90", said_every),
        within("first_response_within_6s", "6 秒内首次响应", 6),
        within("first_response_within_15s", "15 秒内首次响应", 15),
        Metric("rounds_within_3min" + suffix, "3 分钟内回复的回合" + zh, "ratio", "rate", "higher",
            Words(f"180 秒内人工回复的回合 ÷ 全部回合（含没回的）{means.zh}",
                f"Rounds answered within 180 s ÷ all rounds, unanswered ones included{means.en}"),
            Part(_ROUNDS, count_if(f"{milliseconds} <= 180000")),
            Part(_ROUNDS, "count(*)" if not suffix else count_if("has_hours"))),
    )  # fmt: skip


metric = (
    *_clock("", "", "ms", Words("", "")),
    *_clock("_business", "·营业时间", "business_ms",
        Words("，只算营业时间里的秒数", ", counting the shop's opening hours only")),
    Metric("rounds", "回合数", "amount", "count", "none",
        Words("买家开口等人工回复的次数", "Times a buyer waited for a person"), Part(_ROUNDS, "count(*)")),
    Metric("rounds_unanswered", "没回的回合", "amount", "count", "lower",
        Words("到最后也没有人工回复的回合", "Rounds that no person ever answered"), Part(_ROUNDS, count_if("answered_at is null"))),
    Metric("message_reply_rate", "留言回复率", "ratio", "rate", "higher",
        Words("非营业时间来问、在下一个营业小时内回复的会话 ÷ 非营业时间来问的会话",
            "Off-hours conversations answered by the end of the next working hour ÷ off-hours conversations"),
        Part(_ROUNDS, count_if("opening and off_hours and opening_business_ms <= 3600000")),
        Part(_ROUNDS, count_if("opening and off_hours"))),
)  # fmt: skip
