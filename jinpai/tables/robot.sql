-- 机器人 robot: sub-accounts that never wrote as a person, only automatically.
select shop, agent
from message
where agent is not null and sender in ('agent', 'assist', 'auto')
group by shop, agent
having bool_and(sender = 'auto')
