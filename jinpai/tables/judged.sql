-- inspection
-- 话术判定 judged: every occasion of a check on what was said, its result in thousandths, and the characters it rests on.
-- An occasion is a signal or a place of the conversation; what follows it in its window is heard. The buyer's orders and
-- the product list say whether it is one at all. The characters are null where the result rests on no words. Only
-- conversations in which both sides wrote.
-- Numbers are joined, not names, and each message once: `id` counts the checks, `words` is begin × 2^31 + end, so that
-- the least is the first stretch of a message.
with asked_by as (
    select *, row_number() over (order by criterion, number) as id from criterion_check where measure = 'said'
), listens as (
    select a.id, a.which, a.side, p.part, p.signal, p.from_at, p.until_at
    from criterion_signal as p
    inner join asked_by as a on a.criterion = p.criterion and a.number = p.number
), heard as (
    select s.buyer_key, s.conversation_seq, s.first_at, s.first_person_seq, coalesce(p.returnable, true) as returnable,
        max(e.turn) as talk_turns
    from span as s
    inner join exchange as e on e.buyer_key = s.buyer_key and e.conversation_seq = s.conversation_seq
    left join product as p on p.product_id = s.product
    where s.buyer_messages > 0 and s.agent_messages > 0
    group by s.buyer_key, s.conversation_seq, s.first_at, s.first_person_seq, p.returnable
), signalled as (
    select
        p.id, p.which, t.buyer_key, t.seq, min(t.conversation_seq) as conversation_seq, min(t.sent_at) as sent_at, min(t.turn) as turn,
        min(t.begins * 2147483648 + t.ends) as words
    from tag as t
    inner join listens as p on p.signal = t.signal and p.part = 'when' and p.side = t.side
    group by p.id, p.which, t.buyer_key, t.seq
), chosen as (
    select id, buyer_key, conversation_seq, seq, sent_at, turn, words from signalled where which = 'every'
    union all
    select
        id, buyer_key, conversation_seq, arg_min(seq, place), arg_min(sent_at, place), arg_min(turn, place), arg_min(words, place)
    from (select *, case when which = 'last' then -seq else seq end as place from signalled where which <> 'every') as placed
    group by id, buyer_key, conversation_seq
), answered as (
    select
        'first_reply' as state, buyer_key, conversation_seq, min(turn) as turn, arg_min(asked_at, turn) as asked_at,
        arg_min(replied_seq, turn) as replied_seq
    from exchange where asked_seq is not null and replied_seq is not null
    group by buyer_key, conversation_seq
    union all
    select 'last_reply', buyer_key, conversation_seq, max(turn), arg_max(asked_at, turn), arg_max(replied_seq, turn)
    from exchange where asked_seq is not null and replied_seq is not null
    group by buyer_key, conversation_seq
), occasion as (
    select c.id, c.buyer_key, c.conversation_seq, c.seq, c.sent_at, c.turn, c.seq as shown_seq, c.words
    from chosen as c
    inner join heard as h on h.buyer_key = c.buyer_key and h.conversation_seq = c.conversation_seq
    union all
    select
        c.id, h.buyer_key, h.conversation_seq, h.conversation_seq - 1, h.first_at, 1, h.first_person_seq, cast(null as bigint)
    from heard as h
    inner join asked_by as c on c.state = 'talk'
    union all
    select
        c.id, a.buyer_key, a.conversation_seq, a.replied_seq - 1, a.asked_at, a.turn, a.replied_seq, cast(null as bigint)
    from answered as a
    inner join asked_by as c on c.state = a.state
    inner join heard as h on h.buyer_key = a.buyer_key and h.conversation_seq = a.conversation_seq
), hushed as (
    select distinct p.id, t.buyer_key, t.conversation_seq
    from tag as t
    inner join listens as p on p.signal = t.signal and p.part = 'without'
    where t.side = 'buyer'
), dealt as (
    -- what the orders say of the moment: paid before and after-sales time not over, and what was ordered within a day
    select
        o.id, o.buyer_key, o.conversation_seq, o.seq,
        bool_or(p.paid_at <= o.sent_at and p.paid_at + $after_sales_length > o.sent_at) as has_bought,
        bool_or(least(p.paid_at, p.deposit_paid_at) <= o.sent_at
            and least(p.paid_at, p.deposit_paid_at) + $after_sales_length > o.sent_at) as is_bound,
        bool_or(p.created_at >= h.first_at and p.created_at < h.first_at + 86400000) as orders,
        min(case when p.created_at >= h.first_at and p.created_at < h.first_at + 86400000
            then least(p.paid_at, p.deposit_paid_at) end) as paid_at
    from occasion as o
    inner join asked_by as c on c.id = o.id and c.stage is not null
    inner join heard as h on h.buyer_key = o.buyer_key and h.conversation_seq = o.conversation_seq
    inner join orders as p on p.buyer_key = o.buyer_key
    group by o.id, o.buyer_key, o.conversation_seq, o.seq
), bounded as (
    select
        o.*, c.turns, c.expects,
        case when c.stage = 'ordered' and d.paid_at is not null then d.paid_at else o.sent_at + c.within_ms end as until_at
    from occasion as o
    inner join asked_by as c on c.id = o.id
    inner join heard as h on h.buyer_key = o.buyer_key and h.conversation_seq = o.conversation_seq and h.talk_turns >= c.from_turns
    left join dealt as d on d.id = o.id and d.buyer_key = o.buyer_key and d.conversation_seq = o.conversation_seq and d.seq = o.seq
    where (c.stage is null or (c.stage = 'before_sale' and not coalesce(d.is_bound, false))
            or (c.stage = 'after_sale' and coalesce(d.has_bought, false))
            or (c.stage = 'ordered' and coalesce(d.orders, false)) or (c.stage = 'no_order' and not coalesce(d.orders, false)))
        and (c.goods is null or (c.goods = 'returnable' and h.returnable) or (c.goods = 'not_returnable' and not h.returnable))
        and not exists (
            select 1 from hushed as u
            where u.id = o.id and u.buyer_key = o.buyer_key and u.conversation_seq = o.conversation_seq)
), moment as (
    -- many checks ask about the same moment
    select distinct buyer_key, conversation_seq, seq, turn, turns, until_at from bounded
), replied as (
    select
        b.buyer_key, b.conversation_seq, b.seq, b.turn, b.turns, b.until_at,
        arg_min(e.agent, e.turn) filter (where e.agent is not null) as agent
    from moment as b
    inner join exchange as e on e.buyer_key = b.buyer_key and e.conversation_seq = b.conversation_seq
        and e.turn >= b.turn and e.turn < b.turn + b.turns and e.closed_seq > b.seq and e.replied_at <= b.until_at
    group by b.buyer_key, b.conversation_seq, b.seq, b.turn, b.turns, b.until_at
), listened as (
    select
        p.id, p.part, t.buyer_key, t.seq, min(t.conversation_seq) as conversation_seq, min(t.sent_at) as sent_at, min(t.turn) as turn,
        min(t.agent) as agent, min(t.begins * 2147483648 + t.ends) as words
    from tag as t
    inner join listens as p on p.signal = t.signal and p.part in ('expect', 'forbid', 'unless')
    where t.side = 'agent' and t.sent_at >= p.from_at and t.sent_at < p.until_at
    group by p.id, p.part, t.buyer_key, t.seq
), mark as (
    select
        b.id, b.buyer_key, b.conversation_seq, b.seq as occasion,
        min(case when l.part = 'forbid' then l.seq end) as forbidden, min(case when l.part = 'expect' then l.seq end) as expected,
        min(case when l.part = 'unless' then l.seq end) as excused
    from bounded as b
    inner join listened as l on l.id = b.id and l.buyer_key = b.buyer_key and l.conversation_seq = b.conversation_seq
    where l.seq > b.seq and l.turn < b.turn + b.turns and l.sent_at <= b.until_at
    group by b.id, b.buyer_key, b.conversation_seq, b.seq
), told as (
    select
        b.id, b.buyer_key, b.conversation_seq, b.seq as occasion,
        m.forbidden is not null and m.excused is null or b.expects and m.expected is null as is_lost,
        case when m.forbidden is not null and m.excused is null then 'forbid' when b.expects then 'expect' else 'unless' end as rests_on,
        case when m.forbidden is not null and m.excused is null then m.forbidden when b.expects then m.expected
            when m.forbidden is not null then m.excused end as rests_seq,
        r.agent, b.shown_seq, b.words
    from bounded as b
    inner join replied as r on r.buyer_key = b.buyer_key and r.conversation_seq = b.conversation_seq and r.seq = b.seq
        and r.turn = b.turn and r.turns = b.turns and r.until_at = b.until_at
    left join mark as m on m.id = b.id and m.buyer_key = b.buyer_key and m.conversation_seq = b.conversation_seq and m.occasion = b.seq
), quoted as (
    select t.*, l.seq, l.agent as speaker, case when l.seq is not null then l.words else t.words end as shown
    from told as t
    left join listened as l on l.id = t.id and l.part = t.rests_on and l.buyer_key = t.buyer_key and l.seq = t.rests_seq
)
select
    c.criterion, c.number, q.buyer_key, q.conversation_seq, q.occasion, cast(case when q.is_lost then 0 else 1000 end as bigint) as result,
    coalesce(q.speaker, q.agent) as agent, coalesce(q.seq, q.shown_seq) as seq,
    q.shown // 2147483648 as begins, q.shown % 2147483648 as ends
from quoted as q
inner join asked_by as c on c.id = q.id
