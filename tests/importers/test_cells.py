"""Cells: what exports write is read exactly, said to be unknown, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jinpai.importers import cells, columns
from jinpai.importers.cells import BadCell
from tests.importers.files import SHANGHAI, ms
from tests.mutants import kills

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("written", "read"),
    [('="123"', "123"), ("'13800000001", "13800000001"), ("\t6917000000000000701", "6917000000000000701"),
     ("600000000001\t", "600000000001"), (' "448" ', "448"), ("\ufeffA1", "A1"), (123.0, "123"), (7, "7")],
)  # fmt: skip
def test_a_cell_comes_out_of_its_shell(written: object, read: str) -> None:
    """§7 case 3: ="123", leading ', tabs."""
    assert cells.identifier(written) == read


@pytest.mark.parametrize("word", ["", " ", "-", "--", "null", "NULL", "暂无数据", "延迟统计", None])
def test_words_for_unknown_are_none_and_never_zero(word: str | None) -> None:
    """§7 case 3: `-`, `null`, 暂无数据, 延迟统计, `--`."""
    assert cells.fen(word) is None
    assert cells.count(word) is None
    assert cells.identifier(word) is None
    assert cells.instant(word, SHANGHAI) is None


@pytest.mark.parametrize(
    ("written", "fen"),
    [("129.00元", 12900), ("0元", 0), ("1,234.50", 123450), ("¥99", 9900), ("￥1,139.00", 113900), ("59.0000", 5900),
     ("12.5", 1250), (0.1 + 0.2, 30), (119.0, 11900), (Decimal("88.80"), 8880), ("0.29", 29), ("１２．３０", 1230)],
)  # fmt: skip
def test_money_is_exact(written: object, fen: int) -> None:
    """§7 case 3: 元 and thousands commas."""
    assert cells.fen(written) == fen


@pytest.mark.parametrize(
    "written", ["59.005", "-1.00", "1,23.00", "12.3.4", "一百", "1e3", "inf", 10**14, float("inf")]
)
def test_money_that_is_none_is_refused(written: object) -> None:
    with pytest.raises(BadCell):
        cells.fen(written)


@given(st.integers(0, 10**13))
def test_any_amount_comes_back(fen: int) -> None:
    written = f"{fen // 100:,}.{fen % 100:02d}"
    assert cells.fen(written) == cells.fen(f"{written}元") == fen


@pytest.mark.parametrize(
    "written",
    ["4.5990000000000004E+18", "4.599E+18", "3388000000000000000", "448800000000000000", 4.599e18, 10**15 + 1],
)
@kills("jinpai/importers/cells.py", "if is_rounded or _SCIENTIFIC.fullmatch(text) or", "if is_rounded or")
def test_damaged_ids_are_refused_with_a_sentence(written: object) -> None:
    """§7 case 4: scientific notation and 15-digit rounding."""
    with pytest.raises(BadCell) as caught:
        cells.identifier(written)
    assert "Excel" in caught.value.words.zh
    assert "Export it again" in caught.value.words.en


@pytest.mark.parametrize("written", ["3388000000000000301", "1988000000000101", "HXM-YJ-01", "0012", 700000012345])
def test_ids_stay_text(written: object) -> None:
    """§7 case 4: ids are text, leading zeros and 19 digits included."""
    assert cells.identifier(written) == str(written)


@pytest.mark.parametrize(
    ("written", "local"),
    [("2019-05-13 22:30:00", "2019-05-13 22:30:00"), ("2019/5/13 22:30", "2019-05-13 22:30:00"),
     ("2025/03/02 09:12", "2025-03-02 09:12:00"), ("2026-4-8 9:03:05", "2026-04-08 09:03:05"),
     ("2023年6月5日 10:02", "2023-06-05 10:02:00"), ("20230605100211", "2023-06-05 10:02:11"),
     ("2023-06-05T10:02:11", "2023-06-05 10:02:11"), ("45082.418182870", "2023-06-05 10:02:11"),
     (45082.41818287037, "2023-06-05 10:02:11"), (datetime(2023, 6, 5, 10, 2, 11), "2023-06-05 10:02:11"),
     ("2023-06-05T02:02:11Z", "2023-06-05 10:02:11"), ("2023-06-05 10:02:11+0800", "2023-06-05 10:02:11"),
     ("2023-06-05T04:02:11.000+02:00", "2023-06-05 10:02:11"), ("1685930531000", "2023-06-05 10:02:11"),
     (datetime(2023, 6, 5, 2, 2, 11, tzinfo=UTC), "2023-06-05 10:02:11")],
)  # fmt: skip
def test_every_form_of_time_is_read(written: object, local: str) -> None:
    """§7 case 8: two forms in one column, Excel's day numbers."""
    assert cells.instant(written, SHANGHAI) == ms(local)


@pytest.mark.parametrize("written", ["0001-01-01 00:00:00", "0000-00-00 00:00:00", "null", time(0), datetime(1, 1, 1)])
def test_no_time_at_all_is_none(written: object) -> None:
    """§7 case 8: 0001-01-01 00:00:00."""
    assert cells.instant(written, SHANGHAI) is None


@pytest.mark.parametrize("written", ["2023-02-30 10:00:00", "2023-06-05 24:00:00", "2023-06-05", "昨天 10:00", "23-6-5 10:00",
                                     "1970-01-01 08:00:00", "2023-06-05 10:00+25:00", "10:02", time(10, 2), "45082"])  # fmt: skip
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(BadCell):
        cells.instant(written, SHANGHAI)


def test_a_day_is_midnight_only_where_a_day_is_enough() -> None:
    assert cells.instant("2023-06-05", SHANGHAI, day_alone=True) == ms("2023-06-05 00:00:00")
    assert cells.instant("45082", SHANGHAI, day_alone=True) == ms("2023-06-05 00:00:00")


def test_a_skipped_local_time_takes_the_offset_before_and_a_double_one_is_the_first() -> None:
    """At 02:00 on 2025-03-09 clocks in New York went to 03:00; on 2025-11-02 01:30 came twice."""
    assert cells.instant("2025-03-09 02:30:00", NEW_YORK) == ms("2025-03-09 07:30:00", ZoneInfo("UTC"))
    assert cells.instant("2025-11-02 01:30:00", NEW_YORK) == ms("2025-11-02 05:30:00", ZoneInfo("UTC"))


# Around the hours when clocks change in New York and on Lord Howe Island (by half an hour), and any other time.
changes = st.builds(
    lambda day, minute: datetime(2025, *day) + timedelta(minutes=minute),
    st.sampled_from([(3, 9), (11, 2), (4, 6), (10, 5)]),
    st.integers(0, 300),
)
moments = st.one_of(changes, st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31))).map(
    lambda moment: moment.isoformat(sep=" ")
)
instants = st.one_of(
    moments,
    moments.map(lambda text: text[:16].replace("-", "/")),
    moments.map(lambda text: f"{text}+05:30"),
    moments.map(lambda text: f"{text[:19].replace(' ', 'T')}Z"),
    st.sampled_from(["null", "0001-01-01 00:00:00", "2023-02-30 10:00:00", "2023-06-05 24:00:00", "x", "", None]),
)


@given(st.lists(instants, max_size=30), st.sampled_from([SHANGHAI, NEW_YORK, ZoneInfo("Australia/Lord_Howe")]))
@example(["2025-11-02 00:59:59", "2025-11-02 01:30:00", "2025-11-02 02:00:00", "2025-03-09 02:30:00"], NEW_YORK)
@example(["2023-02-30 10:00:00", "2023-02-28 10:00:00", None, "2023/2/28 10:00"], SHANGHAI)
@kills("jinpai/importers/columns.py", "read = read.drop_null()", "pass")
@kills("jinpai/importers/columns.py", "_QUARTER_MS = 900_000", "_QUARTER_MS = 90_000_000")
def test_whole_columns_of_time_are_read_as_single_cells_are(texts: list[str | None], zone: ZoneInfo) -> None:
    read, bad = columns.cast(pa.array(texts, pa.string()), "instant", zone)
    for place, text in enumerate(texts):
        try:
            assert read[place].as_py() == cells.instant(text, zone)
            assert place not in bad
        except BadCell:
            assert place in bad
            assert read[place].as_py() is None


money = st.one_of(
    st.integers(0, 10**12).map(lambda fen: f"{fen // 100}.{fen % 100:02d}"),
    st.sampled_from(["1,234.50", "129.00元", "-", "null", "5.005", "-3", "abc", "7", "12.5", None]),
)
ids = st.sampled_from(
    ['="448800000000000201"', "A1", " A2", "4.6E+18", "null", "3388000000000000301", "5e3", "买家", None]
)


@pytest.mark.parametrize(
    ("kind", "values"),
    [("money", money), ("id", ids), ("count", st.sampled_from(["1", "2.0", "3件", "x", "-1", None]))],
)
def test_whole_columns_are_read_as_single_cells_are(kind: str, values: st.SearchStrategy[str | None]) -> None:
    one = columns.slow_reading(kind, SHANGHAI)  # type: ignore[arg-type]

    @given(st.lists(values, max_size=30))
    def holds(texts: list[str | None]) -> None:
        read, bad = columns.cast(pa.array(texts, pa.string()), kind, SHANGHAI)  # type: ignore[arg-type]
        for place, text in enumerate(texts):
            try:
                assert read[place].as_py() == one(text)
                assert place not in bad
            except BadCell:
                assert place in bad

    holds()


def test_typed_columns_mean_what_their_types_say() -> None:
    zoned = pa.array([datetime(2023, 6, 5, 2, 2, 11, tzinfo=UTC)], pa.timestamp("ns", "UTC"))
    local = pa.array([datetime(2023, 6, 5, 10, 2, 11)], pa.timestamp("s"))
    whole = pa.array([ms("2023-06-05 10:02:11")], pa.int64())
    for column in (zoned, local, whole, local.dictionary_encode()):
        assert columns.cast(column, "instant", SHANGHAI)[0].to_pylist() == [ms("2023-06-05 10:02:11")]
    for column in (pa.array([119.1]), pa.array([Decimal("119.10")]), pa.array(["119.10"], pa.large_string())):
        assert columns.cast(column, "money", SHANGHAI)[0].to_pylist() == [11910]
    assert columns.cast(pa.array([119]), "money", SHANGHAI)[0].to_pylist() == [11900]
    assert columns.cast(pa.array([-1.0]), "money", SHANGHAI)[1].keys() == {0}
    assert columns.cast(pa.nulls(2), "money", SHANGHAI)[0].to_pylist() == [None, None]
    assert columns.cast(pa.array([datetime(2025, 11, 11).date()]), "day", SHANGHAI)[0].to_pylist() == [20251111]
    assert columns.cast(pa.array([True, None]), "flag", SHANGHAI)[0].to_pylist() == [True, None]


def test_a_column_of_ids_that_all_end_in_zeros_was_rounded() -> None:
    """§7 case 4: one id in a thousand ends in 000 by itself, a whole column does not."""
    honest = pa.array(["4599000000000000000", "4599000000000000401"])
    assert columns.cast(honest, "id", SHANGHAI)[1] == {}
    rounded = pa.array(["4599000000000000000", "4599000000000120000", "A1"])
    assert columns.cast(rounded, "id", SHANGHAI)[1].keys() == {0, 1}


def test_days_are_whole() -> None:
    assert cells.day("2025/11/1") == cells.day("20251101") == cells.day(datetime(2025, 11, 1, 9)) == 20251101
    assert cells.day(datetime(2025, 11, 1) + timedelta(days=30)) == 20251201
    with pytest.raises(BadCell):
        cells.day("2025-02-30")
