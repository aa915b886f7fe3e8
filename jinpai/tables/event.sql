-- 事件 event: every platform event with the conversation around it: the open one before it within the
-- gap, else the next that starts within the gap, else none (conversation_seq is null).
with happened as (
    select m.shop, m.buyer_key, m.seq, m.message_key, m.sent_at, m.day, m.hour, m.event, m.agent, s.to_agent
    from notice as m
    inner join source_messages as s on s.file_key = m.file_key and s.position = m.position and s.sender = 'system'
), near as (
    select e.buyer_key, e.seq, max(s.conversation_seq) as before_seq, min(n.conversation_seq) as next_seq
    from happened as e
    left join span as s on s.buyer_key = e.buyer_key and s.conversation_seq < e.seq
    left join span as n on n.buyer_key = e.buyer_key and n.conversation_seq > e.seq
    group by e.buyer_key, e.seq
), turned as (
    -- the last closing or reopening before the event
    select e.buyer_key, e.seq, arg_max(c.event, c.seq) as state, max(c.seq) as state_seq
    from happened as e
    inner join happened as c on c.buyer_key = e.buyer_key and c.seq < e.seq and c.event in ('closed', 'reopened')
    group by e.buyer_key, e.seq
)
select
    e.shop, e.buyer_key, e.seq, e.message_key, e.sent_at, e.day, e.hour, e.event, e.agent, e.to_agent,
    case
        when b.last_seq > e.seq then b.conversation_seq
        when e.sent_at - b.last_at <= $conversation_gap
            and (e.event = 'reopened' or coalesce(c.state, 'reopened') = 'reopened' or c.state_seq < b.conversation_seq)
            then b.conversation_seq
        when n.first_at - e.sent_at <= $conversation_gap then n.conversation_seq
    end as conversation_seq
from happened as e
left join near as x on x.buyer_key = e.buyer_key and x.seq = e.seq
left join span as b on b.buyer_key = e.buyer_key and b.conversation_seq = x.before_seq
left join span as n on n.buyer_key = e.buyer_key and n.conversation_seq = x.next_seq
left join turned as c on c.buyer_key = e.buyer_key and c.seq = e.seq
