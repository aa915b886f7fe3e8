-- 接待 reception: one row for each person who wrote in a conversation, with how many of that person's
-- conversations were open when it started (itself included; first to last message, both ends in).
with person as (
    select
        l.shop, l.buyer_key, l.conversation_seq, l.agent,
        min(l.seq) as first_seq, max(l.seq) as last_seq, min(l.sent_at) as first_at, max(l.sent_at) as last_at,
        count(*) as messages, cast(coalesce(sum(l.chars), 0) as bigint) as chars
    from line as l
    where l.by_person and l.agent is not null
    group by l.shop, l.buyer_key, l.conversation_seq, l.agent
), edge as (
    select p.shop, p.agent, s.first_at as moment_at, 0 as ends, 1 as step from person as p
    inner join span as s on s.buyer_key = p.buyer_key and s.conversation_seq = p.conversation_seq
    union all
    select p.shop, p.agent, s.last_at as moment_at, 1 as ends, -1 as step from person as p
    inner join span as s on s.buyer_key = p.buyer_key and s.conversation_seq = p.conversation_seq
), moment as (
    select shop, agent, moment_at, ends, cast(sum(step) as bigint) as step from edge group by shop, agent, moment_at, ends
), level as (
    select shop, agent, moment_at, ends, cast(sum(step) over (
            partition by shop, agent order by moment_at, ends rows between unbounded preceding and current row) as bigint) as open_at_once
    from moment
)
select
    p.shop, p.agent, s.conversation_key, p.buyer_key, p.conversation_seq, s.day, s.hour,
    coalesce(s.product, 'unknown') as product, s.buyer_messages = 0 as outreach,
    p.first_seq, p.last_seq, p.first_at, p.last_at, p.messages, p.chars, v.open_at_once
from person as p
inner join span as s on s.buyer_key = p.buyer_key and s.conversation_seq = p.conversation_seq
inner join level as v on v.shop = p.shop and v.agent = p.agent and v.moment_at = s.first_at and v.ends = 0
