-- view
-- 人数 buyer_day: which buyers count for what on which day, once for the shop (scope 'shop') and once for
-- each agent (scope 'agent'). what: consulted · received · unreplied · assigned · slow.
with unreplied as (
    -- where its first round has no answer, nothing in a conversation has one
    select c.shop, c.buyer_key, c.day, c.hour, c.product, c.conversation_seq, r.agent
    from round as r
    inner join conversation as c on c.buyer_key = r.buyer_key and c.conversation_seq = r.conversation_seq
    where r.shop_first and not r.gave_away and r.answered_at is null
), taken as (
    select h.shop, h.buyer_key, h.day, h.hour, h.seq, h.given_to as agent, coalesce(s.product, 'unknown') as product
    from hold as h
    left join span as s on s.buyer_key = h.buyer_key and s.conversation_seq = h.conversation_seq
    where h.holds and h.given_to is not null
)
select 'consulted' as what, 'shop' as scope, shop, buyer_key, day, cast(null as varchar) as agent, hour, product
from talk where first_of_day
union all
select 'consulted', 'agent', shop, buyer_key, day, agent, hour, product from talk where first_for_agent
union all
select 'received', 'shop', shop, buyer_key, day, cast(null as varchar), hour, product from conversation where first_received
union all
select 'received', 'agent', shop, buyer_key, day, agent, hour, product from reception where first_of_day
union all
select 'unreplied', 'shop', shop, buyer_key, day, cast(null as varchar), arg_min(hour, conversation_seq), arg_min(product, conversation_seq)
from unreplied group by shop, buyer_key, day
union all
select 'unreplied', 'agent', shop, buyer_key, day, agent, arg_min(hour, conversation_seq), arg_min(product, conversation_seq)
from unreplied where agent is not null group by shop, buyer_key, day, agent
union all
select 'assigned', 'shop', shop, buyer_key, day, cast(null as varchar), arg_min(hour, seq), arg_min(product, seq)
from taken group by shop, buyer_key, day
union all
select 'assigned', 'agent', shop, buyer_key, day, agent, arg_min(hour, seq), arg_min(product, seq)
from taken group by shop, buyer_key, day, agent
union all
select 'slow', scope, shop, buyer_key, day, agent, hour, product from slow_day
