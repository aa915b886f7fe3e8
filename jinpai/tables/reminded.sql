-- inspection
-- 催付判定 reminded: every order that nobody paid in the time that needs no reminder, once it is paid or closed: the result
-- of the check in thousandths, and the words it rests on. Reminders count from the order to its payment or end, in any
-- conversation of the buyer; those within ten minutes are one. Full marks are one to `most` of them, without harsh words.
-- An order that was paid unasked, or in whose place the buyer paid another, is no occasion. A deposit is a payment.
-- Source: the inspection contract, §2 E3.
with sold as (
    select buyer_key, order_key, created_at, closed_at, least(paid_at, deposit_paid_at) as paid_at from orders
), due as (
    select
        c.criterion, c.number, c.most, s.buyer_key, s.order_key, s.created_at, s.paid_at,
        least(coalesce(s.paid_at, s.closed_at), s.created_at + c.within_ms) as until_at
    from sold as s
    inner join criterion_check as c on c.measure = 'unpaid_order' and coalesce(s.paid_at, s.closed_at) >= s.created_at + c.full_ms
), open_due as (
    select d.*
    from due as d
    where not exists (
        select 1 from sold as o
        where o.buyer_key = d.buyer_key and o.order_key <> d.order_key and o.paid_at >= d.created_at and o.paid_at <= d.until_at)
), talk as (
    select
        d.criterion, d.number, d.most, d.buyer_key, d.order_key, d.created_at, d.paid_at, d.until_at, s.conversation_seq, s.last_seq,
        s.last_agent, row_number() over (partition by d.criterion, d.number, d.order_key
            order by case when s.first_at <= d.created_at then d.created_at - s.first_at else s.first_at end, s.conversation_seq) as place
    from open_due as d
    inner join span as s on s.buyer_key = d.buyer_key and s.buyer_messages > 0 and s.agent_messages > 0
        and s.first_at <= d.until_at and s.last_at >= d.created_at - 86400000
), word as (
    select
        d.criterion, d.number, d.order_key, p.part, t.seq, t.sent_at, t.agent, t.begins, t.ends, row_number() over (
            partition by d.criterion, d.number, d.order_key, p.part order by t.seq, t.begins, t.ends, t.signal) as place,
        row_number() over (
            partition by d.criterion, d.number, d.order_key, p.part order by t.seq desc, t.begins, t.ends, t.signal) as place_from_end
    from open_due as d
    inner join tag as t on t.buyer_key = d.buyer_key and t.side = 'agent' and t.sent_at > d.created_at and t.sent_at <= d.until_at
    inner join criterion_signal as p on p.signal = t.signal and p.criterion = d.criterion and p.number = d.number
        and p.part in ('expect', 'forbid')
), reminder as (
    select criterion, number, order_key, count(distinct sent_at // 600000) as times from word where part = 'expect'
    group by criterion, number, order_key
), told as (
    select
        t.*, coalesce(r.times, 0) as times, f.order_key is not null as is_harsh,
        case when f.order_key is not null then 'forbid' else 'expect' end as rests_on,
        f.order_key is null and coalesce(r.times, 0) > t.most as rests_on_last
    from talk as t
    left join reminder as r on r.criterion = t.criterion and r.number = t.number and r.order_key = t.order_key
    left join word as f on f.criterion = t.criterion and f.number = t.number and f.order_key = t.order_key
        and f.part = 'forbid' and f.place = 1
    where t.place = 1 and (t.paid_at is null or r.times > 0 or f.order_key is not null)
)
select
    t.criterion, t.number, t.buyer_key, t.conversation_seq, coalesce(w.seq, t.last_seq) as occasion,
    cast(case when t.is_harsh or t.times = 0 or t.times > t.most then 0 else 1000 end as bigint) as result,
    coalesce(w.agent, t.last_agent) as agent, coalesce(w.seq, t.last_seq) as seq, w.begins, w.ends
from told as t
left join word as w on w.criterion = t.criterion and w.number = t.number and w.order_key = t.order_key and w.part = t.rests_on
    and ((not t.rests_on_last and w.place = 1) or (t.rests_on_last and w.place_from_end = 1))
