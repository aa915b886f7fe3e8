-- view
-- 平台口径的回合 platform_round: rounds as the platforms count them: with assistant robots as an answer
-- (with_assist), without (without_assist), or both alike, whatever the shop's own setting says. An answer
-- after the end of the shop day is none. A round that only an automatic message ended (the buyer wrote
-- nothing after it that day) is marked.
select shop, conversation_key, buyer_key, round_seq as seq, by_staff as with_assist, by_agents as without_assist,
    conversation_day as day, hour, product, agent, started_at, first_minute, last_minute, conversation_minute, first_round,
    case when same_day then answered_at - started_at end as shop_ms, case when same_day then answered_at - started_at end as agent_ms,
    not same_day and automatic_last as automatic_end
from asked
where (by_agents or by_staff) and not handed
union all
select shop, conversation_key, buyer_key, seq, with_assist, without_assist,
    day, hour, product, agent, started_at, first_minute, last_minute, conversation_minute, first_round,
    shop_ms, agent_ms, automatic_end
from handed_platform_round
