-- view
-- 一问一答 talk: what buyers and persons wrote, with the agent it counts for: the sender; of a buyer's
-- message the agent addressed, else who answered its round, else who wrote in the conversation last before it.
select
    l.shop, l.buyer_key, l.seq, l.day, l.hour, l.sender, l.by_person, l.chars, coalesce(c.product, 'unknown') as product,
    case when l.by_person then l.agent
         else coalesce(l.agent, case when r.answered_at is not null then r.agent end, c.last_agent) end as agent
from line as l
inner join span as c on c.buyer_key = l.buyer_key and c.conversation_seq = l.conversation_seq
left join round as r on r.buyer_key = l.buyer_key and r.round_seq = l.round_seq and not r.gave_away
where l.sender = 'buyer' or l.by_person
