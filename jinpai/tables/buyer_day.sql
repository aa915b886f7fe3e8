-- 人数 buyer_day: which buyers count for what on which day, once for the shop (scope 'shop') and once for
-- each agent (scope 'agent'). what: consulted · received · unreplied · assigned · slow.
with asked as (
    select shop, buyer_key, day, agent, hour, product, seq from talk where not by_person
), unanswered as (
    select buyer_key, conversation_seq,
        arg_max(agent, round_seq) filter (where not gave_away and agent is not null) as agent
    from round
    group by buyer_key, conversation_seq
    having max(answered_at) is null
), unreplied as (
    select c.shop, c.buyer_key, c.day, c.hour, c.product, c.conversation_seq, u.agent
    from unanswered as u
    inner join conversation as c on c.buyer_key = u.buyer_key and c.conversation_seq = u.conversation_seq
), taken as (
    select e.shop, e.buyer_key, e.day, e.hour, e.seq, case when e.event = 'assigned' then coalesce(e.agent, e.to_agent) else e.to_agent end as agent, coalesce(s.product, 'unknown') as product
    from event as e
    left join span as s on s.buyer_key = e.buyer_key and s.conversation_seq = e.conversation_seq
    where e.event in ('assigned', 'transferred', 'accepted')
), late as (
    select shop, buyer_key, day, agent, gave_away, hour, product, round_seq,
        not gave_away and coalesce(shop_ms > $slow_ms, true) as late_for_shop,
        coalesce(agent_ms > $slow_ms, true) as late_for_agent
    from round
)
select 'consulted' as what, 'shop' as scope, shop, buyer_key, day, cast(null as varchar) as agent,
    arg_min(hour, seq) as hour, arg_min(product, seq) as product
from asked group by shop, buyer_key, day
union all
select 'consulted', 'agent', shop, buyer_key, day, agent, arg_min(hour, seq), arg_min(product, seq)
from asked where agent is not null group by shop, buyer_key, day, agent
union all
select 'received', 'shop', shop, buyer_key, day, cast(null as varchar), arg_min(hour, conversation_seq), arg_min(product, conversation_seq)
from conversation where not outreach and agent_messages > 0 group by shop, buyer_key, day
union all
select 'received', 'agent', shop, buyer_key, day, agent, arg_min(hour, conversation_seq), arg_min(product, conversation_seq)
from reception where not outreach group by shop, buyer_key, day, agent
union all
select 'unreplied', 'shop', shop, buyer_key, day, cast(null as varchar), arg_min(hour, conversation_seq), arg_min(product, conversation_seq)
from unreplied group by shop, buyer_key, day
union all
select 'unreplied', 'agent', shop, buyer_key, day, agent, arg_min(hour, conversation_seq), arg_min(product, conversation_seq)
from unreplied where agent is not null group by shop, buyer_key, day, agent
union all
select 'assigned', 'shop', shop, buyer_key, day, cast(null as varchar), arg_min(hour, seq), arg_min(product, seq)
from taken where agent is not null and agent not in (select agent from robot) group by shop, buyer_key, day
union all
select 'assigned', 'agent', shop, buyer_key, day, agent, arg_min(hour, seq), arg_min(product, seq)
from taken where agent is not null and agent not in (select agent from robot) group by shop, buyer_key, day, agent
union all
select 'slow', 'shop', shop, buyer_key, day, cast(null as varchar), arg_min(hour, round_seq), arg_min(product, round_seq)
from late where late_for_shop group by shop, buyer_key, day having count(*) >= $slow_rounds
union all
select 'slow', 'agent', shop, buyer_key, day, agent, arg_min(hour, round_seq), arg_min(product, round_seq)
from late where agent is not null and late_for_agent group by shop, buyer_key, day, agent having count(*) >= $slow_rounds
