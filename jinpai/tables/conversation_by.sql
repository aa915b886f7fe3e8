-- view
-- 会话数 conversation_by: conversations of the shop, and of each person who wrote in them.
select 'shop' as scope, shop, day, hour, product, cast(null as varchar) as agent, buyer_key, conversation_seq as seq,
    first_at, outreach
from conversation
union all
select 'agent', p.shop, p.day, p.hour, p.product, p.agent, p.buyer_key, p.conversation_seq, c.first_at, p.outreach
from reception as p
inner join conversation as c on c.buyer_key = p.buyer_key and c.conversation_seq = p.conversation_seq
