-- inspection
-- 对照判定 compared: every occasion of a check that holds what was said against something else: the shop's sheet of
-- facts, the amount that the buyer named, the points that must be told of a product. Beside the words that the result
-- rests on stands what they are held against: `subject` and `product_id` of the sheet ('' the shop's), or the buyer's words.
-- A fact of the product goes before the shop's. Of several prices the lowest counts. Source: the inspection contract, §2.
with heard as (
    select s.buyer_key, s.conversation_seq, coalesce(s.product, '') as product
    from span as s
    where s.buyer_messages > 0 and s.agent_messages > 0
), stated as (
    select c.buyer_key, c.conversation_seq, c.seq, c.begins, c.ends, c.agent, c.subject, c.value, max(f.product_id) as product_id
    from claim as c
    inner join heard as h on h.buyer_key = c.buyer_key and h.conversation_seq = c.conversation_seq
    inner join sheet_fact as f on f.subject = c.subject and (f.product_id = '' or f.product_id = h.product)
    where c.side = 'agent'
    group by c.buyer_key, c.conversation_seq, c.seq, c.begins, c.ends, c.agent, c.subject, c.value
), named as (
    select p.buyer_key, p.conversation_seq, p.seq, p.begins, p.ends, p.agent, p.amount, false as is_card
    from claim as p
    where p.side = 'agent' and p.subject = 'price'
    union all
    select m.buyer_key, m.conversation_seq, m.seq, cast(null as bigint), cast(null as bigint), m.agent, g.price, true
    from message as m
    inner join product as g on g.product_id = m.product_id and g.price is not null
    where m.sender in ('agent', 'assist')
), offered as (
    -- after the buyer named an amount; the last one before the offer holds
    select n.buyer_key, n.conversation_seq, n.seq, n.begins, n.ends, n.agent, n.amount, n.is_card, max(b.seq) as asked_seq
    from named as n
    inner join claim as b on b.buyer_key = n.buyer_key and b.conversation_seq = n.conversation_seq and b.side = 'buyer'
        and b.subject = 'budget' and b.seq < n.seq
    group by n.buyer_key, n.conversation_seq, n.seq, n.begins, n.ends, n.agent, n.amount, n.is_card
), cheapest as (
    select *, row_number() over (partition by buyer_key, conversation_seq order by amount, seq, is_card, begins) as place
    from offered
), allowed as (
    select buyer_key, seq, max(amount) as amount, min(begins) as begins, max(ends) as ends
    from claim
    where side = 'buyer' and subject = 'budget'
    group by buyer_key, seq
), wished as (
    select
        c.criterion, c.number, c.turns, t.buyer_key, t.conversation_seq, t.seq, t.turn, t.begins, t.ends, h.product,
        row_number() over (partition by c.criterion, c.number, t.buyer_key, t.conversation_seq
            order by t.seq, t.begins, t.ends, t.signal) as place
    from criterion_check as c
    inner join criterion_signal as p on p.criterion = c.criterion and p.number = c.number and p.part = 'when'
    inner join tag as t on t.signal = p.signal and t.side = 'buyer'
    inner join heard as h on h.buyer_key = t.buyer_key and h.conversation_seq = t.conversation_seq
    where c.measure = 'points'
), due as (
    select w.criterion, w.number, w.turns, w.buyer_key, w.conversation_seq, w.seq, w.turn, w.begins, w.ends, max(s.product_id) as product_id
    from wished as w
    inner join sheet_point as s on s.product_id = '' or s.product_id = w.product
    where w.place = 1
    group by w.criterion, w.number, w.turns, w.buyer_key, w.conversation_seq, w.seq, w.turn, w.begins, w.ends
), pointed as (
    select
        d.criterion, d.number, d.buyer_key, d.conversation_seq, d.seq, d.begins, d.ends, d.product_id,
        count(distinct s.point) as points, count(distinct case when t.seq is not null then s.point end) as told, min(t.agent) as agent
    from due as d
    inner join sheet_point as s on s.product_id = d.product_id
    left join tag as t on t.signal = s.signal and t.side = 'agent' and t.buyer_key = d.buyer_key
        and t.conversation_seq = d.conversation_seq and t.seq > d.seq and t.turn < d.turn + d.turns
    group by d.criterion, d.number, d.buyer_key, d.conversation_seq, d.seq, d.begins, d.ends, d.product_id
), every_one as (
    select
        k.criterion, k.number, s.buyer_key, s.conversation_seq, s.seq as occasion, case when f.subject is null then 0 else 1000 end as result,
        s.agent, s.seq, s.begins, s.ends, s.subject, s.product_id, cast(null as bigint) as asked_seq, cast(null as bigint) as asked_begins,
        cast(null as bigint) as asked_ends
    from stated as s
    inner join criterion_check as k on k.measure = 'facts'
    left join sheet_fact as f on f.subject = s.subject and f.product_id = s.product_id and f.value = s.value
    union all
    select
        k.criterion, k.number, o.buyer_key, o.conversation_seq, o.seq, case when o.amount > b.amount then 0 else 1000 end,
        o.agent, o.seq, o.begins, o.ends, cast(null as varchar), cast(null as varchar), o.asked_seq, b.begins, b.ends
    from cheapest as o
    inner join allowed as b on b.buyer_key = o.buyer_key and b.seq = o.asked_seq
    inner join heard as h on h.buyer_key = o.buyer_key and h.conversation_seq = o.conversation_seq
    inner join criterion_check as k on k.measure = 'budget'
    where o.place = 1
    union all
    select
        criterion, number, buyer_key, conversation_seq, seq, told * 1000 // points, agent, seq, begins, ends, 'must_tell', product_id,
        cast(null as bigint), cast(null as bigint), cast(null as bigint)
    from pointed
)
select
    criterion, number, buyer_key, conversation_seq, occasion, cast(result as bigint) as result, agent, seq, begins, ends, subject, product_id,
    asked_seq, asked_begins, asked_ends
from every_one
