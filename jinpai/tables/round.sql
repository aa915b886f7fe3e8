-- view
-- 回合 round: from the first unanswered buyer message to the next message by a person. One row for the
-- round and who answered it (or should have), and one for each person who held it and gave it away.
-- *_ms are milliseconds, null while nobody has answered; *_business_ms count opening hours only.
select shop, conversation_key, buyer_key, conversation_seq, round_seq, conversation_day as day, hour, product, agent, started_at,
    answered_at, false as gave_away, has_hours, off_hours, answered_at - started_at as shop_ms, answered_at - started_at as agent_ms,
    business_ms as shop_business_ms, business_ms as agent_business_ms, first_round as shop_first, agent_first
from asked
where for_shop and not handed
union all
select shop, conversation_key, buyer_key, conversation_seq, round_seq, day, hour, product, agent, started_at,
    answered_at, gave_away, has_hours, off_hours, shop_ms, agent_ms,
    shop_business_ms, agent_business_ms, shop_first, agent_first
from handed_round
