-- view
-- 响应 round_by: rounds as the shop sees them (scope 'shop') and as each agent does (scope 'agent').
select 'shop' as scope, shop, day, hour, product, agent, buyer_key, conversation_seq, round_seq as seq, started_at, answered_at, shop_ms as ms,
    shop_business_ms as business_ms, shop_first as first_round, shop_first as opening,
    shop_business_ms as opening_business_ms,
    has_hours, off_hours
from round where not gave_away
union all
select 'agent', shop, day, hour, product, agent, buyer_key, conversation_seq, round_seq as seq, started_at, answered_at, agent_ms, agent_business_ms, agent_first, shop_first,
    shop_business_ms,
    has_hours, off_hours
from round where agent is not null
