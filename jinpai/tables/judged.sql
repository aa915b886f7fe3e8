-- inspection
-- 话术判定 judged: every occasion of a check on what was said, its result in thousandths, and the characters it rests on.
-- An occasion is a signal or a place of the conversation; what follows it in its window is heard. The buyer's orders and
-- the product list say whether it is one at all. The characters are null where the result rests on no words. Only
-- conversations in which both sides wrote.
with heard as (
    select s.buyer_key, s.conversation_seq, s.first_at, s.first_person_seq, coalesce(p.returnable, true) as returnable,
        max(e.turn) as talk_turns
    from span as s
    inner join exchange as e on e.buyer_key = s.buyer_key and e.conversation_seq = s.conversation_seq
    left join product as p on p.product_id = s.product
    where s.buyer_messages > 0 and s.agent_messages > 0
    group by s.buyer_key, s.conversation_seq, s.first_at, s.first_person_seq, p.returnable
), signalled as (
    select
        c.criterion, c.number, t.buyer_key, t.conversation_seq, t.seq, t.sent_at, t.turn, t.begins, t.ends, c.which,
        row_number() over (partition by c.criterion, c.number, t.buyer_key, t.conversation_seq
            order by t.seq, t.begins, t.ends, t.signal) as place,
        row_number() over (partition by c.criterion, c.number, t.buyer_key, t.conversation_seq
            order by t.seq desc, t.begins, t.ends, t.signal) as place_from_end,
        row_number() over (partition by c.criterion, c.number, t.buyer_key, t.conversation_seq, t.seq
            order by t.begins, t.ends, t.signal) as place_in_message
    from tag as t
    inner join criterion_signal as p on p.signal = t.signal and p.part = 'when'
    inner join criterion_check as c
        on c.criterion = p.criterion and c.number = p.number and c.side = t.side and c.measure = 'said'
    inner join heard as h on h.buyer_key = t.buyer_key and h.conversation_seq = t.conversation_seq
), answered as (
    select
        e.buyer_key, e.conversation_seq, e.turn, e.asked_at, e.replied_seq,
        row_number() over (partition by e.buyer_key, e.conversation_seq order by e.turn) as place,
        row_number() over (partition by e.buyer_key, e.conversation_seq order by e.turn desc) as place_from_end
    from exchange as e
    inner join heard as h on h.buyer_key = e.buyer_key and h.conversation_seq = e.conversation_seq
    where e.asked_seq is not null and e.replied_seq is not null
), occasion as (
    select criterion, number, buyer_key, conversation_seq, seq, sent_at, turn, seq as shown_seq, begins, ends
    from signalled
    where (which = 'first' and place = 1) or (which = 'last' and place_from_end = 1)
        or (which = 'every' and place_in_message = 1)
    union all
    select
        c.criterion, c.number, h.buyer_key, h.conversation_seq, h.conversation_seq - 1, h.first_at, 1, h.first_person_seq,
        cast(null as bigint), cast(null as bigint)
    from heard as h
    inner join criterion_check as c on c.state = 'talk' and c.measure = 'said'
    union all
    select
        c.criterion, c.number, a.buyer_key, a.conversation_seq, a.replied_seq - 1, a.asked_at, a.turn, a.replied_seq,
        cast(null as bigint), cast(null as bigint)
    from answered as a
    inner join criterion_check as c on c.measure = 'said'
        and ((c.state = 'first_reply' and a.place = 1) or (c.state = 'last_reply' and a.place_from_end = 1))
), dealt as (
    -- what the orders say of the moment: paid before and after-sales time not over, and what was ordered within a day
    select
        o.criterion, o.number, o.buyer_key, o.conversation_seq, o.seq,
        bool_or(p.paid_at <= o.sent_at and p.paid_at + $after_sales_length > o.sent_at) as has_bought,
        bool_or(least(p.paid_at, p.deposit_paid_at) <= o.sent_at
            and least(p.paid_at, p.deposit_paid_at) + $after_sales_length > o.sent_at) as is_bound,
        bool_or(p.created_at >= h.first_at and p.created_at < h.first_at + 86400000) as orders,
        min(case when p.created_at >= h.first_at and p.created_at < h.first_at + 86400000
            then least(p.paid_at, p.deposit_paid_at) end) as paid_at
    from occasion as o
    inner join criterion_check as c on c.criterion = o.criterion and c.number = o.number and c.stage is not null
    inner join heard as h on h.buyer_key = o.buyer_key and h.conversation_seq = o.conversation_seq
    inner join orders as p on p.buyer_key = o.buyer_key
    group by o.criterion, o.number, o.buyer_key, o.conversation_seq, o.seq
), bounded as (
    select
        o.*, c.turns, c.expects,
        case when c.stage = 'ordered' and d.paid_at is not null then d.paid_at else o.sent_at + c.within_ms end as until_at
    from occasion as o
    inner join criterion_check as c on c.criterion = o.criterion and c.number = o.number
    inner join heard as h on h.buyer_key = o.buyer_key and h.conversation_seq = o.conversation_seq and h.talk_turns >= c.from_turns
    left join dealt as d on d.criterion = o.criterion and d.number = o.number and d.buyer_key = o.buyer_key
        and d.conversation_seq = o.conversation_seq and d.seq = o.seq
    where (c.stage is null or (c.stage = 'before_sale' and not coalesce(d.is_bound, false))
            or (c.stage = 'after_sale' and coalesce(d.has_bought, false))
            or (c.stage = 'ordered' and coalesce(d.orders, false)) or (c.stage = 'no_order' and not coalesce(d.orders, false)))
        and (c.goods is null or (c.goods = 'returnable' and h.returnable) or (c.goods = 'not_returnable' and not h.returnable))
        and not exists (
            select 1 from tag as t
            inner join criterion_signal as p on p.signal = t.signal and p.part = 'without'
            where t.side = 'buyer' and t.buyer_key = o.buyer_key and t.conversation_seq = o.conversation_seq
                and p.criterion = o.criterion and p.number = o.number)
), replied as (
    select
        b.criterion, b.number, b.buyer_key, b.conversation_seq, b.seq,
        arg_min(e.agent, e.turn) filter (where e.agent is not null) as agent
    from bounded as b
    inner join exchange as e on e.buyer_key = b.buyer_key and e.conversation_seq = b.conversation_seq
        and e.turn >= b.turn and e.turn < b.turn + b.turns and e.closed_seq > b.seq and e.replied_at <= b.until_at
    group by b.criterion, b.number, b.buyer_key, b.conversation_seq, b.seq
), listened as (
    select p.criterion, p.number, p.part, t.buyer_key, t.conversation_seq, t.seq, t.sent_at, t.turn, t.begins, t.ends, t.agent, t.signal
    from tag as t
    inner join criterion_signal as p on p.signal = t.signal and p.part in ('expect', 'forbid', 'unless')
    where t.side = 'agent' and t.sent_at >= p.from_at and t.sent_at < p.until_at
), mark as (
    select
        b.criterion, b.number, b.buyer_key, b.conversation_seq, b.seq as occasion, l.part, l.seq, l.begins, l.ends, l.agent,
        row_number() over (partition by b.criterion, b.number, b.buyer_key, b.conversation_seq, b.seq, l.part
            order by l.seq, l.begins, l.ends, l.signal) as place
    from bounded as b
    inner join listened as l on l.criterion = b.criterion and l.number = b.number and l.buyer_key = b.buyer_key
        and l.conversation_seq = b.conversation_seq
    where l.seq > b.seq and l.turn < b.turn + b.turns and l.sent_at <= b.until_at
), told as (
    select
        b.criterion, b.number, b.buyer_key, b.conversation_seq, b.seq as occasion,
        case when f.seq is not null and u.seq is null then 'forbid' when b.expects and e.seq is null then 'trigger'
            when b.expects then 'expect' when f.seq is not null then 'unless' else 'trigger' end as rests_on,
        case when (f.seq is not null and u.seq is null) or (b.expects and e.seq is null) then 0 else 1000 end as result,
        r.agent, b.shown_seq, b.begins, b.ends
    from bounded as b
    inner join replied as r on r.criterion = b.criterion and r.number = b.number and r.buyer_key = b.buyer_key
        and r.conversation_seq = b.conversation_seq and r.seq = b.seq
    left join mark as f on f.criterion = b.criterion and f.number = b.number and f.buyer_key = b.buyer_key
        and f.conversation_seq = b.conversation_seq and f.occasion = b.seq and f.part = 'forbid' and f.place = 1
    left join mark as e on e.criterion = b.criterion and e.number = b.number and e.buyer_key = b.buyer_key
        and e.conversation_seq = b.conversation_seq and e.occasion = b.seq and e.part = 'expect' and e.place = 1
    left join mark as u on u.criterion = b.criterion and u.number = b.number and u.buyer_key = b.buyer_key
        and u.conversation_seq = b.conversation_seq and u.occasion = b.seq and u.part = 'unless' and u.place = 1
)
select
    t.criterion, t.number, t.buyer_key, t.conversation_seq, t.occasion, cast(t.result as bigint) as result,
    coalesce(m.agent, t.agent) as agent, coalesce(m.seq, t.shown_seq) as seq,
    case when m.seq is not null then m.begins else t.begins end as begins,
    case when m.seq is not null then m.ends else t.ends end as ends
from told as t
left join mark as m on m.criterion = t.criterion and m.number = t.number and m.buyer_key = t.buyer_key
    and m.conversation_seq = t.conversation_seq and m.occasion = t.occasion and m.part = t.rests_on and m.place = 1
