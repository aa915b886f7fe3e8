-- view
-- 询单归谁 enquiry_by: enquiries of the shop, of their owner, and of everyone who wrote in them.
select 'shop' as scope, e.owner as agent, e.* from enquiry as e
union all
select 'owner', e.owner, e.* from enquiry as e where e.owner is not null
union all
select 'all', a.agent, e.* from enquiry as e
inner join enquiry_agent as a on a.enquiry_key = e.enquiry_key where a.agent is not null
