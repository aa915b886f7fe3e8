-- 平台口径的回合 platform_round: rounds as the platforms count them, once with assistant robots as an
-- answer (assist_counts) and once without, whatever the shop's own setting says. An answer after the end of the shop day is none. A round
-- that only an automatic message ended (the buyer wrote nothing after it that day) is marked.
with counted as (
    select *, true as assist_counts, staff_round_seq as asked_seq, staff_answers as answered from line
    union all
    select *, false as assist_counts, agent_round_seq as asked_seq, agent_answers as answered from line
), asked as (
    select
        l.shop, l.buyer_key, l.conversation_seq, l.assist_counts, l.asked_seq as round_seq,
        min(l.sent_at) filter (where l.sender = 'buyer') as started_at,
        max(l.sent_at) filter (where l.sender = 'buyer') as last_asked_at,
        arg_min(l.day, l.seq) as day, arg_min(l.hour, l.seq) as hour,
        min(l.sent_at) filter (where l.answered) as answered_at,
        arg_min(l.agent, l.seq) filter (where l.answered) as answered_by,
        arg_min(l.agent, l.seq) filter (where l.sender = 'buyer' and l.agent is not null) as addressed_to
    from counted as l
    where l.asked_seq is not null and (l.sender = 'buyer' or l.answered)
    group by l.shop, l.buyer_key, l.conversation_seq, l.assist_counts, l.asked_seq
), last_word as (
    select buyer_key, day, max(seq) as seq from line where sender = 'buyer' group by buyer_key, day
), automatic_word as (
    select buyer_key, conversation_seq, day, max(seq) as seq from line where sender = 'auto'
    group by buyer_key, conversation_seq, day
), moved as (
    select
        a.buyer_key, a.assist_counts, a.round_seq,
        min(case when h.event = 'handed_to_human' then h.sent_at end) filter (
            where h.sent_at >= a.started_at and h.sent_at <= a.answered_at) as first_handed_at,
        max(case when h.event = 'handed_to_human' or h.given_to = a.answered_by and h.event <> 'assigned' then h.sent_at end) filter (
            where h.sent_at >= a.started_at and h.sent_at <= a.answered_at) as taken_at,
        arg_max(h.given_to, h.seq) filter (where h.holds and h.given_to is not null) as last_holder
    from asked as a
    inner join hold as h on h.buyer_key = a.buyer_key and h.conversation_seq = a.conversation_seq
    group by a.buyer_key, a.assist_counts, a.round_seq
)
select
    a.shop, s.conversation_key, a.buyer_key, a.round_seq as seq, a.assist_counts, s.day, a.hour,
    coalesce(s.product, 'unknown') as product,
    case when a.answered_at is not null then a.answered_by else coalesce(m.last_holder, a.addressed_to) end as agent, a.started_at,
    k.minute + (a.started_at - k.starts_at) // 60000 as first_minute,
    w.minute + (a.last_asked_at - w.starts_at) // 60000 as last_minute,
    t.minute + (s.first_at - t.starts_at) // 60000 as conversation_minute,
    row_number() over (partition by a.buyer_key, a.conversation_seq, a.assist_counts order by a.round_seq) = 1 as first_round,
    case when a.answered_at < c.ends_at
        then a.answered_at - greatest(a.started_at, coalesce(m.first_handed_at, a.started_at)) end as shop_ms,
    case when a.answered_at < c.ends_at
        then a.answered_at - greatest(a.started_at, coalesce(m.taken_at, a.started_at)) end as agent_ms,
    coalesce(a.answered_at >= c.ends_at, true) and coalesce(u.seq > b.seq, false) as automatic_end
from asked as a
inner join span as s on s.buyer_key = a.buyer_key and s.conversation_seq = a.conversation_seq
inner join calendar as c on c.day = a.day
inner join slot as k on k.slot = a.started_at // 300000
inner join slot as w on w.slot = a.last_asked_at // 300000
inner join slot as t on t.slot = s.first_at // 300000
left join last_word as b on b.buyer_key = a.buyer_key and b.day = a.day
left join automatic_word as u on u.buyer_key = a.buyer_key and u.conversation_seq = a.conversation_seq and u.day = a.day
left join moved as m on m.buyer_key = a.buyer_key and m.assist_counts = a.assist_counts and m.round_seq = a.round_seq
