-- 询单里的客服 enquiry_agent: every person who wrote in an enquiry; one that nobody answered keeps its owner.
select distinct e.shop, e.buyer_key, e.enquiry_key, r.agent
from enquiry as e
inner join enquiry_link as k on k.enquiry_key = e.enquiry_key
inner join conversation as c on c.buyer_key = k.buyer_key and c.day = k.day and c.stage in ('presales', 'undecided')
inner join reception as r on r.buyer_key = c.buyer_key and r.conversation_seq = c.conversation_seq
where r.agent not in (select agent from agent where team = 'aftersales')
union
select e.shop, e.buyer_key, e.enquiry_key, e.owner from enquiry as e
where not exists (
    select 1 from enquiry_link as k
    inner join conversation as c on c.buyer_key = k.buyer_key and c.day = k.day and c.stage in ('presales', 'undecided')
    where k.enquiry_key = e.enquiry_key and c.agent_messages > 0)
