-- 接待 reception: one row for each person who wrote in a conversation.
with person as (
    select
        l.shop, l.buyer_key, l.conversation_seq, l.agent,
        min(l.seq) as first_seq, max(l.seq) as last_seq, min(l.sent_at) as first_at, max(l.sent_at) as last_at,
        count(*) as messages, cast(coalesce(sum(l.chars), 0) as bigint) as chars
    from line as l
    where l.by_person and l.agent is not null
    group by l.shop, l.buyer_key, l.conversation_seq, l.agent
)
select
    p.shop, p.agent, s.conversation_key, p.buyer_key, p.conversation_seq, s.day, s.hour,
    coalesce(s.product, 'unknown') as product, s.buyer_messages = 0 as outreach,
    p.first_seq, p.last_seq, p.first_at, p.last_at, p.messages, p.chars
from person as p
inner join span as s on s.buyer_key = p.buyer_key and s.conversation_seq = p.conversation_seq
