"""会话怎么叫的定律 naming: short numbers and beginnings, against the same by strings over every number."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jinpai.engine import Engine
from jinpai.naming import begun_with, short_keys
from tests.mutants import kills

NUMBERS = st.one_of(
    st.integers(1, (1 << 63) - 1), st.integers(1, 10**7), st.integers(0, 99).map(lambda n: 123_456_700 + n),
    st.tuples(st.sampled_from([123456, 922337]), st.integers(0, 13), st.integers(0, 9)).map(
        lambda one: min(one[0] * 10 ** one[1] + one[2], (1 << 63) - 1)
    ),
)  # fmt: skip


def spans(engine: Engine, numbers: set[int]) -> None:
    rows = " union all ".join(f"select cast({one} as bigint) as conversation_key" for one in sorted(numbers))
    engine.make("span", f"select 1 as buyer_key, 1 as conversation_seq, conversation_key, 1 as day, 1 as first_at, 1 as last_at, null as last_agent from ({rows})")  # fmt: skip


@given(st.sets(NUMBERS, min_size=1, max_size=40))
@kills("jinpai/naming.py", "length + 1 - FEWEST", "length - FEWEST")
def test_a_short_number_is_the_shortest_beginning_of_six_digits_or_more_that_no_other_has(numbers: set[int]) -> None:
    with Engine(Path()) as engine:
        spans(engine, numbers)
        short = short_keys(engine, numbers)
    for one in numbers:
        others = [str(other) for other in numbers if other != one]
        fitting = [
            length for length in range(min(6, len(str(one))), len(str(one)) + 1)
            if not any(other.startswith(str(one)[:length]) for other in others)
        ]  # fmt: skip
        assert short[one] == str(one)[: min(fitting, default=len(str(one)))]


@given(st.sets(NUMBERS, min_size=1, max_size=30), NUMBERS, st.integers(1, 19))
@kills("jinpai/naming.py", "(int(digits) + 1) * 10**more - 1", "(int(digits) + 1) * 10**more")
def test_a_beginning_finds_every_number_that_begins_so(numbers: set[int], some: int, length: int) -> None:
    digits = str(some)[:length]
    wanted = sorted(one for one in numbers | {some} if str(one).startswith(digits))
    with Engine(Path()) as engine:
        spans(engine, numbers | {some, (int(digits) + 1)})
        found = [one["conversation_key"] for one in begun_with(engine, digits)]
    assert found == sorted({*wanted, *([int(digits) + 1] if str(int(digits) + 1).startswith(digits) else [])})[:2]


def test_what_is_no_number_begins_nothing() -> None:
    with Engine(Path()) as engine:
        spans(engine, {123_456_789})
        assert [begun_with(engine, said) for said in ("", "0", "一二", "１２", "12 or 1=1", "9" * 20)] == [[]] * 6
