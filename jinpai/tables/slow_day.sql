-- 慢回的买家 slow_day: which buyers waited longer than slow_seconds in how many rounds of a shop day, where that is
-- slow_rounds or more: once for the shop (scope 'shop') and once for each agent (scope 'agent').
with late as (
    select shop, buyer_key, day, agent, hour, product, round_seq,
        not gave_away and coalesce(shop_ms > $slow_ms, true) as for_shop, coalesce(agent_ms > $slow_ms, true) as for_agent
    from round
)
select 'shop' as scope, shop, buyer_key, day, cast(null as varchar) as agent,
    arg_min(hour, round_seq) as hour, arg_min(product, round_seq) as product
from late where for_shop group by shop, buyer_key, day having count(*) >= $slow_rounds
union all
select 'agent', shop, buyer_key, day, agent, arg_min(hour, round_seq), arg_min(product, round_seq)
from late where agent is not null and for_agent group by shop, buyer_key, day, agent having count(*) >= $slow_rounds
