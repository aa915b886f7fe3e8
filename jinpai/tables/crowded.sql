-- whole inspection
-- 接待过多的时段 crowded: the stretches [begins_at, ends_at) in which an agent had more conversations open at once than the
-- shop's limit (`parallel_limit`; 0: none). A conversation with an agent is open from a message of one side to the
-- other's until nobody has written for longer than the conversation gap. Source: the inspection contract, §2 A.
with said as (
    select
        agent, sent_at,
        lag(sent_at) over (partition by agent, buyer_key order by sent_at) as before_at,
        lag(sent_at) over (partition by agent, buyer_key order by sent_at desc) as after_at
    from source_messages
    where $parallel_limit > 0 and agent is not null and sender in ('buyer', 'agent', 'assist') and sent_at <= $as_of
), edge as (
    select agent, sent_at as moved_at, 1 as step from said where before_at is null or sent_at - before_at > $conversation_gap
    union all
    select agent, sent_at + 1, -1 from said where after_at is null or after_at - sent_at > $conversation_gap
), level as (
    select agent, moved_at, cast(coalesce(sum(step), 0) as bigint) as step from edge group by agent, moved_at
), running as (
    select
        agent, moved_at as begins_at, lag(moved_at) over (partition by agent order by moved_at desc) as ends_at,
        cast(coalesce(sum(step) over (partition by agent order by moved_at rows between unbounded preceding and current row), 0) as bigint) as open_at_once
    from level
)
select agent, begins_at, ends_at, open_at_once from running where open_at_once > $parallel_limit
