-- whole
-- 机器人 robot: sub-accounts that never wrote as a person, only automatically.
select shop, agent
from source_messages
where agent is not null and sender in ('agent', 'assist', 'auto') and sent_at <= $as_of
group by shop, agent
having bool_and(sender = 'auto')
