"""满意度 satisfaction: ratings invited, given and good; unknown where no evaluations were imported. Source: contract §4."""

from __future__ import annotations

from jinpai.errors import Words
from jinpai.metrics.definition import Metric, Part, count_if

_SOURCE = "evaluation"
_SENT = Part(_SOURCE, count_if("sent_at is not null"))
_RATED = Part(_SOURCE, count_if("level is not null"))

metric = (
    Metric("evaluations_sent_rate", "评价发送率", "ratio", "rate", "higher",
        Words("发出的邀评 ÷ 接待人数", "Invitations sent ÷ received buyers"), _SENT,
        Part("buyer_day", count_if("what = 'received'"))),
    Metric("evaluated_rate", "评价参与率", "ratio", "rate", "higher",
        Words("收到的评价 ÷ 发出的邀评", "Ratings given ÷ invitations sent"),
        Part(_SOURCE, count_if("sent_at is not null and level is not null")), _SENT),
    Metric("satisfied_rate", "满意率", "ratio", "rate", "higher",
        Words("满意和很满意（4–5 分）÷ 收到的评价", "Ratings of 4 and 5 ÷ ratings given"),
        Part(_SOURCE, count_if("level >= 4")), _RATED),
)  # fmt: skip
