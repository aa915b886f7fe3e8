-- view
-- 转接 transfer: hand-overs between agents, out of the giver (direction 'out') and into the receiver ('in').
select 'out' as direction, e.shop, e.day, e.hour, coalesce(s.product, 'unknown') as product, e.agent, e.buyer_key, e.seq
from event as e left join span as s on s.buyer_key = e.buyer_key and s.conversation_seq = e.conversation_seq
where e.event = 'transferred' and (e.agent is null or e.agent not in (select agent from robot))
union all
select 'in', e.shop, e.day, e.hour, coalesce(s.product, 'unknown'), e.to_agent, e.buyer_key, e.seq
from event as e left join span as s on s.buyer_key = e.buyer_key and s.conversation_seq = e.conversation_seq
where e.event = 'transferred' and e.to_agent not in (select agent from robot)
