-- 接手 hold: which person the platform's events say held a conversation, and when it was handed over.
-- holds: given_to has it from then on. given_by is the sub-account the event names as giving. Robots hold nothing.
select e.shop, e.buyer_key, e.conversation_seq, e.seq, e.sent_at, e.day, e.hour, e.event,
    case when g.agent is null then e.agent end as given_by, g.agent is not null as by_robot,
    case when t.agent is null then case when e.event = 'assigned' then coalesce(e.agent, e.to_agent) else e.to_agent end
        end as given_to,
    e.event in ('assigned', 'transferred', 'accepted') as holds
from event as e
left join robot as g on g.agent = e.agent
left join robot as t on t.agent = case when e.event = 'assigned' then coalesce(e.agent, e.to_agent) else e.to_agent end
where e.event in ('assigned', 'transferred', 'accepted', 'handed_to_human')
