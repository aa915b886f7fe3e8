"""记号的定律 what is marked or cut short while tables are made is what a look at every row would find."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.engine import Engine, Value
from jinpai.workspace.settings import Settings
from tests.mutants import kills

from .reckoning import RULES, counted, file, settings, wide
from .shop import Drawn, shops

pytestmark = pytest.mark.slow

SETTINGS = st.sampled_from(
    [settings(**RULES), settings(day_start="04:00", conversation_gap="10m"), settings(assist_counts=True)]
)
FIRSTS = {
    # of a table: who counts, by what, and the mark of the first
    "talk, shop": ("talk", "not by_person", ("buyer_key", "day"), "seq", "first_of_day"),
    "talk, agent": ("talk", "not by_person and agent is not null", ("buyer_key", "day", "agent"), "seq", "first_for_agent"),
    "received, shop": ("conversation", "not outreach and agent_messages > 0", ("buyer_key", "day"), "conversation_seq", "first_received"),
    "received, agent": ("reception", "not outreach", ("buyer_key", "day", "agent"), "conversation_seq", "first_of_day"),
}  # fmt: skip


def rows(engine: Engine, sql: str, values: dict[str, Value] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a query in an order of their own."""
    return sorted((tuple(row.values()) for row in engine.rows(sql, values)), key=repr)


@kills("jinpai/tables/talk.py", "firsts(days, first, asked)", "firsts(days, -first, asked)")
@kills("jinpai/tables/talk.py", "asked & (agent != NONE)", "asked")
@kills("jinpai/tables/span.py", 'made["buyer_messages"] > 0) & (', 'made["buyer_messages"] >= 0) & (')
@kills("jinpai/tables/reception.py", "agent, talk, ~outreach)", "agent, talk, outreach | True)")
@kills("jinpai/tables/_history.py", 'rows = rows[np.argsort(place[rows], kind="stable")]', "pass")
@wide(20)
@given(shops(), SETTINGS)
def test_the_first_of_a_day_is_marked(shop: Drawn, chosen: Settings) -> None:
    with counted([file(shop.rows)], chosen, wanted=["talk", "conversation", "reception"]) as (engine, _):
        for name, (table, counts, by, place, mark) in FIRSTS.items():
            keys = ", ".join(by)
            found = rows(engine, f"select {keys}, {place} from {table} where {mark}")
            assert found == rows(engine, f"select {keys}, min({place}) from {table} where {counts} group by {keys}"), (
                name
            )


@kills("jinpai/tables/span.py", "goes_on[1:] = buyer[1:] == buyer[:-1]", "goes_on[1:] = True")
@wide(8)
@given(shops(), SETTINGS)
def test_a_conversation_knows_the_one_before(shop: Drawn, chosen: Settings) -> None:
    before = """select s.buyer_key, s.conversation_seq, max(p.conversation_seq) as previous_seq from span as s
        left join span as p on p.buyer_key = s.buyer_key and p.conversation_seq < s.conversation_seq
        group by s.buyer_key, s.conversation_seq"""
    with counted([file(shop.rows)], chosen, wanted=["span"]) as (engine, _):
        assert rows(engine, "select buyer_key, conversation_seq, previous_seq from span") == rows(engine, before)


LINE_BY_LINE = """
with act as (
    select order_key, buyer_key, created_at, created_at as acted_at, false as is_payment from orders
    union all
    select order_key, buyer_key, created_at, paid_at, true from orders where paid_at is not null
)
select a.order_key, a.is_payment, l.conversation_seq, l.agent, c.last_at >= a.acted_at - $attribution_length as in_reach,
    min(case when l.sent_at >= a.acted_at - $attribution_length then l.seq end) as first_seq, max(l.seq) as last_seq,
    max(l.sent_at) as last_at
from act as a
inner join line as l on l.buyer_key = a.buyer_key and l.by_person and l.agent is not null and l.sent_at < a.acted_at
inner join conversation as c on c.buyer_key = l.buyer_key and c.conversation_seq = l.conversation_seq
    and c.last_at >= a.created_at - $attribution_length
group by a.order_key, a.is_payment, l.conversation_seq, l.agent, c.last_at >= a.acted_at - $attribution_length
"""


@kills("jinpai/tables/said_before.sql", "and r.last_at < a.acted_at as is_whole", "as is_whole")
@kills("jinpai/tables/said_before.sql", "r.first_at >= a.acted_at - $attribution_length and", "")
@kills(
    "jinpai/tables/said_before.sql",
    "and c.last_at >= a.created_at - $attribution_length",
    "and c.last_at >= a.acted_at - $attribution_length",
)
@wide(20)
@given(shops(), SETTINGS)
def test_who_spoke_before_an_order_is_told_as_by_every_message(shop: Drawn, chosen: Settings) -> None:
    with counted([file(shop.rows)], chosen, wanted=["said_before", "conversation", "line"]) as (engine, values):
        found = rows(engine, """select order_key, is_payment, conversation_seq, agent, in_reach, first_seq, last_seq, last_at
            from said_before""")  # fmt: skip
        assert found == rows(engine, LINE_BY_LINE, values)


OF_TEAM = "(select agent from agent where team = 'aftersales')"
IN_ENQUIRY = """
select k.enquiry_key, c.buyer_key, c.conversation_seq from enquiry_link as k
inner join conversation as c on c.buyer_key = k.buyer_key and c.day = k.day and c.stage in ('presales', 'undecided')
"""
OWNERS = f"""
select k.enquiry_key, arg_max(l.agent, l.seq) as owner from ({IN_ENQUIRY}) as k
inner join line as l on l.buyer_key = k.buyer_key and l.conversation_seq = k.conversation_seq
    and l.by_person and l.agent is not null and l.agent not in {OF_TEAM}
group by k.enquiry_key
"""
ANSWERED = f"""
select k.enquiry_key, bool_or(l.by_person) as answered from ({IN_ENQUIRY}) as k
inner join line as l on l.buyer_key = k.buyer_key and l.conversation_seq = k.conversation_seq group by k.enquiry_key
"""
ONLY_TEAM = f"""
select l.buyer_key, l.conversation_seq from line as l
inner join conversation as c on c.buyer_key = l.buyer_key and c.conversation_seq = l.conversation_seq
where l.by_person and l.agent is not null and not c.outreach and c.stage not like 'filtered%'
group by l.buyer_key, l.conversation_seq having bool_and(l.agent in {OF_TEAM})
"""
OPENS = """
with known as (
    select *, lag(stage) over (partition by buyer_key order by conversation_seq) as stage_before,
        lag(last_at) over (partition by buyer_key order by conversation_seq) as last_before
    from conversation
)
select buyer_key, day, not arg_min(agent_first or coalesce(stage_before = 'outreach'
    and first_buyer_at - last_before <= 86400000, false), first_buyer_at) as opens
from known where stage in ('presales', 'undecided') group by buyer_key, day
"""


@kills("jinpai/tables/enquiry.sql", "case when a.agent is null then c.last_agent else b.agent end", "c.last_agent")
@kills("jinpai/tables/enquiry.sql", "max(agent_messages) > 0 as answered", "true as answered")
@kills("jinpai/tables/enquiry_day.sql", "c.agent_first or p.buyer_key is not null", "c.agent_first")
@kills("jinpai/tables/conversation.sql", "s.buyer_messages = 1 or h.shop is not null", "s.buyer_messages = 1")
@wide(40)
@given(shops(), SETTINGS)
def test_enquiries_are_told_as_by_every_message(shop: Drawn, chosen: Settings) -> None:
    with counted([file(shop.rows)], chosen, wanted=["enquiry", "line"]) as (engine, _):
        # where no order falls into an enquiry, whoever spoke last in it owns it
        whole = "enquiry_key in (select enquiry_key from enquiry where ordered_at is null)"
        known = f"enquiry_key in (select enquiry_key from ({OWNERS}))"
        assert rows(engine, f"select enquiry_key, owner from enquiry where {whole} and {known}") == rows(
            engine, f"select * from ({OWNERS}) where {whole}"
        )
        assert rows(engine, "select enquiry_key, answered from enquiry") == rows(engine, ANSWERED)
        assert rows(engine, "select buyer_key, day, opens from enquiry_day") == rows(engine, OPENS)
        team = "select buyer_key, conversation_seq from conversation where stage = 'aftersales_team'"
        assert rows(engine, team) == rows(engine, ONLY_TEAM)
