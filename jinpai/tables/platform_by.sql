-- view
-- 平台口径 platform_by: the platforms' rounds on the shop's clock and on that of the agent who answered.
select 'shop' as scope, *, shop_ms as answered_ms from platform_round
union all
select 'agent', *, agent_ms from platform_round where agent is not null
