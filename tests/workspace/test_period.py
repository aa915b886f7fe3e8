"""Days, instants and windows."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.errors import JinpaiError
from jinpai.period import (
    DAY_MS,
    HOUR_MS,
    Days,
    Window,
    add_days,
    day_bounds,
    day_of,
    format_day,
    format_instant,
    instant_at,
    parse_day,
    parse_instant,
    to_day,
    to_ms,
)
from tests.mutants import kills

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
instants = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)).map(lambda at: to_ms(at.replace(tzinfo=UTC)))
days = st.dates(datetime(2000, 1, 1).date(), datetime(2050, 1, 1).date()).map(to_day)


@pytest.mark.parametrize("text", ["2025-11-11", "2025/11/11", "20251111", "2025.11.11", " 2025-11-11 "])
def test_a_day_is_read(text: str) -> None:
    assert parse_day(text) == 20251111
    assert format_day(20251111) == "2025-11-11"


@pytest.mark.parametrize("text", ["2025-02-30", "11-11", "", "yesterday", "2025-11-11T00:00", "２０２５-11-11"])
def test_what_is_no_day_is_said(text: str) -> None:
    with pytest.raises(JinpaiError, match="2025-11-11"):
        parse_day(text)


def test_days_are_half_open_and_said_with_both_ends() -> None:
    said = Days.between("2025-02-27", "2025-03-02")
    assert said == Days(20250227, 20250303)
    assert list(said) == [20250227, 20250228, 20250301, 20250302]
    assert len(said) == 4
    assert 20250302 in said
    assert 20250303 not in said
    with pytest.raises(JinpaiError, match="反了"):
        Days.between("2025-03-02", "2025-02-27")


@kills("jinpai/period.py", "return day if instant >= instant_at", "return day if instant > instant_at")
@given(st.sampled_from([SHANGHAI, NEW_YORK]), days, st.integers(0, 1439), st.integers(0, 1))
def test_a_day_holds_its_start_and_not_its_end(zone: ZoneInfo, day: int, start: int, before: int) -> None:
    opens, closes = day_bounds(day, zone, start)
    assert day_of(opens - before, zone, start) == (add_days(day, -1) if before else day)
    assert day_of(closes - 1, zone, start) == day
    assert day_of(closes, zone, start) == add_days(day, 1)


@given(instants, st.sampled_from([SHANGHAI, NEW_YORK]))
def test_an_instant_comes_back_from_its_text(instant: int, zone: ZoneInfo) -> None:
    assert parse_instant(format_instant(instant, zone), SHANGHAI) == instant


def test_an_instant_without_offset_is_the_shops_time() -> None:
    assert parse_instant("2025-11-11T20:00", SHANGHAI) == parse_instant("2025-11-11T12:00Z", NEW_YORK)
    assert parse_instant("2025-11-11", SHANGHAI) == instant_at(20251111, 0, SHANGHAI)
    assert parse_instant("2025-11-11 20:00:00.1239", SHANGHAI) % 1000 == 123
    with pytest.raises(JinpaiError, match="20:00"):
        parse_instant("8 in the evening", SHANGHAI)


def test_a_days_clock_runs_on_after_midnight() -> None:
    assert instant_at(20251111, 1440 + 90, SHANGHAI) == instant_at(20251112, 90, SHANGHAI)
    # New York's clocks are put on at 02:00 on 9 March 2025: the day has 23 hours
    opens, closes = day_bounds(20250309, NEW_YORK)
    assert closes - opens == 23 * HOUR_MS


@pytest.mark.parametrize(
    ("name", "longest"),
    [("same_day", DAY_MS), ("next_day", 2 * DAY_MS), ("24h", DAY_MS), ("7d", 7 * DAY_MS), ("365d", 365 * DAY_MS)],
)
def test_a_window_has_its_length(name: str, longest: int) -> None:
    assert Window.parse(name).longest_ms == longest


@pytest.mark.parametrize("name", ["0d", "07d", "366d", "9000h", "d", "week", "1.5h", "", "7D", "-1d", "７d"])
def test_what_is_no_window_is_said(name: str) -> None:
    with pytest.raises(JinpaiError, match="next_day"):
        Window.parse(name)
