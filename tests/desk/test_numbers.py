"""客服数据的定律 numbers: the mean row is what the agents' own figures come to, and who may see what of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jinpai.metrics.averages import averages
from tests.desk.serving import PEOPLE, SHOP, Visitor, address
from tests.mutants import kills

ROWS = [
    {"enquiries": 10, "attributed_amount": "10.00", "conversion_same_day": 0.5, "aov": "5.00", "first_response_seconds": 4.0,
     "response_seconds": 10.0, "rounds": 4, "rounds_unanswered": 1, "first_response_seconds_p50": 4,
     "of": {"conversion_same_day": [5, 10, 0.2, 0.8], "aov": ["10.00", 2, None, None], "first_response_within_15s": [1, 1, 0.2, 1.0]}},
    {"enquiries": 21, "attributed_amount": "0.01", "conversion_same_day": 1.0, "aov": "0.01", "first_response_seconds": 8.0,
     "response_seconds": 20.0, "rounds": 1, "rounds_unanswered": 0, "first_response_seconds_p50": 8,
     "of": {"conversion_same_day": [30, 30, 0.9, 1.0], "aov": ["0.01", 1, None, None], "first_response_within_15s": [3, 3, 0.2, 1.0]}},
]  # fmt: skip


@kills("jinpai/metrics/averages.py", "round(float(times * top / bottom), 6)", "round(float(times * top), 6)")
@kills(
    "jinpai/metrics/averages.py",
    'return int(row["rounds"]) - int(row["rounds_unanswered"])',
    'return int(row["rounds"])',
)
@kills("jinpai/metrics/averages.py", 'if metric.statistic != "mean" or', "if")
def test_the_mean_of_rates_is_the_rate_of_sums_and_of_times_it_is_weighted() -> None:
    found = averages(ROWS, ["enquiries", "attributed_amount", "conversion_same_day", "aov", "first_response_seconds",
        "response_seconds", "first_response_seconds_p50", "first_response_within_15s"])  # fmt: skip
    assert found["enquiries"] == Decimal("15.5")
    assert found["attributed_amount"] == "5.01", "half up to the fen"
    assert found["conversion_same_day"] == 0.875, "35 of 40; the mean of the rates would be 0.75"
    assert found["of"]["conversion_same_day"][:2] == [35, 40]
    assert found["of"]["conversion_same_day"][2] < 0.875 < found["of"]["conversion_same_day"][3]
    assert (found["aov"], found["of"]["aov"][:2]) == ("3.34", ["10.01", 3])
    assert found["first_response_seconds"] == 7.0
    assert found["response_seconds"] == 12.5, "three rounds of 10 s and one of 20 s"
    assert found["first_response_seconds_p50"] is None, "percentiles have no mean"


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/pages/numbers.py", "least = 2 if visit.only_agent is None else 3", "least = 2")
def test_the_mean_row_stands_above_the_shops_and_of_two_agents_neither_sees_it(desk: str) -> None:
    owner, agent = Visitor(desk), Visitor(desk)
    owner.sign_in(PEOPLE["owner"])
    agent.sign_in(PEOPLE["agent"])
    day = address(SHOP, "numbers") + "?day=2026-11-18"
    seen = owner.get(day).text
    assert seen.index('<th scope="row">均值</th>') < seen.index('<th scope="row">全店</th>')
    mean = seen.split('<th scope="row">均值</th>')[1].split("</tr>")[0]
    assert "49.50" in mean, "99 yuan of one of two agents"
    assert "href" not in mean, "a mean has no rows behind it"
    assert 'data-copies="report"' in seen
    assert "均值" not in agent.get(day).text
