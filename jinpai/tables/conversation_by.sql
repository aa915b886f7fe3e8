-- view
-- 会话数 conversation_by: conversations of the shop, and of each person who wrote in them.
select 'shop' as scope, c.shop, c.day, c.hour, c.product, cast(null as varchar) as agent, c.buyer_key, c.conversation_seq as seq, c.first_at,
    c.outreach, c.off_hours, c.open_at_once, r.business_ms
from conversation as c
left join (
    select buyer_key, conversation_seq, min(shop_business_ms) filter (where shop_first) as business_ms
    from round group by buyer_key, conversation_seq
) as r on r.buyer_key = c.buyer_key and r.conversation_seq = c.conversation_seq
union all
select 'agent', p.shop, p.day, p.hour, p.product, p.agent, p.buyer_key, p.conversation_seq, c.first_at,
    p.outreach, c.off_hours, p.open_at_once, r.business_ms
from reception as p
inner join conversation as c on c.buyer_key = p.buyer_key and c.conversation_seq = p.conversation_seq
left join (
    select buyer_key, conversation_seq, min(shop_business_ms) filter (where shop_first) as business_ms
    from round group by buyer_key, conversation_seq
) as r on r.buyer_key = c.buyer_key and r.conversation_seq = c.conversation_seq
