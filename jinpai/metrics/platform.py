"""平台口径 platform response: how each platform counts, by dated profiles in the settings. Source: contract §3.

Names of their own, never mixed with the plain ones. `{profile}` in an expression stands for the
conditions that the shop's profile puts on a row; {late_ms} for the capped time of an unanswered one.
"""

from __future__ import annotations

from jinpai.errors import Words
from jinpai.metrics.definition import Metric, Part, count_if

_SOURCE = "platform_by"


def _within(name: str, zh: str, profile: str, seconds: int, *, days: int | None = None) -> Metric:
    return Metric(name, zh, "ratio", "rate", "higher",
        Words(f"{seconds} 秒内人工回复的 ÷ 全部，按平台时段和规则" + (f"，最近 {days} 天" if days else ""),
            f"Answered within {seconds} s ÷ all, by the platform's hours and rules" + (f", last {days} days" if days else "")),
        Part(_SOURCE, count_if(f"{{{profile}}} and answered_ms <= {seconds * 1000}")),
        Part(_SOURCE, count_if(f"{{{profile}}}")), days=days, profile=profile)  # fmt: skip


metric = (
    Metric("tmall_response_seconds", "平均响应时长（天猫口径）", "ratio", "seconds", "lower",
        Words("8–23 点的回合，每个最多算 600 秒，当天没回的算 600 秒", "Rounds at 08–23, each at most 600 s, unanswered that day = 600 s"),
        Part(_SOURCE, "sum(case when {tmall} then {tmall_ms} else 0 end)"),
        Part(_SOURCE, count_if("{tmall} and {tmall_ms} is not null")), profile="tmall"),
    _within("tmall_3min_rate", "3 分钟人工响应率(天猫口径)", "tmall", 180, days=30),
    _within("jd_first_30s_rate", "首次 30 秒应答率(京东口径)", "jd", 30),
    _within("pdd_3min_rate", "3 分钟人工回复率(拼多多口径)", "pdd", 180),
    _within("douyin_3min_rate", "3 分钟人工回复率(抖音口径)", "douyin", 180),
)  # fmt: skip
