"""Opening hours: every minute is open or shut as the shop wrote it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.period import add_days, to_date
from jinpai.workspace.checks import Refused
from jinpai.workspace.hours import WEEKDAYS, read_hours, show_hours
from tests.mutants import kills

clock = st.integers(0, 287).map(lambda step: step * 5)


def written(start: int, end: int) -> str:
    return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def is_open(table: dict[str, dict[str, list[str]]], day: int, minute: int) -> bool:
    """Naive: does any span written for this day or the day before cover the minute?"""
    for back in (0, 1):
        on = add_days(day, -back)
        spans = table["exceptions"].get(to_date(on).isoformat())
        if spans is None:
            spans = table["weekly"].get(WEEKDAYS[to_date(on).weekday()], table["weekly"].get("every_day", []))
        for said in spans:
            start, end = (int(part[:2]) * 60 + int(part[3:]) for part in said.split("-"))
            end += 1440 if end <= start else 0
            if start <= minute + back * 1440 < end:
                return True
    return False


single = st.lists(
    st.tuples(clock, clock).filter(lambda span: span[0] != span[1]).map(lambda span: written(*span)), max_size=1
)
double = st.lists(clock, min_size=4, max_size=4, unique=True).map(sorted).map(
    lambda at: [written(at[0], at[1]), written(at[2], at[3])]
)  # fmt: skip
tables = st.fixed_dictionaries({
    "weekly": st.dictionaries(st.sampled_from([*WEEKDAYS, "every_day"]), single | double, min_size=1),
    "exceptions": st.dictionaries(st.sampled_from(["2025-11-10", "2025-11-11"]), single | double),
})  # fmt: skip


@kills("jinpai/workspace/hours.py", "in before if end > _DAY_MINUTES]", "in before if end > 2 * _DAY_MINUTES]")
@kills("jinpai/workspace/hours.py", "max(merged[-1][1], min(end, _DAY_MINUTES))", "min(end, _DAY_MINUTES)")
@given(tables)
def test_every_minute_is_open_as_written(table: dict[str, dict[str, list[str]]]) -> None:
    hours = read_hours(table)
    assert hours is not None
    for day in (20251109, 20251110, 20251111, 20251112):
        spans = hours.spans_on(day)
        edges = {edge for span in spans for edge in span} | {0, 1439}
        for minute in {near for edge in edges for near in (edge - 1, edge, edge + 1) if 0 <= near < 1440}:
            assert any(start <= minute < end for start, end in spans) == is_open(table, day, minute)
        assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))


@given(tables)
def test_hours_come_back_as_they_were_written(table: dict[str, dict[str, list[str]]]) -> None:
    hours = read_hours(table)
    assert read_hours(show_hours(hours)) == hours


def test_nothing_written_is_no_hours_and_not_closed_hours() -> None:
    assert read_hours({}) is None
    assert read_hours({"weekly": {}, "exceptions": {}}) is None
    assert read_hours({"weekly": {"every_day": []}}).spans_on(20251111) == ()


def test_an_exception_may_span_days() -> None:
    hours = read_hours({"weekly": {"every_day": ["09:00-23:00"]}, "exceptions": {"2025-01-28..2025-02-03": []}})
    open_days = [day for day in (20250127, 20250128, 20250203, 20250204) if hours.spans_on(day)]
    assert open_days == [20250127, 20250204]


@pytest.mark.parametrize("said", ["09:02-18:00", "09:00-18:01"])
def test_clock_times_stand_on_five_minutes(said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_hours({"weekly": {"monday": [said]}})
    assert "5 分钟" in refused.value.words[0]
