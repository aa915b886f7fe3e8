-- whole
-- 发言账号 writer: each sub-account that ever wrote, and whether nothing of it was written by a person.
select shop, agent, bool_and(sender = 'auto') as is_automatic
from source_messages
where agent is not null and sender in ('agent', 'assist', 'auto') and sent_at <= $as_of
group by shop, agent
