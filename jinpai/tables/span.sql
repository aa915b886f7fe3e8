-- 会话的骨架 span: one row a conversation, from its messages alone; minute: of the shop's clock, when it began.
with talk as (
    select
        shop, buyer_key, conversation_seq,
        arg_min(message_key, seq) as conversation_key,
        max(seq) as last_seq, min(sent_at) as first_at, max(sent_at) as last_at,
        arg_min(day, seq) as day, arg_min(hour, seq) as hour,
        bool_and(matched) as matched,
        cast(coalesce(sum(case when sender = 'buyer' then 1 else 0 end), 0) as bigint) as buyer_messages,
        cast(coalesce(sum(case when by_person then 1 else 0 end), 0) as bigint) as agent_messages,
        min(case when sender = 'buyer' then sent_at end) as first_buyer_at,
        min(case when sender = 'buyer' then seq end) as first_buyer_seq,
        min(case when by_person then seq end) as first_person_seq,
        arg_min(agent, seq) filter (where sender = 'buyer' and agent is not null) as addressed_to,
        arg_max(agent, seq) filter (where by_person and agent is not null) as last_agent,
        arg_max(product_id, seq) filter (where product_id is not null) as product
    from line
    group by shop, buyer_key, conversation_seq
)
select t.*, s.minute + (t.first_at - s.starts_at) // 60000 as minute
from talk as t
inner join slot as s on s.slot = t.first_at // 300000
