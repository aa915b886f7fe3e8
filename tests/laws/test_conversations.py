"""会话的定律 every message is in exactly one conversation, and a buyer's conversations never overlap."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.workspace.settings import Settings
from tests.mutants import kills

from .reckoning import counted, file, settings, wide
from .shop import Drawn, shops

pytestmark = pytest.mark.slow

SETTINGS = st.sampled_from(
    [
        settings(),
        settings(assist_counts=True, conversation_gap="10m"),
        settings(day_start="04:00", conversation_gap="24h"),
    ]
)


@kills("jinpai/tables/message.py", '~equals(sender, "system")', '~equals(sender, "system") & ~equals(sender, "note")')
@kills("jinpai/tables/message.py", "history.so_far(starts)", "history.so_far(starts & buyer)")
@kills("jinpai/tables/message.py", "carried: Flags = ~buyer & (", "carried: Flags = (")
@wide(10)
@given(shops(), SETTINGS)
def test_every_message_is_in_exactly_one_conversation(shop: Drawn, chosen: Settings) -> None:
    with counted([file(shop.rows)], chosen, wanted=["conversation", "event"]) as (engine, _):
        said = engine.rows("select message_key, buyer_key, seq, sent_at from message where sender <> 'system'")
        lines = engine.rows(
            "select message_key, buyer_key, seq, conversation_seq, sent_at, sender from line order by buyer_key, seq"
        )
        talks = engine.rows("select * from conversation order by buyer_key, conversation_seq")
        events = engine.rows("select count(*) as n, count(distinct message_key) as once from event")[0]
        happened = engine.rows("select count(*) as n from message where sender = 'system'")[0]["n"]
    assert sorted(one["message_key"] for one in lines) == sorted(one["message_key"] for one in said)
    assert (events["n"], events["once"]) == (happened, happened)
    known = {(talk["buyer_key"], talk["conversation_seq"]): talk for talk in talks}
    assert len(known) == len(talks)
    assert {(one["buyer_key"], one["conversation_seq"]) for one in lines} == known.keys()
    for one in lines:
        talk = known[one["buyer_key"], one["conversation_seq"]]
        assert talk["first_at"] <= one["sent_at"] <= talk["last_at"]
        assert talk["conversation_seq"] <= one["seq"] <= talk["last_seq"]
    for before, after in itertools.pairwise(lines):
        if before["buyer_key"] == after["buyer_key"] and before["conversation_seq"] == after["conversation_seq"]:
            longest = chosen.conversation_gap if after["sender"] == "buyer" else 86_400_000
            assert after["sent_at"] - before["sent_at"] <= longest


@kills("jinpai/tables/message.py", "and coalesce(v.version, 1) = 1", "")
@wide(10)
@given(shops(), st.lists(st.integers(0, 400), min_size=3, max_size=3), SETTINGS)
def test_conversations_of_a_buyer_never_overlap(shop: Drawn, cuts: list[int], chosen: Settings) -> None:
    messages = shop.rows["messages"]
    pieces = [
        {"messages": messages[low:high]} for low, high in zip([0, *sorted(cuts)], [*sorted(cuts), 999], strict=True)
    ]
    overlapping = {"messages": messages[min(cuts) : max(cuts)]}
    files = [file(rows, f"{number}") for number, rows in enumerate([*pieces, overlapping])]
    with counted(files, chosen, wanted=["conversation"]) as (engine, _):
        talks = engine.rows("select * from conversation order by buyer_key, first_at, conversation_seq")
        keys = [row["message_key"] for row in engine.rows("select message_key from message")]
    assert len(keys) == len(set(keys))
    for before, after in itertools.pairwise(talks):
        if before["buyer_key"] == after["buyer_key"]:
            assert before["conversation_seq"] <= before["last_seq"] < after["conversation_seq"]
            assert before["last_at"] <= after["first_at"]
