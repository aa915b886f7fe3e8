-- inspection
-- 前后热情 warmed: every conversation after the sale with a buyer who was spoken to warmly before it: 1000 where the share
-- of the shop's messages with such words is at least half of what it was before, else 0. After the sale is while
-- after-sales time has not passed since a payment. It rests on the first warm words, else on the conversation as a whole.
-- Source: the inspection contract, §2 G5.
with talk as (
    select
        s.buyer_key, s.conversation_seq, s.first_at, s.first_person_seq, s.last_agent,
        cast(coalesce(sum(e.agent_messages), 0) as bigint) as messages
    from span as s
    inner join exchange as e on e.buyer_key = s.buyer_key and e.conversation_seq = s.conversation_seq
    where s.buyer_messages > 0 and s.agent_messages > 0
    group by s.buyer_key, s.conversation_seq, s.first_at, s.first_person_seq, s.last_agent
), sold as (
    select
        t.buyer_key, t.conversation_seq,
        bool_or(o.paid_at <= t.first_at and o.paid_at + $after_sales_length > t.first_at) as is_after,
        bool_or(o.paid_at <= t.first_at) as has_bought
    from talk as t
    inner join orders as o on o.buyer_key = t.buyer_key and o.paid_at is not null
    group by t.buyer_key, t.conversation_seq
), word as (
    select
        p.criterion, p.number, t.buyer_key, t.conversation_seq, t.seq, t.begins, t.ends, t.agent, row_number() over (
            partition by p.criterion, p.number, t.buyer_key, t.conversation_seq order by t.seq, t.begins, t.ends, t.signal) as place
    from tag as t
    inner join criterion_signal as p on p.signal = t.signal and p.part = 'expect'
    inner join criterion_check as c on c.criterion = p.criterion and c.number = p.number and c.measure = 'as_before'
    where t.side = 'agent'
), counted as (
    select
        c.criterion, c.number, t.buyer_key, t.conversation_seq, t.first_at, t.first_person_seq, t.last_agent, t.messages,
        s.is_after, s.has_bought, count(distinct w.seq) as warm
    from talk as t
    inner join sold as s on s.buyer_key = t.buyer_key and s.conversation_seq = t.conversation_seq
    inner join criterion_check as c on c.measure = 'as_before'
    left join word as w on w.criterion = c.criterion and w.number = c.number and w.buyer_key = t.buyer_key
        and w.conversation_seq = t.conversation_seq
    group by c.criterion, c.number, t.buyer_key, t.conversation_seq, t.first_at, t.first_person_seq, t.last_agent, t.messages,
        s.is_after, s.has_bought
), compared as (
    select
        a.criterion, a.number, a.buyer_key, a.conversation_seq, a.first_person_seq, a.last_agent, a.messages, a.warm,
        cast(coalesce(sum(b.messages), 0) as bigint) as messages_before, cast(coalesce(sum(b.warm), 0) as bigint) as warm_before
    from counted as a
    inner join counted as b on b.criterion = a.criterion and b.number = a.number and b.buyer_key = a.buyer_key
        and not b.has_bought and b.first_at < a.first_at
    where a.is_after
    group by a.criterion, a.number, a.buyer_key, a.conversation_seq, a.first_person_seq, a.last_agent, a.messages, a.warm
)
select
    c.criterion, c.number, c.buyer_key, c.conversation_seq, c.conversation_seq as occasion,
    cast(case when 2 * c.warm * c.messages_before >= c.warm_before * c.messages then 1000 else 0 end as bigint) as result,
    coalesce(w.agent, c.last_agent) as agent, coalesce(w.seq, c.first_person_seq) as seq, w.begins, w.ends
from compared as c
left join word as w on w.criterion = c.criterion and w.number = c.number and w.buyer_key = c.buyer_key
    and w.conversation_seq = c.conversation_seq and w.place = 1
where c.warm_before > 0
