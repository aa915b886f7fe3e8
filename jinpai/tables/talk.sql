-- 收发消息 talk: how many messages and characters buyers and persons wrote, by conversation, shop day and hour,
-- with the agent they count for: the sender; of a buyer's message the agent addressed, else who answered its
-- round, else who wrote in the conversation last before it. seq: the first of them.
with told as (
    select
        l.shop, l.buyer_key, l.conversation_seq, l.seq, l.day, l.hour, l.by_person, l.chars,
        case when l.by_person or l.agent is not null then l.agent
             else coalesce(case when r.answered_at is not null then r.agent end, c.last_agent) end as agent,
        coalesce(c.product, 'unknown') as product
    from line as l
    inner join span as c on c.buyer_key = l.buyer_key and c.conversation_seq = l.conversation_seq
    left join round as r on r.buyer_key = l.buyer_key and r.round_seq = l.round_seq and not r.gave_away
    where l.sender = 'buyer' or l.by_person
)
select shop, buyer_key, conversation_seq, min(seq) as seq, day, hour, product, agent, by_person,
    count(*) as messages, cast(coalesce(sum(chars), 0) as bigint) as chars
from told
group by shop, buyer_key, conversation_seq, day, hour, product, agent, by_person
