-- 询单里的客服 enquiry_agent: every person who wrote in an enquiry; one that nobody answered keeps its owner.
select r.shop, r.buyer_key, k.enquiry_key, r.agent
from enquiry_link as k
inner join conversation as c on c.buyer_key = k.buyer_key and c.day = k.day and c.stage in ('presales', 'undecided')
inner join reception as r on r.buyer_key = c.buyer_key and r.conversation_seq = c.conversation_seq
where r.agent not in (select agent from agent where team = 'aftersales')
union
select shop, buyer_key, enquiry_key, owner from enquiry where not answered
